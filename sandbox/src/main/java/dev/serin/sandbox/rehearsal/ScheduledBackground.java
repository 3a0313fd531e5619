package dev.serin.sandbox.rehearsal;

import dev.serin.controller.background.Background;
import dev.serin.sandbox.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/// Background work of one process on a scheduler: one piece at a time, none after the end.
final class ScheduledBackground implements Background {

  private final Scheduler scheduler;
  private final InstantSource clock;
  private final Consumer<Runnable> guard;
  private boolean closed;

  /// @param clock of the process, which may be wrong
  /// @param guard runs a piece of work, and deals with what it throws
  ScheduledBackground(Scheduler scheduler, InstantSource clock, Consumer<Runnable> guard) {
    this.scheduler = scheduler;
    this.clock = clock;
    this.guard = guard;
  }

  @Override
  public Instant instant() {
    return clock.instant();
  }

  @Override
  public void execute(Runnable work) {
    scheduler.soon(() -> run(work));
  }

  @Override
  public Scheduled after(Duration delay, Runnable work) {
    return scheduler.after(delay, () -> run(work))::cancel;
  }

  private void run(Runnable work) {
    if (!closed) {
      guard.accept(work);
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
