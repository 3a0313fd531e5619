package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.LabelSelector;
import dev.serin.sandbox.api.Meta;
import java.time.Duration;
import java.util.Optional;

/// A Deployment as its controller reads it.
///
/// @param object as stored, with the defaults of the API server; never changed
record Deployment(ObjectNode object) {

  private static final int NO_LIMIT = Integer.MAX_VALUE;

  String name() {
    return Meta.name(object);
  }

  String namespace() {
    return Meta.namespace(object);
  }

  String uid() {
    return Meta.uid(object);
  }

  int replicas() {
    return Json.at(object, "spec", "replicas").asInt(1);
  }

  boolean paused() {
    return Json.at(object, "spec", "paused").asBoolean();
  }

  boolean recreates() {
    return Json.text(object, "spec", "strategy", "type").equals("Recreate");
  }

  int minReadySeconds() {
    return Json.at(object, "spec", "minReadySeconds").asInt();
  }

  int revisionHistoryLimit() {
    return Json.at(object, "spec", "revisionHistoryLimit").asInt(10);
  }

  int collisions() {
    return Json.at(object, "status", "collisionCount").asInt();
  }

  /// How long it may make no progress; empty for any time.
  Optional<Duration> progressDeadline() {
    int seconds = Json.at(object, "spec", "progressDeadlineSeconds").asInt(NO_LIMIT);
    return seconds == NO_LIMIT ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
  }

  JsonNode template() {
    return Json.at(object, "spec", "template");
  }

  JsonNode selector() {
    return Json.at(object, "spec", "selector");
  }

  /// Whether its selector selects the labels of an object.
  boolean selects(ObjectNode object) {
    return LabelSelector.from(selector()).test(object);
  }

  JsonNode status() {
    return object.path("status");
  }

  /// Pods allowed above `replicas` while it rolls.
  int maxSurge() {
    return recreates() ? 0 : share("maxSurge", true);
  }

  /// Pods that may be missing while it rolls; at least one when no surge is allowed.
  int maxUnavailable() {
    if (recreates() || replicas() == 0) {
      return 0;
    }
    int unavailable = share("maxUnavailable", false);
    if (unavailable == 0 && maxSurge() == 0) {
      unavailable = 1;
    }
    return Math.min(unavailable, replicas());
  }

  private int share(String field, boolean up) {
    var value = Json.at(object, "spec", "strategy", "rollingUpdate", field);
    return IntOrPercent.resolve(value.isMissingNode() ? "25%" : value.asText(), replicas(), up);
  }
}
