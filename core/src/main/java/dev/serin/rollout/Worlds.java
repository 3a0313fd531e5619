package dev.serin.rollout;

import dev.serin.rollout.RolloutState.Bypassed;
import dev.serin.rollout.RolloutState.Failed;
import dev.serin.rollout.RolloutState.Finalising;
import dev.serin.rollout.RolloutState.Handover;
import dev.serin.rollout.RolloutState.Initialized;
import dev.serin.rollout.RolloutState.Initializing;
import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.Promoting;
import dev.serin.rollout.RolloutState.PromotionFailed;
import dev.serin.rollout.RolloutState.Reverting;
import dev.serin.rollout.RolloutState.StepPhase;
import dev.serin.rollout.RolloutState.Succeeded;
import dev.serin.rollout.RolloutState.Terminating;
import dev.serin.rollout.RolloutState.Waiting;
import dev.serin.rollout.RolloutState.WaitingPromotion;
import java.time.Instant;
import java.util.Optional;

/// The world that each state wants.
final class Worlds {
  private static final TrafficSplit ALL = TrafficSplit.toCanary(100);
  private static final Wanted.Target HELD = new Wanted.Target.Held();

  private Worlds() {}

  static Wanted wanted(Plan plan, RolloutState state, Seen seen) {
    var look = new Look(plan, seen, Instant.EPOCH, true);
    return switch (state) {
      case Initializing at ->
          at.adopting().isEmpty()
              ? untouched()
              : withdrawn(new Wanted.Target.AtRest(), at.withdrawal(), look);
      case Initialized at -> withdrawn(new Wanted.Target.AtRest(), at.withdrawal(), look);
      case Succeeded _ -> withdrawn(new Wanted.Target.AtRest(), new Withdrawal.Done(), look);
      case Waiting at -> withdrawn(HELD, at.withdrawal(), look);
      case Failed at ->
          withdrawn(at.reverted() ? new Wanted.Target.AtRest() : HELD, at.withdrawal(), look);
      case Progressing at -> progressing(plan, at, look);
      case WaitingPromotion at ->
          trying(plan, at.trial(), plan.lastStep(), plan.steps().getLast().split(), look);
      case Promoting at -> promoting(plan, at, look);
      case Finalising at -> finalising(plan, at, look);
      case Reverting at ->
          new Wanted(
              new Wanted.Target.Reverted(at.trial().stable()),
              full(at.trial()),
              Optional.of(
                  look.stableServes() || !look.canaryServes() ? TrafficSplit.toStable() : ALL),
              true);
      case PromotionFailed at ->
          new Wanted(
              HELD,
              full(at.trial()),
              Optional.of(served(look.readyForAll(at.trial()) ? ALL : at.meanwhile(), look)),
              true);
      case Paused at -> wanted(plan, at.in(), seen);
      case Bypassed _ -> untouched();
      case Terminating at -> terminating(at, look);
    };
  }

  private static Wanted untouched() {
    return new Wanted(
        new Wanted.Target.Untouched(), new Wanted.Canary.Untouched(), Optional.empty(), false);
  }

  /// A split changed so that nobody gets traffic who cannot serve while another can.
  private static TrafficSplit served(TrafficSplit split, Look look) {
    if (split.loadsCanary() && !look.canaryServes() && look.stableServes()) {
      return TrafficSplit.toStable();
    }
    return split.reachesStable() && !look.stableServes() && look.canaryServes() ? ALL : split;
  }

  private static Wanted withdrawn(Wanted.Target target, Withdrawal withdrawal, Look look) {
    var rescue = !(withdrawal instanceof Withdrawal.Done) && look.canaryIsNeeded();
    Wanted.Canary canary =
        withdrawal instanceof Withdrawal.Done
            ? new Wanted.Canary.None()
            : rescue && look.seen().canary() instanceof Seen.Canary.Present(var runs, _, _)
                ? running(runs, ALL, new Step.Scale.Full())
                : new Wanted.Canary.Untouched();
    return new Wanted(
        target,
        canary,
        Optional.of(rescue ? ALL : TrafficSplit.toStable()),
        !(withdrawal instanceof Withdrawal.Done));
  }

  private static Wanted progressing(Plan plan, Progressing at, Look look) {
    var split =
        switch (at.in()) {
          case StepPhase.Scaling in -> in.meanwhile();
          case StepPhase.Gated in -> in.meanwhile();
          case StepPhase.Routing _, StepPhase.Holding _ -> plan.steps().get(at.step()).split();
        };
    return trying(plan, at.trial(), at.step(), split, look);
  }

  private static Wanted trying(Plan plan, Trial trial, int index, TrafficSplit split, Look look) {
    var step = plan.steps().get(index);
    var served = served(split, look);
    var canary =
        served.equals(ALL) && !split.equals(ALL)
            ? full(trial)
            : new Wanted.Canary.Running(
                trial.revision(), step.split(), step.scale(), surplus(step, split, look));
    return new Wanted(HELD, canary, Optional.of(served), true);
  }

  /// A number is meant as it is written, downwards too; but pods go only after the data plane took
  /// the split that the number belongs to, and while nobody needs them instead of stable's.
  private static Wanted.Canary.Surplus surplus(Step step, TrafficSplit split, Look look) {
    return step.scale() instanceof Step.Scale.Fixed
            && split.equals(step.split())
            && look.confirmed(split)
            && look.stableServes()
        ? Wanted.Canary.Surplus.REMOVED
        : Wanted.Canary.Surplus.KEPT;
  }

  private static Wanted.Canary full(Trial trial) {
    return running(trial.revision(), ALL, new Step.Scale.Full());
  }

  private static Wanted.Canary running(String revision, TrafficSplit split, Step.Scale scale) {
    return new Wanted.Canary.Running(revision, split, scale, Wanted.Canary.Surplus.KEPT);
  }

  private static Wanted promoting(Plan plan, Promoting at, Look look) {
    var trial = at.trial();
    return switch (at.in()) {
      case Handover.Scaling in ->
          new Wanted(HELD, full(trial), Optional.of(served(in.meanwhile(), look)), true);
      case Handover.Routing _ ->
          new Wanted(HELD, full(trial), Optional.of(served(ALL, look)), true);
      case Handover.Rolling in -> {
        var step = plan.steps().getLast();
        var canary =
            in.split().equals(ALL)
                ? full(trial)
                : running(trial.revision(), step.split(), step.scale());
        yield new Wanted(
            new Wanted.Target.Released(trial.revision()),
            canary,
            Optional.of(served(in.split(), look)),
            true);
      }
    };
  }

  private static Wanted finalising(Plan plan, Finalising at, Look look) {
    var weights = plan.returnWeights();
    var split =
        at.weight() < weights.size() && at.withdrawal() instanceof Withdrawal.Returning
            ? TrafficSplit.toCanary(weights.get(at.weight()))
            : TrafficSplit.toStable();
    var gone = at.withdrawal() instanceof Withdrawal.Done;
    return new Wanted(
        new Wanted.Target.Released(at.trial().revision()),
        gone ? new Wanted.Canary.None() : new Wanted.Canary.Untouched(),
        Optional.of(gone || look.scaledToZero() ? split : served(split, look)),
        true);
  }

  private static Wanted terminating(Terminating at, Look look) {
    var gone = at.withdrawal() instanceof Withdrawal.Done;
    var returning = at.withdrawal() instanceof Withdrawal.Returning;
    var target =
        at.letGoFirst() || !returning
            ? new Wanted.Target.LetGo(at.stable())
            : new Wanted.Target.Untouched();
    Wanted.Canary canary =
        at.abandoned()
            ? new Wanted.Canary.Abandoned()
            : gone ? new Wanted.Canary.None() : new Wanted.Canary.Untouched();
    var rescue = !gone && look.canaryIsNeeded();
    return new Wanted(
        target, canary, Optional.of(rescue ? ALL : TrafficSplit.toStable()), returning);
  }
}
