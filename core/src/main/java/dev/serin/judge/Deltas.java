package dev.serin.judge;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// What happened between two looks at the counters.
public sealed interface Deltas {

  /// Windows of one rollout follow each other without gap or overlap.
  ///
  /// @param canary what each reporter counted for the canary
  /// @param stable the same for stable
  record Counted(Instant from, Instant until, Map<String, Arm> canary, Map<String, Arm> stable)
      implements Deltas {

    public Counted {
      canary = new TreeMap<>(canary);
      stable = new TreeMap<>(stable);
    }

    /// As a tick of the step it belongs to.
    public Tick tick(int step) {
      return new Tick(step, canaryArm(), stableArm());
    }

    /// All of the canary.
    public Arm canaryArm() {
      return sum(canary);
    }

    /// All of stable.
    public Arm stableArm() {
      return sum(stable);
    }

    private static Arm sum(Map<String, Arm> arms) {
      return arms.values().stream().reduce(Arm.NONE, Arm::plus);
    }
  }

  /// The first look: from here on is counted.
  record Begun() implements Deltas {}

  /// There is no series of either version: the metric is missing, or its labels are others.
  record NoSeries() implements Deltas {}

  /// No sample is newer than at the last look; the next look covers this time too.
  ///
  /// @param newest time of the newest sample
  record Behind(Instant newest) implements Deltas {}
}
