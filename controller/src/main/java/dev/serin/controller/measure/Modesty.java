package dev.serin.controller.measure;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// How many targets one query to a server may name. A server that refused a query and took its
/// parts gets none that is larger than these for a while.
final class Modesty {

  /// Targets in one query to a server that refused none.
  static final int MOST = 100;

  private static final Duration KEPT = Duration.ofMinutes(10);

  private final InstantSource clock;
  private int most = MOST;
  private Instant since = Instant.MIN;

  Modesty(InstantSource clock) {
    this.clock = clock;
  }

  /// Targets in the next query.
  synchronized int most() {
    var now = clock.instant();
    // What was found out before the clock was set back is as good as forgotten.
    if (now.isBefore(since) || now.isAfter(since.plus(KEPT))) {
      most = MOST;
    }
    return most;
  }

  /// The server refused a query and took its parts.
  ///
  /// @param size targets in the larger of them
  synchronized void took(int size) {
    most = Math.min(most(), size);
    since = clock.instant();
  }
}
