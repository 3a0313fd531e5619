package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.ObjectRef;
import dev.serin.mesh.RouteRequest;
import java.util.List;
import java.util.Map;

/// Objects that Serin makes for a Canary: how they are made, and how they are put right again. They
/// are patched field by field, so that what others add beside our fields stays.
final class Generated {
  /// Names the Canary that an object was made for; stays on a route that is left behind, so that a
  /// Canary of that name takes it up again.
  static final String MADE_FOR = "serin.dev/canary";

  private static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  private Generated() {}

  /// An object that must not exist yet.
  static Change create(RouteRequest request, ObjectRef ref, ObjectNode spec, Note note) {
    var object =
        Json.object().put("apiVersion", ref.kind().apiVersion()).put("kind", ref.kind().kind());
    var metadata =
        object.putObject("metadata").put("name", ref.name()).put("namespace", ref.namespace());
    var labels = metadata.putObject("labels");
    wanted(request, "labels").forEach(labels::put);
    labels.put(MANAGED_BY, "serin");
    var annotations = metadata.putObject("annotations");
    wanted(request, "annotations").forEach(annotations::put);
    annotations.put(MADE_FOR, request.canary()).put(Note.ANNOTATION, note.text());
    metadata.putArray("ownerReferences").add(request.owner().deepCopy());
    var stated = object.putObject("spec");
    spec.propertyStream()
        .filter(field -> !field.getValue().isNull())
        .forEach(field -> stated.set(field.getKey(), field.getValue()));
    return new Change.Create(ref, object);
  }

  /// What is missing for an object to be as wanted.
  static List<Change> repair(
      RouteRequest request, ObjectRef ref, ObjectNode object, ObjectNode spec, Note wanted) {
    var edit = new Edit(ref, object);
    var stale = !Note.on(object).map(Note::of).orElse("").equals(wanted.of());
    spec.propertyStream()
        .filter(field -> stale || !covered(field, object))
        .forEach(field -> edit.spec(field.getKey(), field.getValue()));
    wanted(request, "labels").forEach(edit::label);
    edit.label(MANAGED_BY, "serin");
    wanted(request, "annotations").forEach(edit::annotation);
    edit.annotation(MADE_FOR, request.canary())
        .annotation(Note.ANNOTATION, wanted.text())
        .owners(owners(request, object));
    return edit.changes();
  }

  /// Whether an owner reference is the Canary's.
  static boolean owns(RouteRequest request, JsonNode owner) {
    return owner.path("kind").asText().equals("Canary")
        && owner.path("apiVersion").asText().startsWith("serin.dev/")
        && owner.path("name").asText().equals(request.canary());
  }

  private static boolean covered(Map.Entry<String, JsonNode> field, ObjectNode object) {
    return Json.covers(field.getValue(), object.path("spec").path(field.getKey()));
  }

  private static ArrayNode owners(RouteRequest request, ObjectNode object) {
    var present = Json.objects(object.path("metadata"), "ownerReferences");
    var uid = request.owner().path("uid");
    if (present.stream().anyMatch(owner -> owner.path("uid").equals(uid))) {
      return Json.array(present);
    }
    var owners = present.stream().filter(owner -> !owns(request, owner)).collect(Json.toArray());
    return owners.add(request.owner().deepCopy());
  }

  private static Map<String, String> wanted(RouteRequest request, String part) {
    return request.metadata().getOrDefault(part, Map.of());
  }
}
