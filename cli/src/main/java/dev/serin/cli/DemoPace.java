package dev.serin.cli;

import java.time.Duration;

/// How fast the demonstration goes.
///
/// @param requestsPerSecond of all callers together
/// @param scrape how often metrics are scraped
/// @param interval of the Canary's analysis, at least 1 s
/// @param window over which the Canary's metric is asked for
/// @param minSamples requests that its verdict takes
/// @param pause in which nothing is released, so that there is something to compare with
/// @param most when to give up, from the start
record DemoPace(
    double requestsPerSecond,
    Duration scrape,
    Duration interval,
    Duration window,
    int minSamples,
    Duration pause,
    Duration most) {

  /// Slow enough to be read.
  static final DemoPace FOR_PEOPLE =
      new DemoPace(
          150,
          Duration.ofSeconds(2),
          Duration.ofSeconds(4),
          Duration.ofSeconds(8),
          100,
          Duration.ofSeconds(4),
          Duration.ofSeconds(85));
}
