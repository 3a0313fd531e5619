package dev.serin.rollout;

import dev.serin.rollout.RolloutState.Handover;
import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.Promoting;
import dev.serin.rollout.RolloutState.StepPhase;
import dev.serin.rollout.RolloutState.Waiting;
import dev.serin.rollout.RolloutState.WaitingPromotion;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What is worth asking in each state.
final class Asking {
  private Asking() {}

  static Questions questions(Plan plan, RolloutState state, Instant now) {
    return switch (state) {
      case Paused at -> protecting(plan, questions(plan, at.in(), now));
      case Waiting at ->
          new Questions(
              Optional.empty(),
              false,
              at.asked().isEmpty() || at.heldUp().isPresent()
                  ? Set.of()
                  : names(plan.gatesAt(GateSpec.Point.ROLLOUT)),
              plan.checks() && at.mode() == Trial.Mode.ANALYSED);
      case Progressing at -> progressing(plan, at, now);
      case WaitingPromotion at ->
          new Questions(
              due(plan, state)
                  .filter(at(now))
                  .map(due -> new Seen.RoundId(at.trial().number(), plan.lastStep(), due)),
              plan.steps().getLast().split().loadsCanary(),
              join(
                  at.inconclusive() ? Set.of() : names(plan.gatesAt(GateSpec.Point.PROMOTION)),
                  rollback(plan, plan.steps().getLast().split())));
      case Promoting at -> promoting(plan, at, now);
      case RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          RolloutState.Finalising _,
          RolloutState.Reverting _,
          RolloutState.Failed _,
          RolloutState.PromotionFailed _,
          RolloutState.Bypassed _,
          RolloutState.Terminating _ ->
          Questions.none();
    };
  }

  /// In a pause only what may have to take traffic away is asked: no gate is passed in it.
  private static Questions protecting(Plan plan, Questions asked) {
    var gates = new HashSet<>(asked.gates());
    gates.retainAll(names(plan.gatesAt(GateSpec.Point.ROLLBACK)));
    return new Questions(asked.round(), asked.evidence(), gates);
  }

  private static Questions progressing(Plan plan, Progressing at, Instant now) {
    var split = plan.steps().get(at.step()).split();
    var rollback = names(plan.gatesAt(GateSpec.Point.ROLLBACK));
    return switch (at.in()) {
      case StepPhase.Scaling(_, var meanwhile) ->
          new Questions(
              Optional.empty(),
              compares(at.trial(), meanwhile),
              rollback,
              isAhead(plan, at.trial()));
      case StepPhase.Gated in ->
          new Questions(
              Optional.empty(),
              compares(at.trial(), in.meanwhile()),
              join(
                  rollback,
                  names(
                      Analysis.gates(plan, at.trial(), at.step(), in.meanwhile()).stream()
                          .filter(
                              gate ->
                                  gate.kind() != GateSpec.Kind.CHECK
                                      || !now.isBefore(in.askAgain()))
                          .toList())),
              isAhead(plan, at.trial()));
      case StepPhase.Routing _ ->
          new Questions(Optional.empty(), compares(at.trial(), split), rollback);
      case StepPhase.Holding _ ->
          new Questions(
              due(plan, at)
                  .filter(at(now))
                  .map(due -> new Seen.RoundId(at.trial().number(), at.step(), due)),
              compares(at.trial(), split),
              rollback);
    };
  }

  private static Questions promoting(Plan plan, Promoting at, Instant now) {
    return switch (at.in()) {
      case Handover.Scaling(_, var meanwhile) ->
          new Questions(
              Optional.empty(), compares(at.trial(), meanwhile), rollback(plan, meanwhile));
      case Handover.Routing _ ->
          new Questions(Optional.empty(), false, rollback(plan, TrafficSplit.toCanary(100)));
      case Handover.Rolling in ->
          new Questions(
              due(plan, at)
                  .filter(at(now))
                  .map(due -> new Seen.RoundId(at.trial().number(), plan.lastStep(), due)),
              false,
              rollback(plan, in.split()));
    };
  }

  /// When the next round of checks is due; empty in states that take none.
  private static Optional<Instant> due(Plan plan, RolloutState state) {
    return lastRound(plan, state).map(taken -> taken.plus(plan.interval()));
  }

  private static Optional<Instant> lastRound(Plan plan, RolloutState state) {
    return switch (state) {
      case Progressing(_, int step, StepPhase.Holding in)
          when plan.measures(plan.steps().get(step)) ->
          Optional.of(in.lastRound());
      case WaitingPromotion at when plan.measures(plan.steps().getLast()) ->
          Optional.of(at.lastRound());
      case Promoting(var trial, Handover.Rolling in)
          when plan.checks() && !trial.skipsSteps() && in.split().reachesCanary() ->
          Optional.of(in.lastRound());
      case Paused at -> lastRound(plan, at.in());
      case Progressing _,
          WaitingPromotion _,
          Promoting _,
          Waiting _,
          RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          RolloutState.Finalising _,
          RolloutState.Reverting _,
          RolloutState.Failed _,
          RolloutState.PromotionFailed _,
          RolloutState.Bypassed _,
          RolloutState.Terminating _ ->
          Optional.empty();
    };
  }

  /// When there is something to ask again; empty while nothing is asked by schedule. A state that
  /// stays has to be looked at by then, whatever else it waits for: in a pause, too.
  static Optional<Duration> again(Plan plan, RolloutState state, Instant now) {
    var round =
        due(plan, state)
            .map(due -> now.isBefore(due) ? Duration.between(now, due) : plan.interval());
    // A system whose no was counted is asked again after an interval, not at once.
    return questions(plan, state, now.plus(plan.interval())).gates().isEmpty()
        ? round
        : Optional.of(
            round.filter(in -> in.compareTo(plan.interval()) < 0).orElse(plan.interval()));
  }

  private static Predicate<Instant> at(Instant now) {
    return due -> !now.isBefore(due);
  }

  /// Whether all traffic that is to be judged is still to come.
  private static boolean isAhead(Plan plan, Trial trial) {
    return plan.checks() && !trial.skipsSteps() && trial.routedAt().isEmpty();
  }

  /// Whether a sequential test may compare the versions: nobody asks when the checks are skipped.
  private static boolean compares(Trial trial, TrafficSplit split) {
    return !trial.skipsSteps() && split.loadsCanary();
  }

  private static Set<String> rollback(Plan plan, TrafficSplit split) {
    return split.loadsCanary() ? names(plan.gatesAt(GateSpec.Point.ROLLBACK)) : Set.of();
  }

  private static Set<String> names(List<GateSpec> gates) {
    return gates.stream()
        .filter(gate -> gate.kind() != GateSpec.Kind.APPROVAL)
        .map(GateSpec::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Set<String> join(Set<String> one, Set<String> other) {
    var all = new HashSet<>(one);
    all.addAll(other);
    return all;
  }
}
