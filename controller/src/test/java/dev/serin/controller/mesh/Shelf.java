package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.controller.install.ChartRights;
import dev.serin.mesh.Mesh;
import dev.serin.mesh.RouteRequest;
import dev.serin.rollout.TrafficSplit;
import io.fabric8.zjsonpatch.JsonPatch;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The objects of a cluster, with as much of an API server as writing routes needs: versions,
/// generations, and preconditions that are checked.
final class Shelf {
  private final Map<ObjectRef, ObjectNode> objects = new HashMap<>();
  private final Set<Kind> missing = new HashSet<>();
  private int version = 100;

  /// Lays an object down as if a stranger had made it.
  Shelf put(ObjectRef ref, ObjectNode object) {
    var stored = object.deepCopy();
    stored.put("apiVersion", ref.kind().apiVersion()).put("kind", ref.kind().kind());
    var metadata = stored.withObjectProperty("metadata");
    metadata.put("name", ref.name()).put("namespace", ref.namespace());
    metadata.put("uid", "uid-" + ref.name()).put("generation", 1);
    metadata.put("resourceVersion", Integer.toString(++version));
    objects.put(ref, stored);
    return this;
  }

  void withoutKind(Kind kind) {
    missing.add(kind);
  }

  ObjectNode get(ObjectRef ref) {
    var object = objects.get(ref);
    if (object == null) {
      throw new AssertionError(ref + " is not there");
    }
    return object;
  }

  boolean has(ObjectRef ref) {
    return objects.containsKey(ref);
  }

  Set<ObjectRef> refs() {
    return Set.copyOf(objects.keySet());
  }

  Map<ObjectRef, Read> see(Mesh mesh, RouteRequest request) {
    return mesh.reads(request).stream()
        .collect(Collectors.toMap(ref -> ref, this::read, (one, _) -> one));
  }

  /// Routes as a controller would, and says what it wrote.
  List<Change> route(Mesh mesh, RouteRequest request, TrafficSplit split) {
    var changes = mesh.route(request, split, see(mesh, request));
    changes.forEach(this::write);
    return changes;
  }

  List<Change> letGo(Mesh mesh, RouteRequest request) {
    var changes = mesh.letGo(request, see(mesh, request));
    changes.forEach(this::write);
    return changes;
  }

  void write(Change change) {
    ChartRights.insist(ChartRights.neededBy(change));
    switch (change) {
      case Change.Create(var ref, var object) -> {
        if (objects.containsKey(ref)) {
          throw new AssertionError(ref + " exists already");
        }
        put(ref, object);
      }
      case Change.Patch(var ref, var seen, var operations) -> patch(ref, seen, operations);
      case Change.Delete(var ref, var uid) -> {
        if (!get(ref).path("metadata").path("uid").asText().equals(uid)) {
          throw new AssertionError(ref + " is another one");
        }
        objects.remove(ref);
      }
      case Change.Apply _, Change.Merge _, Change.Status _ ->
          throw new AssertionError("not a change that meshes make: " + change);
    }
  }

  private void patch(ObjectRef ref, String seen, ArrayNode operations) {
    var before = get(ref);
    if (!before.path("metadata").path("resourceVersion").asText().equals(seen)) {
      throw new AssertionError(ref + " changed since it was seen");
    }
    var after = (ObjectNode) JsonPatch.apply(operations, before);
    var metadata = after.withObjectProperty("metadata");
    metadata.put("resourceVersion", Integer.toString(++version));
    if (!after.path("spec").equals(before.path("spec"))) {
      metadata.put("generation", before.path("metadata").path("generation").asLong() + 1);
    }
    objects.put(ref, after);
  }

  private Read read(ObjectRef ref) {
    if (missing.contains(ref.kind())) {
      return new Read.NotServed();
    }
    JsonNode found = objects.get(ref);
    return found instanceof ObjectNode object ? new Read.Found(object) : new Read.Absent();
  }
}
