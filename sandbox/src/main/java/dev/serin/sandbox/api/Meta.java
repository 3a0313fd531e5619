package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reading `metadata` of an object.
public final class Meta {

  private Meta() {}

  public static String name(JsonNode object) {
    return object.path("metadata").path("name").asText("");
  }

  public static String namespace(JsonNode object) {
    return object.path("metadata").path("namespace").asText("");
  }

  public static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asText("");
  }

  public static String resourceVersion(JsonNode object) {
    return object.path("metadata").path("resourceVersion").asText("");
  }

  public static long generation(JsonNode object) {
    return object.path("metadata").path("generation").asLong(0);
  }

  public static String label(JsonNode object, String key) {
    return object.path("metadata").path("labels").path(key).asText("");
  }

  public static String annotation(JsonNode object, String key) {
    return object.path("metadata").path("annotations").path(key).asText("");
  }

  public static Map<String, String> labels(JsonNode object) {
    return strings(object.path("metadata").path("labels"));
  }

  public static Map<String, String> annotations(JsonNode object) {
    return strings(object.path("metadata").path("annotations"));
  }

  /// Whether the object is being deleted and waits for its finalizers or grace period.
  public static boolean terminating(JsonNode object) {
    return object.path("metadata").hasNonNull("deletionTimestamp");
  }

  public static List<String> finalizers(JsonNode object) {
    var found = new ArrayList<String>();
    object.path("metadata").path("finalizers").forEach(f -> found.add(f.asText()));
    return found;
  }

  /// UID of the owner that is the controller of this object, or "".
  public static String controllerUid(JsonNode object) {
    for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
      if (owner.path("controller").asBoolean()) {
        return owner.path("uid").asText("");
      }
    }
    return "";
  }

  /// An owner reference to an object that controls another.
  public static ObjectNode controllerReference(JsonNode owner) {
    return Json.object()
        .put("apiVersion", owner.path("apiVersion").asText())
        .put("kind", owner.path("kind").asText())
        .put("name", name(owner))
        .put("uid", uid(owner))
        .put("controller", true)
        .put("blockOwnerDeletion", true);
  }

  /// Time as objects carry it: whole seconds, UTC.
  public static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static ObjectNode of(ObjectNode object) {
    return Json.child(object, "metadata");
  }

  static Map<String, String> strings(JsonNode map) {
    var found = new TreeMap<String, String>();
    map.forEachEntry((name, value) -> found.put(name, value.asText()));
    return found;
  }
}
