package dev.serin.rollout;

import static dev.serin.rollout.Announcement.Kind;

import dev.serin.rollout.RolloutState.Failed;
import dev.serin.rollout.RolloutState.Finalising;
import dev.serin.rollout.RolloutState.Handover;
import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.Promoting;
import dev.serin.rollout.RolloutState.PromotionFailed;
import dev.serin.rollout.RolloutState.StepPhase.Gated;
import dev.serin.rollout.RolloutState.StepPhase.Holding;
import dev.serin.rollout.RolloutState.Waiting;
import dev.serin.rollout.RolloutState.WaitingPromotion;
import java.util.List;
import java.util.Optional;

/// What commands of people do in each state. A command that cannot be followed is answered with the
/// reason, and the state goes its own way.
final class Orders {
  private Orders() {}

  static Optional<Move> follow(RolloutState state, Look look) {
    return look.seen().command().map(command -> follow(command, state, look));
  }

  private static Move follow(Command command, RolloutState state, Look look) {
    var current = revision(state);
    if (current.isEmpty()) {
      return refuse(command, state, "no rollout is running; phase is " + state.phase(), look);
    }
    if (!current.get().equals(command.revision())) {
      return refuse(
          command,
          state,
          "it is about revision " + command.revision() + ", and the rollout is at " + current.get(),
          look);
    }
    return switch (command.verb()) {
      case APPROVE -> GateOrders.approve(command, state, look);
      case REJECT -> GateOrders.reject(command, state, look);
      case ABORT -> abort(command, state, "aborted by " + said(command), look);
      case PROMOTE -> promote(command, state, look);
      case PAUSE -> pause(command, state, look);
      case RESUME -> resume(command, state, look);
      case RETRY -> retry(command, state, look);
      case SKIP_STEP -> skip(command, state, look);
    };
  }

  /// The revision that a state is about; empty at rest.
  private static Optional<String> revision(RolloutState state) {
    return switch (state) {
      case Waiting at -> Optional.of(at.revision());
      case Progressing at -> Optional.of(at.trial().revision());
      case WaitingPromotion at -> Optional.of(at.trial().revision());
      case Promoting at -> Optional.of(at.trial().revision());
      case Finalising at -> Optional.of(at.trial().revision());
      case RolloutState.Reverting at -> Optional.of(at.trial().revision());
      case Failed at -> Optional.of(at.revision());
      case PromotionFailed at -> Optional.of(at.trial().revision());
      case Paused at -> revision(at.in());
      case RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          RolloutState.Bypassed _,
          RolloutState.Terminating _ ->
          Optional.empty();
    };
  }

  static String said(Command command) {
    return command.by() + (command.reason().isEmpty() ? "" : ": " + command.reason());
  }

  static Move refuse(Command command, RolloutState state, String why, Look look) {
    return Rollout.step(state, look).answering(command, false, why);
  }

  static Move accept(Command command, Move move, String message) {
    return move.answering(command, true, message);
  }

  static Move impossible(Command command, RolloutState state, Look look) {
    return refuse(
        command, state, command.verb().word() + " is not possible in phase " + state.phase(), look);
  }

  static Move abort(Command command, RolloutState state, String reason, Look look) {
    return switch (state) {
      case Paused(var in, _, _) -> abort(command, in, reason, look);
      case Waiting at -> accept(command, Resting.reject(at, reason, look), reason);
      case Progressing at -> accept(command, Analysis.rollBack(at.trial(), reason, look), reason);
      case WaitingPromotion at ->
          accept(command, Analysis.rollBack(at.trial(), reason, look), reason);
      case Promoting(var trial, Handover.Rolling _) ->
          accept(command, Promotion.reverting(trial, Ground.saidBy(command, reason), look), reason);
      case Promoting at -> accept(command, Analysis.rollBack(at.trial(), reason, look), reason);
      case Finalising at when at.withdrawal() instanceof Withdrawal.Returning ->
          accept(
              command,
              Promotion.reverting(at.trial(), Ground.saidBy(command, reason), look),
              reason);
      case PromotionFailed at ->
          accept(
              command,
              Promotion.reverting(at.trial(), Ground.saidBy(command, reason), look),
              reason);
      case Finalising _ ->
          refuse(
              command,
              state,
              "the revision is promoted; apply the former template to go back",
              look);
      case Failed _, RolloutState.Reverting _ ->
          refuse(command, state, "the revision is rejected already", look);
      case RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          RolloutState.Bypassed _,
          RolloutState.Terminating _ ->
          impossible(command, state, look);
    };
  }

  private static Move promote(Command command, RolloutState state, Look look) {
    var message =
        "promoted by " + said(command) + "; no step, check or gate is waited for, only readiness";
    return switch (state) {
      case Paused at ->
          at.in() instanceof Waiting && at.by() == Paused.Reason.SUSPENDED
              ? impossible(command, state, look)
              : promote(command, Pauses.caughtUp(at, look), look);
      case Waiting at ->
          at.withdrawal() instanceof Withdrawal.Done
                  && look.replicas() > 0
                  && !(look.seen().route() instanceof Seen.Route.Unfit)
              ? accept(
                  command,
                  Resting.start(
                      Resting.trial(at, Trial.Mode.ORDERED, look).on(ordered(command)), look),
                  message)
              : refuse(
                  command,
                  state,
                  "it cannot start yet: the former canary is still there, the target has no"
                      + " replicas, or its route cannot be made",
                  look);
      case Progressing at -> accept(command, hasten(at, command, look), message);
      case WaitingPromotion at ->
          accept(
              command,
              Promotion.start(
                  decided(at.trial(), command, "promoted by " + said(command)),
                  look.plan().steps().getLast().split(),
                  look),
              message);
      case PromotionFailed at -> accept(command, Promotion.again(at, command, look), message);
      case Promoting _, Finalising _ ->
          refuse(command, state, "the revision is being promoted already", look);
      case Failed _ ->
          refuse(command, state, "the revision is rejected; `canary retry` tries it again", look);
      case RolloutState.Reverting _,
          RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          RolloutState.Bypassed _,
          RolloutState.Terminating _ ->
          impossible(command, state, look);
    };
  }

  /// Why a revision is promoted whose analysis did not come to its end.
  private static Ground ordered(Command command) {
    return Ground.saidBy(command, "promoted by " + said(command));
  }

  /// The rollout after a person had the last word on what its analysis found.
  static Trial decided(Trial trial, Command command, String how) {
    return trial.on(
        trial
            .ground()
            .map(why -> why.decided(command, how))
            .orElseGet(() -> Ground.saidBy(command, how)));
  }

  /// Skips what is left of the analysis.
  private static Move hasten(Progressing at, Command command, Look look) {
    var trial = at.trial().withMode(Trial.Mode.ORDERED).on(ordered(command));
    var step = look.plan().steps().get(at.step());
    var meanwhile =
        switch (at.in()) {
          case RolloutState.StepPhase.Scaling in -> in.meanwhile();
          case Gated in -> in.meanwhile();
          case RolloutState.StepPhase.Routing _, Holding _ -> step.split();
        };
    return look.ready(trial, step)
        ? Promotion.start(trial, meanwhile, look)
        : Move.to(
                new Progressing(
                    trial, at.step(), new RolloutState.StepPhase.Scaling(look.now(), meanwhile)))
            .telling(Kind.PromotionWaiting, "promotion waits for the canary to be ready");
  }

  private static Move pause(Command command, RolloutState state, Look look) {
    if (state instanceof Paused) {
      return refuse(command, state, "it is paused already", look);
    }
    if (!Pauses.canPause(state)) {
      return impossible(command, state, look);
    }
    var message = "paused by " + said(command) + "; the traffic stays as it is";
    return accept(
        command,
        Move.to(new Paused(state, look.now(), Paused.Reason.COMMAND)).telling(Kind.Paused, message),
        message);
  }

  private static Move resume(Command command, RolloutState state, Look look) {
    var message = "resumed by " + said(command);
    if (state instanceof Paused at) {
      return at.by() == Paused.Reason.SUSPENDED
          ? refuse(command, state, "spec.suspend is true; set it to false", look)
          : accept(command, Pauses.resume(at, look).telling(Kind.Resumed, message), message);
    }
    if (state instanceof Progressing(var trial, int step, Holding in)
        && look.plan().steps().get(step).untilResumed()
        && in.resumed().isEmpty()) {
      var next =
          new Progressing(
              trial,
              step,
              new Holding(in.since(), in.passed(), in.lastRound(), Optional.of(look.now())));
      return accept(command, Move.to(next).telling(Kind.Resumed, message), message);
    }
    return refuse(command, state, "it is not paused", look);
  }

  private static Move retry(Command command, RolloutState state, Look look) {
    var message = "tried again by " + said(command);
    if (state instanceof PromotionFailed at) {
      return accept(command, Promotion.again(at, command, look), message);
    }
    if (!(state instanceof Failed at)) {
      return impossible(command, state, look);
    }
    if (at.reverted()) {
      return refuse(
          command,
          state,
          "the target does not carry revision " + at.revision() + " any more; apply it again first",
          look);
    }
    var next =
        new Waiting(
            at.stable(),
            at.revision(),
            look.now(),
            Optional.empty(),
            Optional.empty(),
            look.plan().skipAnalysis() ? Trial.Mode.UNCHECKED : Trial.Mode.ANALYSED,
            List.of(),
            at.withdrawal());
    return accept(
        command,
        Move.to(next).telling(Kind.NewRevision, "revision " + at.revision() + " is " + message),
        message);
  }

  /// A step is skipped while its traffic flows. The gates before it are no part of it: people pass
  /// them by approving, or by promoting.
  private static Move skip(Command command, RolloutState state, Look look) {
    if (!(state instanceof Progressing at)) {
      return impossible(command, state, look);
    }
    if (at.trial().skipsSteps()) {
      return refuse(command, state, "all steps are skipped already", look);
    }
    var step = Words.step(look.plan(), at.step());
    if (!(at.in() instanceof Holding)) {
      return refuse(
          command,
          state,
          step + " cannot be skipped before its traffic flows" + closed(at, look),
          look);
    }
    if (look.lost(at.trial(), look.plan().steps().get(at.step()))) {
      return refuse(command, state, "the canary is not ready", look);
    }
    var message = step + " skipped by " + said(command);
    var skipping =
        new Progressing(at.trial().skipping(at.step(), command.by()), at.step(), at.in());
    return accept(
        command,
        Analysis.next(skipping, look).tellingFirst(Kind.GatePassed, message, List.of()),
        message);
  }

  /// The gates that keep a step from its traffic, as a clause that follows other words.
  private static String closed(Progressing at, Look look) {
    if (!(at.in() instanceof Gated in)) {
      return "";
    }
    var gates = Analysis.gates(look.plan(), at.trial(), at.step(), in.meanwhile());
    var about = Optional.of(at.step());
    return switch (Gates.ask(
        gates, at.trial().approvals(), about, in.since(), in.askAgain(), look)) {
      case Gates.Verdict.Open _ -> "";
      case Gates.Verdict.Closed(var reason, _) -> waits(reason);
      case Gates.Verdict.Refused(var reason) -> "; it " + reason;
      case Gates.Verdict.CheckFailed(var gate, var reason) -> waits("gate " + gate + ": " + reason);
    };
  }

  private static String waits(String reason) {
    return "; it waits for " + reason + ". `canary promote` alone passes gates unasked";
  }
}
