package dev.serin.metrics;

import java.util.List;

/// The answer to a query for labelled samples.
public sealed interface Samples {

  /// @param samples in no order; none when nothing matched
  record Found(List<Sample> samples) implements Samples {
    public Found {
      samples = List.copyOf(samples);
    }
  }

  /// The system works and will not answer this query, however often it is asked: it is too large,
  /// or not understood.
  ///
  /// @param reason in the system's own words, without any credential
  record Refused(String reason) implements Samples {}

  /// No usable answer for now, whatever the query: unreachable, overloaded, too slow, or no access.
  ///
  /// @param reason says which, without any credential
  record Unavailable(String reason) implements Samples {}
}
