package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Names;
import dev.serin.cluster.ObjectRef;
import java.util.Optional;

/// What a rollout has to remember and what never changes while it runs. It is kept in a
/// ControllerRevision that is written once, before the status that names it.
///
/// @param number of the rollout, from 1
/// @param revision that is tried
/// @param stable revision that serves
/// @param stableTemplate pod template of the live pods
/// @param template pod template that is tried
/// @param config checksum of the configuration that goes with the tried template; empty for none
/// @param targetUid UID of the target
/// @param replicaSetUid UID of the ReplicaSet of the live pods; empty when there is none
/// @param replicas pods that the target wanted at the start
/// @param spec of the Canary at the start
public record RolloutRecord(
    int number,
    String revision,
    String stable,
    JsonNode stableTemplate,
    JsonNode template,
    String config,
    String targetUid,
    String replicaSetUid,
    int replicas,
    JsonNode spec) {

  /// Where the record of a rollout is kept.
  public static ObjectRef ref(String namespace, String canary, int number) {
    return Kind.CONTROLLER_REVISION.named(namespace, Names.rolloutRecord(canary, number));
  }

  /// The record that an object holds; empty when it holds none.
  public static Optional<RolloutRecord> read(JsonNode object) {
    var data = Fields.at(object, "data");
    if (!data.isObject() || !Fields.label(object, Marks.ROLE).equals(Marks.ROLE_RECORD)) {
      return Optional.empty();
    }
    return Optional.of(
        new RolloutRecord(
            (int) Fields.number(object, "revision"),
            Fields.text(data, "revision"),
            Fields.text(data, "stable"),
            Fields.at(data, "stableTemplate"),
            Fields.at(data, "template"),
            Fields.text(data, "config"),
            Fields.text(data, "targetUid"),
            Fields.text(data, "replicaSetUid"),
            Fields.numberOr(1, data, "replicas"),
            Fields.at(data, "spec")));
  }

  /// The object that holds this record.
  ///
  /// @param owner owner reference to the Canary
  public ObjectNode object(String namespace, String canary, JsonNode owner) {
    var object = Fields.bare(ref(namespace, canary, number));
    var metadata = (ObjectNode) object.get("metadata");
    metadata
        .putObject("labels")
        .put(Marks.MANAGED_BY, Marks.MANAGER)
        .put(Marks.CANARY, Marks.label(canary))
        .put(Marks.ROLE, Marks.ROLE_RECORD);
    metadata.putArray("ownerReferences").add(owner);
    object.put("revision", number);
    var data = object.putObject("data");
    data.put("revision", revision).put("stable", stable).put("config", config);
    data.put("targetUid", targetUid).put("replicaSetUid", replicaSetUid).put("replicas", replicas);
    data.set("stableTemplate", stableTemplate);
    data.set("template", template);
    data.set("spec", spec);
    return object;
  }

  /// The template of a revision, if this rollout knew it.
  Optional<JsonNode> templateOf(String wanted) {
    if (wanted.equals(stable)) {
      return Optional.of(stableTemplate);
    }
    return wanted.equals(revision) ? Optional.of(template) : Optional.empty();
  }
}
