package dev.serin.rollout;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A rollout known to be valid. It is frozen when a rollout starts; edits of the Canary apply to
/// the next.
///
/// @param steps in order, never empty
/// @param interval time between two rounds of checks, and the least time of a weights step
/// @param threshold failed checks that roll back, at least 1
/// @param progressDeadline bounds every wait for readiness
/// @param maxDuration bounds the time in which traffic is judged, over all steps; pauses, and waits
///   for pods, gates and people are not counted. Without checks nothing is judged and it bounds
///   nothing
/// @param drain how long connections may finish after the last traffic was taken away
/// @param returnWeights canary weights on the way back to stable after promotion, descending,
///   without the final 0; empty to go back at once
/// @param gates all gates by their place
/// @param onInconclusive what an analysis that ended undecided means
/// @param checks whether anything is measured at all
/// @param skipAnalysis promote as soon as the canary is ready and the gates before promotion are
///   open
public record Plan(
    List<Step> steps,
    Duration interval,
    int threshold,
    Duration progressDeadline,
    Duration maxDuration,
    Duration drain,
    List<Integer> returnWeights,
    List<GateSpec> gates,
    OnInconclusive onInconclusive,
    boolean checks,
    boolean skipAnalysis) {

  public Plan {
    steps = List.copyOf(steps);
    returnWeights = List.copyOf(returnWeights);
    gates = List.copyOf(gates);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a plan needs a step");
    }
    if (threshold < 1) {
      throw new IllegalArgumentException("threshold " + threshold + " is less than 1");
    }
  }

  /// What an analysis that ended undecided means.
  public enum OnInconclusive {
    /// Promote when there was data, every point estimate lies within its limit and no check holds
    /// the canary, else roll back.
    AUTO,
    PROMOTE,
    ROLLBACK,
    /// Ask people.
    APPROVE
  }

  /// The gate of this name, if the plan has it.
  public Optional<GateSpec> gate(String name) {
    return gates.stream().filter(gate -> gate.name().equals(name)).findFirst();
  }

  /// The gates at a point of the rollout.
  public List<GateSpec> gatesAt(GateSpec.Point point) {
    return gates.isEmpty() ? gates : gates.stream().filter(gate -> gate.at() == point).toList();
  }

  /// Whether rounds of checks are taken in a step: in every one that sends requests to the canary,
  /// and in others only when they have to pass.
  public boolean measures(Step step) {
    return checks && (step.rounds() > 0 || step.split().loadsCanary());
  }

  /// Index of the last step.
  public int lastStep() {
    return steps.size() - 1;
  }
}
