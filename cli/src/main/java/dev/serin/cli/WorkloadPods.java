package dev.serin.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A workload of a Canary with its pods, as the tree shows them.
///
/// @param role what it is for the Canary, in a word
/// @param object the workload
/// @param pods that its selector finds
/// @param unreadable why the pods are not known; empty when they are
record WorkloadPods(String role, ObjectNode object, List<ObjectNode> pods, String unreadable) {
  private static final Map<String, Kind> KINDS =
      Map.of(
          "Deployment", Kind.DEPLOYMENT,
          "StatefulSet", Kind.STATEFUL_SET,
          "DaemonSet", Kind.DAEMON_SET);

  /// The target and its canary, as far as they exist and may be read.
  static List<WorkloadPods> of(ClusterAccess access, ObjectNode canary) {
    var kind = KINDS.get(canary.at("/spec/targetRef/kind").asText("Deployment"));
    if (kind == null) {
      return List.of();
    }
    var target = canary.at("/spec/targetRef/name").asText();
    var found = new ArrayList<WorkloadPods>();
    add(access, kind, "stable", target, found);
    add(access, kind, "canary", Names.canary(target), found);
    return found;
  }

  private static void add(
      ClusterAccess access, Kind kind, String role, String name, List<WorkloadPods> into) {
    try {
      access
          .find(kind, access.namespace(), name)
          .ifPresent(object -> into.add(withPods(access, role, object)));
    } catch (ClusterException e) {
      if (!e.isForbidden()) {
        throw e;
      }
      var bare = Printing.JSON.createObjectNode().put("kind", kind.kind());
      bare.putObject("metadata").put("name", name);
      into.add(new WorkloadPods(role, bare, List.of(), String.valueOf(e.getMessage())));
    }
  }

  private static WorkloadPods withPods(ClusterAccess access, String role, ObjectNode object) {
    var labels = labels(object);
    if (labels.isEmpty()) {
      return new WorkloadPods(role, object, List.of(), "its selector has no matchLabels");
    }
    try {
      return new WorkloadPods(role, object, access.list(Kind.POD, access.namespace(), labels), "");
    } catch (ClusterException e) {
      if (!e.isForbidden()) {
        throw e;
      }
      return new WorkloadPods(role, object, List.of(), String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, String> labels(ObjectNode workload) {
    var labels = new HashMap<String, String>();
    workload
        .at("/spec/selector/matchLabels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }
}
