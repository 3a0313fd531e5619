package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import java.time.Instant;
import java.util.Optional;

/// The conditions of a status, one of each type.
final class Conditions {

  private final ArrayNode list;
  private final Instant now;

  /// @param status changed by the methods
  Conditions(ObjectNode status, Instant now) {
    this.list = Json.list(status, "conditions");
    this.now = now;
  }

  static Optional<JsonNode> find(JsonNode status, String type) {
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }

  static boolean isTrue(JsonNode status, String type) {
    return find(status, type).filter(c -> c.path("status").asText().equals("True")).isPresent();
  }

  /// Says a condition of a workload; nothing changes when status and reason are as before.
  void set(String type, String status, String reason, String message) {
    var former = remove(type);
    if (former.isPresent()
        && former.get().path("status").asText().equals(status)
        && former.get().path("reason").asText().equals(reason)) {
      list.add(former.get());
      return;
    }
    add(former, type, status, reason, message);
  }

  /// Says a condition of a workload anew, with the time of this update.
  void renew(String type, String status, String reason, String message) {
    add(remove(type), type, status, reason, message);
  }

  private void add(
      Optional<JsonNode> former, String type, String status, String reason, String message) {
    var time = Meta.time(now);
    var transition =
        former
            .filter(c -> c.path("status").asText().equals(status))
            .map(c -> c.path("lastTransitionTime").asText())
            .orElse(time);
    list.addObject()
        .put("type", type)
        .put("status", status)
        .put("reason", reason)
        .put("message", message)
        .put("lastUpdateTime", time)
        .put("lastTransitionTime", transition);
  }

  /// Takes a condition away.
  Optional<JsonNode> remove(String type) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).path("type").asText().equals(type)) {
        return Optional.of(list.remove(i));
      }
    }
    return Optional.empty();
  }
}
