package dev.serin.sandbox.telemetry;

/// The samples of one series in a range.
///
/// @param labels of the series
/// @param millis times of the samples, in order
/// @param values their values, as many
/// @param start of the range, in milliseconds
/// @param end of the range, in milliseconds
@SuppressWarnings("ArrayRecordComponent")
record Window(Labels labels, long[] millis, double[] values, long start, long end) {

  int size() {
    return values.length;
  }

  double first() {
    return values[0];
  }

  double last() {
    return values[values.length - 1];
  }

  /// Increase of a counter over the range, extrapolated to its ends as Prometheus does; NaN with
  /// fewer than two samples.
  double increase(Semantics semantics) {
    double increase = last() - first();
    for (int i = 1; i < values.length; i++) {
      if (values[i] < values[i - 1]) {
        increase += values[i - 1];
      }
    }
    return extrapolated(increase, true, semantics);
  }

  /// Change of a gauge over the range, extrapolated to its ends.
  double delta(Semantics semantics) {
    return extrapolated(last() - first(), false, semantics);
  }

  private double extrapolated(double change, boolean counter, Semantics semantics) {
    if (size() < 2) {
      return Double.NaN;
    }
    double sampled = (millis[size() - 1] - millis[0]) / 1000.0;
    double between = sampled / (size() - 1);
    double threshold = between * 1.1;
    double toStart = (millis[0] - start) / 1000.0;
    double toEnd = (end - millis[size() - 1]) / 1000.0;
    // A counter cannot have been below zero.
    double toZero =
        counter && change > 0 && first() >= 0
            ? sampled * (first() / change)
            : Double.POSITIVE_INFINITY;
    if (semantics == Semantics.PROMETHEUS_2) {
      toStart = Math.min(toStart, toZero);
      toStart = toStart < threshold ? toStart : between / 2;
    } else {
      toStart = toStart < threshold ? toStart : between / 2;
      toStart = Math.min(toStart, toZero);
    }
    toEnd = toEnd < threshold ? toEnd : between / 2;
    return change * ((sampled + toStart + toEnd) / sampled);
  }
}
