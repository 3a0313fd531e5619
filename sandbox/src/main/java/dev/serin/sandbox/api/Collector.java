package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/// The garbage collector: deletes what has no owner left, holds owners that are deleted in the
/// foreground until their dependents are gone, and frees orphans. Also empties namespaces that are
/// being deleted. Whatever it looks at, it looks at as it is by then.
public final class Collector {

  private final ApiStore store;
  private final ApiClient api;

  private Collector(ApiStore store) {
    this.store = store;
    api = store.as(Caller.system("generic-garbage-collector"));
  }

  /// Starts to collect, as soon as a write makes it necessary. Closing the watch ends it.
  public static Watch start(ApiStore store) {
    return start(store, Runnable::run);
  }

  /// Starts to collect. Closing the watch ends it.
  ///
  /// @param worker on which it acts
  public static Watch start(ApiStore store, Executor worker) {
    var collector = new Collector(store);
    return store.watchChanges(
        change -> {
          if (collector.concerns(change)) {
            worker.execute(() -> collector.changed(change));
          }
        });
  }

  private boolean concerns(Commit change) {
    var object = change.after();
    return change.deleted()
        || Meta.terminating(object)
        || !object.path("metadata").path("ownerReferences").isEmpty()
        || change.kind().rules() instanceof NamespaceRules;
  }

  private void changed(Commit change) {
    var object = change.after();
    if (change.deleted()) {
      store.dependents(Meta.uid(object)).forEach(this::look);
      holders(object).forEach(this::look);
    } else {
      look(object);
    }
    if (change.kind().rules() instanceof NamespaceRules) {
      empty(Meta.name(object));
    } else if (!change.key().namespace().isEmpty() && change.deleted()) {
      finish(change.key().namespace());
    }
  }

  /// Owners that may have waited for an object that is gone.
  private List<ObjectNode> holders(ObjectNode gone) {
    var found = new ArrayList<ObjectNode>();
    for (JsonNode reference : gone.path("metadata").path("ownerReferences")) {
      store.byUid(Json.text(reference, "uid")).ifPresent(found::add);
    }
    return found;
  }

  private void look(ObjectNode seen) {
    store.byUid(Meta.uid(seen)).ifPresent(this::lookAt);
  }

  private void lookAt(ObjectNode object) {
    if (Meta.terminating(object)) {
      var finalizers = Meta.finalizers(object);
      if (finalizers.contains(Deleter.ORPHAN)) {
        orphan(object);
      }
      if (finalizers.contains(Deleter.FOREGROUND)) {
        awaitDependents(object);
      }
    } else if (!object.path("metadata").path("ownerReferences").isEmpty()) {
      collect(object);
    }
  }

  private void orphan(ObjectNode owner) {
    for (ObjectNode dependent : store.dependents(Meta.uid(owner))) {
      withoutOwners(dependent, List.of(Meta.uid(owner)));
    }
    withoutFinalizer(owner, Deleter.ORPHAN);
  }

  private void awaitDependents(ObjectNode owner) {
    boolean blocked = false;
    for (ObjectNode dependent : store.dependents(Meta.uid(owner))) {
      blocked |= blocks(dependent, Meta.uid(owner));
      if (!Meta.terminating(dependent)) {
        collect(dependent);
      }
    }
    if (!blocked) {
      withoutFinalizer(owner, Deleter.FOREGROUND);
    }
  }

  private static boolean blocks(ObjectNode dependent, String uid) {
    for (JsonNode reference : dependent.path("metadata").path("ownerReferences")) {
      if (Json.text(reference, "uid").equals(uid)
          && reference.path("blockOwnerDeletion").asBoolean()) {
        return true;
      }
    }
    return false;
  }

  /// Deletes an object that no owner keeps.
  private void collect(ObjectNode object) {
    boolean kept = false;
    boolean awaited = false;
    var gone = new ArrayList<String>();
    for (JsonNode reference : object.path("metadata").path("ownerReferences")) {
      var uid = Json.text(reference, "uid");
      var owner = store.byUid(uid);
      if (owner.isEmpty()) {
        gone.add(uid);
      } else if (Meta.terminating(owner.get())
          && Meta.finalizers(owner.get()).contains(Deleter.FOREGROUND)) {
        awaited = true;
        gone.add(uid);
      } else {
        kept = true;
      }
    }
    if (gone.isEmpty()) {
      return;
    }
    if (kept) {
      withoutOwners(object, gone);
      return;
    }
    boolean hasDependents = !store.dependents(Meta.uid(object)).isEmpty();
    var propagation =
        awaited && hasDependents
            ? DeleteOptions.Propagation.FOREGROUND
            : DeleteOptions.Propagation.BACKGROUND;
    attempt(
        () ->
            api.delete(
                kind(object),
                Meta.namespace(object),
                Meta.name(object),
                DeleteOptions.onlyUid(Meta.uid(object)).propagating(propagation)));
  }

  private void withoutOwners(ObjectNode object, List<String> uids) {
    edit(
        object,
        metadata -> {
          var left = Json.array();
          for (JsonNode reference : metadata.path("ownerReferences")) {
            if (!uids.contains(Json.text(reference, "uid"))) {
              left.add(reference);
            }
          }
          replace(metadata, "ownerReferences", left);
        });
  }

  private void withoutFinalizer(ObjectNode object, String finalizer) {
    edit(
        object,
        metadata -> {
          var left = Json.array();
          for (JsonNode present : metadata.path("finalizers")) {
            if (!present.asText().equals(finalizer)) {
              left.add(present);
            }
          }
          replace(metadata, "finalizers", left);
        });
  }

  private static void replace(
      ObjectNode metadata, String field, com.fasterxml.jackson.databind.node.ArrayNode list) {
    if (list.isEmpty()) {
      metadata.remove(field);
    } else {
      metadata.set(field, list);
    }
  }

  private void edit(ObjectNode object, java.util.function.Consumer<ObjectNode> change) {
    attempt(
        () ->
            api.edit(
                kind(object),
                Meta.namespace(object),
                Meta.name(object),
                present -> change.accept(Meta.of(present))));
  }

  /// Somebody else may have been faster, or the kind is gone: then there is nothing left to do.
  private static void attempt(Runnable action) {
    try {
      action.run();
    } catch (ApiException e) {
      if (!e.isNotFound() && !e.isConflict()) {
        throw e;
      }
    }
  }

  private Kind kind(ObjectNode object) {
    return store
        .kind(Json.text(object, "apiVersion"), Json.text(object, "kind"))
        .orElseThrow(ApiException::unknownPath);
  }

  /// Deletes what is in a namespace that is being deleted.
  private void empty(String namespace) {
    var present = store.find(Kind.NAMESPACE, "", namespace);
    if (present == null || !Meta.terminating(present)) {
      return;
    }
    for (ObjectNode object : store.inNamespace(namespace)) {
      if (!Meta.terminating(object)) {
        attempt(
            () -> api.delete(kind(object), namespace, Meta.name(object), DeleteOptions.DEFAULT));
      }
    }
    finish(namespace);
  }

  private void finish(String namespace) {
    var present = store.find(Kind.NAMESPACE, "", namespace);
    if (present != null && Meta.terminating(present) && store.inNamespace(namespace).isEmpty()) {
      store.removeNamespace(namespace);
    }
  }
}
