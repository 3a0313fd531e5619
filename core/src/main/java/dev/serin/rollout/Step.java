package dev.serin.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One step of a rollout. Every strategy compiles to a list of these; the state machine walks the
/// list.
///
/// @param split who gets which traffic during the step
/// @param scale how large the canary has to be
/// @param hold the least time the step is held after its split was confirmed
/// @param rounds how many rounds of checks must pass in it; 0 for a step that is not analysed
/// @param untilResumed whether a person has to end it
/// @param gates names of the plan's gates that must be open before the split is routed
public record Step(
    TrafficSplit split,
    Scale scale,
    Duration hold,
    int rounds,
    boolean untilResumed,
    List<String> gates) {

  public Step {
    gates = List.copyOf(gates);
  }

  /// The size of the canary.
  public sealed interface Scale {

    /// What the step's split needs, at least one pod.
    record MatchWeight() implements Scale {}

    /// As many pods as stable.
    record Full() implements Scale {}

    /// @param pods at least 1
    record Fixed(int pods) implements Scale {}
  }

  /// A step of the weights strategy.
  public static Step weight(int percent, Scale scale, Duration interval) {
    return new Step(TrafficSplit.toCanary(percent), scale, interval, 1, false, List.of());
  }

  /// How many pods the canary needs for a split beside a stable version of this size.
  ///
  /// @param stable wanted pods of stable
  public static int pods(Scale scale, TrafficSplit split, int stable) {
    return switch (scale) {
      case Scale.MatchWeight _ -> Math.max(1, Math.ceilDiv(stable * split.capacityPercent(), 100));
      case Scale.Full _ -> Math.max(1, stable);
      case Scale.Fixed(int pods) -> Math.max(1, pods);
    };
  }

  /// The same step behind one more gate.
  public Step behind(String gate) {
    var more = new ArrayList<>(gates);
    more.add(gate);
    return new Step(split, scale, hold, rounds, untilResumed, more);
  }
}
