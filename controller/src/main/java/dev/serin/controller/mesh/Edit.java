package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.ObjectRef;
import java.util.List;

/// Edits of one object that was read, gathered into one conditional JSON patch. What already is as
/// wanted is not edited.
final class Edit {
  private final ObjectRef ref;
  private final ObjectNode object;
  private final ArrayNode operations = Json.array();
  private final ObjectNode metadata;

  Edit(ObjectRef ref, ObjectNode object) {
    this.ref = ref;
    this.object = object;
    this.metadata = object.path("metadata") instanceof ObjectNode found ? found : Json.object();
  }

  /// Replaces a field of the spec, or removes it when null is wanted.
  Edit spec(String field, JsonNode wanted) {
    var present = object.path("spec").path(field);
    if (wanted.isNull() && !present.isMissingNode()) {
      remove("/spec/" + Json.token(field));
    } else if (!wanted.isNull() && !Json.same(wanted, present)) {
      add("/spec/" + Json.token(field), wanted);
    }
    return this;
  }

  Edit label(String key, String value) {
    return entry("labels", key, value);
  }

  Edit annotation(String key, String value) {
    return entry("annotations", key, value);
  }

  Edit withoutAnnotation(String key) {
    if (metadata.path("annotations").has(key)) {
      remove("/metadata/annotations/" + Json.token(key));
    }
    return this;
  }

  Edit owners(ArrayNode wanted) {
    var present = Json.list(metadata, "ownerReferences");
    if (Json.same(wanted, present)) {
      return this;
    }
    if (wanted.isEmpty()) {
      remove("/metadata/ownerReferences");
    } else {
      add("/metadata/ownerReferences", wanted);
    }
    return this;
  }

  /// The patch, or none when nothing is to be edited.
  List<Change> changes() {
    return operations.isEmpty()
        ? List.of()
        : List.of(new Change.Patch(ref, metadata.path("resourceVersion").asText(), operations));
  }

  private Edit entry(String map, String key, String value) {
    var present = metadata.path(map);
    if (present.path(key).asText(null) != null && present.path(key).asText().equals(value)) {
      return this;
    }
    if (!present.isObject() && !adds("/metadata/" + map)) {
      add("/metadata/" + map, Json.object());
    }
    add("/metadata/" + map + "/" + Json.token(key), Json.object().textNode(value));
    return this;
  }

  private boolean adds(String path) {
    return operations
        .valueStream()
        .anyMatch(operation -> operation.path("path").asText().equals(path));
  }

  private void add(String path, JsonNode value) {
    operations.addObject().put("op", "add").put("path", path).set("value", value.deepCopy());
  }

  private void remove(String path) {
    operations.addObject().put("op", "remove").put("path", path);
  }
}
