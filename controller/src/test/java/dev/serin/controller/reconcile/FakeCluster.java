package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.cluster.UnreadableException;
import dev.serin.cluster.Written;
import dev.serin.controller.install.ChartRights;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// An API server as small as its users here need it: resource versions, generations, finalizers,
/// owner references, and faults on demand.
final class FakeCluster implements Cluster {
  private final Map<ObjectRef, ObjectNode> objects = new LinkedHashMap<>();
  private final Map<ObjectRef, String> unreadable = new HashMap<>();
  private final Map<Kind, String> unlistable = new HashMap<>();
  private final Set<Kind> unserved = new HashSet<>();
  private final Supplier<Instant> clock;
  private final List<Function<Change, Optional<Written>>> faults = new ArrayList<>();
  private int crashAfter = -1;
  private long version = 100;
  private int uids;

  /// What of the chart's rights was needed.
  final Set<ChartRights.Right> rights = new HashSet<>();

  /// Everything that was written through the port, in order.
  final List<Change> writes = new ArrayList<>();

  /// The process ends.
  static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  FakeCluster(Supplier<Instant> clock) {
    this.clock = clock;
  }

  /// Changes answers of writes; an empty answer lets the write happen.
  void failing(Function<Change, Optional<Written>> how) {
    faults.add(how);
  }

  /// Ends the process after so many more writes.
  void crashAfter(int count) {
    crashAfter = count;
  }

  void unreadable(ObjectRef ref, String reason) {
    unreadable.put(ref, reason);
  }

  void readable(ObjectRef ref) {
    unreadable.remove(ref);
  }

  void unserved(Kind kind) {
    unserved.add(kind);
  }

  /// Counts every change of anything.
  long version() {
    return version;
  }

  void unlistable(Kind kind, String reason) {
    unlistable.put(kind, reason);
  }

  void listable(Kind kind) {
    unlistable.remove(kind);
  }

  /// As the API server would, with what the chart gives.
  private void insist(Kind kind, ChartRights.Right right) {
    if (!kind.group().equals(FakeMesh.ROUTE.group())) {
      rights.add(right);
      ChartRights.insist(right);
    }
  }

  @Override
  public Read find(ObjectRef ref) {
    insist(ref.kind(), ChartRights.Right.of(ref.kind(), "watch"));
    if (unserved.contains(ref.kind())) {
      return new Read.NotServed();
    }
    if (unreadable.containsKey(ref)) {
      return new Read.Unknown(unreadable.getOrDefault(ref, ""));
    }
    var object = objects.get(ref);
    return object == null ? new Read.Absent() : new Read.Found(object);
  }

  @Override
  public List<ObjectNode> list(Kind kind, String namespace, Map<String, String> labels) {
    insist(kind, ChartRights.Right.of(kind, "watch"));
    if (unlistable.containsKey(kind)) {
      throw new UnreadableException(unlistable.getOrDefault(kind, ""));
    }
    return objects.entrySet().stream()
        .filter(entry -> entry.getKey().kind().equals(kind))
        .filter(entry -> namespace.isEmpty() || entry.getKey().namespace().equals(namespace))
        .map(Map.Entry::getValue)
        .filter(
            object ->
                Fields.texts(object, "metadata", "labels")
                    .entrySet()
                    .containsAll(labels.entrySet()))
        .toList();
  }

  @Override
  public boolean serves(Kind kind) {
    return !unserved.contains(kind);
  }

  @Override
  public Written write(Change change) {
    insist(change.ref().kind(), ChartRights.neededBy(change));
    writes.add(change);
    var answer =
        faults.stream()
            .flatMap(fault -> fault.apply(change).stream())
            .findFirst()
            .orElseGet(() -> carryOut(change));
    if (crashAfter > 0 && --crashAfter == 0) {
      throw new Crash();
    }
    return answer;
  }

  private Written carryOut(Change change) {
    return switch (change) {
      case Change.Create(var ref, var object) ->
          objects.containsKey(ref)
              ? new Written.Conflict(ref + " exists")
              : new Written.Done(put(ref, object.deepCopy()));
      case Change.Apply(var ref, var object) when !objects.containsKey(ref) ->
          Fields.resourceVersion(object).isEmpty()
              ? new Written.Done(put(ref, object.deepCopy()))
              : new Written.Conflict(ref + " is gone");
      case Change.Apply(var ref, var object) ->
          edit(ref, Fields.resourceVersion(object), there -> merge(there, object, false));
      case Change.Merge(var ref, var patch) ->
          edit(ref, Fields.resourceVersion(patch), there -> merge(there, patch, true));
      case Change.Patch(var ref, var seen, var operations) ->
          edit(ref, seen, there -> patch(there, operations));
      case Change.Status(var ref, var object) ->
          edit(
              ref,
              Fields.resourceVersion(object),
              there -> {
                there.set("status", object.path("status"));
                return there;
              });
      case Change.Delete(var ref, var uid) -> delete(ref, uid);
    };
  }

  private Written edit(ObjectRef ref, String seen, UnaryOperator<ObjectNode> how) {
    var there = objects.get(ref);
    if (there == null) {
      return new Written.Gone(ref + " is gone");
    }
    if (!seen.isEmpty() && !seen.equals(Fields.resourceVersion(there))) {
      return new Written.Conflict(ref + " was changed");
    }
    return new Written.Done(change(ref, how));
  }

  private Written delete(ObjectRef ref, String uid) {
    var there = objects.get(ref);
    if (there == null || !Fields.uid(there).equals(uid)) {
      return new Written.Gone(ref + " is gone");
    }
    remove(ref);
    return new Written.Done(there);
  }

  /// Makes an object, or replaces it, as somebody else.
  ObjectNode put(ObjectRef ref, ObjectNode object) {
    var metadata = object.withObject("/metadata");
    metadata.put("uid", "uid-" + ++uids).put("resourceVersion", String.valueOf(++version));
    metadata.put("generation", 1).put("creationTimestamp", clock.get().toString());
    objects.put(ref, object);
    return object;
  }

  /// Changes an object as somebody else.
  ObjectNode change(ObjectRef ref, UnaryOperator<ObjectNode> how) {
    var there = get(ref);
    var next = how.apply(there.deepCopy());
    var metadata = next.withObject("/metadata");
    metadata.set("resourceVersion", there.path("metadata").path("resourceVersion"));
    if (next.equals(there)) {
      return there;
    }
    metadata.put("resourceVersion", String.valueOf(++version));
    if (!next.path("spec").equals(there.path("spec"))) {
      metadata.put("generation", (int) Fields.number(there, "metadata", "generation") + 1);
    }
    objects.put(ref, next);
    if (Fields.isDeleting(next) && Fields.list(next, "metadata", "finalizers").isEmpty()) {
      remove(ref);
    }
    return next;
  }

  /// Deletes an object as somebody else; one with a finalizer is only marked.
  void remove(ObjectRef ref) {
    var there = objects.get(ref);
    if (there == null) {
      return;
    }
    if (!Fields.list(there, "metadata", "finalizers").isEmpty()) {
      if (!Fields.isDeleting(there)) {
        change(
            ref,
            object -> {
              object.withObject("/metadata").put("deletionTimestamp", clock.get().toString());
              return object;
            });
      }
      return;
    }
    objects.remove(ref);
    version++;
    var uid = Fields.uid(there);
    objects.entrySet().stream()
        .filter(entry -> Fields.isOwnedBy(entry.getValue(), uid))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::remove);
  }

  ObjectNode get(ObjectRef ref) {
    var object = objects.get(ref);
    if (object == null) {
      throw new AssertionError(ref + " does not exist; there are " + objects.keySet());
    }
    return object;
  }

  boolean has(ObjectRef ref) {
    return objects.containsKey(ref);
  }

  private static ObjectNode merge(ObjectNode into, JsonNode patch, boolean nullRemoves) {
    for (var field : patch.properties()) {
      var name = field.getKey();
      var value = field.getValue();
      if (value.isNull() && nullRemoves) {
        into.remove(name);
      } else if (value.isObject()) {
        var there = into.path(name) instanceof ObjectNode object ? object : into.putObject(name);
        merge(there, value, nullRemoves);
      } else {
        into.set(name, value);
      }
    }
    return into;
  }

  private static ObjectNode patch(ObjectNode object, ArrayNode operations) {
    for (var operation : operations) {
      var path = operation.path("path").asText();
      var at = path.lastIndexOf('/');
      var name = path.substring(at + 1).replace("~1", "/").replace("~0", "~");
      if (!(object.at(path.substring(0, at)) instanceof ObjectNode parent)) {
        throw new AssertionError(path + " has no parent in " + object);
      }
      if (operation.path("op").asText().equals("remove")) {
        if (parent.remove(name) == null) {
          throw new AssertionError(path + " is not there");
        }
      } else {
        parent.set(name, operation.path("value"));
      }
    }
    return object;
  }
}
