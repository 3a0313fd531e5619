package dev.serin.controller.reconcile;

import dev.serin.rollout.RolloutState;

/// Names what gates are asked about in a state. An answer counts only for the situation that it was
/// given in.
final class Situation {
  private Situation() {}

  /// The phase that others are told: of a paused state, the one that was stopped.
  static String phase(RolloutState state) {
    return state instanceof RolloutState.Paused at ? at.in().phase() : state.phase();
  }

  static String of(RolloutState state) {
    return switch (state) {
      case RolloutState.Waiting at -> "start of " + at.revision() + " since " + at.since();
      case RolloutState.Progressing(var trial, int step, RolloutState.StepPhase.Gated in) ->
          "step " + step + " of rollout " + trial.number() + " since " + in.since();
      case RolloutState.WaitingPromotion at ->
          "promotion of rollout " + at.trial().number() + " since " + at.since();
      case RolloutState.Paused at -> of(at.in());
      default ->
          Standpoint.of(state).trial().map(trial -> "rollout " + trial.number()).orElse("nothing");
    };
  }
}
