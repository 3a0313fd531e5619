package dev.serin.judge;

import dev.serin.judge.SeriesShape.Some;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The counters as they were at the last look, and thereby what the next look will count. A value;
/// the same readings give the same counts.
///
/// Counts are exact differences of cumulative counters, series by series:
/// - a counter that fell counts from zero, unless it fell by less than half: then a scraper that is
///   a little behind answered, as one of a pair behind a load balancer does, and it waits; failures
///   and buckets share the fate of all the requests that they are part of;
/// - a series that was not there before counts from zero when its reporter was (the first failure
///   of a pod makes the series of its failures), or is known to be younger than the first look; its
///   whole life counts for nothing otherwise;
/// - a series that is missing is waited for, and covers the gap when it comes back;
/// - of several scrapers of one reporter only one counts at a time;
/// - a bucket that is told by interpolation is no whole number: it is rounded before it is
///   subtracted, so that what one look leaves out the next one has.
public final class Counters {

  private static final double RESET_BELOW = 0.5;

  private final SeriesShape shape;
  private final Optional<Instant> lookedAt;
  private final Instant newest;
  private final Map<Series, Double> values;

  /// The scraper that counts for each reporter.
  private final Map<String, String> scrapers;

  /// @param kind all requests or some of them
  private record Series(Kind kind, Map<String, String> labels) {}

  private enum Kind {
    ALL,
    SOME
  }

  /// What a look gave.
  ///
  /// @param after to look from the next time
  public record Look(Counters after, Deltas deltas) {}

  private Counters(
      SeriesShape shape,
      Optional<Instant> lookedAt,
      Instant newest,
      Map<Series, Double> values,
      Map<String, String> scrapers) {
    this.shape = shape;
    this.lookedAt = lookedAt;
    this.newest = newest;
    this.values = values;
    this.scrapers = scrapers;
  }

  /// Before the first look.
  public static Counters none(SeriesShape shape) {
    return new Counters(shape, Optional.empty(), Instant.MIN, Map.of(), Map.of());
  }

  /// Looks at the counters again.
  ///
  /// @param young reporters known to have started after the first look
  public Look look(Reading reading, Set<String> young) {
    var samples = samples(reading);
    if (samples.stream().noneMatch(this::isOfAVersion)) {
      return new Look(this, new Deltas.NoSeries());
    }
    var latest = samples.stream().map(Sample::time).max(Instant::compareTo).orElse(newest);
    if (lookedAt.isPresent() && !latest.isAfter(newest)) {
      return new Look(this, new Deltas.Behind(newest));
    }
    var chosen = choose(samples);
    var after = new Counters(shape, Optional.of(reading.at()), latest, remembered(samples), chosen);
    var deltas =
        lookedAt
            .<Deltas>map(from -> count(from, reading.at(), samples, chosen, young))
            .orElseGet(Deltas.Begun::new);
    return new Look(after, deltas);
  }

  /// @param turn what became of it since the last look
  private record Sample(
      Series series, String reporter, String scraper, double value, Instant time, Turn turn) {
    Sample with(Turn known) {
      return new Sample(series, reporter, scraper, value, time, known);
    }
  }

  /// What became of a counter since the last look.
  private enum Turn {
    /// It was not there.
    NEW,
    AHEAD,
    /// Its scraper is a little behind.
    BEHIND,
    RESTARTED,
    /// A part of requests is less than it was while they are more: a restart that they have
    /// outgrown.
    FALLEN;

    /// Of a part of requests, which shares the fate of them all.
    Turn within(Turn all) {
      return switch (all) {
        case BEHIND, RESTARTED -> this == NEW ? NEW : all;
        case AHEAD -> this == BEHIND ? FALLEN : this;
        case NEW, FALLEN -> this;
      };
    }
  }

  private List<Sample> samples(Reading reading) {
    var samples =
        Stream.concat(
                reading.all().stream().map(sample -> sample(Kind.ALL, sample)),
                reading.some().stream().map(sample -> sample(Kind.SOME, sample)))
            .filter(sample -> Double.isFinite(sample.value) && sample.value >= 0)
            .toList();
    var ofAll = new HashMap<Map<String, String>, Turn>();
    for (var sample : samples) {
      if (sample.series.kind == Kind.ALL) {
        ofAll.put(withoutBound(sample.series.labels), sample.turn);
      }
    }
    return samples.stream()
        .map(
            sample ->
                sample.with(
                    sample.turn.within(
                        ofAll.getOrDefault(withoutBound(sample.series.labels), Turn.NEW))))
        .toList();
  }

  private Sample sample(Kind kind, CounterSample sample) {
    var scraper =
        shape.replicaLabels().stream().sorted().map(sample::label).collect(Collectors.joining("/"));
    var series = new Series(kind, sample.labels());
    return new Sample(
        series,
        sample.label(shape.reporterLabel()),
        scraper,
        sample.value(),
        sample.time(),
        turn(series, sample.value()));
  }

  private Turn turn(Series series, double now) {
    var before = values.get(series);
    if (before == null) {
      return Turn.NEW;
    }
    if (now >= before) {
      return Turn.AHEAD;
    }
    return now < before * RESET_BELOW ? Turn.RESTARTED : Turn.BEHIND;
  }

  private boolean isOfAVersion(Sample sample) {
    return isOf(shape.canary(), sample) || isOf(shape.stable(), sample);
  }

  private boolean isOf(String workload, Sample sample) {
    return workload.equals(sample.series.labels.get(shape.workloadLabel()));
  }

  /// Per reporter the scraper of the last time while it is there, else one that was there too, so
  /// that nothing is counted twice and little is missed.
  private Map<String, String> choose(List<Sample> samples) {
    var present = new TreeMap<String, Set<String>>();
    var known = new TreeMap<String, Set<String>>();
    for (var sample : samples) {
      present.computeIfAbsent(sample.reporter, _ -> new TreeSet<>()).add(sample.scraper);
      if (sample.turn != Turn.NEW) {
        known.computeIfAbsent(sample.reporter, _ -> new TreeSet<>()).add(sample.scraper);
      }
    }
    var chosen = new HashMap<>(scrapers);
    present.forEach(
        (reporter, there) -> {
          var before = scrapers.get(reporter);
          if (before == null || !there.contains(before)) {
            chosen.put(reporter, first(known.getOrDefault(reporter, there)));
          }
        });
    return chosen;
  }

  private static String first(Collection<String> sorted) {
    return sorted.iterator().next();
  }

  private Map<Series, Double> remembered(List<Sample> samples) {
    var remembered = new HashMap<>(values);
    for (var sample : samples) {
      if (sample.turn != Turn.BEHIND) {
        remembered.put(sample.series, sample.value);
      }
    }
    return remembered;
  }

  private Deltas count(
      Instant from,
      Instant until,
      List<Sample> samples,
      Map<String, String> chosen,
      Set<String> young) {
    var counting =
        samples.stream()
            .filter(sample -> sample.scraper.equals(chosen.get(sample.reporter)))
            .collect(Collectors.groupingBy(Sample::reporter));
    var canary = new TreeMap<String, Arm>();
    var stable = new TreeMap<String, Arm>();
    counting.forEach(
        (reporter, ofReporter) -> {
          var fromZero =
              young.contains(reporter)
                  || ofReporter.stream().anyMatch(sample -> sample.turn != Turn.NEW);
          arm(shape.canary(), ofReporter, fromZero).ifPresent(arm -> canary.put(reporter, arm));
          arm(shape.stable(), ofReporter, fromZero).ifPresent(arm -> stable.put(reporter, arm));
        });
    return new Deltas.Counted(from, until, canary, stable);
  }

  /// What one reporter counted for one version; empty when it has no series of it.
  private Optional<Arm> arm(String workload, List<Sample> ofReporter, boolean fromZero) {
    var samples = ofReporter.stream().filter(sample -> isOf(workload, sample)).toList();
    if (samples.isEmpty()) {
      return Optional.empty();
    }
    if (shape.some() == Some.GOOD && samples.stream().anyMatch(this::isAnotherBound)) {
      return Optional.of(Arm.NONE);
    }
    var all = sum(Kind.ALL, samples, fromZero);
    var some = sum(Kind.SOME, samples, fromZero);
    return Optional.of(Arm.clamped(all, shape.some() == Some.BAD ? some : all - some));
  }

  private long sum(Kind kind, List<Sample> samples, boolean fromZero) {
    return samples.stream()
        .filter(sample -> sample.series.kind == kind)
        .mapToLong(sample -> delta(sample, fromZero))
        .sum();
  }

  private long delta(Sample sample, boolean fromZero) {
    var now = Math.round(sample.value);
    return switch (sample.turn) {
      case NEW -> fromZero ? now : 0;
      case AHEAD -> now - Math.round(values.getOrDefault(sample.series, 0.0));
      case BEHIND, FALLEN -> 0;
      case RESTARTED -> now;
    };
  }

  /// A bucket that was not looked at before, of a histogram that was: buckets of one histogram come
  /// into being together, so the bound has changed, and there is nothing to subtract.
  private boolean isAnotherBound(Sample sample) {
    if (sample.series.kind == Kind.ALL || sample.turn != Turn.NEW) {
      return false;
    }
    return values.keySet().stream()
        .anyMatch(
            known ->
                known.kind == Kind.SOME
                    && withoutBound(known.labels).equals(withoutBound(sample.series.labels)));
  }

  private static Map<String, String> withoutBound(Map<String, String> labels) {
    if (!labels.containsKey("le")) {
      return labels;
    }
    var rest = new HashMap<>(labels);
    rest.remove("le");
    return rest;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counters that
        && shape.equals(that.shape)
        && lookedAt.equals(that.lookedAt)
        && newest.equals(that.newest)
        && values.equals(that.values)
        && scrapers.equals(that.scrapers);
  }

  @Override
  public int hashCode() {
    return 31 * lookedAt.hashCode() + values.hashCode();
  }
}
