package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Optional;

/// Where a watch stands in the event log, and what it sees there. Used under the store's lock.
final class WatchCursor {

  private final ApiStore store;
  private final StoredKind kind;
  private final StoredKind.Version version;
  private final WatchOptions options;
  private final ArrayDeque<ObjectNode> initial = new ArrayDeque<>();
  private long next;

  WatchCursor(ApiStore store, StoredKind kind, StoredKind.Version version, WatchOptions options) {
    this.store = store;
    this.kind = kind;
    this.version = version;
    this.options = options;
    var from = options.resourceVersion().filter(v -> !v.isEmpty() && !v.equals("0"));
    if (from.isPresent()) {
      next = Revisions.parse(from.get()) + 1;
    } else {
      next = store.log().revision() + 1;
      for (ObjectNode object :
          store.table(kind).candidates(options.namespace(), options.labels())) {
        if (selects(object)) {
          initial.add(object);
        }
      }
    }
  }

  /// The revision that the watch has reached.
  long reached() {
    return next - 1;
  }

  /// The next event that is there already; empty when there is none yet. An `ERROR` is the last.
  Optional<WatchEvent> poll() {
    var object = initial.poll();
    if (object != null) {
      return Optional.of(event(WatchEvent.Type.ADDED, object));
    }
    var log = store.log();
    if (next <= log.resumableFrom()) {
      return Optional.of(gone(log));
    }
    while (next <= log.revision()) {
      var seen = see(log.at(next++));
      if (seen.isPresent()) {
        return seen;
      }
    }
    return Optional.empty();
  }

  /// Whether the objects that were there at the start have all been reported.
  boolean startReported() {
    return initial.isEmpty();
  }

  WatchEvent bookmark() {
    var bookmark = Json.object();
    bookmark.put("kind", version.kind().kind());
    bookmark.put("apiVersion", version.kind().apiVersion());
    bookmark
        .putObject("metadata")
        .put("resourceVersion", Long.toString(reached()))
        .putNull("creationTimestamp");
    return new WatchEvent(WatchEvent.Type.BOOKMARK, bookmark);
  }

  private WatchEvent gone(EventLog log) {
    var status =
        new Status(
            410,
            "Expired",
            "too old resource version: %d (%d)".formatted(reached(), log.resumableFrom() + 1),
            Status.Subject.NONE);
    return new WatchEvent(WatchEvent.Type.ERROR, status.toJson());
  }

  private Optional<WatchEvent> see(Commit change) {
    if (!change.kind().same(kind)) {
      return Optional.empty();
    }
    if (!options.namespace().isEmpty() && !options.namespace().equals(change.key().namespace())) {
      return Optional.empty();
    }
    var before = change.before();
    boolean was = before != null && selects(before);
    boolean is = !change.deleted() && selects(change.after());
    if (is) {
      return Optional.of(
          event(was ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED, change.after()));
    }
    if (!was || before == null) {
      return Optional.empty();
    }
    var last = change.deleted() ? change.after() : Revisions.at(before, change.revision());
    return Optional.of(event(WatchEvent.Type.DELETED, last));
  }

  private boolean selects(ObjectNode object) {
    return options.labels().test(object) && options.fields().test(object);
  }

  private WatchEvent event(WatchEvent.Type type, ObjectNode object) {
    return new WatchEvent(type, kind.in(version, object));
  }
}
