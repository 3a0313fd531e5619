package dev.serin.sandbox.telemetry;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// Writes samples as Prometheus reads them.
final class Exposition {

  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private Exposition() {}

  static String text(List<Sample> samples) {
    return samples.stream()
        .sorted(Comparator.comparing((Sample s) -> s.labels().metric()))
        .map(sample -> name(sample.labels()) + " " + number(sample.value()) + "\n")
        .collect(Collectors.joining());
  }

  private static String name(Labels labels) {
    return labels.values().entrySet().stream()
        .filter(e -> !e.getKey().equals(Labels.NAME))
        .map(e -> e.getKey() + "=\"" + escaped(e.getValue()) + "\"")
        .collect(Collectors.joining(",", labels.metric() + "{", "}"));
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  /// A number as Prometheus writes it: `5`, `0.5`, `+Inf`.
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
