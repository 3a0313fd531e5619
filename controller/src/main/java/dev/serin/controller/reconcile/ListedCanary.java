package dev.serin.controller.reconcile;

import dev.serin.controller.workload.Workload;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.RolloutState.StepPhase;
import dev.serin.rollout.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// The canary whose pods somebody else runs, as a decision has to know it. Its pods are those that
/// the cluster lists behind its Service, and when the Service has begun to select others, those of
/// the former selection are listed for a while. Before the first traffic the list counts
/// [Workload#HEARD_OF] after it changed, or when it has stood for so long that it will not change.
///
/// @param settling how long that still takes; empty when it does not matter
record ListedCanary(Seen.Canary canary, Optional<Duration> settling) {
  private static final Duration STOOD = Duration.ofSeconds(10);

  /// What is remembered of a list.
  ///
  /// @param revision of which it is; empty while none is tried
  /// @param before the pods that were listed when the revision came
  /// @param now the pods that were listed last
  /// @param since when these were listed, or the revision came
  record Known(String revision, Set<String> before, Set<String> now, Instant since) {}

  /// Looks at the canary.
  ///
  /// @param listed addresses of the pods that are listed; empty where the canary itself tells of
  ///   its pods
  /// @param steady now, by the steady clock
  static ListedCanary of(
      Seen.Canary canary,
      Optional<Set<String>> listed,
      RolloutState state,
      Remembered memory,
      Instant steady) {
    if (listed.isEmpty()) {
      return new ListedCanary(canary, Optional.empty());
    }
    var known = known(canary, listed.get(), memory.listed, steady);
    memory.listed = Optional.of(known);
    if (!(canary instanceof Seen.Canary.Present present) || !isUntried(state)) {
      return new ListedCanary(canary, Optional.empty());
    }
    var settles =
        known.since().plus(known.now().equals(known.before()) ? STOOD : Workload.HEARD_OF);
    return steady.isBefore(settles)
        ? new ListedCanary(
            new Seen.Canary.Present(
                present.revision(),
                0,
                new Seen.Health.Slow("the pods of its Service may not all be listed yet")),
            Optional.of(Duration.between(steady, settles)))
        : new ListedCanary(canary, Optional.empty());
  }

  private static Known known(
      Seen.Canary canary, Set<String> listed, Optional<Known> memory, Instant steady) {
    var revision = canary instanceof Seen.Canary.Present present ? present.revision() : "";
    var last = memory.map(Known::now).orElse(listed);
    var known =
        memory
            .filter(of -> of.revision().equals(revision))
            .orElse(new Known(revision, last, last, steady));
    return known.now().equals(listed) ? known : new Known(revision, known.before(), listed, steady);
  }

  private static boolean isUntried(RolloutState state) {
    return state instanceof RolloutState.Progressing(_, _, StepPhase.Scaling(_, var meanwhile))
        && !meanwhile.loadsCanary();
  }
}
