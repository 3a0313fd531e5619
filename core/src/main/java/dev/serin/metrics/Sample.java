package dev.serin.metrics;

import java.time.Instant;
import java.util.Map;

/// One sample of one time series.
///
/// @param labels that tell the series apart, `__name__` included where the answer has it
/// @param time of the sample; the time that was asked for where the system gives no other
/// @param value may be infinite or NaN, as time series can be
public record Sample(Map<String, String> labels, Instant time, double value) {

  public Sample {
    labels = Map.copyOf(labels);
  }

  /// The value of a label; empty when the series has none of this name.
  public String label(String name) {
    return labels.getOrDefault(name, "");
  }
}
