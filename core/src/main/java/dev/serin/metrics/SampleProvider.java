package dev.serin.metrics;

import java.time.Duration;
import java.time.Instant;

/// The port to a system that gives labelled samples, as sequential tests need them. Calls block,
/// with a deadline of their own, and never throw for what a remote system can do.
public interface SampleProvider extends MetricsProvider {

  /// The last sample of every series that the query gives, as of now by the system's own clock,
  /// which may differ from ours.
  Samples latest(String query);

  /// The last sample of every series that the query gives, as of a time.
  Samples instant(String query, Instant time);

  /// A sample of every series at each step of a span of time, both ends included. Where a series
  /// had no sample it has none in the answer.
  Samples range(String query, Instant start, Instant end, Duration step);
}
