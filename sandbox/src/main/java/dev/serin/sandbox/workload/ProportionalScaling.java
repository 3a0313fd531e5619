package dev.serin.sandbox.workload;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How a Deployment that is scaled in the middle of a rollout spreads its new size over its
/// ReplicaSets: in proportion, so that the risk stays as it was.
final class ProportionalScaling {

  private ProportionalScaling() {}

  /// @param active the ReplicaSets that have pods, at least two
  /// @return wanted size by name
  static Map<String, Integer> sizes(Deployment deployment, List<ReplicaSet> active) {
    int allowed = deployment.replicas() > 0 ? deployment.replicas() + deployment.maxSurge() : 0;
    int change = allowed - active.stream().mapToInt(ReplicaSet::replicas).sum();
    var order =
        active.stream()
            .sorted(
                change < 0
                    ? ReplicaSet.LARGEST_THEN_OLDEST_FIRST
                    : ReplicaSet.LARGEST_THEN_NEWEST_FIRST)
            .toList();
    var sizes = new LinkedHashMap<String, Integer>();
    int given = 0;
    for (ReplicaSet rs : order) {
      int part = change == 0 ? 0 : part(deployment, rs, change, given);
      given += part;
      sizes.put(rs.name(), rs.replicas() + part);
    }
    if (change != 0) {
      int rest = change - given;
      sizes.compute(
          order.getFirst().name(), (_, size) -> Math.max(0, (size == null ? 0 : size) + rest));
    }
    return sizes;
  }

  private static int part(Deployment deployment, ReplicaSet rs, int change, int given) {
    int left = change - given;
    int fair = fairChange(deployment, rs);
    return change > 0 ? Math.min(fair, left) : Math.max(fair, left);
  }

  private static int fairChange(Deployment deployment, ReplicaSet rs) {
    if (deployment.replicas() == 0) {
      return -rs.replicas();
    }
    int before = rs.allowed() > 0 ? rs.allowed() : deployment.status().path("replicas").asInt();
    double after = (double) rs.replicas() * (deployment.replicas() + deployment.maxSurge());
    return (int) Math.round(after / before) - rs.replicas();
  }
}
