package dev.serin.sandbox.telemetry;

import java.util.List;

/// What a query evaluates to at one instant.
public sealed interface Answer {

  /// A number.
  record Scalar(double value) implements Answer {}

  /// A text.
  record Text(String value) implements Answer {}

  /// Series with one value each.
  record Vector(List<Sample> samples) implements Answer {
    public Vector {
      samples = List.copyOf(samples);
    }
  }
}
