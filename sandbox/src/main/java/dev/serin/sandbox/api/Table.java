package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The objects of one kind, in order of namespace and name, indexed by label.
final class Table {

  private static final String LAST = "\uffff";

  private final TreeMap<ObjectKey, ObjectNode> objects = new TreeMap<>();
  private final Map<String, TreeSet<ObjectKey>> byLabel = new HashMap<>();

  @Nullable ObjectNode get(ObjectKey key) {
    return objects.get(key);
  }

  int size() {
    return objects.size();
  }

  void put(ObjectKey key, ObjectNode object) {
    var old = objects.put(key, object);
    if (old != null) {
      if (old.path("metadata").path("labels").equals(object.path("metadata").path("labels"))) {
        return;
      }
      unindex(key, old);
    }
    Meta.labels(object)
        .forEach((k, v) -> byLabel.computeIfAbsent(k + "=" + v, l -> new TreeSet<>()).add(key));
  }

  void remove(ObjectKey key) {
    var old = objects.remove(key);
    if (old != null) {
      unindex(key, old);
    }
  }

  private void unindex(ObjectKey key, ObjectNode old) {
    Meta.labels(old)
        .forEach(
            (k, v) ->
                byLabel.computeIfPresent(
                    k + "=" + v,
                    (l, keys) -> {
                      keys.remove(key);
                      return keys.isEmpty() ? null : keys;
                    }));
  }

  /// The objects that a list may contain, in order.
  ///
  /// @param namespace "" for all
  Collection<ObjectNode> candidates(String namespace, LabelSelector labels) {
    var requirement = labels.indexable();
    if (requirement.isPresent()) {
      var r = requirement.get();
      var keys = byLabel.get(r.key() + "=" + r.values().iterator().next());
      if (keys == null) {
        return List.of();
      }
      var found = new ArrayList<ObjectNode>();
      for (ObjectKey key :
          namespace.isEmpty() ? keys : keys.subSet(from(namespace), to(namespace))) {
        found.add(java.util.Objects.requireNonNull(objects.get(key)));
      }
      return found;
    }
    return namespace.isEmpty()
        ? objects.values()
        : objects.subMap(from(namespace), to(namespace)).values();
  }

  private static ObjectKey from(String namespace) {
    return new ObjectKey(namespace, "");
  }

  private static ObjectKey to(String namespace) {
    return new ObjectKey(namespace, LAST);
  }
}
