package dev.serin.controller.measure;

import dev.serin.parse.CanaryDeclaration;
import dev.serin.rollout.Questions;
import dev.serin.rollout.TrafficSplit;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What is to be found out about one Canary now.
///
/// @param declared the Canary, as it was when its rollout started
/// @param questions what is worth asking
/// @param phase that the Canary is in; of a paused one, the phase that was stopped
/// @param rollout number of the rollout; 0 before it started
/// @param revision that is tried
/// @param stable revision that serves
/// @param step index of the step, from 0
/// @param split that the data plane is wanted to follow
/// @param routedAt when the split of each step was first wanted, from the first step on
/// @param confirmed since when the data plane follows the split; empty while it does not
/// @param dialect of telemetry that the data plane was found to speak; empty when it is not known
/// @param isolated whether stable runs with its own configuration; when not, a comparison proves
///   nothing
/// @param situation names what gates are asked about, so that an answer is never taken for
///   another's
/// @param at when this is asked
public record Assignment(
    CanaryDeclaration declared,
    Questions questions,
    String phase,
    int rollout,
    String revision,
    String stable,
    int step,
    TrafficSplit split,
    List<Instant> routedAt,
    Optional<Instant> confirmed,
    Optional<String> dialect,
    boolean isolated,
    String situation,
    Instant at) {

  public Assignment {
    routedAt = List.copyOf(routedAt);
  }

  /// The same about another revision.
  Assignment about(String other) {
    return new Assignment(
        declared, questions, phase, rollout, other, stable, step, split, routedAt, confirmed,
        dialect, isolated, situation, at);
  }

  String namespace() {
    return declared.namespace();
  }

  String name() {
    return declared.name();
  }
}
