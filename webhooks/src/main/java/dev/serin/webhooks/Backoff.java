package dev.serin.webhooks;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.Optional;

/// How long a server is left alone between two attempts.
///
/// @param pauses after so many attempts, in milliseconds
/// @param mostWished the longest time that a server may ask for
/// @param waiting lets time pass
record Backoff(IntervalFunction pauses, Duration mostWished, Waiting waiting) {

  /// About 1 s, 2 s, 4 s … 30 s, each up to half of it earlier or later, so that many callers do
  /// not come back together; at most a minute where a server says `Retry-After`.
  static Backoff standard(Waiting waiting) {
    return new Backoff(
        IntervalFunction.ofExponentialRandomBackoff(
            Duration.ofSeconds(1), 2, 0.5, Duration.ofSeconds(30)),
        Duration.ofMinutes(1),
        waiting);
  }

  /// Waits.
  ///
  /// @param attempts so far
  /// @param wished by the server
  void pass(int attempts, Optional<Duration> wished) throws InterruptedException {
    waiting.pass(
        wished
            .map(time -> time.compareTo(mostWished) > 0 ? mostWished : time)
            .orElseGet(() -> Duration.ofMillis(pauses.apply(attempts))));
  }
}
