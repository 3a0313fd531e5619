package dev.serin.sandbox.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/// Quantiles of classic histograms.
final class Histograms {

  private record Bucket(double upTo, double count) {}

  private Histograms() {}

  /// @param buckets cumulative counts with label `le`
  static List<Sample> quantile(double quantile, List<Sample> buckets) {
    var groups = new LinkedHashMap<Labels, List<Bucket>>();
    for (Sample sample : buckets) {
      bound(sample.labels().get("le"))
          .ifPresent(
              bound ->
                  groups
                      .computeIfAbsent(
                          sample.labels().without(List.of("le", Labels.NAME)),
                          _ -> new ArrayList<>())
                      .add(new Bucket(bound, sample.value())));
    }
    var result = new ArrayList<Sample>();
    groups.forEach((labels, group) -> result.add(new Sample(labels, quantileOf(quantile, group))));
    return result;
  }

  private static java.util.OptionalDouble bound(String le) {
    if (le.equals("+Inf")) {
      return java.util.OptionalDouble.of(Double.POSITIVE_INFINITY);
    }
    try {
      return java.util.OptionalDouble.of(Double.parseDouble(le));
    } catch (NumberFormatException e) {
      return java.util.OptionalDouble.empty();
    }
  }

  private static double quantileOf(double quantile, List<Bucket> unsorted) {
    if (Double.isNaN(quantile)) {
      return Double.NaN;
    }
    if (quantile < 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (quantile > 1) {
      return Double.POSITIVE_INFINITY;
    }
    var buckets = monotonic(unsorted);
    int last = buckets.size() - 1;
    if (last < 1 || !Double.isInfinite(buckets.get(last).upTo())) {
      return Double.NaN;
    }
    double total = buckets.get(last).count();
    if (total == 0 || Double.isNaN(total)) {
      return Double.NaN;
    }
    double rank = quantile * total;
    int found = 0;
    while (found < last && buckets.get(found).count() < rank) {
      found++;
    }
    if (found == last) {
      return buckets.get(last - 1).upTo();
    }
    double end = buckets.get(found).upTo();
    if (found == 0 && end <= 0) {
      return end;
    }
    double start = found == 0 ? 0 : buckets.get(found - 1).upTo();
    double below = found == 0 ? 0 : buckets.get(found - 1).count();
    double inside = buckets.get(found).count() - below;
    return start + (end - start) * ((rank - below) / inside);
  }

  /// Sorted, equal bounds added up, and never falling: scrapes are not atomic.
  private static List<Bucket> monotonic(List<Bucket> unsorted) {
    var sorted = new ArrayList<>(unsorted);
    sorted.sort(Comparator.comparingDouble(Bucket::upTo));
    var result = new ArrayList<Bucket>();
    for (Bucket bucket : sorted) {
      if (!result.isEmpty() && result.getLast().upTo() == bucket.upTo()) {
        var same = result.removeLast();
        result.add(new Bucket(bucket.upTo(), same.count() + bucket.count()));
      } else {
        result.add(bucket);
      }
    }
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < result.size(); i++) {
      most = Math.max(most, result.get(i).count());
      result.set(i, new Bucket(result.get(i).upTo(), most));
    }
    return result;
  }
}
