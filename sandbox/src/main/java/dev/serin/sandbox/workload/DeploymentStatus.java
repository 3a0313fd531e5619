package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/// What a Deployment says of itself.
final class DeploymentStatus {

  private static final String PROGRESSING = "Progressing";
  private static final String NEW_AVAILABLE = "NewReplicaSetAvailable";
  private static final String TIMED_OUT = "ProgressDeadlineExceeded";

  private DeploymentStatus() {}

  /// The counts, and whether it is available; the other conditions as they were.
  ///
  /// @param current the ReplicaSet of the template; empty when there is none
  static ObjectNode counted(
      Deployment deployment, List<ReplicaSet> all, Optional<ReplicaSet> current, Instant now) {
    var status = Json.object();
    status.put("observedGeneration", Meta.generation(deployment.object()));
    int available = sum(all, ReplicaSet::available);
    count(status, "replicas", sum(all, ReplicaSet::actual));
    count(status, "updatedReplicas", current.map(ReplicaSet::actual).orElse(0));
    count(status, "readyReplicas", sum(all, ReplicaSet::ready));
    count(status, "availableReplicas", available);
    count(status, "unavailableReplicas", sum(all, ReplicaSet::replicas) - available);
    status.put("terminatingReplicas", sum(all, ReplicaSet::terminating));
    count(status, "collisionCount", deployment.collisions());
    Json.list(status, "conditions").addAll(Json.list(copy(deployment.status()), "conditions"));
    var conditions = new Conditions(status, now);
    if (available >= deployment.replicas() - deployment.maxUnavailable()) {
      conditions.set(
          "Available", "True", "MinimumReplicasAvailable", "Deployment has minimum availability.");
    } else {
      conditions.set(
          "Available",
          "False",
          "MinimumReplicasUnavailable",
          "Deployment does not have minimum availability.");
    }
    return status;
  }

  /// Whether the template is everywhere.
  static boolean complete(Deployment deployment, JsonNode status) {
    int replicas = deployment.replicas();
    return status.path("updatedReplicas").asInt() == replicas
        && status.path("replicas").asInt() == replicas
        && status.path("availableReplicas").asInt() == replicas
        && status.path("observedGeneration").asLong() >= Meta.generation(deployment.object());
  }

  /// Says in the condition `Progressing` how the rollout does.
  ///
  /// @param status with its new counts; changed
  static void judgeProgress(
      Deployment deployment, ObjectNode status, Optional<ReplicaSet> current, Instant now) {
    var conditions = new Conditions(status, now);
    if (deployment.progressDeadline().isEmpty()) {
      conditions.remove(PROGRESSING);
      return;
    }
    boolean atRest =
        status.path("replicas").asInt() == status.path("updatedReplicas").asInt()
            && reason(deployment.status()).equals(NEW_AVAILABLE);
    if (atRest) {
      return;
    }
    var who =
        current
            .map(rs -> "ReplicaSet \"" + rs.name() + "\"")
            .orElse("Deployment \"" + deployment.name() + "\"");
    if (complete(deployment, status)) {
      conditions.set(PROGRESSING, "True", NEW_AVAILABLE, who + " has successfully progressed.");
    } else if (progressed(deployment.status(), status)) {
      conditions.renew(PROGRESSING, "True", "ReplicaSetUpdated", who + " is progressing.");
    } else if (timedOut(deployment, status, now)) {
      conditions.set(PROGRESSING, "False", TIMED_OUT, who + " has timed out progressing.");
    }
  }

  /// Says in the condition `Progressing` that the Deployment is paused, or no longer.
  static void notePause(Deployment deployment, ObjectNode status, Instant now) {
    if (deployment.progressDeadline().isEmpty() || reason(status).equals(TIMED_OUT)) {
      return;
    }
    boolean noted = reason(status).equals("DeploymentPaused");
    var conditions = new Conditions(status, now);
    if (deployment.paused() && !noted) {
      conditions.set(PROGRESSING, "Unknown", "DeploymentPaused", "Deployment is paused");
    } else if (!deployment.paused() && noted) {
      conditions.set(PROGRESSING, "Unknown", "DeploymentResumed", "Deployment is resumed");
    }
  }

  /// Says in the condition `Progressing` that the template has its ReplicaSet, if nothing is said.
  static void noteReplicaSet(
      Deployment deployment, ObjectNode status, String reason, String message, Instant now) {
    if (deployment.progressDeadline().isPresent()
        && (reason.equals("NewReplicaSetCreated")
            || Conditions.find(status, PROGRESSING).isEmpty())) {
      new Conditions(status, now).set(PROGRESSING, "True", reason, message);
    }
  }

  /// When the progress deadline will be over; empty when it does not run.
  static Optional<Instant> deadline(Deployment deployment, JsonNode status) {
    var progressing = Conditions.find(status, PROGRESSING);
    var reason = reason(status);
    if (deployment.paused()
        || progressing.isEmpty()
        || reason.equals(NEW_AVAILABLE)
        || reason.equals(TIMED_OUT)) {
      return Optional.empty();
    }
    var since = Instant.parse(progressing.get().path("lastUpdateTime").asText());
    // Times in the status are whole seconds, so the deadline is over in the second after it.
    return deployment.progressDeadline().map(d -> since.plus(d).plus(Duration.ofSeconds(1)));
  }

  private static boolean progressed(JsonNode before, JsonNode after) {
    return more(before, after, "updatedReplicas")
        || old(after) < old(before)
        || more(before, after, "readyReplicas")
        || more(before, after, "availableReplicas");
  }

  private static boolean timedOut(Deployment deployment, JsonNode status, Instant now) {
    if (reason(status).equals(TIMED_OUT)) {
      return true;
    }
    return deadline(deployment, status).filter(at -> !now.isBefore(at)).isPresent();
  }

  private static int old(JsonNode status) {
    return status.path("replicas").asInt() - status.path("updatedReplicas").asInt();
  }

  private static boolean more(JsonNode before, JsonNode after, String field) {
    return after.path(field).asInt() > before.path(field).asInt();
  }

  private static String reason(JsonNode status) {
    return Conditions.find(status, PROGRESSING).map(c -> c.path("reason").asText()).orElse("");
  }

  private static ObjectNode copy(JsonNode node) {
    return node instanceof ObjectNode object ? object.deepCopy() : Json.object();
  }

  /// Zero is not written, as in Kubernetes.
  private static void count(ObjectNode status, String field, int value) {
    if (value > 0) {
      status.put(field, value);
    }
  }

  private static int sum(List<ReplicaSet> all, ToIntFunction<ReplicaSet> count) {
    return all.stream().mapToInt(count).sum();
  }
}
