package dev.serin.controller.reconcile;

import dev.serin.controller.workload.Subject;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.Trial;
import dev.serin.rollout.Withdrawal;
import java.time.Instant;
import java.util.Optional;

/// What follows from a state for whoever looks at the world.
///
/// @param trial the rollout under way; empty when none is
/// @param revision that is tried or was rejected; empty at rest
/// @param stable the revision that serves; empty before adoption
/// @param released since when the target may roll; empty while it may not
/// @param standing what of the target matters
/// @param awaitsRoute whether the state waits for the data plane to take a split
record Standpoint(
    Optional<Trial> trial,
    Optional<String> revision,
    Optional<String> stable,
    Optional<Instant> released,
    Subject.Standing standing,
    boolean awaitsRoute) {

  static Standpoint of(RolloutState state) {
    return switch (state) {
      case RolloutState.Initializing at ->
          resting(at.adopting(), at.withdrawal(), at.adopting().isPresent());
      case RolloutState.Initialized at ->
          resting(Optional.of(at.stable()), at.withdrawal(), isReturning(at.withdrawal()));
      case RolloutState.Succeeded at ->
          resting(Optional.of(at.stable()), new Withdrawal.Done(), false);
      case RolloutState.Waiting at ->
          aside(at.revision(), at.stable(), standing(at.withdrawal()), at.withdrawal());
      case RolloutState.Failed at ->
          aside(
              at.revision(),
              at.stable(),
              at.reverted() ? Subject.Standing.WENT_BACK : standing(at.withdrawal()),
              at.withdrawal());
      case RolloutState.Progressing at ->
          trying(at.trial(), at.in() instanceof RolloutState.StepPhase.Routing);
      case RolloutState.WaitingPromotion at -> trying(at.trial(), false);
      case RolloutState.Promoting at -> promoting(at);
      case RolloutState.Finalising at ->
          rolling(
              at.trial(),
              at.trial().revision(),
              at.since(),
              Subject.Standing.ON_TRIAL,
              isReturning(at.withdrawal()));
      case RolloutState.Reverting at ->
          rolling(at.trial(), at.trial().stable(), at.since(), Subject.Standing.WENT_BACK, true);
      case RolloutState.PromotionFailed at -> trying(at.trial(), true);
      case RolloutState.Paused at -> of(at.in());
      case RolloutState.Bypassed _ -> resting(Optional.empty(), new Withdrawal.Done(), false);
      case RolloutState.Terminating at ->
          new Standpoint(
              Optional.empty(),
              Optional.empty(),
              at.stable(),
              Optional.empty(),
              Subject.Standing.ON_TRIAL,
              isReturning(at.withdrawal()));
    };
  }

  private static Standpoint promoting(RolloutState.Promoting at) {
    return switch (at.in()) {
      case RolloutState.Handover.Scaling _ -> trying(at.trial(), false);
      case RolloutState.Handover.Routing _ -> trying(at.trial(), true);
      case RolloutState.Handover.Rolling in ->
          rolling(at.trial(), at.trial().stable(), in.since(), Subject.Standing.ON_TRIAL, false);
    };
  }

  private static Standpoint resting(
      Optional<String> stable, Withdrawal withdrawal, boolean awaitsRoute) {
    return new Standpoint(
        Optional.empty(),
        Optional.empty(),
        stable,
        Optional.empty(),
        standing(withdrawal),
        awaitsRoute);
  }

  private static Standpoint aside(
      String revision, String stable, Subject.Standing standing, Withdrawal withdrawal) {
    return new Standpoint(
        Optional.empty(),
        Optional.of(revision),
        Optional.of(stable),
        Optional.empty(),
        standing,
        isReturning(withdrawal));
  }

  private static Standpoint trying(Trial trial, boolean awaitsRoute) {
    return new Standpoint(
        Optional.of(trial),
        Optional.of(trial.revision()),
        Optional.of(trial.stable()),
        Optional.empty(),
        Subject.Standing.ON_TRIAL,
        awaitsRoute);
  }

  private static Standpoint rolling(
      Trial trial, String stable, Instant since, Subject.Standing standing, boolean awaitsRoute) {
    return new Standpoint(
        Optional.of(trial),
        Optional.of(trial.revision()),
        Optional.of(stable),
        Optional.of(since),
        standing,
        awaitsRoute);
  }

  /// Whether a target is fit matters only while nothing is left of a rollout.
  private static Subject.Standing standing(Withdrawal withdrawal) {
    return withdrawal instanceof Withdrawal.Done
        ? Subject.Standing.AT_REST
        : Subject.Standing.ON_TRIAL;
  }

  private static boolean isReturning(Withdrawal withdrawal) {
    return withdrawal instanceof Withdrawal.Returning;
  }
}
