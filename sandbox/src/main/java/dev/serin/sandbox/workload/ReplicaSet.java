package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import java.util.Comparator;

/// A ReplicaSet as the Deployment controller reads it.
///
/// @param object as stored, or as it shall be stored; never changed
record ReplicaSet(ObjectNode object) {

  static final Comparator<ReplicaSet> OLDEST_FIRST =
      Comparator.comparing(ReplicaSet::created).thenComparing(ReplicaSet::name);

  static final Comparator<ReplicaSet> LARGEST_THEN_NEWEST_FIRST =
      Comparator.comparingInt(ReplicaSet::replicas)
          .reversed()
          .thenComparing(OLDEST_FIRST.reversed());

  static final Comparator<ReplicaSet> LARGEST_THEN_OLDEST_FIRST =
      Comparator.comparingInt(ReplicaSet::replicas).reversed().thenComparing(OLDEST_FIRST);

  static final Comparator<ReplicaSet> LOWEST_REVISION_FIRST =
      Comparator.comparingLong(ReplicaSet::revision).thenComparing(OLDEST_FIRST);

  String name() {
    return Meta.name(object);
  }

  String created() {
    return Json.text(object, "metadata", "creationTimestamp");
  }

  long revision() {
    var text = Meta.annotation(object, Annotations.REVISION);
    return text.isEmpty() ? 0 : Long.parseLong(text);
  }

  int replicas() {
    return Json.at(object, "spec", "replicas").asInt(1);
  }

  int minReadySeconds() {
    return Json.at(object, "spec", "minReadySeconds").asInt();
  }

  /// Pods that exist, as its own controller last counted.
  int actual() {
    return Json.at(object, "status", "replicas").asInt();
  }

  int ready() {
    return Json.at(object, "status", "readyReplicas").asInt();
  }

  int available() {
    return Json.at(object, "status", "availableReplicas").asInt();
  }

  int terminating() {
    return Json.at(object, "status", "terminatingReplicas").asInt();
  }

  boolean active() {
    return replicas() > 0;
  }

  /// Whether nothing of it is left and its controller has seen that.
  boolean spent() {
    return replicas() == 0
        && actual() == 0
        && !Meta.terminating(object)
        && Meta.generation(object) <= Json.at(object, "status", "observedGeneration").asLong();
  }

  /// What the Deployment wanted when this was last scaled; -1 when unknown.
  int desired() {
    return number(Annotations.DESIRED_REPLICAS);
  }

  /// How many pods the Deployment allowed when this was last scaled; -1 when unknown.
  int allowed() {
    return number(Annotations.MAX_REPLICAS);
  }

  /// Whether its pods are those of a template.
  boolean runs(JsonNode template) {
    return TemplateHash.withoutHash(Json.at(object, "spec", "template"))
        .equals(TemplateHash.withoutHash(template));
  }

  ReplicaSet scaled(int replicas, Deployment deployment) {
    var copy = object.deepCopy();
    Json.child(copy, "spec").put("replicas", replicas);
    noteSize(copy, deployment);
    return new ReplicaSet(copy);
  }

  static void noteSize(ObjectNode object, Deployment deployment) {
    int replicas = deployment.replicas();
    Json.child(Json.child(object, "metadata"), "annotations")
        .put(Annotations.DESIRED_REPLICAS, Integer.toString(replicas))
        .put(Annotations.MAX_REPLICAS, Integer.toString(replicas + deployment.maxSurge()));
  }

  private int number(String annotation) {
    var text = Meta.annotation(object, annotation);
    return text.isEmpty() ? -1 : Integer.parseInt(text);
  }
}
