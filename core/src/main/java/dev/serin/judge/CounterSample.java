package dev.serin.judge;

import java.time.Instant;
import java.util.Map;

/// A cumulative counter as telemetry gave it.
///
/// @param labels of the series; which time series it is
/// @param value since the reporting process started
/// @param time of the sample, or of the query where the sample's own time is not known
public record CounterSample(Map<String, String> labels, double value, Instant time) {

  public CounterSample {
    labels = Map.copyOf(labels);
  }

  String label(String name) {
    return labels.getOrDefault(name, "");
  }
}
