package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Read;
import dev.serin.rollout.Seen;
import java.time.Instant;
import java.util.List;

/// What is seen of the copy.
final class CanaryView {
  /// What the copy of a revision becomes when somebody edits it: nothing that may get traffic.
  static final String EDITED = "edited";

  private CanaryView() {}

  /// Whether a workload is the copy that was made for this Canary.
  static boolean isOurs(JsonNode workload, String canary) {
    return Fields.label(workload, Marks.CANARY).equals(Marks.label(canary))
        && Fields.label(workload, Marks.ROLE).equals(Marks.ROLE_CANARY);
  }

  static Seen.Canary of(
      WorkloadKind kind, Read copy, List<ObjectNode> pods, String canary, Instant now) {
    if (!(copy instanceof Read.Found(var workload)) || !isOurs(workload, canary)) {
      return new Seen.Canary.Absent();
    }
    return new Seen.Canary.Present(
        revision(kind, workload), kind.available(workload), PodHealth.of(workload, pods, now));
  }

  /// The revision that the copy runs.
  static String revision(WorkloadKind kind, JsonNode copy) {
    return kind.isEdited(copy) ? EDITED : Fields.annotation(copy, Marks.REVISION).orElse(EDITED);
  }
}
