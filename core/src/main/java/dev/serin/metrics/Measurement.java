package dev.serin.metrics;

/// The answer to one query.
public sealed interface Measurement {

  /// @param value a finite number in the unit of the query
  record Value(double value) implements Measurement {}

  /// The system answered, with no sample, or with NaN.
  record NoData(String reason) implements Measurement {}

  /// No usable answer: unreachable, refused, too slow, or not understood.
  ///
  /// @param reason says which, without any credential
  record Unavailable(String reason) implements Measurement {}
}
