package dev.serin.controller.measure;

import dev.serin.judge.Arm;
import dev.serin.judge.Baseline;
import dev.serin.judge.Comparison;
import dev.serin.judge.CounterSample;
import dev.serin.judge.Counters;
import dev.serin.judge.Deltas;
import dev.serin.judge.Dispersion;
import dev.serin.judge.Evidence;
import dev.serin.judge.LatencyEvidence;
import dev.serin.judge.PodSpread;
import dev.serin.judge.Reading;
import dev.serin.judge.SeriesShape.Some;
import dev.serin.judge.Tick;
import dev.serin.judge.Tolerance;
import dev.serin.parse.CheckSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What was counted for one rollout, look by look. A value: the same looks give the same tally,
/// whether they are taken one by one as time goes by or all at once after a restart.
///
/// @param next the time of the grid to look at next
/// @param failures counters of requests and of failed ones
/// @param slowness counters of all requests and of those within a bound, by bound
/// @param before what stable did in each window before the origin; given up at the origin
/// @param judged the evidence of each comparison; empty before the origin
/// @param flow requests since the split was confirmed
/// @param last what the last look gave
record Tally(
    Terms terms,
    Instant next,
    Counters failures,
    Map<Double, Counters> slowness,
    List<Before> before,
    List<Judged> judged,
    Flow flow,
    Deltas last) {

  /// What stable's reporters did in one window before the origin.
  ///
  /// @param slowness by bound
  record Before(Map<String, Arm> failures, Map<Double, Map<String, Arm>> slowness) {
    Before {
      failures = new TreeMap<>(failures);
      slowness = Map.copyOf(slowness);
    }
  }

  /// Requests counted since a split was confirmed.
  ///
  /// @param confirmed when; empty while it is not
  record Flow(Optional<Instant> confirmed, long canary, long stable) {
    static final Flow NONE = new Flow(Optional.empty(), 0, 0);

    private Flow after(Deltas deltas, Optional<Instant> since, Terms terms) {
      var known = since.equals(confirmed) ? this : new Flow(since, 0, 0);
      return deltas instanceof Deltas.Counted counted
              && since.filter(from -> !counted.from().isBefore(terms.onServer(from))).isPresent()
          ? new Flow(
              since,
              known.canary + counted.canaryArm().requests(),
              known.stable + counted.stableArm().requests())
          : known;
    }
  }

  Tally {
    slowness = Map.copyOf(slowness);
    before = List.copyOf(before);
    judged = List.copyOf(judged);
  }

  /// Nothing was looked at yet.
  static Tally of(Terms terms) {
    return new Tally(
        terms,
        terms.first(),
        Counters.none(terms.shape(Some.BAD)),
        terms.bounds().stream()
            .collect(Collectors.toMap(bound -> bound, _ -> Counters.none(terms.shape(Some.GOOD)))),
        List.of(),
        List.of(),
        Flow.NONE,
        new Deltas.NoSeries());
  }

  /// This tally after one more look, at its next time.
  ///
  /// @param routedAt when the split of each step was first wanted, by our clock
  /// @param confirmed when the data plane confirmed the present split, likewise
  Tally look(Snapshot snapshot, List<Instant> routedAt, Optional<Instant> confirmed) {
    var at = snapshot.at();
    // Pods of the canary are younger than the rollout: all that they ever counted belongs to it.
    var young =
        snapshot.requests().stream()
            .filter(this::isOfCanary)
            .map(sample -> sample.labels().getOrDefault(terms.podLabel(), ""))
            .collect(Collectors.toUnmodifiableSet());
    var look = failures.look(new Reading(at, snapshot.requests(), snapshot.errors()), young);
    var slow = new HashMap<Double, Counters.Look>();
    slowness.forEach(
        (bound, counters) -> slow.put(bound, counters.look(within(snapshot, bound), young)));
    var afterSlow = new HashMap<Double, Counters>();
    slow.forEach((bound, each) -> afterSlow.put(bound, each.after()));
    var seen =
        !at.isAfter(terms.origin()) && look.deltas() instanceof Deltas.Counted counted
            ? with(before, new Before(counted.stable(), stable(slow)))
            : before;
    var begins = at.equals(terms.origin());
    return new Tally(
        terms,
        terms.grid().next(at),
        look.after(),
        afterSlow,
        begins ? List.of() : seen,
        begins
            ? begun(seen)
            : judged(look.deltas(), slow, routedAt.stream().map(terms::onServer).toList()),
        flow.after(look.deltas(), confirmed, terms),
        look.deltas());
  }

  private boolean isOfCanary(CounterSample sample) {
    return terms.versions().canary().equals(sample.labels().get(terms.workloadLabel()));
  }

  private static Reading within(Snapshot snapshot, double bound) {
    return new Reading(
        snapshot.at(), bucket(snapshot, Double.POSITIVE_INFINITY), bucket(snapshot, bound));
  }

  /// Bounds are compared as numbers: servers and exporters write them in several ways.
  private static List<CounterSample> bucket(Snapshot snapshot, double bound) {
    return snapshot.within().stream()
        .filter(sample -> number(sample.labels().getOrDefault("le", "")) == bound)
        .toList();
  }

  /// The number that a bound is; NaN when it is none.
  static double number(String bound) {
    try {
      return bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
    } catch (NumberFormatException _) {
      return Double.NaN;
    }
  }

  private static <T> List<T> with(List<T> list, T more) {
    var all = new ArrayList<>(list);
    all.add(more);
    return all;
  }

  private static Map<Double, Map<String, Arm>> stable(Map<Double, Counters.Look> looks) {
    var arms = new HashMap<Double, Map<String, Arm>>();
    looks.forEach(
        (bound, look) -> {
          if (look.deltas() instanceof Deltas.Counted counted) {
            arms.put(bound, counted.stable());
          }
        });
    return arms;
  }

  private List<Judged> begun(List<Before> seen) {
    return terms.compared().stream().map(compared -> begun(compared, seen)).toList();
  }

  private Judged begun(Compared compared, List<Before> seen) {
    return switch (compared) {
      case Compared.Nothing(var check, var reason) -> new Judged.Nothing(check, reason);
      case Compared.Failures(var check) -> {
        var windows = seen.stream().map(Before::failures).toList();
        var declared = (CheckSpec.Judgement.Comparison) check.judgement();
        yield new Judged.Failures(
            check,
            Evidence.none(
                Comparison.ofFailures(
                        widened(declared.tolerance(), windows),
                        terms.grid().tick(),
                        terms.plan().steps().size(),
                        terms.checks())
                    .as(declared.alpha(), declared.beta(), terms.checks()),
                baseline(windows)));
      }
      case Compared.Slowness(var check, var limits) -> {
        var declared = (CheckSpec.Judgement.Comparison) check.judgement();
        var comparisons = new ArrayList<Comparison>();
        var baselines = new ArrayList<Baseline>();
        for (var limit : limits) {
          var windows =
              seen.stream()
                  .map(window -> window.slowness().getOrDefault(limit.bound(), Map.of()))
                  .toList();
          comparisons.add(
              Comparison.ofSlowness(
                      widened(limit.tolerance(), windows),
                      terms.grid().tick(),
                      terms.plan().steps().size(),
                      terms.checks())
                  .as(declared.alpha(), declared.beta(), terms.checks()));
          baselines.add(baseline(windows));
        }
        yield new Judged.Slowness(check, limits, LatencyEvidence.none(comparisons, baselines));
      }
    };
  }

  private Baseline baseline(List<Map<String, Arm>> windows) {
    var stable =
        windows.stream().flatMap(window -> window.values().stream()).reduce(Arm.NONE, Arm::plus);
    var dispersion =
        terms.podLabel().isEmpty()
            ? Dispersion.UNKNOWN
            : Dispersion.of(windows.stream().map(Map::values).toList());
    return new Baseline(stable, dispersion.atLeast(terms.attempts()));
  }

  /// The tolerance, wide enough for pods that differ by nature, where pods can be told apart.
  private Tolerance widened(Tolerance tolerance, List<Map<String, Arm>> windows) {
    var pods = pods(windows);
    return terms.podLabel().isEmpty() || pods.isEmpty()
        ? tolerance
        : tolerance.widenedFor(PodSpread.of(pods), terms.canaryPods(pods.size()), pods.size());
  }

  /// What each pod that was asked anything did in all windows.
  private static Collection<Arm> pods(List<Map<String, Arm>> windows) {
    var sums = new TreeMap<String, Arm>();
    windows.forEach(window -> window.forEach((pod, arm) -> sums.merge(pod, arm, Arm::plus)));
    sums.values().removeIf(arm -> arm.requests() == 0);
    return sums.values();
  }

  private List<Judged> judged(
      Deltas deltas, Map<Double, Counters.Look> slow, List<Instant> routedAt) {
    return judged.stream().map(each -> judged(each, deltas, slow, routedAt)).toList();
  }

  private static Judged judged(
      Judged judged, Deltas deltas, Map<Double, Counters.Look> slow, List<Instant> routedAt) {
    return switch (judged) {
      case Judged.Nothing nothing -> nothing;
      case Judged.Failures(var check, var evidence) ->
          deltas instanceof Deltas.Counted counted
              ? new Judged.Failures(check, evidence.add(tick(counted, routedAt)))
              : judged;
      case Judged.Slowness(var check, var limits, var evidence) -> {
        var ticks = new ArrayList<Tick>();
        for (var limit : limits) {
          if (slow.get(limit.bound()) instanceof Counters.Look(_, Deltas.Counted counted)) {
            ticks.add(tick(counted, routedAt));
          }
        }
        yield ticks.size() == limits.size()
            ? new Judged.Slowness(check, limits, evidence.add(ticks))
            : judged;
      }
    };
  }

  /// A window belongs to the step whose split was wanted when it began, so that where a step of the
  /// evidence starts never depends on what is counted in it.
  private static Tick tick(Deltas.Counted counted, List<Instant> routedAt) {
    var begun = (int) routedAt.stream().filter(routed -> !routed.isAfter(counted.from())).count();
    return counted.tick(Math.max(0, begun - 1));
  }

  /// The first comparison that counts and has decided against the canary.
  Optional<Judged> condemning() {
    return judged.stream()
        .filter(each -> !each.check().dryRun() && each.verdict().isFailure())
        .findFirst();
  }

  /// The evidence of one check; empty before the origin was looked at.
  Optional<Judged> judged(CheckSpec check) {
    return judged.stream().filter(each -> each.check().equals(check)).findFirst();
  }

  /// The bounds of a histogram, finite ones first.
  static Set<Double> bounds(Collection<String> les) {
    return les.stream()
        .mapToDouble(Tally::number)
        .filter(Double::isFinite)
        .boxed()
        .collect(Collectors.toUnmodifiableSet());
  }
}
