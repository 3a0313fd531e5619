package dev.serin.rollout;

import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.StepPhase;
import dev.serin.rollout.RolloutState.Waiting;
import dev.serin.rollout.RolloutState.WaitingPromotion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How one gate stands during a rollout.
///
/// @param gate of the plan, or the one that an undecided analysis asks
/// @param asked since when it is asked; empty while it is not its turn
/// @param step index of the step that approvals of it are about now; empty for gates that do not
///   stand before steps
/// @param approvedBy the different people who approved it; before steps those who approved this one
public record GateStanding(
    GateSpec gate, Optional<Instant> asked, Optional<Integer> step, List<String> approvedBy) {

  public GateStanding {
    approvedBy = List.copyOf(approvedBy);
  }

  /// Whether more people have to approve it.
  public boolean lacksApproval() {
    return gate.kind() == GateSpec.Kind.APPROVAL && approvedBy.size() < gate.approvals();
  }

  /// All gates of a rollout that is under way or about to start, in the order of the plan; none in
  /// the other states.
  static List<GateStanding> all(Plan plan, RolloutState state) {
    return switch (state) {
      case Waiting at ->
          standings(
              plan.gates(),
              at.heldUp().isEmpty() ? plan.gatesAt(GateSpec.Point.ROLLOUT) : List.of(),
              at.asked(),
              Optional.empty(),
              at.approvals());
      case Progressing at -> progressing(plan, at);
      case WaitingPromotion at -> awaiting(plan, at);
      case Paused at -> all(plan, at.in());
      case RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          RolloutState.Promoting _,
          RolloutState.Finalising _,
          RolloutState.Reverting _,
          RolloutState.Failed _,
          RolloutState.PromotionFailed _,
          RolloutState.Bypassed _,
          RolloutState.Terminating _ ->
          List.of();
    };
  }

  private static List<GateStanding> progressing(Plan plan, Progressing at) {
    var gated =
        at.in() instanceof StepPhase.Gated in ? Optional.of(in) : Optional.<StepPhase.Gated>empty();
    return standings(
        plan.gates(),
        gated
            .map(in -> Analysis.gates(plan, at.trial(), at.step(), in.meanwhile()))
            .orElse(List.of()),
        gated.map(StepPhase.Gated::since),
        Optional.of(at.step()),
        at.trial().approvals());
  }

  private static List<GateStanding> awaiting(Plan plan, WaitingPromotion at) {
    var gates = new ArrayList<>(plan.gates());
    if (at.inconclusive()) {
      gates.addFirst(GateSpec.UNDECIDED);
    }
    return standings(
        gates,
        at.inconclusive() ? List.of(GateSpec.UNDECIDED) : plan.gatesAt(GateSpec.Point.PROMOTION),
        Optional.of(at.since()),
        Optional.empty(),
        at.trial().approvals());
  }

  private static List<GateStanding> standings(
      List<GateSpec> gates,
      List<GateSpec> asked,
      Optional<Instant> since,
      Optional<Integer> step,
      List<Trial.Approval> approvals) {
    return gates.stream()
        .map(
            gate -> {
              var about = gate.at() == GateSpec.Point.STEP ? step : Optional.<Integer>empty();
              return new GateStanding(
                  gate,
                  asked.contains(gate) ? since : Optional.empty(),
                  about,
                  Gates.approvedBy(gate, about, approvals));
            })
        .toList();
  }
}
