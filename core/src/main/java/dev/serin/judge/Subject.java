package dev.serin.judge;

/// What makes a request a bad one in a comparison.
public sealed interface Subject {

  /// It failed.
  record Failures() implements Subject {}

  /// It took longer.
  ///
  /// @param millis the bound that the histogram really has, in milliseconds
  record SlowerThan(double millis) implements Subject {}

  /// What happened to a bad request: `failed`, `took over 300 ms`.
  default String did() {
    return switch (this) {
      case Failures _ -> "failed";
      case SlowerThan(var millis) -> "took over " + Words.number(millis) + " ms";
    };
  }
}
