package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Admission.Operation;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Carries out creations and changes: decoding, defaults, ownership, admission, validation, store.
/// Used under the store's lock.
final class Writer {

  /// What a write is about.
  ///
  /// @param caller who writes
  /// @param stored kind
  /// @param version version in which the caller speaks
  /// @param key where; the name is "" for a creation that leaves it to the server
  /// @param subresource which part
  record Target(
      Caller caller,
      StoredKind stored,
      StoredKind.Version version,
      ObjectKey key,
      Subresource subresource) {

    Target at(ObjectKey key) {
      return new Target(caller, stored, version, key, subresource);
    }
  }

  /// How the new form of an object came about, for the ownership of its fields.
  sealed interface Origin {
    /// The caller wrote the object, or a patch of it.
    record Updated() implements Origin {}

    /// The caller applied a configuration; the object is what came of it.
    ///
    /// @param fields who owns which fields now
    record Applied(ManagedFields fields) implements Origin {}
  }

  private static final int NAME_ATTEMPTS = 8;

  private final ApiStore store;
  private final MetadataRules metadata;

  Writer(ApiStore store) {
    this.store = store;
    metadata = new MetadataRules(store);
  }

  /// @param given the object as the caller sent it
  ObjectNode create(Target target, ObjectNode given, WriteOptions options) {
    requireKind(target, given);
    var object = Decoding.decode(target.version(), given, options.strict());
    if (!Meta.resourceVersion(object).isEmpty()) {
      throw ApiException.badRequest("resourceVersion should not be set on objects to be created");
    }
    return create(target, object, new Origin.Updated(), options);
  }

  /// @param object decoded, belongs to the writer
  ObjectNode create(Target target, ObjectNode object, Origin origin, WriteOptions options) {
    var stored = target.stored();
    var key = metadata.place(target, object);
    boolean generated = key.name().isEmpty();
    for (int i = 0; generated && i < NAME_ATTEMPTS; i++) {
      key = new ObjectKey(key.namespace(), metadata.generateName(target, object));
      generated = store.table(stored).get(key) != null;
    }
    Meta.of(object).put("name", key.name());
    metadata.requireNamespace(target, key);
    Defaulting.fill(target.version(), stored.rules(), object);
    metadata.begin(target, object);
    object = ownership(target, null, object, origin, options);
    object = admit(Operation.CREATE, target, key, object, null);
    var errors = new ArrayList<FieldError>();
    Validation.create(target, object, errors);
    if (!errors.isEmpty()) {
      throw ApiException.invalid(target.version().kind(), key.name(), errors);
    }
    refuse(Operation.CREATE, target, key, object, null);
    if (store.table(stored).get(key) != null) {
      throw ApiException.alreadyExists(target.version().kind(), key.name());
    }
    var kept = stored.stored(object);
    if (!options.dryRun()) {
      store.put(stored, key, null, kept);
    }
    return stored.in(target.version(), kept);
  }

  ObjectNode update(Target target, ObjectNode given, WriteOptions options) {
    requireKind(target, given);
    var name = Meta.name(given);
    if (!name.equals(target.key().name())) {
      throw name.isEmpty()
          ? ApiException.badRequest(
              "the name of the object (based on URL) was undeterminable: name must be provided")
          : ApiException.badRequest(
              "the name of the object (%s) does not match the name on the URL (%s)"
                  .formatted(name, target.key().name()));
    }
    var current = current(target);
    var object = Decoding.decode(target.version(), given, options.strict());
    metadata.place(target, object);
    return replace(target, current, object, new Origin.Updated(), options);
  }

  /// Replaces the current form of an object, or the part of it that the subresource names.
  ///
  /// @param current as stored
  /// @param object decoded, in the caller's version; belongs to the writer
  ObjectNode replace(
      Target target, ObjectNode current, ObjectNode object, Origin origin, WriteOptions options) {
    var stored = target.stored();
    var kind = target.version().kind();
    var key = target.key();
    var old = stored.in(target.version(), current);
    metadata.checkPreconditions(target, object, current);
    Defaulting.fill(target.version(), stored.rules(), object);
    object = metadata.carryOver(target, object, old);
    object = ownership(target, old, object, origin, options);
    object = admit(Operation.UPDATE, target, key, object, old);
    metadata.countGeneration(target, object, old);
    var errors = new ArrayList<FieldError>();
    Validation.update(target, object, old, errors);
    if (!errors.isEmpty()) {
      throw ApiException.invalid(kind, key.name(), errors);
    }
    refuse(Operation.UPDATE, target, key, object, old);
    if (ManagedFields.sameButForTimes(object, old)) {
      return old;
    }
    var kept = stored.stored(object);
    if (options.dryRun()) {
      return stored.in(target.version(), kept);
    }
    if (metadata.mayGo(kept)) {
      return stored.in(target.version(), store.remove(stored, key, current, kept));
    }
    store.put(stored, key, current, kept);
    return stored.in(target.version(), kept);
  }

  /// The object as stored.
  ///
  /// @throws ApiException 404 when it is not there
  ObjectNode current(Target target) {
    var current = store.table(target.stored()).get(target.key());
    if (current == null) {
      throw ApiException.notFound(target.version().kind(), target.key().name());
    }
    return current;
  }

  private ObjectNode ownership(
      Target target,
      @Nullable ObjectNode old,
      ObjectNode object,
      Origin origin,
      WriteOptions options) {
    var manager =
        options.fieldManager().isEmpty() ? target.caller().name() : options.fieldManager();
    var fields =
        switch (origin) {
          case Origin.Applied(var applied) -> applied;
          case Origin.Updated() -> ManagedFields.after(target, old, object, manager, store.now());
        };
    fields.writeTo(object);
    return object;
  }

  private ObjectNode admit(
      Operation operation,
      Target target,
      ObjectKey key,
      ObjectNode object,
      @Nullable ObjectNode old) {
    for (Admission admission : store.admissions()) {
      object = admission.mutate(request(operation, target, key, object, old));
    }
    return object;
  }

  void refuse(
      Operation operation,
      Target target,
      ObjectKey key,
      ObjectNode object,
      @Nullable ObjectNode old) {
    for (Admission admission : store.admissions()) {
      var why = admission.refuse(request(operation, target, key, object, old));
      if (why.isPresent()) {
        throw ApiException.forbidden(target.version().kind(), key.name(), why.get());
      }
    }
  }

  private Admission.Request request(
      Operation operation,
      Target target,
      ObjectKey key,
      ObjectNode object,
      @Nullable ObjectNode old) {
    return new Admission.Request(
        operation,
        ApiStore.ref(target.version().kind(), key),
        target.subresource(),
        target.caller(),
        object,
        Optional.ofNullable(old),
        store.authorizer());
  }

  static void requireKind(Target target, ObjectNode object) {
    var kind = target.version().kind();
    var apiVersion = Json.text(object, "apiVersion");
    var name = Json.text(object, "kind");
    if (apiVersion.isEmpty() || name.isEmpty()) {
      throw ApiException.badRequest(
          apiVersion.isEmpty() && name.isEmpty()
              ? "Object 'Kind' is missing in '%s'".formatted(Json.write(object))
              : "Object '%s' is missing in '%s'"
                  .formatted(name.isEmpty() ? "Kind" : "apiVersion", Json.write(object)));
    }
    if (!apiVersion.equals(kind.apiVersion())) {
      throw ApiException.badRequest(
          "the API version in the data (%s) does not match the expected API version (%s)"
              .formatted(apiVersion, kind.apiVersion()));
    }
    if (!name.equals(kind.kind())) {
      throw ApiException.badRequest(
          "%s in version \"%s\" cannot be handled as a %s"
              .formatted(name, kind.version(), kind.kind()));
    }
  }
}
