package dev.serin.rollout;

import static dev.serin.rollout.Announcement.Kind;

import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.StepPhase;
import dev.serin.rollout.RolloutState.Waiting;
import dev.serin.rollout.RolloutState.WaitingPromotion;
import java.time.Duration;

/// Standing still: the clocks of steps, gates and deadlines stop, protection does not.
final class Pauses {
  private Pauses() {}

  /// Whether a state can be paused; in the others there is nothing to stop, or stopping would do
  /// harm.
  static boolean canPause(RolloutState state) {
    return state instanceof Waiting
        || state instanceof Progressing
        || state instanceof WaitingPromotion;
  }

  static Move stand(Paused at, Look look) {
    if (at.by() == Paused.Reason.SUSPENDED && !look.seen().suspended()) {
      return resume(at, look).telling(Kind.Resumed, "spec.suspend is false again");
    }
    var in = caughtUp(at, look);
    var frozen = new Look(look.plan(), look.seen(), look.now(), true);
    var move = Rollout.step(in, frozen);
    var next = move.decision().next();
    if (next.equals(in)) {
      return move.in(at)
          .waitingFor(
              at.by() == Paused.Reason.COMMAND ? "`canary resume`" : "spec.suspend to be false");
    }
    return canPause(next) ? move.in(new Paused(next, look.now(), at.by())) : move;
  }

  /// The paused state as if no time had passed since the pause.
  static RolloutState caughtUp(Paused at, Look look) {
    return later(at.in(), Duration.between(at.since(), look.now()));
  }

  static Move resume(Paused at, Look look) {
    return Move.to(caughtUp(at, look));
  }

  private static RolloutState later(RolloutState state, Duration by) {
    return switch (state) {
      case Waiting at ->
          new Waiting(
              at.stable(),
              at.revision(),
              at.since(),
              at.asked().map(asked -> asked.plus(by)),
              at.heldUp().map(since -> since.plus(by)),
              at.mode(),
              at.approvals(),
              at.withdrawal());
      case Progressing at -> new Progressing(at.trial(), at.step(), later(at.in(), by));
      case WaitingPromotion at ->
          new WaitingPromotion(at.trial(), at.since().plus(by), at.lastRound(), at.inconclusive());
      case RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          RolloutState.Promoting _,
          RolloutState.Finalising _,
          RolloutState.Reverting _,
          RolloutState.Failed _,
          RolloutState.PromotionFailed _,
          RolloutState.Paused _,
          RolloutState.Bypassed _,
          RolloutState.Terminating _ ->
          state;
    };
  }

  private static StepPhase later(StepPhase phase, Duration by) {
    return switch (phase) {
      case StepPhase.Scaling(var since, var meanwhile) ->
          new StepPhase.Scaling(since.plus(by), meanwhile);
      case StepPhase.Gated(var since, var meanwhile, var askAgain) ->
          new StepPhase.Gated(since.plus(by), meanwhile, askAgain);
      case StepPhase.Routing(var since) -> new StepPhase.Routing(since.plus(by));
      case StepPhase.Holding at ->
          new StepPhase.Holding(
              at.since().plus(by),
              at.passed(),
              at.lastRound(),
              at.resumed().map(ended -> ended.plus(by)));
    };
  }
}
