package dev.serin.rollout;

import static dev.serin.rollout.Announcement.Kind;

import dev.serin.rollout.RolloutState.Failed;
import dev.serin.rollout.RolloutState.Finalising;
import dev.serin.rollout.RolloutState.Handover;
import dev.serin.rollout.RolloutState.Promoting;
import dev.serin.rollout.RolloutState.PromotionFailed;
import dev.serin.rollout.RolloutState.Reverting;
import dev.serin.rollout.RolloutState.Succeeded;
import java.util.List;
import java.util.Optional;

/// The states in which the target takes over, or fails to.
final class Promotion {
  private Promotion() {}

  /// The revision may be promoted.
  ///
  /// @param split who gets which traffic now
  static Move start(Trial trial, TrafficSplit split, Look look) {
    var keeps =
        look.seen().target() instanceof Seen.Target.Present target && target.keepsCapacity();
    var enough = keeps || !split.reachesStable();
    var in =
        enough
            ? new Handover.Rolling(look.now(), split, look.now())
            : new Handover.Scaling(look.now(), split);
    return Move.to(new Promoting(upToDate(trial, look), in))
        .telling(
            Kind.PromotionStarted,
            enough
                ? "the target rolls to revision " + trial.revision()
                : "the canary takes all traffic first: the target cannot keep its share while it"
                    + " rolls");
  }

  /// Whoever waited for gates was judged meanwhile: what was said last is what counts.
  private static Trial upToDate(Trial trial, Look look) {
    var last = Rounds.last(trial, look);
    return trial
        .ground()
        .filter(why -> !why.because().isEmpty() && !last.isEmpty())
        .map(why -> trial.on(new Ground(why.reason(), why.by(), last)))
        .orElse(trial);
  }

  static Move promote(Promoting at, Look look) {
    return switch (at.in()) {
      case Handover.Scaling in -> stopped(at, look).orElseGet(() -> grow(at, in, look));
      case Handover.Routing in -> stopped(at, look).orElseGet(() -> handOver(at, in, look));
      case Handover.Rolling in ->
          overtaken(at, look)
              .or(() -> revertedByGate(at.trial(), in, look))
              .orElseGet(() -> roll(at, in, look));
    };
  }

  /// Before the target is released, a trial can still end as in the analysis.
  private static Optional<Move> stopped(Promoting at, Look look) {
    return Analysis.superseded(at.trial(), look)
        .or(() -> Analysis.condemned(at, look))
        .or(() -> Analysis.rolledBackByGate(at.trial(), look));
  }

  private static Optional<Move> revertedByGate(Trial trial, Handover.Rolling in, Look look) {
    return in.split().loadsCanary()
        ? Analysis.rollbackAsked(look).map(reason -> reverting(trial, reason, look))
        : Optional.empty();
  }

  private static Move grow(Promoting at, Handover.Scaling in, Look look) {
    if (look.readyForAll(at.trial())) {
      return Move.to(new Promoting(at.trial(), new Handover.Routing(look.now())));
    }
    return Analysis.waitForPods(at.trial(), in.since(), look)
        .orElseGet(
            () ->
                Move.stay(at)
                    .waitingFor("the canary to be as large as stable")
                    .lookAgain(look.left(in.since(), look.plan().progressDeadline())));
  }

  private static Move handOver(Promoting at, Handover.Routing in, Look look) {
    var all = TrafficSplit.toCanary(100);
    if (!look.readyForAll(at.trial())) {
      return Move.to(
          new Promoting(
              at.trial(), new Handover.Scaling(in.since(), look.plan().steps().getLast().split())));
    }
    return look.confirmed(all)
        ? Move.to(new Promoting(at.trial(), new Handover.Rolling(look.now(), all, look.now())))
        : Move.stay(at).waitingFor("the data plane to take 100 %" + look.routeWords());
  }

  /// The target was released and carries another template now; it is held again.
  private static Optional<Move> overtaken(Promoting at, Look look) {
    var trial = at.trial();
    if (!(look.seen().target() instanceof Seen.Target.Present target)
        || target.revision().equals(trial.revision())) {
      return Optional.empty();
    }
    if (target.revision().equals(trial.stable())) {
      return Optional.of(reverting(trial, "the target was returned to the stable revision", look));
    }
    var text =
        "revision "
            + target.revision()
            + " replaces "
            + trial.revision()
            + " while it was promoted";
    return Optional.of(
        Resting.arrival(trial.revision(), target, new Withdrawal.Returning(look.now()), look)
            .telling(Kind.Superseded, text)
            .ending(trial.revision(), Outcome.Kind.Superseded, text));
  }

  private static Move roll(Promoting at, Handover.Rolling in, Look look) {
    var trial = at.trial();
    var round = Rounds.due(trial, look.plan().lastStep(), in.lastRound(), look);
    var failures = round.map(Rounds::failures).orElse(List.of());
    if (!failures.isEmpty() && in.split().reachesCanary()) {
      var failed = trial.failedChecks() + 1;
      var why = Words.reasons(failures);
      return failed >= look.plan().threshold()
          ? reverting(
              trial.withFailedChecks(failed),
              new Ground(failed + " failed checks: " + why, Optional.empty(), failures),
              look)
          : Move.to(
                  new Promoting(
                      trial.withFailedChecks(failed),
                      new Handover.Rolling(in.since(), in.split(), look.now())))
              .telling(
                  Kind.CheckFailed,
                  "failed check " + failed + " of " + look.plan().threshold() + ": " + why,
                  failures)
              .lookAgain(look.plan().interval());
    }
    if (!(look.seen().target() instanceof Seen.Target.Present target)) {
      return Move.stay(at).waitingFor("the target to be fit");
    }
    if (target.asWanted() && target.steady() && (target.serves() || target.replicas() == 0)) {
      return Move.to(new Finalising(trial, 0, look.now(), new Withdrawal.Returning(look.now())));
    }
    return switch (target.rollout()) {
      case Seen.Health.Broken(var reason) -> stalled(trial, reason, in.split(), look);
      case Seen.Health.Slow(var reason) when look.late(in.since()) ->
          stalled(
              trial,
              "not rolled out within " + Words.of(look.plan().progressDeadline()) + ": " + reason,
              in.split(),
              look);
      case Seen.Health.Slow(var reason) -> rolling(at, in, ": " + reason, round.isPresent(), look);
      case Seen.Health.Fine _ -> rolling(at, in, "", round.isPresent(), look);
    };
  }

  private static Move rolling(
      Promoting at, Handover.Rolling in, String why, boolean judged, Look look) {
    var move =
        judged
            ? Move.to(
                new Promoting(at.trial(), new Handover.Rolling(in.since(), in.split(), look.now())))
            : Move.stay(at);
    return move.waitingFor("the target to roll out" + why).lookAgain(look.plan().interval());
  }

  private static Move stalled(Trial trial, String reason, TrafficSplit split, Look look) {
    return Move.to(new PromotionFailed(trial, reason, look.now(), split))
        .telling(
            Kind.PromotionFailed,
            "the target cannot run revision "
                + trial.revision()
                + ", which the canary proved: "
                + reason
                + "; the canary serves. `canary retry` rolls again, `canary abort` returns to"
                + " stable")
        .ending(trial.revision(), Outcome.Kind.PromotionFailed, reason);
  }

  private static Move reverting(Trial trial, String reason, Look look) {
    return reverting(trial, Ground.of(reason), look);
  }

  static Move reverting(Trial trial, Ground why, Look look) {
    var reason = why.reason() + look.notRevertedWords();
    return Move.to(new Reverting(trial, reason, look.now(), false, why.by(), why.because()))
        .telling(
            Kind.Reverting,
            "the target returns to revision " + trial.stable() + ": " + reason,
            why.because());
  }

  static Move finish(Finalising at, Look look) {
    var trial = at.trial();
    if (look.seen().target() instanceof Seen.Target.Present target
        && !target.revision().equals(trial.revision())) {
      return Resting.arrival(trial.revision(), target, at.withdrawal(), look);
    }
    return switch (at.withdrawal()) {
      case Withdrawal.Returning _ -> giveBack(at, look);
      case Withdrawal.Draining(var since) ->
          look.passed(since, look.plan().drain()) && look.withdrawn()
              ? Move.to(new Succeeded(trial.revision()))
                  .telling(Kind.Succeeded, "revision " + trial.revision() + " is stable")
              : Move.stay(at)
                  .waitingFor("open connections of the canary to finish")
                  .lookAgain(look.left(since, look.plan().drain()));
      case Withdrawal.Done _ -> Move.to(new Succeeded(trial.revision()));
    };
  }

  private static Move giveBack(Finalising at, Look look) {
    var trial = at.trial();
    var weights = look.plan().returnWeights();
    if (at.weight() < weights.size()) {
      var split = TrafficSplit.toCanary(weights.get(at.weight()));
      var canaryGone = look.available(trial.revision()) == 0;
      if (canaryGone
          || (look.confirmed(split) && look.passed(at.since(), look.plan().interval()))) {
        return Move.to(
            new Finalising(
                trial, canaryGone ? weights.size() : at.weight() + 1, look.now(), at.withdrawal()));
      }
      return Move.stay(at)
          .waitingFor("traffic to return to the target" + look.routeWords())
          .lookAgain(
              look.confirmed(split)
                  ? look.left(at.since(), look.plan().interval())
                  : look.plan().interval());
    }
    var why = ground(trial);
    return look.withdrawn()
        ? Move.to(
                new Finalising(trial, at.weight(), at.since(), new Withdrawal.Draining(look.now())))
            .telling(
                Kind.Promoted,
                "revision " + trial.revision() + " serves all traffic",
                why.because())
            .ending(trial.revision(), Outcome.Kind.Promoted, why)
        : Move.stay(at).waitingFor("traffic to return to the target" + look.routeWords());
  }

  /// Why a revision is promoted. An analysis and a person say so themselves, but not in states that
  /// an older version stored.
  private static Ground ground(Trial trial) {
    return trial
        .ground()
        .orElseGet(
            () ->
                Ground.of(
                    switch (trial.mode()) {
                      case ANALYSED -> "the analysis passed";
                      case UNCHECKED -> "promoted without analysis, as skipAnalysis says";
                      case ORDERED -> "promoted without analysis, as a person said";
                      case PROVEN -> "it was stable before";
                    }));
  }

  static Move revert(Reverting at, Look look) {
    var trial = at.trial();
    if (!(look.seen().target() instanceof Seen.Target.Present target)) {
      return Move.stay(at).waitingFor("the target to be fit");
    }
    var revision = target.revision();
    if (!revision.equals(trial.stable()) && !revision.equals(trial.revision())) {
      return Resting.arrival(trial.stable(), target, new Withdrawal.Returning(look.now()), look)
          .telling(
              Kind.RolledBack,
              "revision " + trial.revision() + " rejected: " + at.reason(),
              at.because())
          .ending(trial.revision(), Outcome.Kind.RolledBack, at.ground());
    }
    if (revision.equals(trial.stable()) && target.asWanted() && target.steady()) {
      return Move.to(
              new Failed(
                  trial.stable(),
                  trial.revision(),
                  at.reason(),
                  true,
                  new Withdrawal.Returning(look.now())))
          .telling(
              Kind.RolledBack,
              "revision "
                  + trial.revision()
                  + " rejected, the target runs "
                  + trial.stable()
                  + " again: "
                  + at.reason(),
              at.because())
          .ending(trial.revision(), Outcome.Kind.RolledBack, at.ground());
    }
    return stays(at, target, look)
        .waitingFor("the target to roll back to " + trial.stable() + words(target.rollout()))
        .lookAgain(look.plan().interval());
  }

  /// There is nothing left that could be undone; but somebody has to know.
  private static Move stays(Reverting at, Seen.Target.Present target, Look look) {
    if (at.stalled() || !look.late(at.since())) {
      return Move.stay(at);
    }
    return Move.to(new Reverting(at.trial(), at.reason(), at.since(), true, at.by(), at.because()))
        .telling(
            Kind.RevertStalled,
            "the target does not run revision "
                + at.trial().stable()
                + " again after "
                + Words.of(look.plan().progressDeadline())
                + words(target.rollout())
                + "; traffic stays with who can serve. Look at the target's pods");
  }

  private static String words(Seen.Health health) {
    return switch (health) {
      case Seen.Health.Fine _ -> "";
      case Seen.Health.Slow(var reason) -> ": " + reason;
      case Seen.Health.Broken(var reason) -> ": " + reason;
    };
  }

  static Move recover(PromotionFailed at, Look look) {
    var trial = at.trial();
    if (!(look.seen().target() instanceof Seen.Target.Present target)) {
      return Move.stay(at).waitingFor("the target to be fit");
    }
    var revision = target.revision();
    if (revision.equals(trial.stable())) {
      return reverting(trial, "the target was returned to the stable revision", look);
    }
    if (!revision.equals(trial.revision())) {
      return target.serves()
          ? Resting.arrival(trial.stable(), target, new Withdrawal.Returning(look.now()), look)
          : Move.stay(at)
              .waitingFor(
                  "`canary abort`: revision "
                      + revision
                      + " is held, and nobody but the canary can serve while it is tried");
    }
    if (target.steady() && target.serves()) {
      return Move.to(new Finalising(trial, 0, look.now(), new Withdrawal.Returning(look.now())))
          .telling(Kind.Resumed, "the target runs revision " + revision + " after all");
    }
    return Move.stay(at).waitingFor("`canary retry`, `canary abort` or another revision");
  }

  /// Lets the target roll again after it stalled, because a person says so.
  static Move again(PromotionFailed at, Command command, Look look) {
    var why = ground(at.trial());
    var trial = at.trial().on(new Ground(why.reason(), Optional.of(command.by()), why.because()));
    var split =
        look.readyForAll(trial) && look.confirmed(TrafficSplit.toCanary(100))
            ? TrafficSplit.toCanary(100)
            : at.meanwhile();
    return Move.to(new Promoting(trial, new Handover.Rolling(look.now(), split, look.now())))
        .telling(
            Kind.PromotionStarted, "the target rolls to revision " + trial.revision() + " again");
  }
}
