package dev.serin.rollout;

import static dev.serin.rollout.Announcement.Kind;

import dev.serin.rollout.RolloutState.Failed;
import dev.serin.rollout.RolloutState.Finalising;
import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.Promoting;
import dev.serin.rollout.RolloutState.PromotionFailed;
import dev.serin.rollout.RolloutState.Waiting;
import dev.serin.rollout.RolloutState.WaitingPromotion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What people say at gates: `approve` and `reject`. Whoever may only answer gates can pass or end
/// a rollout at a gate alone, and where nobody is asked any more not at all.
final class GateOrders {
  private GateOrders() {}

  /// A yes at a gate.
  static Move approve(Command command, RolloutState state, Look look) {
    var given = approvals(state);
    if (given.isEmpty()) {
      return Orders.impossible(command, state, look);
    }
    var open = ahead(state, look).filter(GateStanding::lacksApproval).toList();
    return switch (meant(command, open, "nothing is left to approve now", look)) {
      case Meant.None(var why) -> Orders.refuse(command, state, why, look);
      case Meant.One(var standing) when standing.approvedBy().contains(command.by()) ->
          Orders.refuse(
              command,
              state,
              command.by() + " has approved " + standing.gate().name() + " already",
              look);
      case Meant.One(var standing) -> {
        var approvals = new ArrayList<>(given.get());
        approvals.add(new Trial.Approval(standing.gate().name(), command.by(), standing.step()));
        var message =
            "gate "
                + standing.gate().name()
                + standing.step().map(step -> " before " + Words.step(look.plan(), step)).orElse("")
                + " approved by "
                + Orders.said(command);
        yield Orders.accept(
            command,
            Move.to(approved(state, standing.gate(), approvals, command, look.now()))
                .telling(Kind.GatePassed, message),
            message);
      }
    };
  }

  /// A no at a gate, by somebody who is asked at it. It is no way to abort.
  static Move reject(Command command, RolloutState state, Look look) {
    if (approvals(state).isEmpty()) {
      return state instanceof Failed || state instanceof RolloutState.Reverting
          ? Orders.refuse(command, state, "the revision is rejected already", look)
          : Orders.impossible(command, state, look);
    }
    var none = "no gate is left to say no at; `canary abort` ends a rollout anywhere";
    return switch (meant(command, ahead(state, look).toList(), none, look)) {
      case Meant.None(var why) -> Orders.refuse(command, state, why, look);
      case Meant.One(var standing) ->
          Orders.abort(
              command,
              state,
              "gate " + standing.gate().name() + " rejected by " + Orders.said(command),
              look);
    };
  }

  /// The gate that a command answers: the named one, or the only one that is asked now and closed.
  private sealed interface Meant {
    record One(GateStanding standing) implements Meant {}

    /// @param why the command cannot be followed
    record None(String why) implements Meant {}
  }

  /// @param open gates that can be answered so
  /// @param none why there is none, when there is none
  private static Meant meant(Command command, List<GateStanding> open, String none, Look look) {
    if (open.isEmpty()) {
      return new Meant.None(none);
    }
    var named = command.gate();
    var fitting =
        open.stream()
            .filter(
                standing ->
                    named
                        .map(name -> standing.gate().name().equals(name))
                        .orElseGet(() -> isClosed(standing)))
            .toList();
    if (fitting.isEmpty() || (named.isEmpty() && fitting.size() > 1)) {
      return new Meant.None(unclear(command, open, look));
    }
    var gate = fitting.getFirst().gate();
    return gate.approvers().isEmpty() || gate.approvers().contains(command.by())
        ? new Meant.One(fitting.getFirst())
        : new Meant.None(
            command.by()
                + " is not among the approvers of "
                + gate.name()
                + ": "
                + gate.approvers());
  }

  /// The gates at which people are asked now, or will be.
  private static Stream<GateStanding> ahead(RolloutState state, Look look) {
    return GateStanding.all(look.plan(), state).stream()
        .filter(standing -> isAhead(standing, state));
  }

  private static boolean isClosed(GateStanding standing) {
    return standing.asked().isPresent() && standing.lacksApproval();
  }

  private static String unclear(Command command, List<GateStanding> open, Look look) {
    var names = open.stream().map(standing -> standing.gate().name()).toList();
    var done = command.verb() == Command.Verb.REJECT ? "rejected" : "approved";
    if (command.gate().isPresent()) {
      var named = command.gate().get();
      return isKnown(named, look.plan())
          ? "gate "
              + named
              + " cannot be "
              + done
              + " now; these can be: "
              + names
              + ". A gate before steps is asked anew before each of them"
          : "there is no gate " + named + "; these can be " + done + " now: " + names;
    }
    return open.stream().anyMatch(GateOrders::isClosed)
        ? "several gates are closed, name the one that is meant: " + names
        : "no gate is asked now; one that is " + done + " in advance has to be named: " + names;
  }

  private static boolean isKnown(String gate, Plan plan) {
    return gate.equals(GateSpec.UNDECIDED.name()) || plan.gate(gate).isPresent();
  }

  /// The approvals given so far; empty where none can be given.
  private static Optional<List<Trial.Approval>> approvals(RolloutState state) {
    return switch (state) {
      case Waiting at -> Optional.of(at.approvals());
      case Progressing at -> Optional.of(at.trial().approvals());
      case WaitingPromotion at -> Optional.of(at.trial().approvals());
      case Paused at -> approvals(at.in());
      case RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          Promoting _,
          Finalising _,
          RolloutState.Reverting _,
          Failed _,
          PromotionFailed _,
          RolloutState.Bypassed _,
          RolloutState.Terminating _ ->
          Optional.empty();
    };
  }

  /// Whether people are asked at a gate now, or will be. A gate before steps is asked anew before
  /// each of them, so it is answered only when it is asked; others may be in advance.
  private static boolean isAhead(GateStanding standing, RolloutState state) {
    if (standing.gate().kind() != GateSpec.Kind.APPROVAL) {
      return false;
    }
    return switch (standing.gate().at()) {
      case STEP -> standing.asked().isPresent();
      case ROLLOUT -> (state instanceof Paused(var in, _, _) ? in : state) instanceof Waiting;
      case PROMOTION -> standing.asked().isPresent() || asksBeforePromotion(state);
      case FIRST_TRAFFIC, ROLLBACK -> false;
    };
  }

  private static boolean asksBeforePromotion(RolloutState state) {
    return switch (state) {
      case Waiting at -> at.mode() != Trial.Mode.PROVEN;
      case Progressing at ->
          at.trial().mode() == Trial.Mode.ANALYSED || at.trial().mode() == Trial.Mode.UNCHECKED;
      case WaitingPromotion _ -> true;
      case Paused at -> asksBeforePromotion(at.in());
      case RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          Promoting _,
          Finalising _,
          RolloutState.Reverting _,
          Failed _,
          PromotionFailed _,
          RolloutState.Bypassed _,
          RolloutState.Terminating _ ->
          false;
    };
  }

  private static RolloutState approved(
      RolloutState state,
      GateSpec gate,
      List<Trial.Approval> approvals,
      Command command,
      Instant now) {
    return switch (state) {
      case Paused at ->
          // Its clocks stand still at the beginning of the pause.
          new Paused(approved(at.in(), gate, approvals, command, at.since()), at.since(), at.by());
      case Waiting at ->
          new Waiting(
              at.stable(),
              at.revision(),
              at.since(),
              at.asked(),
              at.heldUp(),
              at.mode(),
              approvals,
              at.withdrawal());
      case Progressing at ->
          new Progressing(at.trial().withApprovals(approvals), at.step(), at.in());
      case WaitingPromotion at -> {
        var trial = at.trial().withApprovals(approvals);
        yield gate.equals(GateSpec.UNDECIDED)
            ? new WaitingPromotion(
                Orders.decided(trial, command, "approved by " + Orders.said(command)),
                now,
                at.lastRound(),
                false)
            : new WaitingPromotion(trial, at.since(), at.lastRound(), at.inconclusive());
      }
      case RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          Promoting _,
          Finalising _,
          RolloutState.Reverting _,
          Failed _,
          PromotionFailed _,
          RolloutState.Bypassed _,
          RolloutState.Terminating _ ->
          state;
    };
  }
}
