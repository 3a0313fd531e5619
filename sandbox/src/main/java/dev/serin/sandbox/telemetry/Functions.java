package dev.serin.sandbox.telemetry;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;

/// The functions that are understood.
final class Functions {

  /// What a function of a range makes of one series; empty leaves the series out.
  @FunctionalInterface
  interface OfWindow {
    Optional<Double> apply(Window window, Semantics semantics);
  }

  static final Map<String, OfWindow> OF_WINDOWS =
      Map.ofEntries(
          Map.entry("rate", (w, s) -> pair(w, w.increase(s) / seconds(w))),
          Map.entry("increase", (w, s) -> pair(w, w.increase(s))),
          Map.entry("delta", (w, s) -> pair(w, w.delta(s))),
          Map.entry("irate", (w, _) -> w.size() < 2 ? Optional.empty() : Optional.of(irate(w))),
          Map.entry("idelta", (w, _) -> w.size() < 2 ? Optional.empty() : Optional.of(idelta(w))),
          Map.entry("resets", (w, _) -> Optional.of((double) resets(w))),
          Map.entry("changes", (w, _) -> Optional.of((double) changes(w))),
          Map.entry("last_over_time", (w, _) -> Optional.of(w.last())),
          Map.entry("first_over_time", (w, _) -> Optional.of(w.first())),
          Map.entry("count_over_time", (w, _) -> Optional.of((double) w.size())),
          Map.entry("present_over_time", (_, _) -> Optional.of(1.0)),
          Map.entry("sum_over_time", (w, _) -> Optional.of(Arrays.stream(w.values()).sum())),
          Map.entry(
              "avg_over_time", (w, _) -> Optional.of(Arrays.stream(w.values()).sum() / w.size())),
          Map.entry(
              "min_over_time",
              (w, _) -> Optional.of(Arrays.stream(w.values()).min().orElse(Double.NaN))),
          Map.entry(
              "max_over_time",
              (w, _) -> Optional.of(Arrays.stream(w.values()).max().orElse(Double.NaN))));

  static final Map<String, DoubleUnaryOperator> OF_VALUES =
      Map.ofEntries(
          Map.entry("abs", Math::abs),
          Map.entry("ceil", Math::ceil),
          Map.entry("floor", Math::floor),
          Map.entry("exp", Math::exp),
          Map.entry("ln", Math::log),
          Map.entry("log2", x -> Math.log(x) / Math.log(2)),
          Map.entry("log10", Math::log10),
          Map.entry("sqrt", Math::sqrt),
          Map.entry("sgn", Math::signum));

  static final Set<String> KNOWN = known();

  private Functions() {}

  private static Set<String> known() {
    var known =
        new TreeSet<>(
            Set.of(
                "absent",
                "clamp",
                "clamp_max",
                "clamp_min",
                "histogram_quantile",
                "label_replace",
                "round",
                "scalar",
                "sort",
                "sort_desc",
                "time",
                "timestamp",
                "vector"));
    known.addAll(OF_WINDOWS.keySet());
    known.addAll(OF_VALUES.keySet());
    return known;
  }

  private static Optional<Double> pair(Window window, double value) {
    return window.size() < 2 ? Optional.empty() : Optional.of(value);
  }

  private static double seconds(Window window) {
    return (window.end() - window.start()) / 1000.0;
  }

  private static double irate(Window w) {
    int last = w.size() - 1;
    double change = w.last() < w.values()[last - 1] ? w.last() : w.last() - w.values()[last - 1];
    return change / ((w.millis()[last] - w.millis()[last - 1]) / 1000.0);
  }

  private static double idelta(Window w) {
    return w.last() - w.values()[w.size() - 2];
  }

  private static int resets(Window w) {
    int count = 0;
    for (int i = 1; i < w.size(); i++) {
      count += w.values()[i] < w.values()[i - 1] ? 1 : 0;
    }
    return count;
  }

  private static int changes(Window w) {
    int count = 0;
    for (int i = 1; i < w.size(); i++) {
      count += w.values()[i] != w.values()[i - 1] ? 1 : 0;
    }
    return count;
  }
}
