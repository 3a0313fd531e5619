package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What pods say of themselves.
final class Pods {

  private Pods() {}

  /// Whether its containers have ended for good.
  static boolean ended(JsonNode pod) {
    var phase = Json.text(pod, "status", "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  /// Whether it counts as a pod of its owner.
  static boolean active(JsonNode pod) {
    return !ended(pod) && !Meta.terminating(pod);
  }

  static boolean ready(JsonNode pod) {
    return Conditions.isTrue(pod.path("status"), "Ready");
  }

  /// When it counts as available, at the earliest; empty while it is not ready.
  static Optional<Instant> availableAt(JsonNode pod, int minReadySeconds) {
    if (!ready(pod)) {
      return Optional.empty();
    }
    return Conditions.find(pod.path("status"), "Ready")
        .map(c -> Instant.parse(c.path("lastTransitionTime").asText()))
        .map(since -> since.plus(Duration.ofSeconds(minReadySeconds)));
  }

  static boolean available(JsonNode pod, int minReadySeconds, Instant now) {
    return minReadySeconds == 0
        ? ready(pod)
        : availableAt(pod, minReadySeconds).filter(at -> !at.isAfter(now)).isPresent();
  }

  /// When the next of these pods becomes available without anything else happening.
  static Optional<Instant> nextAvailable(List<ObjectNode> pods, int minReadySeconds, Instant now) {
    return minReadySeconds == 0
        ? Optional.empty()
        : pods.stream()
            .flatMap(pod -> availableAt(pod, minReadySeconds).stream())
            .filter(at -> at.isAfter(now))
            .min(Comparator.naturalOrder());
  }

  /// Which pods go first when there are too many: those that serve least, then the youngest.
  static final Comparator<ObjectNode> FIRST_TO_GO =
      Comparator.<ObjectNode>comparingInt(p -> Json.text(p, "spec", "nodeName").isEmpty() ? 0 : 1)
          .thenComparingInt(p -> Json.text(p, "status", "phase").equals("Pending") ? 0 : 1)
          .thenComparingInt(p -> ready(p) ? 1 : 0)
          .thenComparingInt(Pods::deletionCost)
          .thenComparing(Pods::readySince, Comparator.reverseOrder())
          .thenComparing(Pods::restarts, Comparator.reverseOrder())
          .thenComparing(
              p -> Json.text(p, "metadata", "creationTimestamp"), Comparator.reverseOrder())
          .thenComparing(Meta::name);

  private static int deletionCost(JsonNode pod) {
    var text = Meta.annotation(pod, Annotations.DELETION_COST);
    return text.matches("-?[0-9]{1,9}") ? Integer.parseInt(text) : 0;
  }

  private static String readySince(JsonNode pod) {
    return Conditions.find(pod.path("status"), "Ready")
        .filter(c -> c.path("status").asText().equals("True"))
        .map(c -> c.path("lastTransitionTime").asText())
        .orElse("");
  }

  private static int restarts(JsonNode pod) {
    int most = 0;
    for (JsonNode container : Json.at(pod, "status", "containerStatuses")) {
      most = Math.max(most, container.path("restartCount").asInt());
    }
    return most;
  }

  /// A pod of a template.
  ///
  /// @param owner its controller
  static ObjectNode of(JsonNode template, ObjectNode owner) {
    var pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
    var metadata = pod.putObject("metadata");
    metadata.put("namespace", Meta.namespace(owner));
    metadata.put("generateName", Meta.name(owner) + "-");
    for (String field : List.of("labels", "annotations")) {
      var value = template.path("metadata").path(field);
      if (value.isObject()) {
        metadata.set(field, value.deepCopy());
      }
    }
    metadata.putArray("ownerReferences").add(Meta.controllerReference(owner));
    pod.set("spec", template.path("spec").deepCopy());
    return pod;
  }
}
