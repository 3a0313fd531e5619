package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Admission.Operation;
import dev.serin.sandbox.api.DeleteOptions.Propagation;
import dev.serin.sandbox.api.Writer.Target;

/// Carries out deletions. Used under the store's lock.
final class Deleter {

  static final String FOREGROUND = "foregroundDeletion";
  static final String ORPHAN = "orphan";

  private final ApiStore store;
  private final Writer writer;

  Deleter(ApiStore store, Writer writer) {
    this.store = store;
    this.writer = writer;
  }

  Deleted delete(Target target, DeleteOptions options) {
    var stored = target.stored();
    var current = writer.current(target);
    checkPreconditions(target, options, current);
    writer.refuse(Operation.DELETE, target, target.key(), current, current);
    var next = current.deepCopy();
    addFinalizer(next, options.propagation());
    boolean waits = mark(target, next, options);
    if (options.dryRun()) {
      return new Deleted(stored.in(target.version(), next), !waits);
    }
    if (!waits) {
      var gone = store.remove(stored, target.key(), current, current);
      return new Deleted(stored.in(target.version(), gone), true);
    }
    if (!next.equals(current)) {
      store.put(stored, target.key(), current, next);
      return new Deleted(stored.in(target.version(), next), false);
    }
    return new Deleted(stored.in(target.version(), current), false);
  }

  private static void checkPreconditions(Target target, DeleteOptions options, ObjectNode current) {
    var kind = target.version().kind();
    var uid = options.uid();
    if (uid.isPresent() && !uid.get().equals(Meta.uid(current))) {
      throw ApiException.conflict(
          kind,
          target.key().name(),
          ("the UID in the precondition (%s) does not match the UID in record (%s). The object"
                  + " might have been deleted and then recreated")
              .formatted(uid.get(), Meta.uid(current)));
    }
    var version = options.resourceVersion();
    if (version.isPresent() && !version.get().equals(Meta.resourceVersion(current))) {
      throw ApiException.conflict(
          kind,
          target.key().name(),
          ("the ResourceVersion in the precondition (%s) does not match the ResourceVersion in"
                  + " record (%s). The object might have been modified")
              .formatted(version.get(), Meta.resourceVersion(current)));
    }
  }

  private static void addFinalizer(ObjectNode object, Propagation propagation) {
    var name =
        switch (propagation) {
          case BACKGROUND -> "";
          case FOREGROUND -> FOREGROUND;
          case ORPHAN -> ORPHAN;
        };
    if (!name.isEmpty() && !Meta.finalizers(object).contains(name)) {
      Json.list(Meta.of(object), "finalizers").add(name);
    }
  }

  /// Notes in the object that it is being deleted.
  ///
  /// @return whether it waits for something; otherwise it may go at once
  private boolean mark(Target target, ObjectNode object, DeleteOptions options) {
    long asked = options.graceSeconds().orElse(-1L);
    long grace = target.stored().rules().gracePeriod(object, asked);
    var metadata = Meta.of(object);
    if (Meta.terminating(object)) {
      long left = metadata.path("deletionGracePeriodSeconds").asLong(0);
      if (asked >= 0 && asked < left) {
        metadata.put("deletionGracePeriodSeconds", asked);
        left = asked;
      }
      return left > 0 || !Meta.finalizers(object).isEmpty() || keepsContent(target, object);
    }
    boolean waits = grace > 0 || !Meta.finalizers(object).isEmpty() || keepsContent(target, object);
    if (waits) {
      metadata.put("deletionTimestamp", Meta.time(store.now().plusSeconds(grace)));
      metadata.put("deletionGracePeriodSeconds", grace);
      if (metadata.has("generation")) {
        metadata.put("generation", Meta.generation(object) + 1);
      }
      if (target.stored().rules() instanceof NamespaceRules) {
        Json.child(object, "status").put("phase", "Terminating");
      }
    }
    return waits;
  }

  private static boolean keepsContent(Target target, ObjectNode object) {
    return target.stored().rules() instanceof NamespaceRules
        && !Json.at(object, "spec", "finalizers").isEmpty();
  }
}
