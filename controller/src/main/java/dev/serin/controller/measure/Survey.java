package dev.serin.controller.measure;

import dev.serin.mesh.BuiltInQueries.Counts;
import dev.serin.metrics.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What one has to know of a server's series before one can count: how often they are scraped, and
/// which latency bounds there are.
final class Survey {

  /// Two scrapes fit into it, if they are a minute apart.
  static final Duration SPAN = Duration.ofSeconds(130);

  /// Times of samples are seen to a second.
  static final Duration STEP = Duration.ofSeconds(1);

  /// Gaps between scrapes of one process that tell how often it is scraped now.
  private static final int LATEST = 5;

  /// A count that is told as a share of all is off by its last digits.
  private static final double IMPRECISE = 1e-9;

  private Survey() {}

  /// Asks at each second of a span when the newest sample was taken, process by process.
  static String times(Counts counts, List<Versions> targets) {
    return CountQuery.filled(
        counts.requests().stream()
            .map("timestamp(%s)"::formatted)
            .collect(Collectors.joining(" or ", "max by (job, instance) (", ")")),
        targets,
        Map.of());
  }

  /// The time between two scrapes, in whole seconds, by the last few of each process: how often it
  /// is scraped may have changed. Empty while no two are seen.
  static Optional<Duration> interval(List<Sample> times) {
    var byProcess = new HashMap<Map<String, String>, TreeSet<Double>>();
    for (var sample : times) {
      byProcess.computeIfAbsent(sample.labels(), _ -> new TreeSet<>()).add(sample.value());
    }
    var gaps = new ArrayList<Double>();
    for (var seen : byProcess.values()) {
      var next = Double.NaN;
      for (var time : seen.descendingSet().stream().limit(LATEST + 1L).toList()) {
        if (!Double.isNaN(next)) {
          gaps.add(next - time);
        }
        next = time;
      }
    }
    if (gaps.isEmpty()) {
      return Optional.empty();
    }
    gaps.sort(null);
    var usual = gaps.get((gaps.size() - 1) / 2);
    return Optional.of(Duration.ofSeconds(Math.max(1, Math.round(usual))));
  }

  /// Asks which buckets there are.
  static String buckets(Counts counts, List<Versions> targets) {
    return CountQuery.filled(
        "count by (le) (%s)".formatted(counts.goodBuckets()), targets, Map.of());
  }

  /// Asks whether there are histograms that hold all buckets in one series; answered with a number
  /// when there are. A server that does not know them refuses it.
  static String nativeBuckets(Counts counts, List<Versions> targets) {
    return CountQuery.filled(
        "count(histogram_count(%s))".formatted(counts.nativeGoodBuckets()), targets, Map.of());
  }

  /// The finite bounds of buckets.
  static Set<Double> bounds(Collection<Sample> buckets) {
    return Tally.bounds(buckets.stream().map(sample -> sample.label("le")).toList());
  }

  /// Asks for stable's buckets, process by process.
  static String stableBuckets(Counts counts, Buckets buckets, Versions target) {
    var by = counts.podLabel().isEmpty() ? "instance" : "instance, " + counts.podLabel();
    return CountQuery.rendered(
        buckets.all(counts, by),
        Map.of(
            "namespaces", Alternation.literally(target.namespace()),
            "workloads", Alternation.literally(target.stable())));
  }

  /// How many of stable's requests between two times took at most so long, by bound; infinity for
  /// all of them.
  static NavigableMap<Double, Long> upTo(List<Sample> from, List<Sample> until) {
    var before = new HashMap<Map<String, String>, Double>();
    from.forEach(sample -> before.put(sample.labels(), sample.value()));
    var sums = new TreeMap<Double, Double>();
    for (var sample : until) {
      var bound = Tally.number(sample.label("le"));
      var then = before.getOrDefault(sample.labels(), 0.0);
      if (!Double.isNaN(bound)) {
        var isAnew = sample.value() < then * (1 - IMPRECISE);
        sums.merge(bound, isAnew ? sample.value() : sample.value() - then, Double::sum);
      }
    }
    var counts = new TreeMap<Double, Long>();
    sums.forEach((bound, sum) -> counts.put(bound, Math.round(sum)));
    return counts;
  }
}
