package dev.serin.sandbox.cluster;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what must come true on other threads.
final class Eventually {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Eventually() {}

  static void eventually(String what, BooleanSupplier condition) {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        fail("did not come true in " + PATIENCE.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }
}
