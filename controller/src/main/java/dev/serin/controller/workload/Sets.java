package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Cluster;
import dev.serin.rollout.Seen.Health;
import java.time.Instant;
import java.util.Optional;

/// What StatefulSets and DaemonSets have in common. Nothing in the cluster keeps their former
/// templates, no progress deadline tells that they are stuck, and they are held at rest, too.
abstract class Sets implements WorkloadKind {

  /// Pods that run the carried template.
  abstract long updated(JsonNode set);

  @Override
  public final Health rollout(JsonNode set, Optional<Instant> released) {
    return isSteady(set)
        ? new Health.Fine()
        : new Health.Slow(
            "%d of %d pods run it, %d of all are available"
                .formatted(updated(set), replicas(set), available(set)));
  }

  @Override
  public final Optional<ObjectNode> live(JsonNode set, Cluster cluster) {
    return Optional.empty();
  }

  @Override
  public final boolean remembers() {
    return false;
  }

  @Override
  public final boolean isHeldAtRest(HoldMode mode) {
    return true;
  }
}
