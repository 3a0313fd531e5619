package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The store as the caches of a client show it: as of the news that arrived, and never behind what
/// the client wrote itself.
final class CachedView {

  private final ApiStore store;
  private final boolean direct;
  private final Map<String, Table> tables = new HashMap<>();

  /// The newest revision that is known of each object, of deleted ones too.
  private final Map<String, Long> known = new HashMap<>();

  /// @param direct shows the store itself: news arrive at once
  CachedView(ApiStore store, boolean direct) {
    this.store = store;
    this.direct = direct;
    if (!direct) {
      store.forEachObject(this::put);
    }
  }

  Optional<ObjectNode> get(Kind kind, ObjectKey key) {
    return store.inVersion(
        kind,
        stored -> Optional.ofNullable((direct ? store.table(stored) : table(stored)).get(key)));
  }

  List<ObjectNode> list(Kind kind, String namespace, Map<String, String> labels) {
    var selector = LabelSelector.of(labels);
    var found = new ArrayList<ObjectNode>();
    store.inVersion(
        kind,
        stored -> {
          for (ObjectNode object :
              (direct ? store.table(stored) : table(stored)).candidates(namespace, selector)) {
            if (selector.test(object)) {
              found.add(store.as(kind, stored, object));
            }
          }
          return Optional.empty();
        });
    return found;
  }

  /// Takes news in.
  ///
  /// @return whether they are news
  boolean learn(Commit commit) {
    if (direct) {
      return true;
    }
    var place = commit.kind().qualified() + "/" + commit.key();
    var table = table(commit.kind());
    if (commit.deleted()) {
      // A write that lets the last finalizer go is answered with an object that is gone already.
      var last = table.get(commit.key());
      if (last == null || revision(last) > commit.revision()) {
        return false;
      }
      known.put(place, commit.revision());
      table.remove(commit.key());
      return true;
    }
    if (known.getOrDefault(place, 0L) >= commit.revision()) {
      return false;
    }
    known.put(place, commit.revision());
    table.put(commit.key(), commit.after());
    return true;
  }

  /// Takes in what the client itself wrote.
  ///
  /// @return whether that changed anything here
  boolean wrote(Kind kind, ObjectNode object, boolean gone) {
    if (direct) {
      return false;
    }
    var changed = new boolean[1];
    store.inVersion(
        kind,
        stored -> {
          var key = ObjectKey.of(object);
          var before = table(stored).get(key);
          known.merge(stored.qualified() + "/" + key, revision(object), Math::max);
          if (gone) {
            table(stored).remove(key);
            changed[0] = before != null;
          } else {
            table(stored).put(key, object);
            changed[0] = before == null || revision(before) < revision(object);
          }
          return Optional.empty();
        });
    return changed[0];
  }

  private static long revision(ObjectNode object) {
    return Revisions.parse(Meta.resourceVersion(object));
  }

  private void put(StoredKind kind, ObjectNode object) {
    table(kind).put(ObjectKey.of(object), object);
  }

  private Table table(StoredKind kind) {
    return tables.computeIfAbsent(kind.qualified(), k -> new Table());
  }
}
