package dev.serin.controller.reconcile;

import dev.serin.rollout.RolloutState;
import dev.serin.rollout.Withdrawal;
import java.time.Instant;

/// The time that decisions go by. A drain that this process saw begin, or was the first to look at
/// since it started, lasts its length, no less and no more, however the wall clock jumps meanwhile.
final class DecisionTime {
  private DecisionTime() {}

  /// What the time is for a decision from a state: while a canary drains as time really went on
  /// since the first look at it; otherwise what the wall clock says.
  static Instant of(RolloutState state, Remembered memory, Instant wall, Instant steady) {
    return withdrawal(state) instanceof Withdrawal.Draining(var since)
        ? wall.minus(memory.sightings.jump(since, wall, steady))
        : wall;
  }

  private static Withdrawal withdrawal(RolloutState state) {
    return switch (state) {
      case RolloutState.Initializing at -> at.withdrawal();
      case RolloutState.Initialized at -> at.withdrawal();
      case RolloutState.Waiting at -> at.withdrawal();
      case RolloutState.Finalising at -> at.withdrawal();
      case RolloutState.Failed at -> at.withdrawal();
      case RolloutState.Terminating at -> at.withdrawal();
      case RolloutState.Paused at -> withdrawal(at.in());
      case RolloutState.Succeeded _,
          RolloutState.Progressing _,
          RolloutState.WaitingPromotion _,
          RolloutState.Promoting _,
          RolloutState.Reverting _,
          RolloutState.PromotionFailed _,
          RolloutState.Bypassed _ ->
          new Withdrawal.Done();
    };
  }
}
