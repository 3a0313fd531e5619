package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.rollout.Plan;
import java.util.ArrayList;
import java.util.List;

/// StatefulSets, held by a partition above all ordinals: pods below it keep the template that they
/// run, restarted ones too. At rest the partition stays, since nothing else would hold the template
/// in the moment that it changes.
final class StatefulSets extends Sets {
  /// Above every ordinal that there can be.
  private static final int EVERYBODY = Integer.MAX_VALUE;

  private static final String PARTITION = "/spec/updateStrategy/rollingUpdate/partition";

  @Override
  public Kind kind() {
    return Kind.STATEFUL_SET;
  }

  @Override
  public int replicas(JsonNode set) {
    return Fields.numberOr(1, set, "spec", "replicas");
  }

  @Override
  public int available(JsonNode set) {
    return (int) Fields.number(set, "status", "availableReplicas");
  }

  @Override
  long updated(JsonNode set) {
    return Fields.number(set, "status", "updatedReplicas");
  }

  @Override
  public boolean isSteady(JsonNode set) {
    var replicas = replicas(set);
    return WorkloadKind.isObserved(set)
        && updated(set) == replicas
        && Fields.number(set, "status", "replicas") == replicas
        && available(set) >= replicas;
  }

  /// It has no surge: while it rolls, pods are missing.
  @Override
  public boolean keepsCapacity(JsonNode set, Plan plan) {
    var replicas = replicas(set);
    var missing =
        PodShare.resolved(
            Fields.at(set, "spec", "updateStrategy", "rollingUpdate", "maxUnavailable"),
            "1",
            replicas,
            false);
    return PodShare.suffices(replicas - Math.max(1, missing), replicas, plan);
  }

  @Override
  public List<String> problems(JsonNode set, boolean marked) {
    var problems = new ArrayList<String>();
    var strategy = Fields.at(set, "spec", "updateStrategy");
    if (Fields.text(strategy, "type").equals("OnDelete")) {
      problems.add(
          words(set)
              + " has updateStrategy OnDelete, so that a promotion would replace no pod; set it to"
              + " RollingUpdate");
    }
    if (!marked && Fields.number(strategy, "rollingUpdate", "partition") != 0) {
      problems.add(
          words(set)
              + " has updateStrategy.rollingUpdate.partition "
              + Fields.number(strategy, "rollingUpdate", "partition")
              + ", and only you know why; set it to 0");
    }
    return problems;
  }

  @Override
  public List<String> limits() {
    return List.of(
        "a StatefulSet is held by updateStrategy.rollingUpdate.partition, also at rest; whoever sets"
            + " it back releases an unproven revision, unless the policy serin-hold-sets is"
            + " installed",
        "canary pods of a StatefulSet have volumes and ordinals of their own and join as further"
            + " members; their volumes are deleted with them",
        "a StatefulSet replaces its pods one after the other, without a surge, and waits for a pod"
            + " that never becomes ready; after a promotion that failed such a pod has to be deleted"
            + " by hand");
  }

  @Override
  public boolean isHeld(JsonNode set) {
    return Fields.number(set, "spec", "updateStrategy", "rollingUpdate", "partition") == EVERYBODY;
  }

  @Override
  public void hold(ObjectNode spec, boolean held) {
    spec.withObject("/updateStrategy/rollingUpdate").put("partition", held ? EVERYBODY : 0);
  }

  @Override
  public void free(JsonNode set, Operations patch) {
    if (isHeld(set)) {
      patch.set(PARTITION, JsonNodeFactory.instance.numberNode(0));
    }
  }

  /// Edits of the copy's template reach no pod of it, and its volumes go with it.
  @Override
  public void shape(ObjectNode spec, JsonNode target, String service, int pods) {
    spec.put("replicas", pods);
    spec.put("serviceName", service);
    spec.put("podManagementPolicy", "Parallel");
    spec.putObject("updateStrategy").put("type", "OnDelete");
    var claims = Fields.at(target, "spec", "volumeClaimTemplates");
    if (!claims.isMissingNode()) {
      spec.set("volumeClaimTemplates", claims.deepCopy());
    }
    for (var claim : Fields.list(spec, "volumeClaimTemplates")) {
      ((ObjectNode) claim).remove("status");
    }
    spec.putObject("persistentVolumeClaimRetentionPolicy")
        .put("whenDeleted", "Delete")
        .put("whenScaled", "Delete");
  }

  @Override
  public boolean isEdited(JsonNode copy) {
    var current = Fields.text(copy, "status", "currentRevision");
    var latest = Fields.text(copy, "status", "updateRevision");
    return !current.isEmpty() && !latest.isEmpty() && !current.equals(latest);
  }

  @Override
  public boolean isScaled() {
    return true;
  }
}
