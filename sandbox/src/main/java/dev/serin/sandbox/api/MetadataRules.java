package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.Writer.Target;
import java.util.List;

/// What the server itself writes into `metadata`, and when a write is too late.
final class MetadataRules {

  private static final List<String> KEPT =
      List.of(
          "uid", "creationTimestamp", "generation", "generateName", "namespace", "resourceVersion");
  private static final List<String> DELETION =
      List.of("deletionTimestamp", "deletionGracePeriodSeconds");

  private final ApiStore store;

  MetadataRules(ApiStore store) {
    this.store = store;
  }

  /// Where an object goes: the namespace of the URL, and the name that it has.
  ObjectKey place(Target target, ObjectNode object) {
    var namespace = target.key().namespace();
    var own = Meta.namespace(object);
    if (!own.isEmpty() && !own.equals(namespace)) {
      throw ApiException.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
    if (target.stored().namespaced()) {
      Meta.of(object).put("namespace", namespace);
    } else {
      Meta.of(object).remove("namespace");
    }
    return new ObjectKey(namespace, Meta.name(object));
  }

  String generateName(Target target, ObjectNode object) {
    var base = Json.text(object, "metadata", "generateName");
    if (base.isEmpty()) {
      throw ApiException.invalid(
          target.version().kind(),
          "",
          List.of(FieldError.required("metadata.name", "name or generateName is required")));
    }
    return store.identifiers().nameFrom(base);
  }

  /// New objects need a namespace that exists and is not on its way out.
  void requireNamespace(Target target, ObjectKey key) {
    if (!target.stored().namespaced()) {
      return;
    }
    var namespace = store.find(Kind.NAMESPACE, "", key.namespace());
    if (namespace == null) {
      throw ApiException.notFound(Kind.NAMESPACE, key.namespace());
    }
    if (Meta.terminating(namespace)) {
      throw ApiException.forbidden(
          target.version().kind(),
          key.name(),
          "unable to create new content in namespace %s because it is being terminated"
              .formatted(key.namespace()));
    }
  }

  /// Fills what an object gets at its creation.
  void begin(Target target, ObjectNode object) {
    var metadata = Meta.of(object);
    metadata.put("uid", store.identifiers().uid());
    metadata.put("creationTimestamp", Meta.time(store.now()));
    metadata.remove(List.of("resourceVersion", "deletionTimestamp", "selfLink"));
    metadata.remove("deletionGracePeriodSeconds");
    if (target.stored().rules().generations()) {
      metadata.put("generation", 1);
    } else {
      metadata.remove("generation");
    }
    if (target.version().status()) {
      object.remove("status");
    }
    target.stored().rules().creating(object, store);
    if (!target.version().custom()) {
      Decoding.writeZeros(target.version().schema(), object);
    }
  }

  /// @throws ApiException 409 when the caller wrote another object, or another version of it
  void checkPreconditions(Target target, ObjectNode object, ObjectNode current) {
    var kind = target.version().kind();
    var name = target.key().name();
    var uid = Meta.uid(object);
    if (!uid.isEmpty() && !uid.equals(Meta.uid(current))) {
      throw ApiException.conflict(
          kind,
          name,
          "Precondition failed: UID in precondition: %s, UID in object meta: %s"
              .formatted(uid, Meta.uid(current)));
    }
    var version = Meta.resourceVersion(object);
    if (version.isEmpty()) {
      if (!target.stored().rules().unconditionalUpdate()) {
        // Kubernetes names the resource here, not the kind.
        throw ApiException.invalid(
            Kinds.qualified(kind),
            new Status.Subject(kind.group(), kind.plural(), name, ""),
            List.of(
                FieldError.invalid(
                    "metadata.resourceVersion",
                    IntNode.valueOf(0),
                    "must be specified for an update")));
      }
    } else if (Revisions.parse(version) != Revisions.parse(Meta.resourceVersion(current))) {
      throw ApiException.modified(kind, name);
    }
  }

  /// Brings what the write may not touch from the old form into the new one.
  ///
  /// @return the new form
  ObjectNode carryOver(Target target, ObjectNode object, ObjectNode old) {
    if (target.version().status()) {
      if (target.subresource() == Subresource.STATUS) {
        var status = object.get("status");
        var fields = object.path("metadata").get("managedFields");
        object = old.deepCopy();
        object.remove("status");
        if (status != null) {
          object.set("status", status);
        }
        if (fields != null) {
          Meta.of(object).set("managedFields", fields);
        }
      } else {
        object.remove("status");
        if (old.has("status")) {
          object.set("status", old.get("status"));
        }
      }
    }
    var metadata = Meta.of(object);
    var before = Meta.of(old);
    for (String field : KEPT) {
      if (before.has(field)) {
        metadata.set(field, before.get(field));
      } else {
        metadata.remove(field);
      }
    }
    for (String field : DELETION) {
      if (before.has(field)) {
        metadata.set(field, before.get(field));
      }
    }
    if (target.subresource() != Subresource.STATUS) {
      target.stored().rules().updating(object, old, store);
    }
    return object;
  }

  void countGeneration(Target target, ObjectNode object, ObjectNode old) {
    var rules = target.stored().rules();
    if (rules.generations()
        && target.subresource() != Subresource.STATUS
        && rules.specChanged(object, old)) {
      Meta.of(object).put("generation", Meta.generation(old) + 1);
    }
  }

  /// Whether an object that is being deleted has nothing left to wait for.
  boolean mayGo(ObjectNode object) {
    return Meta.terminating(object)
        && Meta.finalizers(object).isEmpty()
        && object.path("metadata").path("deletionGracePeriodSeconds").asLong(0) == 0;
  }
}
