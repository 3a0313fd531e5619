package dev.serin.controller.reconcile;

import java.time.Duration;
import java.util.Optional;

/// The earlier of two times to look again.
final class Earliest {
  private Earliest() {}

  static Optional<Duration> of(Optional<Duration> one, Optional<Duration> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    return one.get().compareTo(other.get()) <= 0 ? one : other;
  }
}
