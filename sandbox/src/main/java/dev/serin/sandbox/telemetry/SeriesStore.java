package dev.serin.sandbox.telemetry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Series in memory, as scrapes brought them. Safe for use from many threads.
public final class SeriesStore {

  private final Duration retention;
  private final Map<String, Map<Labels, TimeSeries>> byMetric = new HashMap<>();
  private Set<Labels> lastScrape = new HashSet<>();

  /// @param retention how long samples are kept
  public SeriesStore(Duration retention) {
    this.retention = retention;
  }

  /// Stores everything that one scrape saw. Series that the scrape before saw and this one does not
  /// end here.
  public synchronized void scraped(Instant at, Collection<Sample> samples) {
    long millis = at.toEpochMilli();
    var seen = HashSet.<Labels>newHashSet(samples.size());
    for (Sample sample : samples) {
      series(sample.labels()).add(millis, sample.value());
      seen.add(sample.labels());
    }
    lastScrape.removeAll(seen);
    lastScrape.forEach(gone -> series(gone).add(millis, TimeSeries.STALE));
    lastScrape = seen;
    forget(millis - retention.toMillis());
  }

  /// Works with the series that match.
  ///
  /// @param metric "" for any
  synchronized <T> T select(
      String metric,
      List<Matcher> matchers,
      java.util.function.Function<List<TimeSeries>, T> work) {
    var found = new ArrayList<TimeSeries>();
    var candidates =
        metric.isEmpty() ? byMetric.values() : List.of(byMetric.getOrDefault(metric, Map.of()));
    for (Map<Labels, TimeSeries> named : candidates) {
      for (TimeSeries series : named.values()) {
        if (matchers.stream().allMatch(matcher -> matcher.matches(series.labels()))) {
          found.add(series);
        }
      }
    }
    return work.apply(found);
  }

  private TimeSeries series(Labels labels) {
    return byMetric
        .computeIfAbsent(labels.metric(), _ -> new LinkedHashMap<>())
        .computeIfAbsent(labels, TimeSeries::new);
  }

  private void forget(long before) {
    for (Map<Labels, TimeSeries> named : byMetric.values()) {
      named.values().forEach(series -> series.dropBefore(before));
      named.values().removeIf(TimeSeries::isEmpty);
    }
  }
}
