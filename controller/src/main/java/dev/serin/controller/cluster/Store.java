package dev.serin.controller.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The newest known version of each object of one kind, from two sources that may come in any
/// order: what the watch tells, and what the server answered to writes of this process. Of two
/// versions the one with the higher resourceVersion is newer, so a watch that lags behind never
/// takes back what was written.
final class Store {

  /// Told of every change in its order. Called while the store is locked, so it only takes note.
  interface Listener {
    /// @param before null when the object is new here
    /// @param after null when it is gone
    void changed(@Nullable ObjectNode before, @Nullable ObjectNode after);
  }

  private final Listener listener;
  private final Map<String, Map<String, ObjectNode>> byNamespace = new ConcurrentHashMap<>();

  /// UIDs of objects that this process deleted and the watch still tells of.
  private final Set<String> deleted = new HashSet<>();

  Store(Listener listener) {
    this.listener = listener;
  }

  Optional<ObjectNode> get(String namespace, String name) {
    return Optional.ofNullable(byNamespace.getOrDefault(namespace, Map.of()).get(name));
  }

  /// @param namespace empty for all namespaces
  List<ObjectNode> list(String namespace, Map<String, String> labels) {
    var found = new ArrayList<ObjectNode>();
    if (namespace.isEmpty()) {
      byNamespace.values().forEach(objects -> collect(objects, labels, found));
    } else {
      collect(byNamespace.getOrDefault(namespace, Map.of()), labels, found);
    }
    return found;
  }

  int size() {
    return byNamespace.values().stream().mapToInt(Map::size).sum();
  }

  private static void collect(
      Map<String, ObjectNode> objects, Map<String, String> labels, List<ObjectNode> into) {
    for (var object : objects.values()) {
      if (hasLabels(object, labels)) {
        into.add(object);
      }
    }
  }

  private static boolean hasLabels(ObjectNode object, Map<String, String> labels) {
    var own = object.path("metadata").path("labels");
    return labels.entrySet().stream()
        .allMatch(label -> label.getValue().equals(own.path(label.getKey()).asText(null)));
  }

  /// An object as the watch told of it, or as the server answered to a write.
  synchronized void put(ObjectNode object) {
    if (deleted.contains(Json.uid(object))) {
      return;
    }
    var objects =
        byNamespace.computeIfAbsent(Json.namespace(object), _ -> new ConcurrentHashMap<>());
    var known = objects.get(Json.name(object));
    if (known != null && Json.version(known) >= Json.version(object)) {
      return;
    }
    objects.put(Json.name(object), object);
    listener.changed(known, object);
  }

  /// The watch told that the object is gone.
  synchronized void gone(ObjectNode last) {
    deleted.remove(Json.uid(last));
    var known = get(Json.namespace(last), Json.name(last)).orElse(null);
    // A newer one of the same name may have been made by this process meanwhile.
    if (known != null && Json.version(known) <= Json.version(last)) {
      forget(known);
    }
  }

  /// This process deleted the object and the server has it no more.
  synchronized void deleted(String namespace, String name, String uid) {
    get(namespace, name)
        .filter(known -> Json.uid(known).equals(uid))
        .ifPresent(
            known -> {
              deleted.add(uid);
              forget(known);
            });
  }

  /// Everything that exists, as of one version of the server's store.
  ///
  /// @param version the resourceVersion of the list
  synchronized void replace(List<ObjectNode> objects, long version) {
    var uids = new HashSet<String>();
    var names = new HashMap<String, Set<String>>();
    for (var object : objects) {
      uids.add(Json.uid(object));
      names.computeIfAbsent(Json.namespace(object), _ -> new HashSet<>()).add(Json.name(object));
    }
    deleted.retainAll(uids);
    for (var known : list("", Map.of())) {
      var listed = names.getOrDefault(Json.namespace(known), Set.of()).contains(Json.name(known));
      if (!listed && Json.version(known) <= version) {
        forget(known);
      }
    }
    objects.forEach(this::put);
  }

  /// Nothing exists any more: the kind is not served.
  synchronized void clear() {
    list("", Map.of()).forEach(this::forget);
    deleted.clear();
  }

  private void forget(ObjectNode known) {
    var objects = byNamespace.get(Json.namespace(known));
    if (objects != null && objects.remove(Json.name(known)) != null) {
      if (objects.isEmpty()) {
        byNamespace.remove(Json.namespace(known));
      }
      listener.changed(known, null);
    }
  }
}
