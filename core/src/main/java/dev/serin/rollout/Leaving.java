package dev.serin.rollout;

import static dev.serin.rollout.Announcement.Kind;

import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Terminating;
import java.util.Optional;

/// Letting go of a target, because its Canary is being deleted.
final class Leaving {
  private Leaving() {}

  static Move begin(RolloutState state, Look look) {
    var from = state instanceof Paused(var in, _, _) ? in : state;
    var trial = trial(from);
    var move =
        Move.to(
                new Terminating(
                    restores(from, look), look.now(), rolls(from), false, look.leftover()))
            .telling(Kind.Terminating, "traffic goes to the target, then it is let go");
    return trial.isEmpty()
        ? move
        : move.ending(trial.get(), Outcome.Kind.Released, "the Canary was deleted");
  }

  /// The revision on trial, if its rollout has no outcome yet.
  private static Optional<String> trial(RolloutState state) {
    return switch (state) {
      case RolloutState.Waiting at -> Optional.of(at.revision());
      case RolloutState.Progressing at -> Optional.of(at.trial().revision());
      case RolloutState.WaitingPromotion at -> Optional.of(at.trial().revision());
      case RolloutState.Promoting at -> Optional.of(at.trial().revision());
      case RolloutState.Reverting at -> Optional.of(at.trial().revision());
      case RolloutState.Finalising at ->
          at.withdrawal() instanceof Withdrawal.Returning
              ? Optional.of(at.trial().revision())
              : Optional.empty();
      case RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          RolloutState.Failed _,
          RolloutState.PromotionFailed _,
          RolloutState.Paused _,
          RolloutState.Bypassed _,
          RolloutState.Terminating _ ->
          Optional.empty();
    };
  }

  /// The revision whose template has to be written back, because the target carries one that is not
  /// proven.
  private static Optional<String> restores(RolloutState state, Look look) {
    var stable =
        switch (state) {
          case RolloutState.Initialized at -> Optional.of(at.stable());
          case RolloutState.Succeeded at -> Optional.of(at.stable());
          case RolloutState.Waiting at -> Optional.of(at.stable());
          case RolloutState.Progressing at -> Optional.of(at.trial().stable());
          case RolloutState.WaitingPromotion at -> Optional.of(at.trial().stable());
          case RolloutState.Promoting(var trial, RolloutState.Handover.Rolling _) ->
              Optional.of(trial.revision());
          case RolloutState.Promoting at -> Optional.of(at.trial().stable());
          case RolloutState.Finalising at -> Optional.of(at.trial().revision());
          case RolloutState.Reverting at -> Optional.of(at.trial().stable());
          case RolloutState.Failed at -> Optional.of(at.stable());
          case RolloutState.PromotionFailed at -> Optional.of(at.trial().stable());
          case RolloutState.Initializing _,
              RolloutState.Paused _,
              RolloutState.Bypassed _,
              RolloutState.Terminating _ ->
              Optional.<String>empty();
        };
    return stable.filter(
        wanted ->
            look.seen().target() instanceof Seen.Target.Present target
                && !target.revision().equals(wanted));
  }

  /// Whether the target's own pods are between two revisions, so that it has to roll before it can
  /// take all traffic.
  private static boolean rolls(RolloutState state) {
    return switch (state) {
      case RolloutState.Promoting(_, RolloutState.Handover.Rolling _) -> true;
      case RolloutState.Finalising _, RolloutState.Reverting _, RolloutState.PromotionFailed _ ->
          true;
      case RolloutState.Promoting _,
          RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          RolloutState.Waiting _,
          RolloutState.Progressing _,
          RolloutState.WaitingPromotion _,
          RolloutState.Failed _,
          RolloutState.Paused _,
          RolloutState.Bypassed _,
          RolloutState.Terminating _ ->
          false;
    };
  }

  static Move leave(Terminating at, Look look) {
    if (at.withdrawal() instanceof Withdrawal.Done) {
      return Move.stay(at).waitingFor("the target to be let go");
    }
    var next = look.further(at.withdrawal());
    if (!next.equals(at.withdrawal())) {
      var move =
          Move.to(new Terminating(at.stable(), at.since(), at.letGoFirst(), at.abandoned(), next));
      return next instanceof Withdrawal.Done
          ? move.telling(Kind.Released, "the target is its owner's alone again")
          : move;
    }
    if (look.passed(at.since(), look.plan().progressDeadline().plus(look.plan().drain()))) {
      return Move.to(
              new Terminating(
                  at.stable(), at.since(), at.letGoFirst(), true, new Withdrawal.Done()))
          .telling(
              Kind.Abandoned,
              "no data plane confirmed that the canary's traffic is gone"
                  + look.routeWords()
                  + "; its Deployment and Service are left running, for you to remove");
    }
    return Move.stay(at)
        .waitingFor(look.waitsFor(at.withdrawal()))
        .lookAgain(look.patience(at.withdrawal()));
  }
}
