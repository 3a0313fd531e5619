package dev.serin.controller.measure;

import dev.serin.judge.Assessment;
import dev.serin.judge.Trend;
import dev.serin.judge.Verdict;
import dev.serin.metrics.QueryTemplate.Rendered;
import dev.serin.metrics.Sample;
import dev.serin.metrics.SampleProvider;
import dev.serin.metrics.Samples;
import dev.serin.parse.CheckSpec;
import dev.serin.rollout.Plan;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Holds a gauge of the canary beside that of stable, one value of each per window since the canary
/// was first wanted to get traffic.
///
/// Values are asked anew at each round, at the same times as before: nothing has to be remembered,
/// and a controller that was started again says the same.
public final class TrendRunner implements CheckRunner {

  /// How many windows before the rollout tell how much a value of stable resembles the one before.
  private static final int WINDOWS_BEFORE = 60;

  /// A server gives 11,000 at most.
  private static final int MOST_WINDOWS = 10_000;

  private final MetricSources sources;
  private final ServerClocks clocks;

  /// @param ours the clock of assignments
  public TrendRunner(MetricSources sources, InstantSource ours) {
    this.sources = sources;
    this.clocks = new ServerClocks(ours);
  }

  @Override
  public boolean runs(CheckSpec check) {
    return check.judgement() instanceof CheckSpec.Judgement.Trend;
  }

  @Override
  public Assessment run(CheckSpec check, Assignment assignment) {
    return switch (OwnQuery.of(check.source(), assignment, sources)) {
      case OwnQuery.Unusable(var reason) -> unavailable(check, reason);
      case OwnQuery.Usable(var provider, var template, var own) ->
          provider instanceof SampleProvider samples
              ? ask(
                  check,
                  samples,
                  template,
                  Variables.of(assignment, check.window(), own),
                  assignment)
              : unavailable(
                  check,
                  "its system gives one number at a time, and a trend needs the values since the"
                      + " rollout began; use thresholdRange, or a MetricTemplate of type"
                      + " prometheus");
    };
  }

  private Assessment ask(
      CheckSpec check,
      SampleProvider provider,
      String template,
      Variables variables,
      Assignment assignment) {
    var problems = new ArrayList<String>();
    var ofCanary = query(template, variables, problems);
    var ofStable = query(template, variables.ofStable(), problems);
    if (!problems.isEmpty()) {
      return unavailable(check, String.join("; ", problems));
    }
    if (ofCanary.equals(ofStable)) {
      return unavailable(
          check,
          "its query is the same for both versions; let it name {{ target }}, which is the workload"
              + " of each in turn");
    }
    var times = Times.of(assignment, check.window());
    if (times.isEmpty()) {
      return notYet(check, ofCanary);
    }
    return switch (clocks.of(provider)) {
      case ServerClock.Silent(var reason) -> unavailable(check, reason);
      case ServerClock.Known(var ahead) ->
          ServerClock.corrected(
              compare(check, provider, ofCanary, ofStable, times.get().plus(ahead), assignment),
              ahead);
    };
  }

  private static Assessment compare(
      CheckSpec check,
      SampleProvider provider,
      String ofCanary,
      String ofStable,
      Times span,
      Assignment assignment) {
    return switch (series(provider.range(ofCanary, span.first, span.last, check.window()))) {
      case Series.Unusable(var reason) -> unavailable(check, reason);
      case Series.Of(var canary) ->
          switch (series(provider.range(ofStable, span.before, span.last, check.window()))) {
            case Series.Unusable(var reason) -> unavailable(check, reason);
            case Series.Of(var stable) -> judge(check, span, canary, stable, ofCanary, assignment);
          };
    };
  }

  private static String query(String template, Variables variables, List<String> problems) {
    return switch (variables.query(template)) {
      case Rendered.Query(var text) -> text;
      case Rendered.Unfit(var more) -> {
        more.stream().filter(problem -> !problems.contains(problem)).forEach(problems::add);
        yield "";
      }
    };
  }

  private static Assessment judge(
      CheckSpec check,
      Times times,
      NavigableMap<Instant, Double> canary,
      NavigableMap<Instant, Double> stable,
      String query,
      Assignment assignment) {
    var declared = (CheckSpec.Judgement.Trend) check.judgement();
    var pairs = new ArrayList<Trend.Pair>();
    canary.forEach(
        (time, value) -> {
          var beside = stable.get(time);
          if (beside != null) {
            pairs.add(new Trend.Pair(value, beside));
          }
        });
    if (pairs.isEmpty()) {
      return noData(
          check,
          canary.isEmpty()
              ? "the query gives nothing for the canary"
              : "the query gives nothing for stable at the times of the canary's values",
          query);
    }
    var history =
        List.copyOf(stable.headMap(times.first, false).values()).stream()
            .filter(Double::isFinite)
            .toList();
    return new Trend(
            declared.tolerance(),
            declared.absolute(),
            declared.worse(),
            declared.alpha() / Terms.sharers(assignment.declared().checks()),
            looks(assignment, times))
        .assess(check.name(), pairs, history, query, check.dryRun());
  }

  /// How often the plan looks, or has looked already where it was held.
  private static int looks(Assignment assignment, Times times) {
    var plan = assignment.declared().plan();
    var interval = Math.max(1, plan.interval().toMillis());
    var planned = plan.steps().stream().mapToLong(step -> looks(plan, step.hold(), step.rounds()));
    var made = Duration.between(times.first, times.now).toMillis() / interval + 1;
    return Math.clamp(Math.max(planned.sum(), made), 1, Integer.MAX_VALUE);
  }

  private static long looks(Plan plan, Duration hold, int rounds) {
    var interval = Math.max(1, plan.interval().toMillis());
    return Math.max(rounds, Math.ceilDiv(hold.toMillis(), interval));
  }

  /// When values are taken. Windows do not overlap, and the first begins with the canary's traffic.
  ///
  /// @param before the first of stable alone
  /// @param first of both
  /// @param last of both
  /// @param now when it is asked
  private record Times(Instant before, Instant first, Instant last, Instant now) {

    /// By our clock. Empty before the first window is over.
    static Optional<Times> of(Assignment assignment, Duration window) {
      return assignment.routedAt().stream()
          .findFirst()
          .flatMap(origin -> since(origin, assignment.at(), window.toMillis()));
    }

    private static Optional<Times> since(Instant origin, Instant now, long length) {
      var whole = Duration.between(origin, now).toMillis() / length;
      if (whole < 1) {
        return Optional.empty();
      }
      var first = Math.max(1, whole - MOST_WINDOWS + 1);
      return Optional.of(
          new Times(
              origin.plusMillis((first - WINDOWS_BEFORE) * length),
              origin.plusMillis(first * length),
              origin.plusMillis(whole * length),
              now));
    }

    /// The same times by another clock.
    Times plus(Duration ahead) {
      return new Times(before.plus(ahead), first.plus(ahead), last.plus(ahead), now.plus(ahead));
    }
  }

  /// What a range query gave.
  private sealed interface Series {

    /// @param values by time
    record Of(NavigableMap<Instant, Double> values) implements Series {}

    record Unusable(String reason) implements Series {}
  }

  private static Series series(Samples samples) {
    return switch (samples) {
      case Samples.Unavailable(var reason) -> new Series.Unusable(reason);
      case Samples.Refused(var reason) -> new Series.Unusable(reason);
      case Samples.Found(var found) -> {
        var byLabels = new HashMap<Map<String, String>, NavigableMap<Instant, Double>>();
        for (Sample sample : found) {
          byLabels
              .computeIfAbsent(sample.labels(), _ -> new TreeMap<>())
              .put(sample.time(), sample.value());
        }
        yield byLabels.size() > 1
            ? new Series.Unusable(
                "the query gives %d series, such as %s; it has to give one: aggregate, such as with sum() or max()"
                    .formatted(byLabels.size(), byLabels.keySet().iterator().next()))
            : new Series.Of(byLabels.values().stream().findFirst().orElseGet(TreeMap::new));
      }
    };
  }

  private static Assessment notYet(CheckSpec check, String query) {
    return Assessment.of(
            check.name(),
            Verdict.TOO_FEW,
            "its first value comes when the canary had traffic for " + seconds(check.window()))
        .asking(query)
        .inDryRun(check.dryRun());
  }

  private static String seconds(Duration window) {
    return window.toMillis() % 1000 == 0 ? window.toSeconds() + " s" : window.toMillis() + " ms";
  }

  private static Assessment noData(CheckSpec check, String reason, String query) {
    var verdict =
        switch (check.onNoData()) {
          case INCONCLUSIVE -> Verdict.NO_DATA;
          case FAIL -> Verdict.FAILED;
          case PASS -> Verdict.PASSED;
        };
    var words =
        switch (check.onNoData()) {
          case INCONCLUSIVE -> reason;
          case FAIL -> reason + "; counts as failed (onNoData)";
          case PASS -> reason + "; counts as passed (onNoData)";
        };
    return Assessment.of(check.name(), verdict, words).asking(query).inDryRun(check.dryRun());
  }

  private static Assessment unavailable(CheckSpec check, String reason) {
    return Assessment.of(check.name(), Verdict.UNAVAILABLE, reason).inDryRun(check.dryRun());
  }
}
