package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import java.util.HashMap;
import java.util.Map;

/// What the controllers of StatefulSets and DaemonSets and the kubelets do with them, at once.
final class FakeSets {
  private static final int NODES = 3;

  private final FakeCluster cluster;

  /// The template that pods run, by UID of their set.
  private final Map<String, JsonNode> live = new HashMap<>();

  FakeSets(FakeCluster cluster) {
    this.cluster = cluster;
  }

  /// Image of the pods that run now.
  String image(ObjectNode set) {
    return image(live.getOrDefault(Fields.uid(set), set));
  }

  private static String image(JsonNode template) {
    return template.at("/spec/containers/0/image").asText();
  }

  void settle() {
    for (var set : cluster.list(Kind.STATEFUL_SET, "", Map.of())) {
      var held =
          Fields.number(set, "spec", "updateStrategy", "rollingUpdate", "partition")
                  >= Fields.numberOr(1, set, "spec", "replicas")
              || isOnDelete(set);
      var updated = roll(set, held);
      var wanted = Fields.numberOr(1, set, "spec", "replicas");
      cluster.change(
          Kind.STATEFUL_SET.named("shop", Fields.name(set)),
          object -> {
            var status = observed(object);
            status.put("replicas", wanted).put("updatedReplicas", updated ? wanted : 0);
            status.put("availableReplicas", wanted);
            status.put("currentRevision", revision(live.getOrDefault(Fields.uid(set), set)));
            status.put("updateRevision", revision(set.at("/spec/template")));
            return object;
          });
    }
    for (var set : cluster.list(Kind.DAEMON_SET, "", Map.of())) {
      var updated = roll(set, isOnDelete(set));
      cluster.change(
          Kind.DAEMON_SET.named("shop", Fields.name(set)),
          object -> {
            var status = observed(object);
            status.put("desiredNumberScheduled", NODES).put("currentNumberScheduled", NODES);
            status.put("updatedNumberScheduled", updated ? NODES : 0);
            status.put("numberAvailable", NODES);
            return object;
          });
    }
  }

  private static String revision(JsonNode template) {
    return "r" + Integer.toHexString(template.hashCode());
  }

  private static boolean isOnDelete(ObjectNode set) {
    return Fields.text(set, "spec", "updateStrategy", "type").equals("OnDelete");
  }

  private static ObjectNode observed(ObjectNode object) {
    var status = object.withObject("/status");
    status.put("observedGeneration", (int) Fields.number(object, "metadata", "generation"));
    return status;
  }

  /// @return whether pods run the carried template now
  private boolean roll(ObjectNode set, boolean held) {
    var template = set.at("/spec/template");
    if (!held || !live.containsKey(Fields.uid(set))) {
      live.put(Fields.uid(set), template.deepCopy());
    }
    return template.equals(live.get(Fields.uid(set)));
  }
}
