package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.rollout.Plan;
import java.util.List;

/// DaemonSets, held by the update strategy `OnDelete`, also at rest: running pods stay as they are;
/// one that is made anew takes the carried template.
final class DaemonSets extends Sets {
  private static final String ON_DELETE = "OnDelete";
  private static final String ROLLING = "RollingUpdate";

  @Override
  public Kind kind() {
    return Kind.DAEMON_SET;
  }

  /// Nodes that should run a pod.
  @Override
  public int replicas(JsonNode set) {
    return (int) Fields.number(set, "status", "desiredNumberScheduled");
  }

  @Override
  public int available(JsonNode set) {
    return (int) Fields.number(set, "status", "numberAvailable");
  }

  @Override
  long updated(JsonNode set) {
    return Fields.number(set, "status", "updatedNumberScheduled");
  }

  @Override
  public boolean isSteady(JsonNode set) {
    var replicas = replicas(set);
    return WorkloadKind.isObserved(set)
        && updated(set) == replicas
        && Fields.number(set, "status", "currentNumberScheduled") == replicas
        && available(set) >= replicas;
  }

  @Override
  public boolean keepsCapacity(JsonNode set, Plan plan) {
    var replicas = replicas(set);
    var rolling = Fields.at(set, "spec", "updateStrategy", "rollingUpdate");
    var surge = PodShare.resolved(Fields.at(rolling, "maxSurge"), "0", replicas, true);
    var missing = PodShare.resolved(Fields.at(rolling, "maxUnavailable"), "1", replicas, true);
    return PodShare.suffices(
        replicas - (surge == 0 ? Math.max(1, missing) : missing), replicas, plan);
  }

  @Override
  public List<String> problems(JsonNode set, boolean marked) {
    return !marked && isHeld(set)
        ? List.of(
            words(set)
                + " has updateStrategy OnDelete, so that a promotion would replace no pod; set it to"
                + " RollingUpdate")
        : List.of();
  }

  @Override
  public List<String> limits() {
    return List.of(
        "a DaemonSet is held by updateStrategy OnDelete, also at rest; a pod that is made anew"
            + " meanwhile, on a new node or after a deletion, takes the unproven template",
        "whoever sets the updateStrategy of a held DaemonSet back releases an unproven revision,"
            + " unless the policy serin-hold-sets is installed",
        "the canary of a DaemonSet runs on every node beside the stable pod, whatever its weight");
  }

  @Override
  public boolean isHeld(JsonNode set) {
    return Fields.text(set, "spec", "updateStrategy", "type").equals(ON_DELETE);
  }

  @Override
  public void hold(ObjectNode spec, boolean held) {
    spec.putObject("updateStrategy").put("type", held ? ON_DELETE : ROLLING);
  }

  @Override
  public void free(JsonNode set, Operations patch) {
    if (isHeld(set)) {
      patch.set("/spec/updateStrategy/type", JsonNodeFactory.instance.textNode(ROLLING));
    }
  }

  @Override
  public void shape(ObjectNode spec, JsonNode target, String service, int pods) {
    spec.putObject("updateStrategy").put("type", ON_DELETE);
  }

  /// Nobody but its owner changes the `spec` of a copy that cannot be scaled.
  @Override
  public boolean isEdited(JsonNode copy) {
    return Fields.number(copy, "metadata", "generation") > 1;
  }

  @Override
  public boolean isScaled() {
    return false;
  }
}
