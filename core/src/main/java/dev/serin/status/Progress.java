package dev.serin.status;

import dev.serin.rollout.Plan;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.TrafficSplit;
import dev.serin.rollout.Trial;
import java.time.Instant;
import java.util.Optional;

/// How far a Canary is, in single numbers and words.
///
/// @param phase name of the state
/// @param canaryWeight percent of requests that the canary is to answer
/// @param step number of the step, counted from 1; 0 outside of the analysis
/// @param steps how many there are; 0 while no revision is tried
/// @param failedChecks of the present or last rollout
/// @param revision that is tried or was rejected; at rest the stable one; empty before adoption
/// @param stableRevision that serves; empty before adoption
/// @param startedAt when the present rollout left `Waiting`
public record Progress(
    String phase,
    int canaryWeight,
    int step,
    int steps,
    int failedChecks,
    String revision,
    String stableRevision,
    Optional<Instant> startedAt) {

  /// @param split what the state wants the data plane to do; empty when it leaves it alone
  public static Progress of(RolloutState state, Plan plan, Optional<TrafficSplit> split) {
    int weight = split.map(TrafficSplit::canary).orElse(0);
    var phase = state.phase();
    return switch (inner(state)) {
      case RolloutState.Initializing at -> atRest(phase, weight, at.adopting().orElse(""));
      case RolloutState.Initialized at -> atRest(phase, weight, at.stable());
      case RolloutState.Succeeded at -> atRest(phase, weight, at.stable());
      case RolloutState.Waiting at -> apart(phase, weight, at.revision(), at.stable());
      case RolloutState.Failed at -> apart(phase, weight, at.revision(), at.stable());
      case RolloutState.Progressing at -> trying(phase, weight, at.step() + 1, at.trial(), plan);
      case RolloutState.WaitingPromotion at ->
          trying(phase, weight, plan.steps().size(), at.trial(), plan);
      case RolloutState.Promoting at -> trying(phase, weight, 0, at.trial(), plan);
      case RolloutState.Finalising at -> trying(phase, weight, 0, at.trial(), plan);
      case RolloutState.Reverting at -> trying(phase, weight, 0, at.trial(), plan);
      case RolloutState.PromotionFailed at -> trying(phase, weight, 0, at.trial(), plan);
      case RolloutState.Paused at -> throw new IllegalStateException(at + " is paused twice");
      case RolloutState.Bypassed _ -> atRest(phase, weight, "");
      case RolloutState.Terminating at -> atRest(phase, weight, at.stable().orElse(""));
    };
  }

  private static RolloutState inner(RolloutState state) {
    return state instanceof RolloutState.Paused paused ? paused.in() : state;
  }

  private static Progress atRest(String phase, int weight, String stable) {
    return apart(phase, weight, stable, stable);
  }

  private static Progress apart(String phase, int weight, String revision, String stable) {
    return new Progress(phase, weight, 0, 0, 0, revision, stable, Optional.empty());
  }

  private static Progress trying(String phase, int weight, int step, Trial trial, Plan plan) {
    return new Progress(
        phase,
        weight,
        step,
        plan.steps().size(),
        trial.failedChecks(),
        trial.revision(),
        trial.stable(),
        Optional.of(trial.startedAt()));
  }
}
