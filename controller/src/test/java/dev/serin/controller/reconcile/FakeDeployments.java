package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the Deployment controller and kubelets do with Deployments, at once.
final class FakeDeployments {
  private static final String REVISION = "deployment.kubernetes.io/revision";

  private final FakeCluster cluster;

  /// Images whose containers never become ready.
  final Set<String> broken = new HashSet<>();

  /// Deployments that stay as they are when they should roll: their new pods never become ready.
  final Set<String> stuck = new HashSet<>();

  FakeDeployments(FakeCluster cluster) {
    this.cluster = cluster;
  }

  /// Brings every Deployment as far as it gets.
  void settle() {
    for (var deployment : cluster.list(Kind.DEPLOYMENT, "", Map.of())) {
      settle(deployment);
    }
  }

  private void settle(ObjectNode deployment) {
    var ref = Kind.DEPLOYMENT.named(Fields.namespace(deployment), Fields.name(deployment));
    var wanted = Fields.numberOr(1, deployment, "spec", "replicas");
    var template = deployment.path("spec").path("template");
    var paused = Fields.isTrue(deployment, "spec", "paused");
    if (!paused) {
      if (sets(deployment).stream().noneMatch(set -> plain(set).equals(template))) {
        make(deployment, sets(deployment).size() + 1);
      }
      if (live(deployment).isEmpty() || !stuck.contains(ref.name())) {
        sets(deployment).forEach(set -> scale(set, plain(set).equals(template) ? wanted : 0));
      }
    } else {
      live(deployment).ifPresent(set -> scale(set, wanted));
    }
    var live = live(deployment).map(FakeDeployments::plain);
    var updated = live.filter(template::equals).isPresent() ? wanted : 0;
    var ready = live.filter(runs -> !broken.contains(image(runs))).isPresent();
    var count = String.valueOf(Math.max(1, sets(deployment).size()));
    cluster.change(
        ref,
        object -> {
          object.withObject("/metadata/annotations").put(REVISION, count);
          var status = object.withObject("/status");
          status.put("observedGeneration", (int) Fields.number(object, "metadata", "generation"));
          status.put("replicas", wanted).put("updatedReplicas", updated);
          status.put("availableReplicas", ready ? wanted : 0);
          return object;
        });
  }

  private List<ObjectNode> sets(ObjectNode deployment) {
    return cluster.list(Kind.REPLICA_SET, Fields.namespace(deployment), Map.of()).stream()
        .filter(set -> Fields.isOwnedBy(set, Fields.uid(deployment)))
        .toList();
  }

  private Optional<ObjectNode> live(ObjectNode deployment) {
    return sets(deployment).stream()
        .filter(set -> Fields.number(set, "spec", "replicas") > 0)
        .findFirst();
  }

  private static String image(JsonNode template) {
    return template.path("spec").path("containers").path(0).path("image").asText();
  }

  private static JsonNode plain(JsonNode set) {
    ObjectNode template = set.path("spec").path("template").deepCopy();
    template.withObject("/metadata/labels").remove("pod-template-hash");
    return template;
  }

  private void make(ObjectNode deployment, int number) {
    var ref =
        Kind.REPLICA_SET.named(
            Fields.namespace(deployment), Fields.name(deployment) + "-" + number);
    var set = Fields.bare(ref);
    var metadata = set.withObject("/metadata");
    Fields.texts(deployment, "spec", "selector", "matchLabels")
        .forEach(metadata.withObject("/labels")::put);
    metadata.withObject("/annotations").put(REVISION, String.valueOf(number));
    metadata.putArray("ownerReferences").addObject().put("uid", Fields.uid(deployment));
    ObjectNode template = deployment.path("spec").path("template").deepCopy();
    template.withObject("/metadata/labels").put("pod-template-hash", "h" + number);
    var spec = set.putObject("spec").put("replicas", 0);
    spec.set("template", template);
    cluster.put(ref, set);
  }

  private void scale(ObjectNode set, int replicas) {
    cluster.change(
        Kind.REPLICA_SET.named(Fields.namespace(set), Fields.name(set)),
        object -> {
          object.withObject("/spec").put("replicas", replicas);
          return object;
        });
  }
}
