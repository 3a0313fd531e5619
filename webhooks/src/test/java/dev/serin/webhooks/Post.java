package dev.serin.webhooks;

import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A courier whose waiting takes no time and is written down.
final class Post {
  static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  final List<Duration> waited = new CopyOnWriteArrayList<>();
  final Courier courier =
      new Courier(
          new Backoff(
              IntervalFunction.ofExponentialBackoff(
                  Duration.ofSeconds(1), 2, Duration.ofSeconds(30)),
              Duration.ofMinutes(1),
              waited::add),
          () -> NOW);
}
