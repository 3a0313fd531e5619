package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/// The status of a pod, as its node writes it.
final class PodStatus {

  private final ObjectNode status;
  private final Instant now;

  /// @param status changed by the methods
  PodStatus(ObjectNode status, Instant now) {
    this.status = status;
    this.now = now;
  }

  /// It has a node and an address.
  PodStatus bound(String ip) {
    if (!status.has("startTime")) {
      status.put("startTime", Meta.time(now));
    }
    status.put("hostIP", "10.0.0.1").put("podIP", ip);
    status.putArray("podIPs").addObject().put("ip", ip);
    condition("PodScheduled", true, "", "");
    condition("Initialized", true, "", "");
    return this;
  }

  /// Its containers run; it is not ready yet.
  PodStatus running(JsonNode pod, int restarts) {
    status.put("phase", "Running");
    containers(
        pod,
        restarts,
        container -> {
          container.put("started", true);
          container.putObject("state").putObject("running").put("startedAt", Meta.time(now));
        });
    return ready(false);
  }

  /// Its containers cannot run.
  PodStatus waiting(JsonNode pod, String reason, String message, int restarts) {
    status.put("phase", "Pending");
    containers(pod, restarts, container -> wait(container, reason, message));
    return ready(false);
  }

  /// Its containers ended and will be started again.
  PodStatus crashed(JsonNode pod, int restarts, Duration backOff) {
    containers(
        pod,
        restarts,
        container -> {
          wait(
              container,
              "CrashLoopBackOff",
              "back-off %ds restarting failed container=%s pod=%s_%s"
                  .formatted(
                      backOff.toSeconds(),
                      container.path("name").asText(),
                      Meta.name(pod),
                      Meta.namespace(pod)));
          container
              .putObject("lastState")
              .putObject("terminated")
              .put("exitCode", 1)
              .put("reason", "Error")
              .put("finishedAt", Meta.time(now));
        });
    return ready(false);
  }

  /// Whether it serves.
  PodStatus ready(boolean ready) {
    for (JsonNode container : Json.list(status, "containerStatuses")) {
      if (container instanceof ObjectNode object) {
        object.put("ready", ready);
      }
    }
    var reason = ready ? "" : "ContainersNotReady";
    var message = ready ? "" : "containers with unready status";
    condition("ContainersReady", ready, reason, message);
    return condition("Ready", ready, reason, message);
  }

  /// @param reason "" for none
  PodStatus condition(String type, boolean value, String reason, String message) {
    var conditions = Json.list(status, "conditions");
    var text = value ? "True" : "False";
    ObjectNode condition = null;
    for (JsonNode candidate : conditions) {
      if (candidate.path("type").asText().equals(type)) {
        condition = (ObjectNode) candidate;
      }
    }
    if (condition == null) {
      condition = conditions.addObject().put("type", type);
    }
    if (!condition.path("status").asText().equals(text)) {
      condition.put("status", text).put("lastTransitionTime", Meta.time(now));
    }
    condition.remove("reason");
    condition.remove("message");
    if (!reason.isEmpty()) {
      condition.put("reason", reason).put("message", message);
    }
    return this;
  }

  private void containers(JsonNode pod, int restarts, Consumer<ObjectNode> state) {
    var list = status.putArray("containerStatuses");
    for (JsonNode container : Json.at(pod, "spec", "containers")) {
      var image = container.path("image").asText();
      var entry =
          list.addObject()
              .put("name", container.path("name").asText())
              .put("image", image)
              .put("imageID", image)
              .put("ready", false)
              .put("started", false)
              .put("restartCount", restarts);
      state.accept(entry);
    }
  }

  private static void wait(ObjectNode container, String reason, String message) {
    container.putObject("state").putObject("waiting").put("reason", reason).put("message", message);
  }
}
