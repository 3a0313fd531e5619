package dev.serin.rollout;

import static dev.serin.rollout.Announcement.Kind;

import dev.serin.rollout.RolloutState.Failed;
import dev.serin.rollout.RolloutState.Initialized;
import dev.serin.rollout.RolloutState.Initializing;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.StepPhase;
import dev.serin.rollout.RolloutState.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The states in which no revision is on trial.
final class Resting {

  private Resting() {}

  static Move initialize(Initializing at, Look look) {
    return switch (look.seen().target()) {
      case Seen.Target.Unknown(var reason) -> Move.stay(at).waitingFor("the target: " + reason);
      case Seen.Target.Missing _ -> stop(at).waitingFor("the target to be made");
      case Seen.Target.Unfit(var problems) -> stop(at).waitingFor(String.join("; ", problems));
      case Seen.Target.Present target -> adopt(at, target, look);
    };
  }

  private static Move stop(Initializing at) {
    return at.adopting().isEmpty()
        ? Move.stay(at)
        : Move.to(new Initializing(at.since(), Optional.empty(), at.withdrawal()));
  }

  private static Move adopt(Initializing at, Seen.Target.Present target, Look look) {
    if (at.adopting().isEmpty()) {
      return target.steady()
          ? Move.to(new Initializing(look.now(), Optional.of(target.revision()), look.leftover()))
          : Move.stay(at).waitingFor("the target to be steady" + words(target.rollout()));
    }
    var stable = at.adopting().get();
    if (!target.marked() && !target.revision().equals(stable)) {
      return stop(at).waitingFor("the target to be steady");
    }
    var withdrawal = look.further(at.withdrawal());
    if (!withdrawal.equals(at.withdrawal())) {
      return Move.to(new Initializing(at.since(), at.adopting(), withdrawal));
    }
    if (target.marked() && withdrawal instanceof Withdrawal.Done && look.stableIsRouted()) {
      return Move.to(new Initialized(stable, withdrawal))
          .telling(Kind.Initialized, "adopted at revision " + stable + "; no pod was touched");
    }
    return Move.stay(at)
        .waitingFor(
            target.marked()
                ? "the route to be accepted" + look.routeWords()
                : "the target to be marked")
        .lookAgain(look.patience(withdrawal));
  }

  static Move rest(RolloutState at, String stable, Withdrawal withdrawal, Look look) {
    if (look.seen().target() instanceof Seen.Target.Unfit(var problems)) {
      return further(at, stable, withdrawal, look)
          .orElseGet(() -> Move.stay(at).waitingFor(String.join("; ", problems)));
    }
    if (look.seen().target() instanceof Seen.Target.Present target
        && !target.revision().equals(stable)) {
      return arrival(stable, target, withdrawal, look);
    }
    return further(at, stable, withdrawal, look)
        .orElseGet(() -> Move.stay(at).waitingFor(look.waitsFor(withdrawal)));
  }

  private static Optional<Move> further(
      RolloutState at, String stable, Withdrawal withdrawal, Look look) {
    var next = look.further(withdrawal);
    if (!next.equals(withdrawal)) {
      return Optional.of(Move.to(new Initialized(stable, next)));
    }
    return withdrawal instanceof Withdrawal.Done
        ? Optional.empty()
        : Optional.of(
            Move.stay(at)
                .waitingFor(look.waitsFor(withdrawal))
                .lookAgain(look.patience(withdrawal)));
  }

  /// A template that is not the stable one was put on the target.
  static Move arrival(String stable, Seen.Target.Present target, Withdrawal withdrawal, Look look) {
    var revision = target.revision();
    return switch (target.standing()) {
      case REJECTED ->
          Move.to(
                  new Failed(
                      stable,
                      revision,
                      "revision "
                          + revision
                          + " was rejected before; `canary retry` tries it again",
                      false,
                      withdrawal))
              .telling(
                  Kind.RejectedAgain,
                  "revision " + revision + " was rejected before and is not tried again by itself");
      case PROVEN -> waiting(stable, revision, Trial.Mode.PROVEN, withdrawal, look);
      case NEW ->
          waiting(
              stable,
              revision,
              look.plan().skipAnalysis() ? Trial.Mode.UNCHECKED : Trial.Mode.ANALYSED,
              withdrawal,
              look);
    };
  }

  private static Move waiting(
      String stable, String revision, Trial.Mode mode, Withdrawal withdrawal, Look look) {
    return Move.to(
            new Waiting(
                stable,
                revision,
                look.now(),
                Optional.empty(),
                Optional.empty(),
                mode,
                List.of(),
                withdrawal))
        .telling(Kind.NewRevision, "revision " + revision + " is held; stable is " + stable);
  }

  static Move await(Waiting at, Look look) {
    if (look.seen().target() instanceof Seen.Target.Present target
        && !target.revision().equals(at.revision())) {
      return replaced(at, target, look);
    }
    var withdrawal = look.further(at.withdrawal());
    if (!withdrawal.equals(at.withdrawal())) {
      return Move.to(with(at, withdrawal));
    }
    var blocked = blocked(at, look);
    if (blocked.isPresent()) {
      var stops = at.asked().isPresent() && at.heldUp().isEmpty() && !look.frozen();
      return (stops ? Move.to(asked(at, at.asked(), Optional.of(look.now()))) : Move.stay(at))
          .waitingFor(blocked.get())
          .lookAgain(look.patience(withdrawal));
    }
    if (at.heldUp().isPresent()) {
      var stood = Duration.between(at.heldUp().get(), look.now());
      return Move.to(asked(at, at.asked().map(asked -> asked.plus(stood)), Optional.empty()));
    }
    var gates = look.plan().gatesAt(GateSpec.Point.ROLLOUT);
    if (at.asked().isEmpty() && !gates.isEmpty()) {
      return Move.to(asked(at, Optional.of(look.now()), Optional.empty()))
          .telling(
              Kind.RolloutWaiting,
              "waits for " + String.join(", ", gates.stream().map(GateSpec::name).toList()));
    }
    var since = at.asked().orElse(look.now());
    return switch (Gates.ask(gates, at.approvals(), Optional.empty(), since, since, look)) {
      case Gates.Verdict.Open _ -> start(trial(at, at.mode(), look), look);
      case Gates.Verdict.Closed(var reason, var again) ->
          Move.stay(at).waitingFor(reason).lookAgain(again);
      case Gates.Verdict.Refused(var reason) -> reject(at, reason, look);
      case Gates.Verdict.CheckFailed(_, var reason) ->
          Move.stay(at).waitingFor(reason).lookAgain(look.plan().interval());
    };
  }

  private static Move replaced(Waiting at, Seen.Target.Present target, Look look) {
    var revision = target.revision();
    if (revision.equals(at.stable())) {
      return returned(at.stable(), at.revision(), at.withdrawal());
    }
    var text = "revision " + revision + " replaces " + at.revision() + " before that started";
    return arrival(at.stable(), target, at.withdrawal(), look)
        .telling(Kind.Superseded, text)
        .ending(at.revision(), Outcome.Kind.Superseded, text);
  }

  /// The target was returned to the stable template.
  static Move returned(String stable, String revision, Withdrawal withdrawal) {
    var text = "the target was returned to the stable revision " + stable;
    return Move.to(new Initialized(stable, withdrawal))
        .telling(Kind.Reverted, text)
        .ending(revision, Outcome.Kind.Reverted, text);
  }

  private static Waiting with(Waiting at, Withdrawal withdrawal) {
    return new Waiting(
        at.stable(),
        at.revision(),
        at.since(),
        at.asked(),
        at.heldUp(),
        at.mode(),
        at.approvals(),
        withdrawal);
  }

  private static Waiting asked(Waiting at, Optional<Instant> asked, Optional<Instant> heldUp) {
    return new Waiting(
        at.stable(),
        at.revision(),
        at.since(),
        asked,
        heldUp,
        at.mode(),
        at.approvals(),
        at.withdrawal());
  }

  /// Whether no more than its gates are between the revision and its start.
  static boolean couldStart(Waiting at, Look look) {
    return look.seen().target() instanceof Seen.Target.Present target
        && target.revision().equals(at.revision())
        && blocked(at, look).isEmpty();
  }

  /// Why the rollout cannot start, for a reason that is no gate.
  private static Optional<String> blocked(Waiting at, Look look) {
    if (look.frozen()) {
      return Optional.of("`canary resume`");
    }
    if (look.seen().suspended()) {
      return Optional.of("spec.suspend to be false");
    }
    if (!(at.withdrawal() instanceof Withdrawal.Done)) {
      return Optional.of(look.waitsFor(at.withdrawal()));
    }
    if (look.seen().target() instanceof Seen.Target.Unfit(var problems)) {
      return Optional.of(String.join("; ", problems));
    }
    if (look.replicas() == 0) {
      return Optional.of("the target to have replicas (ScaledToZero)");
    }
    if (look.seen().route() instanceof Seen.Route.Unfit(var problems)) {
      return Optional.of(String.join("; ", problems));
    }
    return look.seen().mayNotStart();
  }

  /// The rollout that begins when a revision waits no longer.
  static Trial trial(Waiting at, Trial.Mode mode, Look look) {
    return Trial.begin(
        look.seen().nextRollout(), at.revision(), at.stable(), look.now(), mode, at.approvals());
  }

  /// The rollout begins; the canary is started, without traffic.
  static Move start(Trial trial, Look look) {
    var how =
        switch (trial.mode()) {
          case ANALYSED -> "in " + look.plan().steps().size() + " steps";
          case UNCHECKED -> "without analysis, as skipAnalysis says";
          case ORDERED -> "without analysis, as a person said";
          case PROVEN -> "without steps: it was stable before";
        };
    return Move.to(
            new Progressing(trial, 0, new StepPhase.Scaling(look.now(), TrafficSplit.toStable())))
        .telling(
            Kind.RolloutStarted,
            "revision " + trial.revision() + " against stable " + trial.stable() + ", " + how);
  }

  /// A revision that never started is rejected.
  static Move reject(Waiting at, String why, Look look) {
    var reason = why + look.notRevertedWords();
    return Move.to(new Failed(at.stable(), at.revision(), reason, false, at.withdrawal()))
        .telling(
            Kind.RolledBack, "revision " + at.revision() + " rejected before it started: " + reason)
        .ending(at.revision(), Outcome.Kind.RolledBack, reason);
  }

  static Move stayRejected(Failed at, Look look) {
    if (look.seen().target() instanceof Seen.Target.Present target) {
      var revision = target.revision();
      if (revision.equals(at.stable()) && !at.reverted()) {
        return returned(at.stable(), at.revision(), at.withdrawal());
      }
      if (revision.equals(at.revision()) && at.reverted()) {
        return Move.to(with(at, false, at.withdrawal()))
            .telling(
                Kind.RejectedAgain,
                "the rejected revision " + revision + " was applied again and is held");
      }
      if (!revision.equals(at.stable()) && !revision.equals(at.revision())) {
        return arrival(at.stable(), target, at.withdrawal(), look);
      }
    }
    var withdrawal = look.further(at.withdrawal());
    if (!withdrawal.equals(at.withdrawal())) {
      return Move.to(with(at, at.reverted(), withdrawal));
    }
    return withdrawal instanceof Withdrawal.Done
        ? Move.stay(at).waitingFor("another revision")
        : Move.stay(at).waitingFor(look.waitsFor(withdrawal)).lookAgain(look.patience(withdrawal));
  }

  private static Failed with(Failed at, boolean reverted, Withdrawal withdrawal) {
    return new Failed(at.stable(), at.revision(), at.reason(), reverted, withdrawal);
  }

  private static String words(Seen.Health health) {
    return switch (health) {
      case Seen.Health.Fine _ -> "";
      case Seen.Health.Slow(var reason) -> ": " + reason;
      case Seen.Health.Broken(var reason) -> ": " + reason;
    };
  }
}
