package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Writer.Origin;
import dev.serin.sandbox.api.Writer.Target;

/// Carries out patches. Used under the store's lock.
final class Patches {

  private Patches() {}

  static ObjectNode apply(
      ApiStore store, Writer writer, Target target, Patch patch, WriteOptions options) {
    if (patch instanceof Patch.Apply(var configuration)) {
      return ServerSideApply.apply(store, writer, target, configuration, options);
    }
    var current = writer.current(target);
    var object = target.stored().in(target.version(), current);
    if (target.subresource() == Subresource.SCALE) {
      var scale = Scales.read(target, object);
      return Scales.write(writer, target, patched(target, patch, scale), options);
    }
    var proposed = patched(target, patch, object);
    if (!Meta.name(proposed).equals(target.key().name())) {
      throw ApiException.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(Meta.name(proposed), target.key().name()));
    }
    var decoded = Decoding.decode(target.version(), proposed, options.strict());
    return writer.replace(target, current, decoded, new Origin.Updated(), options);
  }

  private static ObjectNode patched(Target target, Patch patch, ObjectNode object) {
    return switch (patch) {
      case Patch.Merge(var merge) -> MergePatch.apply(object, merge);
      case Patch.Operations(var operations) -> object(JsonPatch.apply(object, operations));
      case Patch.Strategic(var strategic) -> {
        if (target.version().custom()) {
          throw ApiException.unsupportedMediaType(
              "application/json-patch+json, application/merge-patch+json,"
                  + " application/apply-patch+yaml");
        }
        yield StrategicMerge.apply(target.version().schema(), object, strategic);
      }
      case Patch.Apply _ -> throw new IllegalStateException("not a patch of the object");
    };
  }

  private static ObjectNode object(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw ApiException.badRequest("the patch does not leave an object");
  }
}
