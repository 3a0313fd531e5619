package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.rollout.Plan;

/// Numbers of pods that a rolling update may add or lack.
final class PodShare {
  private PodShare() {}

  /// A number of pods as Kubernetes resolves it: percents of what is wanted, rounded up for a surge
  /// and down for what may be missing.
  ///
  /// @param value a number, or percents as text
  /// @param usual what counts when nothing is said, such as `25%` or `1`
  static int resolved(JsonNode value, String usual, int replicas, boolean roundUp) {
    if (value.isNumber()) {
      return value.asInt();
    }
    var text = value.asText("").isEmpty() ? usual : value.asText();
    if (!text.endsWith("%")) {
      return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }
    var percent = text.substring(0, text.length() - 1);
    var of = replicas * (percent.matches("\\d{1,4}") ? Integer.parseInt(percent) : 25);
    return roundUp ? Math.ceilDiv(of, 100) : of / 100;
  }

  /// Whether pods that stay available while the workload rolls are enough for the share of requests
  /// that stable has in the last step.
  static boolean suffices(int available, int replicas, Plan plan) {
    var last = plan.steps().getLast().split();
    var share = last.matches().isEmpty() ? 100 - last.canary() : 100;
    return !last.reachesStable() || available >= Math.max(1, Math.ceilDiv(replicas * share, 100));
  }
}
