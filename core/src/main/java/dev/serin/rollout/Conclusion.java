package dev.serin.rollout;

import static dev.serin.rollout.Announcement.Kind;

import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.WaitingPromotion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// How an analysis ends that no failed check ended: nothing speaks against the revision, or it is
/// undecided and takes no longer.
final class Conclusion {
  private Conclusion() {}

  /// The analysis is over and nothing speaks against the revision.
  static Move passed(Trial trial, TrafficSplit split, Look look) {
    var skips = skips(trial, look.plan());
    var all = trial.skipped().size() == look.plan().steps().size();
    var reason =
        skips.isEmpty() ? "every step passed" : skips + (all ? "" : "; every other step passed");
    return ends(
        trial.on(new Ground(reason, Optional.empty(), Rounds.last(trial, look))), split, look);
  }

  private static Move ends(Trial trial, TrafficSplit split, Look look) {
    return look.plan().gatesAt(GateSpec.Point.PROMOTION).isEmpty()
        ? Promotion.start(trial, split, look)
        : Move.to(new WaitingPromotion(trial, look.now(), look.now(), false))
            .telling(Kind.PromotionWaiting, "the analysis passed; promotion waits for its gates");
  }

  /// Which steps people ended, in words; empty when none.
  private static String skips(Trial trial, Plan plan) {
    return trial.skipped().stream()
        .map(skip -> Words.step(plan, skip.step()) + " was skipped by " + skip.by())
        .collect(Collectors.joining(", "));
  }

  /// The analysis took as long as it may.
  static Move undecided(Progressing at, Optional<List<Assessment>> round, Look look) {
    var trial = at.trial();
    var text = "undecided after " + Words.of(look.plan().maxDuration());
    var said = Rounds.said(trial, at.step(), look);
    return switch (look.plan().onInconclusive()) {
      case PROMOTE ->
          inconclusive(
              trial, new Ground(text + "; promoted as onInconclusive says", none(), said), look);
      case ROLLBACK ->
          Analysis.rollBack(trial, text + "; onInconclusive says rollback", said, look);
      case APPROVE -> {
        var decided = decided(trial);
        yield decided.isPresent()
            ? inconclusive(trial, new Ground(text + "; people decided before", decided, said), look)
            : Move.to(
                    new WaitingPromotion(
                        trial.on(new Ground(text, none(), said)), look.now(), look.now(), true))
                .telling(Kind.Inconclusive, text + "; people have to decide", said);
      }
      case AUTO -> {
        if (look.plan().checks() && round.isEmpty()) {
          yield Move.stay(at)
              .waitingFor("the last round of checks")
              .lookAgain(look.plan().interval());
        }
        var last = round.orElse(List.of());
        if (mayOnlyBeABurst(at, last, look)) {
          yield StepHold.lookingOnceMore(at, look);
        }
        var complete = at.step() == look.plan().lastStep();
        var against = new ArrayList<>(StepHold.obstacles(look));
        last.stream()
            .filter(assessment -> !assessment.promising() || isHeld(assessment))
            .map(assessment -> assessment.check() + ": " + assessment.reason())
            .forEach(against::add);
        yield complete && against.isEmpty()
            ? inconclusive(
                trial,
                new Ground(text + "; every estimate lies within its limit", none(), said),
                look)
            : Analysis.rollBack(
                trial,
                text
                    + (complete ? "" : " in " + Words.step(look.plan(), at.step()))
                    + (against.isEmpty() ? "" : ": " + String.join("; ", against)),
                said,
                look);
      }
    };
  }

  /// Surely worse than stable, or in doubt just now: whatever the estimate is, that is no reason to
  /// promote by itself.
  private static boolean isHeld(Assessment said) {
    return said.verdict() == Verdict.HOLD;
  }

  /// Whether the first round after the end of its time holds the canary, and nothing else speaks
  /// against it. A version as good as stable is held so in one round of twenty, and not in the
  /// next.
  private static boolean mayOnlyBeABurst(Progressing at, List<Assessment> round, Look look) {
    return round.stream().anyMatch(Conclusion::isHeld)
        && round.stream().allMatch(Assessment::promising)
        && at.step() == look.plan().lastStep()
        && StepHold.obstacles(look).isEmpty()
        && !StepHold.wasOver(at, look.plan());
  }

  private static Optional<String> none() {
    return Optional.empty();
  }

  /// Who let the undecided revision pass, before it had to be judged once more.
  private static Optional<String> decided(Trial trial) {
    return Gates.approvedBy(GateSpec.UNDECIDED, Optional.empty(), trial.approvals()).stream()
        .findFirst();
  }

  private static Move inconclusive(Trial trial, Ground why, Look look) {
    var skips = skips(trial, look.plan());
    var told =
        skips.isEmpty() ? why : new Ground(why.reason() + "; " + skips, why.by(), why.because());
    return ends(trial.on(told), look.plan().steps().getLast().split(), look)
        .tellingFirst(Kind.Inconclusive, why.reason(), why.because());
  }
}
