package dev.serin.controller.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Kubernetes objects as JSON trees.
final class Json {

  static final ObjectMapper MAPPER = new ObjectMapper();

  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private Json() {}

  static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree could not be written", e);
    }
  }

  static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }

  static String namespace(JsonNode object) {
    return object.path("metadata").path("namespace").asText();
  }

  static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asText();
  }

  /// The object's resourceVersion as a number, which grows with every write to the server's store.
  /// 0 when there is none.
  static long version(JsonNode object) {
    return version(object.path("metadata").path("resourceVersion").asText());
  }

  static long version(String resourceVersion) {
    try {
      return resourceVersion.isEmpty() ? 0 : Long.parseUnsignedLong(resourceVersion);
    } catch (NumberFormatException e) {
      // Kubernetes promises a number; whatever else it is, it cannot be shown to be old.
      return Long.MAX_VALUE;
    }
  }

  /// Takes out what nobody here reads and what is often half of an object: the record of field
  /// managers, and the copy of the whole object that `kubectl apply` leaves in an annotation.
  static ObjectNode prune(ObjectNode object) {
    if (object.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
      if (metadata.path("annotations") instanceof ObjectNode annotations) {
        annotations.remove(LAST_APPLIED);
      }
    }
    return object;
  }
}
