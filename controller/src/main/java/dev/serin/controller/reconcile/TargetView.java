package dev.serin.controller.reconcile;

import dev.serin.controller.workload.Workload;
import dev.serin.rollout.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The target, as a decision has to know it. Pods that are to take traffic back count when they
/// have been steady for [Workload#HEARD_OF].
///
/// @param settling how long that still takes; empty when it does not matter
record TargetView(Seen.Target target, Optional<Duration> settling) {

  /// Looks at the target.
  ///
  /// @param rolls whether it may roll, or has just come to the end of it
  /// @param steady now, by the steady clock
  static TargetView of(Seen.Target target, boolean rolls, Remembered memory, Instant steady) {
    if (!rolls
        || !(target instanceof Seen.Target.Present present)
        || !present.asWanted()
        || !present.steady()) {
      memory.steadySince = Optional.empty();
      return new TargetView(target, Optional.empty());
    }
    var since = memory.steadySince.orElse(steady);
    memory.steadySince = Optional.of(since);
    var settling =
        Optional.of(Duration.between(steady, since.plus(Workload.HEARD_OF)))
            .filter(Duration::isPositive);
    return new TargetView(settling.isPresent() ? present.notSteadyYet() : target, settling);
  }
}
