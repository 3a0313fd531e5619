package dev.serin.controller.background;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/// Where work runs that no reconcile waits for, and the time that it sees: virtual threads and real
/// time in a cluster, one thread and turned time in a rehearsal.
///
/// Work may run at once or later, and several pieces at the same time; it may block. What is given
/// after [#close()] never runs.
public interface Background extends Executor, InstantSource, AutoCloseable {

  /// Runs something when a delay is over; zero is soon.
  Scheduled after(Duration delay, Runnable work);

  /// Runs something again and again, first after one period. A run that takes longer than the
  /// period delays the next one; runs never overlap, and one that throws does not end the series.
  default Scheduled every(Duration period, Runnable work) {
    if (!period.isPositive()) {
      throw new IllegalArgumentException("period is " + period + "; it must be positive");
    }
    return new Repetition(this, period, work);
  }

  /// Interrupts what runs, and runs nothing more.
  @Override
  void close();

  /// Something that was scheduled.
  @FunctionalInterface
  interface Scheduled {

    /// Keeps it from running again. Does nothing when it ran already.
    void cancel();
  }
}
