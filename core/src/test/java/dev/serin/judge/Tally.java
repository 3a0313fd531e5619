package dev.serin.judge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Counts what happens over many runs.
final class Tally {

  private final Map<String, Long> hits = new HashMap<>();
  private final Map<String, List<Double>> seconds = new HashMap<>();

  void hit(String name, boolean happened) {
    hits.merge(name, happened ? 1L : 0L, Long::sum);
  }

  void took(String name, double time) {
    seconds.computeIfAbsent(name, _ -> new ArrayList<>()).add(time);
  }

  Figure.Share share(String name, long runs) {
    return new Figure.Share(hits.getOrDefault(name, 0L), runs);
  }

  Figure.Seconds seconds(String name, double tick) {
    return new Figure.Seconds(values(name), tick);
  }

  /// @param grain how exactly values are told
  Figure.Quantile quantile(String name, double grain, double share) {
    return new Figure.Quantile(new Figure.Seconds(values(name), grain), share);
  }

  Figure.Mean mean(String name) {
    return Figure.Mean.of(values(name));
  }

  private double[] values(String name) {
    return seconds.getOrDefault(name, List.of()).stream()
        .mapToDouble(Double::doubleValue)
        .toArray();
  }
}
