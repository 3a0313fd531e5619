package dev.serin.metrics;

/// The port to one system that answers metric queries. Calls block, with a deadline of their own,
/// and never throw for what a remote system can do.
public interface MetricsProvider {

  /// Asks for one number.
  ///
  /// @param query in the system's own language, all variables filled in
  Measurement query(String query);

  /// Whether the system can be reached and would take queries now; [Measurement.Value] of 1 when
  /// so.
  Measurement probe();
}
