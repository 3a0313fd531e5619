package dev.serin.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The facts of one rollout that do not change with its phases.
///
/// @param number counts the rollouts of this Canary from 1; names the rollout record
/// @param revision the revision that is tried
/// @param stable the revision that serves
/// @param startedAt when it left `Waiting`
/// @param mode how much proof is asked for
/// @param failedChecks failed verdicts so far
/// @param approvals given so far
/// @param routedAt when the split of each step was first wanted, from the first step on: the first
///   is the origin of the grid on which evidence is gathered, each begins a step of the evidence.
///   Pauses do not move them: they are times of samples
/// @param judged how long traffic was judged before the present hold of a step; neither pauses nor
///   waits for pods and gates are counted
/// @param skipped steps that people ended, instead of their checks
/// @param ground why the revision is promoted; empty until that is decided
public record Trial(
    int number,
    String revision,
    String stable,
    Instant startedAt,
    Mode mode,
    int failedChecks,
    List<Approval> approvals,
    List<Instant> routedAt,
    Duration judged,
    List<Skip> skipped,
    Optional<Ground> ground) {

  public Trial {
    approvals = List.copyOf(approvals);
    routedAt = List.copyOf(routedAt);
    skipped = List.copyOf(skipped);
  }

  /// A rollout that begins.
  static Trial begin(
      int number,
      String revision,
      String stable,
      Instant now,
      Mode mode,
      List<Approval> approvals) {
    return new Trial(
        number,
        revision,
        stable,
        now,
        mode,
        0,
        approvals,
        List.of(),
        Duration.ZERO,
        List.of(),
        Optional.empty());
  }

  /// How much proof a revision needs.
  public enum Mode {
    /// All steps and checks, and every gate.
    ANALYSED,
    /// Ready pods are enough, as `skipAnalysis` says; the gates before promotion are still asked.
    UNCHECKED,
    /// Ready pods are enough, because a person said `promote`: nobody else is asked.
    ORDERED,
    /// Ready pods are enough, because it was stable a short while ago (`rollbackWindow`): the way
    /// back is fast, so nobody is asked before promotion.
    PROVEN
  }

  /// @param gate the gate that was passed, or the one that still needs more people
  /// @param by who
  /// @param step index of the step that it is about; empty for gates that do not stand before steps
  public record Approval(String gate, String by, Optional<Integer> step) {}

  /// @param step index of the step that was ended
  /// @param by who
  public record Skip(int step, String by) {}

  /// Whether the steps are skipped.
  public boolean skipsSteps() {
    return mode != Mode.ANALYSED;
  }

  Trial withFailedChecks(int failed) {
    return with(mode, failed, approvals, routedAt, judged, skipped, ground);
  }

  Trial withMode(Mode other) {
    return with(other, failedChecks, approvals, routedAt, judged, skipped, ground);
  }

  Trial withApprovals(List<Approval> given) {
    return with(mode, failedChecks, given, routedAt, judged, skipped, ground);
  }

  Trial withJudged(Duration time) {
    return with(mode, failedChecks, approvals, routedAt, time, skipped, ground);
  }

  Trial on(Ground why) {
    return with(mode, failedChecks, approvals, routedAt, judged, skipped, Optional.of(why));
  }

  /// The same after a person ended a step.
  Trial skipping(int step, String by) {
    var all = new ArrayList<>(passing(step).skipped);
    all.add(new Skip(step, by));
    return with(mode, failedChecks, approvals, routedAt, judged, all, ground);
  }

  /// The same after a step passed, whoever ended it before.
  Trial passing(int step) {
    var others = skipped.stream().filter(skip -> skip.step() != step).toList();
    return with(mode, failedChecks, approvals, routedAt, judged, others, ground);
  }

  /// The same once the split of a step is wanted; nothing new when it was before.
  Trial routing(int step, Instant at) {
    if (routedAt.size() > step) {
      return this;
    }
    var known = new ArrayList<>(routedAt);
    while (known.size() <= step) {
      known.add(at);
    }
    return with(mode, failedChecks, approvals, known, judged, skipped, ground);
  }

  private Trial with(
      Mode mode,
      int failedChecks,
      List<Approval> approvals,
      List<Instant> routedAt,
      Duration judged,
      List<Skip> skipped,
      Optional<Ground> ground) {
    return new Trial(
        number,
        revision,
        stable,
        startedAt,
        mode,
        failedChecks,
        approvals,
        routedAt,
        judged,
        skipped,
        ground);
  }
}
