package dev.serin.controller.measure;

import dev.serin.judge.CounterSample;
import dev.serin.judge.SeriesShape;
import dev.serin.mesh.BuiltInQueries.Counts;
import dev.serin.metrics.QueryTemplate;
import dev.serin.metrics.QueryTemplate.Rendered;
import dev.serin.metrics.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// One question for the counters of both versions of many targets. Sums are kept apart by the
/// process that counted, so that a restart of one of them is seen; and the answer tells how new its
/// samples are, for a server that does not scrape any more goes on answering the last values.
///
/// @param buckets how the server keeps latencies
/// @param targets whose counters are asked for, at least one
/// @param bounds latency buckets that are asked for besides the one of all requests, as `le` has
///   them; empty for no buckets at all
record CountQuery(Counts counts, Buckets buckets, List<Versions> targets, Set<Double> bounds) {

  /// The label that says what a sum counts.
  static final String COUNTED = "counted";

  private static final String REQUESTS = "requests";
  private static final String ERRORS = "errors";
  private static final String WITHIN = "within";
  private static final String NEWEST = "newest";

  CountQuery {
    targets = List.copyOf(targets);
    bounds = Set.copyOf(bounds);
  }

  /// In PromQL.
  String text() {
    var by = String.join(", ", scraped(counts));
    var parts = new ArrayList<String>();
    parts.add(counted(REQUESTS, "sum by (%s) (%s)".formatted(by, any(counts.requests()))));
    parts.add(counted(ERRORS, "sum by (%s) (%s)".formatted(by, any(counts.errors()))));
    if (!bounds.isEmpty()) {
      parts.add(counted(WITHIN, buckets.upTo(counts, by, bounds)));
    }
    parts.add(
        counted(
            NEWEST,
            "max by (%s) (%s)"
                .formatted(
                    String.join(", ", counts.naming()),
                    counts.requests().stream()
                        .map("timestamp(%s)"::formatted)
                        .collect(Collectors.joining(" or ")))));
    return filled(String.join(" or ", parts), targets, Map.of("bounds", Buckets.spelled(bounds)));
  }

  /// How many requests came within the interval. Of several servers that scrape the same process
  /// the one that saw most of it counts, as every request is in the series of each.
  ///
  /// @param sum what adds up the processes: `sum`, or `sum by (…)`
  static String increase(Counts counts, String sum) {
    var increases =
        counts.requests().stream()
            .map(selector -> "increase(" + selector + "[{{ interval }}])")
            .collect(Collectors.joining(" or "));
    return "%s (max by (%s) (sum by (%s) (%s)))"
        .formatted(
            sum,
            String.join(", ", processes(counts)),
            String.join(", ", scraped(counts)),
            increases);
  }

  /// An expression whose series say what they count.
  static String counted(String what, String expression) {
    return "label_replace(%s, \"%s\", \"%s\", \"\", \"\")".formatted(expression, COUNTED, what);
  }

  private static String any(List<String> selectors) {
    return String.join(" or ", selectors);
  }

  /// A selector with one more matcher.
  static String narrowed(String selector, String matcher) {
    return selector.substring(0, selector.lastIndexOf('}')) + "," + matcher + "}";
  }

  /// A template of a dialect for these targets.
  static String filled(String template, List<Versions> targets, Map<String, String> more) {
    var values = new HashMap<>(more);
    values.put(
        "namespaces",
        Alternation.of(
            targets.stream().map(target -> Alternation.literally(target.namespace())).toList()));
    values.put(
        "workloads",
        Alternation.of(
            targets.stream()
                .map(target -> Alternation.both(target.stable(), target.canary()))
                .toList()));
    return rendered(template, values);
  }

  static String rendered(String template, Map<String, String> values) {
    return switch (new QueryTemplate(template).renderPromQl(values)) {
      case Rendered.Query(var text) -> text;
      case Rendered.Unfit(var problems) ->
          throw new IllegalArgumentException(String.join("; ", problems));
    };
  }

  /// Where several servers scrape the same processes, each has series of its own.
  private static List<String> scraped(Counts counts) {
    var labels = new TreeSet<>(processes(counts));
    labels.addAll(SeriesShape.REPLICA_LABELS);
    return List.copyOf(labels);
  }

  /// The labels that name the process that counted.
  private static List<String> processes(Counts counts) {
    var labels = new TreeSet<>(counts.naming());
    labels.add("instance");
    if (!counts.podLabel().isEmpty()) {
      labels.add(counts.podLabel());
    }
    return List.copyOf(labels);
  }

  /// What an answer says of each target, in order of time; nothing of others that it may tell of.
  Map<Versions, NavigableMap<Instant, Snapshot>> read(List<Sample> samples) {
    var owners = new HashMap<List<String>, Versions>();
    for (var target : targets) {
      owners.put(List.of(namespace(target.namespace()), target.stable()), target);
      owners.put(List.of(namespace(target.namespace()), target.canary()), target);
    }
    var found = new HashMap<Versions, Map<Instant, List<Sample>>>();
    for (var sample : samples) {
      var owner =
          owners.get(
              List.of(
                  namespace(sample.label(counts.namespaceLabel())),
                  sample.label(counts.workloadLabel())));
      if (owner != null) {
        found
            .computeIfAbsent(owner, _ -> new TreeMap<>())
            .computeIfAbsent(sample.time(), _ -> new ArrayList<>())
            .add(sample);
      }
    }
    var read = new HashMap<Versions, NavigableMap<Instant, Snapshot>>();
    found.forEach(
        (target, byTime) -> {
          var snapshots = new TreeMap<Instant, Snapshot>();
          byTime.forEach((at, there) -> snapshots.put(at, snapshot(at, there)));
          read.put(target, snapshots);
        });
    return read;
  }

  private String namespace(String value) {
    return counts.namespaceLabel().isEmpty() ? "" : value;
  }

  private static Snapshot snapshot(Instant at, List<Sample> samples) {
    var newest =
        samples.stream()
            .filter(sample -> sample.label(COUNTED).equals(NEWEST))
            .map(sample -> Instant.ofEpochMilli(Math.round(sample.value() * 1000)))
            .max(Instant::compareTo)
            .orElse(at);
    var byKind = new HashMap<String, List<CounterSample>>();
    for (var sample : samples) {
      var labels = new HashMap<>(sample.labels());
      var kind = labels.remove(COUNTED);
      if (kind != null) {
        byKind
            .computeIfAbsent(kind, _ -> new ArrayList<>())
            .add(new CounterSample(labels, sample.value(), newest));
      }
    }
    return new Snapshot(
        at,
        byKind.getOrDefault(REQUESTS, List.of()),
        byKind.getOrDefault(ERRORS, List.of()),
        byKind.getOrDefault(WITHIN, List.of()));
  }
}
