package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.ObjectRef;

/// A JSON patch being put together.
final class Operations {
  private final ArrayNode operations = JsonNodeFactory.instance.arrayNode();

  /// Sets a member, whether it is there or not; what holds it must be there.
  void set(String path, JsonNode value) {
    operations.addObject().put("op", "add").put("path", path).set("value", value);
  }

  /// Removes a member that is there.
  void remove(String path) {
    operations.addObject().put("op", "remove").put("path", path);
  }

  boolean isEmpty() {
    return operations.isEmpty();
  }

  /// The patch of an object, refused unless it still is as it was looked at.
  Change change(ObjectRef ref, ObjectNode object) {
    return new Change.Patch(ref, Fields.resourceVersion(object), operations);
  }
}
