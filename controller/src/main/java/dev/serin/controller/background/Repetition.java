package dev.serin.controller.background;

import java.time.Duration;
import java.time.Instant;

/// Work on a grid of time. Points of the grid that a long run missed are left out.
final class Repetition implements Background.Scheduled {

  private final Background background;
  private final Duration period;
  private final Runnable work;
  private volatile boolean cancelled;

  Repetition(Background background, Duration period, Runnable work) {
    this.background = background;
    this.period = period;
    this.work = work;
    next(background.instant());
  }

  private void next(Instant last) {
    var now = background.instant();
    var due = last.plus(period).isBefore(now) ? now : last.plus(period);
    background.after(Duration.between(now, due), () -> run(due));
  }

  private void run(Instant due) {
    if (cancelled) {
      return;
    }
    try {
      work.run();
    } finally {
      next(due);
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
  }
}
