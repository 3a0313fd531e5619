package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.rollout.Plan;
import dev.serin.rollout.Seen.Health;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Deployments, held by `spec.paused`: a paused one keeps running its live ReplicaSet, and can be
/// scaled.
final class Deployments implements WorkloadKind {
  private static final String REVISION = "deployment.kubernetes.io/revision";
  private static final String DEADLINE = "progressDeadlineSeconds";

  @Override
  public Kind kind() {
    return Kind.DEPLOYMENT;
  }

  @Override
  public int replicas(JsonNode deployment) {
    return Fields.numberOr(1, deployment, "spec", "replicas");
  }

  @Override
  public int available(JsonNode deployment) {
    return (int) Fields.number(deployment, "status", "availableReplicas");
  }

  @Override
  public boolean isSteady(JsonNode deployment) {
    var replicas = replicas(deployment);
    return WorkloadKind.isObserved(deployment)
        && Fields.number(deployment, "status", "updatedReplicas") == replicas
        && Fields.number(deployment, "status", "replicas") == replicas
        && available(deployment) >= replicas;
  }

  @Override
  public boolean keepsCapacity(JsonNode deployment, Plan plan) {
    if (!plan.steps().getLast().split().reachesStable()) {
      return true;
    }
    if (Fields.text(deployment, "spec", "strategy", "type").equals("Recreate")) {
      return false;
    }
    var replicas = replicas(deployment);
    var rolling = Fields.at(deployment, "spec", "strategy", "rollingUpdate");
    var surge = PodShare.resolved(Fields.at(rolling, "maxSurge"), "25%", replicas, true);
    var missing = PodShare.resolved(Fields.at(rolling, "maxUnavailable"), "25%", replicas, false);
    if (surge == 0 && missing == 0) {
      missing = 1;
    }
    return PodShare.suffices(replicas - missing, replicas, plan);
  }

  @Override
  public Health rollout(JsonNode deployment, Optional<Instant> released) {
    if (isSteady(deployment)) {
      return new Health.Fine();
    }
    var progressing = Fields.condition(deployment, "Progressing");
    var said = Fields.instant(progressing, "lastUpdateTime");
    if (Fields.text(progressing, "reason").equals("ProgressDeadlineExceeded")
        && WorkloadKind.isObserved(deployment)
        && released.isPresent()
        && said.isPresent()
        && !said.get().isBefore(released.get())) {
      return new Health.Broken(
          "its progressDeadlineSeconds have passed: " + Fields.text(progressing, "message"));
    }
    var failure = Fields.condition(deployment, "ReplicaFailure");
    return Fields.text(failure, "status").equals("True")
        ? new Health.Slow("pods cannot be made: " + Fields.text(failure, "message"))
        : new Health.Slow(
            "%d of %d pods run it, %d of all are available"
                .formatted(
                    Fields.number(deployment, "status", "updatedReplicas"),
                    replicas(deployment),
                    available(deployment)));
  }

  /// The newest ReplicaSet that has any pods.
  @Override
  public Optional<ObjectNode> live(JsonNode deployment, Cluster cluster) {
    var uid = Fields.uid(deployment);
    var labels = Fields.texts(deployment, "spec", "selector", "matchLabels");
    return live(
        cluster.list(Kind.REPLICA_SET, Fields.namespace(deployment), labels).stream()
            .filter(set -> Fields.isOwnedBy(set, uid))
            .toList());
  }

  static Optional<ObjectNode> live(List<ObjectNode> replicaSets) {
    return replicaSets.stream()
        .filter(set -> Fields.number(set, "spec", "replicas") > 0)
        .max(
            Comparator.comparingLong(
                set ->
                    Long.parseLong(
                        Fields.annotation(set, REVISION)
                            .filter(text -> text.matches("\\d{1,18}"))
                            .orElse("0"))));
  }

  @Override
  public boolean remembers() {
    return true;
  }

  @Override
  public List<String> problems(JsonNode deployment, boolean marked) {
    var problems = new ArrayList<String>();
    if (Fields.numberOr(10, deployment, "spec", "revisionHistoryLimit") == 0) {
      problems.add(
          words(deployment)
              + " has revisionHistoryLimit 0, so that its live ReplicaSet would not be kept; set it"
              + " to 1 or more");
    }
    if (!marked && isHeld(deployment)) {
      problems.add(
          words(deployment)
              + " is paused, and only you know why; resume it: kubectl rollout resume deployment/"
              + Fields.name(deployment));
    }
    return problems;
  }

  @Override
  public List<String> limits() {
    return List.of();
  }

  @Override
  public boolean isHeld(JsonNode deployment) {
    return Fields.isTrue(deployment, "spec", "paused");
  }

  @Override
  public boolean isHeldAtRest(HoldMode mode) {
    return mode == HoldMode.PAUSED;
  }

  @Override
  public void hold(ObjectNode spec, boolean held) {
    spec.put("paused", held);
  }

  @Override
  public void free(JsonNode deployment, Operations patch) {
    if (isHeld(deployment)) {
      patch.remove("/spec/paused");
    }
  }

  @Override
  public void shape(ObjectNode spec, JsonNode target, String service, int pods) {
    spec.put("replicas", pods);
    if (!Fields.at(target, "spec", DEADLINE).isMissingNode()) {
      // The server refuses one that is not longer than pods have to be ready.
      var shortest = Fields.number(spec, "minReadySeconds") + 1;
      spec.put(DEADLINE, Math.max(shortest, Fields.number(target, "spec", DEADLINE)));
    }
  }

  /// A copy is made once and only ever scaled; its Deployment counts templates, so that a second
  /// one is somebody else's.
  @Override
  public boolean isEdited(JsonNode copy) {
    return !Fields.annotation(copy, REVISION).orElse("1").equals("1");
  }

  @Override
  public boolean isScaled() {
    return true;
  }
}
