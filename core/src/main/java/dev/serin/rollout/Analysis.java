package dev.serin.rollout;

import static dev.serin.rollout.Announcement.Kind;

import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.rollout.RolloutState.Failed;
import dev.serin.rollout.RolloutState.Handover;
import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.Promoting;
import dev.serin.rollout.RolloutState.StepPhase.Gated;
import dev.serin.rollout.RolloutState.StepPhase.Holding;
import dev.serin.rollout.RolloutState.StepPhase.Routing;
import dev.serin.rollout.RolloutState.StepPhase.Scaling;
import dev.serin.rollout.RolloutState.WaitingPromotion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The states in which a revision is tried.
final class Analysis {
  private Analysis() {}

  static Move progress(Progressing at, Look look) {
    if (look.seen().suspended() && !look.frozen()) {
      return suspend(at, look);
    }
    return superseded(at.trial(), look)
        .or(() -> condemned(at, look))
        .or(() -> rolledBackByGate(at.trial(), look))
        .orElseGet(
            () ->
                switch (at.in()) {
                  case Scaling in -> scale(at, in, look);
                  case Gated in -> ask(at, in, look);
                  case Routing in -> route(at, in, look);
                  case Holding in -> StepHold.look(at, in, look);
                });
  }

  private static Move suspend(RolloutState at, Look look) {
    return Move.to(new Paused(at, look.now(), Paused.Reason.SUSPENDED))
        .telling(Kind.Paused, "spec.suspend is true; the traffic stays as it is");
  }

  /// Another template was put on the target: the trial of this revision is over.
  static Optional<Move> superseded(Trial trial, Look look) {
    if (!(look.seen().target() instanceof Seen.Target.Present target)
        || target.revision().equals(trial.revision())) {
      return Optional.empty();
    }
    var back = new Withdrawal.Returning(look.now());
    if (target.revision().equals(trial.stable())) {
      return Optional.of(Resting.returned(trial.stable(), trial.revision(), back));
    }
    var text = "revision " + target.revision() + " replaces " + trial.revision();
    return Optional.of(
        Resting.arrival(trial.stable(), target, back, look)
            .telling(Kind.Superseded, text)
            .ending(trial.revision(), Outcome.Kind.Superseded, text));
  }

  /// A sequential test has decided against the canary between two rounds.
  static Optional<Move> condemned(RolloutState state, Look look) {
    var trial = exposed(state, look.plan());
    return look.seen()
        .evidence()
        .filter(evidence -> trial.isPresent() && trial.get().number() == evidence.rollout())
        .map(
            evidence -> rollBack(trial.orElseThrow(), evidence.reason(), evidence.because(), look));
  }

  /// The rollout whose canary may have traffic that is judged against stable's.
  private static Optional<Trial> exposed(RolloutState state, Plan plan) {
    var exposed =
        switch (state) {
          case Progressing(var trial, _, Scaling in) when in.meanwhile().loadsCanary() ->
              Optional.of(trial);
          case Progressing(var trial, _, Gated in) when in.meanwhile().loadsCanary() ->
              Optional.of(trial);
          case Progressing(var trial, int step, Routing _) when loads(plan, step) ->
              Optional.of(trial);
          case Progressing(var trial, int step, Holding _) when loads(plan, step) ->
              Optional.of(trial);
          case WaitingPromotion at when loads(plan, plan.lastStep()) -> Optional.of(at.trial());
          case Promoting(var trial, Handover.Scaling in) when in.meanwhile().loadsCanary() ->
              Optional.of(trial);
          case Promoting(var trial, Handover.Routing _) -> Optional.of(trial);
          case Paused at -> exposed(at.in(), plan);
          case Progressing _,
              WaitingPromotion _,
              Promoting _,
              RolloutState.Initializing _,
              RolloutState.Initialized _,
              RolloutState.Succeeded _,
              RolloutState.Waiting _,
              RolloutState.Finalising _,
              RolloutState.Reverting _,
              Failed _,
              RolloutState.PromotionFailed _,
              RolloutState.Bypassed _,
              RolloutState.Terminating _ ->
              Optional.<Trial>empty();
        };
    return exposed.filter(trial -> !trial.skipsSteps());
  }

  private static boolean loads(Plan plan, int step) {
    return plan.steps().get(step).split().loadsCanary();
  }

  static Optional<Move> rolledBackByGate(Trial trial, Look look) {
    return rollbackAsked(look).map(reason -> rollBack(trial, reason, look));
  }

  /// Why a gate asks for a rollback; empty when none does.
  static Optional<String> rollbackAsked(Look look) {
    return look.plan().gatesAt(GateSpec.Point.ROLLBACK).stream()
        .filter(gate -> look.seen().gates().get(gate.name()) instanceof Seen.GateAnswer.Open)
        .findFirst()
        .map(gate -> "gate " + gate.name() + " asked for a rollback");
  }

  /// The revision is rejected, its traffic taken away.
  static Move rollBack(Trial trial, String reason, Look look) {
    return rollBack(trial, reason, List.of(), look);
  }

  /// @param because what checks said that speaks against it
  static Move rollBack(Trial trial, String why, List<Assessment> because, Look look) {
    var reason = why + look.notRevertedWords();
    return Move.to(
            new Failed(
                trial.stable(),
                trial.revision(),
                reason,
                false,
                new Withdrawal.Returning(look.now())))
        .telling(Kind.RolledBack, "revision " + trial.revision() + " rejected: " + reason, because)
        .ending(trial.revision(), Outcome.Kind.RolledBack, reason);
  }

  private static Move scale(Progressing at, Scaling in, Look look) {
    var trial = at.trial();
    var step = look.plan().steps().get(at.step());
    if (look.ready(trial, step)) {
      return look.frozen() ? Move.stay(at) : open(at, in.meanwhile(), look);
    }
    if (in.meanwhile().loadsCanary() && look.available(trial.revision()) == 0) {
      return lost(at, look);
    }
    return waitForPods(trial, in.since(), look)
        .orElseGet(
            () ->
                Move.stay(at)
                    .waitingFor(pods(trial, step, look))
                    .lookAgain(look.left(in.since(), look.plan().progressDeadline())));
  }

  /// Fails when waiting for the canary's pods makes no sense any more.
  static Optional<Move> waitForPods(Trial trial, Instant since, Look look) {
    if (look.seen().canary()
        instanceof Seen.Canary.Present(var runs, _, Seen.Health.Broken(var reason))) {
      if (runs.equals(trial.revision())) {
        return Optional.of(rollBack(trial, "its pods cannot start: " + reason, look));
      }
    }
    if (look.late(since)) {
      return Optional.of(
          rollBack(
              trial,
              "not ready within " + Words.of(look.plan().progressDeadline()) + podWords(look),
              look));
    }
    return Optional.empty();
  }

  private static String pods(Trial trial, Step step, Look look) {
    return "canary pods: "
        + look.available(trial.revision())
        + " of "
        + look.needs(step.scale(), step.split())
        + " ready"
        + podWords(look);
  }

  private static String podWords(Look look) {
    return look.seen().canary() instanceof Seen.Canary.Present(_, _, Seen.Health.Slow(var reason))
        ? ": " + reason
        : "";
  }

  static Move lost(Progressing at, Look look) {
    return Move.to(
            new Progressing(
                StepHold.settled(at, look),
                at.step(),
                new Scaling(look.now(), TrafficSplit.toStable())))
        .telling(
            Kind.CanaryNotReady,
            "the canary lost its readiness; its traffic goes to stable and the step starts again"
                + podWords(look));
  }

  /// The gates before a step's traffic, and the traffic when they are open.
  private static Move open(Progressing at, TrafficSplit meanwhile, Look look) {
    var gates = gates(look.plan(), at.trial(), at.step(), meanwhile);
    if (gates.isEmpty()) {
      return pass(at, meanwhile, look);
    }
    var names = String.join(", ", gates.stream().map(GateSpec::name).toList());
    var gated = new Gated(look.now(), meanwhile, look.now());
    var move = Move.to(new Progressing(at.trial(), at.step(), gated));
    return at.trial().skipsSteps()
        ? move.telling(Kind.PromotionWaiting, "promotion waits for " + names)
        : move.telling(Kind.GateClosed, Words.step(look.plan(), at.step()) + " waits for " + names);
  }

  /// What comes after the gates.
  private static Move pass(Progressing at, TrafficSplit meanwhile, Look look) {
    return at.trial().skipsSteps()
        ? Promotion.start(at.trial(), meanwhile, look)
        : Move.to(routing(at.trial(), at.step(), look));
  }

  /// The split of a step is wanted from now on.
  static Progressing routing(Trial trial, int step, Look look) {
    return new Progressing(trial.routing(step, look.now()), step, new Routing(look.now()));
  }

  /// The gates that stand before the traffic of a step; before promotion, where no step is walked.
  static List<GateSpec> gates(Plan plan, Trial trial, int index, TrafficSplit meanwhile) {
    return switch (trial.mode()) {
      case ANALYSED ->
          plan.gates().stream().filter(gate -> guards(gate, plan, index, meanwhile)).toList();
      case UNCHECKED -> plan.gatesAt(GateSpec.Point.PROMOTION);
      case ORDERED, PROVEN -> List.of();
    };
  }

  private static boolean guards(GateSpec gate, Plan plan, int index, TrafficSplit meanwhile) {
    return switch (gate.at()) {
      case FIRST_TRAFFIC -> index == 0 && !meanwhile.loadsCanary();
      case STEP -> plan.steps().get(index).gates().contains(gate.name());
      case ROLLOUT, PROMOTION, ROLLBACK -> false;
    };
  }

  private static Move ask(Progressing at, Gated in, Look look) {
    var trial = at.trial();
    var step = look.plan().steps().get(at.step());
    if (look.lost(trial, step)) {
      return in.meanwhile().loadsCanary()
          ? lost(at, look)
          : Move.to(new Progressing(trial, at.step(), new Scaling(look.now(), in.meanwhile())));
    }
    if (look.frozen()) {
      return Move.stay(at);
    }
    var gates = gates(look.plan(), trial, at.step(), in.meanwhile());
    return switch (Gates.ask(
        gates, trial.approvals(), Optional.of(at.step()), in.since(), in.askAgain(), look)) {
      case Gates.Verdict.Open _ ->
          pass(at, in.meanwhile(), look)
              .tellingFirst(
                  Kind.GatePassed,
                  (trial.skipsSteps() ? "promotion" : Words.step(look.plan(), at.step()))
                      + " may begin",
                  List.of());
      case Gates.Verdict.Closed(var reason, var again) ->
          Move.stay(at).waitingFor(reason).lookAgain(again);
      case Gates.Verdict.Refused(var reason) -> rollBack(trial, reason, look);
      case Gates.Verdict.CheckFailed(var gate, var reason) -> {
        var next = look.now().plus(look.plan().interval());
        yield Rounds.failed(
            trial,
            List.of(Assessment.of(gate, Verdict.FAILED, reason)),
            counted ->
                new Progressing(counted, at.step(), new Gated(in.since(), in.meanwhile(), next)),
            look);
      }
    };
  }

  private static Move route(Progressing at, Routing in, Look look) {
    var step = look.plan().steps().get(at.step());
    if (look.lost(at.trial(), step)) {
      return lost(at, look);
    }
    if (!look.carries(step.split())) {
      return Move.stay(at)
          .waitingFor("the data plane to take " + step.split().inWords() + look.routeWords());
    }
    return Move.to(
            new Progressing(
                at.trial(), at.step(), new Holding(look.now(), 0, look.now(), Optional.empty())))
        .telling(
            Kind.StepStarted,
            Words.step(look.plan(), at.step())
                + ": the data plane took it after "
                + Words.of(Duration.between(in.since(), look.now())));
  }

  /// The step after this one, or the end of the analysis.
  static Move next(Progressing at, Look look) {
    var plan = look.plan();
    var trial = StepHold.settled(at, look);
    if (at.step() == plan.lastStep()) {
      return Conclusion.passed(trial, plan.steps().getLast().split(), look);
    }
    var following = at.step() + 1;
    var meanwhile = plan.steps().get(at.step()).split();
    var next = new Progressing(trial, following, new Scaling(look.now(), meanwhile));
    return look.ready(trial, plan.steps().get(following))
        ? open(next, meanwhile, look)
        : Move.to(next);
  }

  static Move awaitPromotion(WaitingPromotion at, Look look) {
    if (look.seen().suspended() && !look.frozen()) {
      return suspend(at, look);
    }
    return superseded(at.trial(), look)
        .or(() -> condemned(at, look))
        .or(() -> rolledBackByGate(at.trial(), look))
        .orElseGet(() -> awaitGates(at, look));
  }

  private static Move awaitGates(WaitingPromotion at, Look look) {
    var plan = look.plan();
    var trial = at.trial();
    var step = plan.steps().getLast();
    var last = plan.lastStep();
    if (look.lost(trial, step)) {
      return lost(routing(trial, last, look), look);
    }
    if (!look.carries(step.split())) {
      return Move.to(routing(trial, last, look));
    }
    var round = Rounds.due(trial, last, at.lastRound(), look);
    var failures = round.map(Rounds::failures).orElse(List.of());
    if (!failures.isEmpty()) {
      return Rounds.failed(
          trial,
          failures,
          counted -> new WaitingPromotion(counted, at.since(), look.now(), at.inconclusive()),
          look);
    }
    if (round.isPresent()) {
      return Move.to(new WaitingPromotion(trial, at.since(), look.now(), at.inconclusive()));
    }
    if (look.frozen()) {
      return Move.stay(at);
    }
    if (at.inconclusive()) {
      return Move.stay(at)
          .waitingFor(
              "`canary approve --gate "
                  + GateSpec.UNDECIDED.name()
                  + "`, or abort: the analysis ended undecided");
    }
    return switch (Gates.ask(
        plan.gatesAt(GateSpec.Point.PROMOTION),
        trial.approvals(),
        Optional.empty(),
        at.since(),
        at.since(),
        look)) {
      case Gates.Verdict.Open _ -> Promotion.start(trial, step.split(), look);
      case Gates.Verdict.Closed(var reason, var again) ->
          Move.stay(at).waitingFor(reason).lookAgain(again);
      case Gates.Verdict.Refused(var reason) -> rollBack(trial, reason, look);
      case Gates.Verdict.CheckFailed(_, var reason) ->
          Move.stay(at).waitingFor(reason).lookAgain(plan.interval());
    };
  }
}
