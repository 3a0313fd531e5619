package dev.serin.controller.background;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that goes on as time passes and never jumps, whatever becomes of the wall clock. It only
/// tells how far apart two moments of one process are: what it calls them is the wall clock's when
/// it was made, and less and less so.
public final class SteadyClock implements InstantSource {

  private final Instant start = Instant.now();
  private final long began = System.nanoTime();

  @Override
  public Instant instant() {
    return start.plus(Duration.ofNanos(System.nanoTime() - began));
  }
}
