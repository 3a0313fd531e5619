package dev.serin.sandbox.telemetry;

/// Where versions of Prometheus differ.
public enum Semantics {
  /// Ranges contain the sample at their very start.
  PROMETHEUS_2,
  /// They do not.
  PROMETHEUS_3;

  /// First millisecond of a range.
  long firstOf(long start) {
    return this == PROMETHEUS_2 ? start : start + 1;
  }
}
