package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Writer.Origin;
import dev.serin.sandbox.api.Writer.Target;

/// Server-side apply. Used under the store's lock.
final class ServerSideApply {

  private ServerSideApply() {}

  static ObjectNode apply(
      ApiStore store, Writer writer, Target target, ObjectNode given, WriteOptions options) {
    Writer.requireKind(target, given);
    if (given.path("metadata").has("managedFields")) {
      throw ApiException.badRequest("metadata.managedFields must be nil");
    }
    var configuration = Json.own(given);
    AppliedTypes.check(target, configuration);
    var name = Meta.name(configuration);
    if (!name.isEmpty() && !name.equals(target.key().name())) {
      throw ApiException.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(name, target.key().name()));
    }
    Meta.of(configuration).put("name", target.key().name());
    var current = store.table(target.stored()).get(target.key());
    if (current == null) {
      return create(store, writer, target, configuration, options);
    }
    var live = target.stored().in(target.version(), current);
    var applied = ManagedFields.apply(target, live, configuration, options, store.now());
    var object = Decoding.decode(target.version(), applied.object(), options.strict());
    return writer.replace(target, current, object, new Origin.Applied(applied.fields()), options);
  }

  private static ObjectNode create(
      ApiStore store,
      Writer writer,
      Target target,
      ObjectNode configuration,
      WriteOptions options) {
    if (target.subresource() != Subresource.NONE) {
      throw ApiException.notFound(target.version().kind(), target.key().name());
    }
    // Kubernetes does not hold a resourceVersion against an object that is not there.
    if (!Meta.uid(configuration).isEmpty()) {
      throw ApiException.conflict(
          target.version().kind(),
          target.key().name(),
          "uid mismatch: the provided object specified uid %s, and no existing object was found"
              .formatted(Meta.uid(configuration)));
    }
    Meta.of(configuration).remove("resourceVersion");
    var applied = ManagedFields.apply(target, null, configuration, options, store.now());
    var object = Decoding.decode(target.version(), applied.object(), options.strict());
    return writer.create(target, object, new Origin.Applied(applied.fields()), options);
  }
}
