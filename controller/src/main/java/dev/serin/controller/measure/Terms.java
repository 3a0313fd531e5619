package dev.serin.controller.measure;

import dev.serin.judge.SeriesShape;
import dev.serin.judge.SeriesShape.Some;
import dev.serin.mesh.BuiltInQueries.Counts;
import dev.serin.parse.CanaryDeclaration;
import dev.serin.parse.CheckSpec;
import dev.serin.rollout.Plan;
import dev.serin.rollout.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// By what the evidence of one rollout is gathered. Fixed when it begins.
///
/// @param grid the times at which counters are looked at
/// @param origin time of the grid from which on evidence counts; before it stable served alone
/// @param versions names of both in the series
/// @param podLabel label that names the pod that counted; empty when there is none
/// @param workloadLabel label that names the version
/// @param compared what the comparisons look at
/// @param checks sequential checks that count, and share the probability of a false alarm
/// @param attempts how often a mesh may try one request, 1 for once: one cause makes as many bad
///   requests
/// @param plan of the rollout
/// @param ahead how much later than ours the clock of the server is; all times of the grid are the
///   server's
record Terms(
    Grid grid,
    Instant origin,
    Versions versions,
    String podLabel,
    String workloadLabel,
    List<Compared> compared,
    int checks,
    int attempts,
    Plan plan,
    Duration ahead) {

  /// How long stable is looked at before the rollout.
  static final Duration BEFORE = Duration.ofMinutes(10);

  Terms {
    compared = List.copyOf(compared);
  }

  /// @param routed when the split of the first step was wanted, by our clock
  static Terms of(
      Grid grid,
      Duration ahead,
      Instant routed,
      Versions versions,
      Counts counts,
      List<Compared> compared,
      CanaryDeclaration declared) {
    return new Terms(
        grid,
        grid.floor(routed.plus(ahead)),
        versions,
        counts.podLabel(),
        counts.workloadLabel(),
        compared,
        sharers(declared.checks()),
        declared.route().attempts(),
        declared.plan(),
        ahead);
  }

  /// How many checks share the probability of a false alarm, at least 1.
  static int sharers(List<CheckSpec> checks) {
    return Math.max(1, (int) checks.stream().filter(Terms::sharesAlpha).count());
  }

  private static boolean sharesAlpha(CheckSpec check) {
    return !check.dryRun()
        && switch (check.judgement()) {
          case CheckSpec.Judgement.Comparison _, CheckSpec.Judgement.Trend _ -> true;
          case CheckSpec.Judgement.Threshold _ -> false;
        };
  }

  /// A time of ours by the server's clock.
  Instant onServer(Instant ours) {
    return ours.plus(ahead);
  }

  /// The first time that is looked at.
  Instant first() {
    return grid.floor(origin.minus(BEFORE));
  }

  SeriesShape shape(Some some) {
    return new SeriesShape(workloadLabel, versions.canary(), versions.stable(), podLabel, some);
  }

  /// The latency bounds that are looked at, as `le` has them.
  Set<Double> bounds() {
    return compared.stream()
        .filter(Compared.Slowness.class::isInstance)
        .flatMap(slowness -> ((Compared.Slowness) slowness).limits().stream())
        .map(Compared.Limit::bound)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// How many pods the canary begins with.
  int canaryPods(int stablePods) {
    var first = plan.steps().getFirst();
    return Step.pods(first.scale(), first.split(), stablePods);
  }
}
