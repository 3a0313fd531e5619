package dev.serin.sandbox.time;

import java.time.Duration;
import java.time.Instant;

/// Work on a fixed grid of time.
final class Repetition implements Scheduler.Scheduled {

  private final Scheduler scheduler;
  private final Duration period;
  private final Runnable work;
  private Instant due;
  private volatile boolean cancelled;

  Repetition(Scheduler scheduler, Duration period, Runnable work) {
    this.scheduler = scheduler;
    this.period = period;
    this.work = work;
    due = scheduler.instant();
    next();
  }

  private void next() {
    due = due.plus(period);
    scheduler.schedule(due, this::run);
  }

  private void run() {
    if (cancelled) {
      return;
    }
    try {
      work.run();
    } finally {
      next();
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
  }
}
