package dev.serin.sandbox.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that also runs things later. What is scheduled runs one at a time, ordered by its time
/// and then by when it was scheduled; so simulators that live on one scheduler need no locks.
public interface Scheduler extends InstantSource {

  /// Runs something at an instant; at the next opportunity when that is over already.
  Scheduled schedule(Instant at, Runnable work);

  /// Runs something after a delay; zero is the next opportunity.
  default Scheduled after(Duration delay, Runnable work) {
    return schedule(instant().plus(delay), work);
  }

  /// Runs something at the next opportunity, after all that is due already.
  default Scheduled soon(Runnable work) {
    return schedule(instant(), work);
  }

  /// Runs something again and again, first after one period. The grid does not drift, however long
  /// the work takes.
  default Scheduled every(Duration period, Runnable work) {
    if (!period.isPositive()) {
      throw new IllegalArgumentException("period is " + period + "; it must be positive");
    }
    return new Repetition(this, period, work);
  }

  /// Something that was scheduled.
  @FunctionalInterface
  interface Scheduled {

    /// Keeps it from running again. Does nothing when it ran, or runs, already.
    void cancel();
  }
}
