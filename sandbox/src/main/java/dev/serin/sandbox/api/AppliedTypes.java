package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Writer.Target;
import java.util.HashSet;

/// Refuses a configuration that cannot be applied: with a field that the kind does not have, or
/// with two items of one key.
final class AppliedTypes {

  private final Target target;

  private AppliedTypes(Target target) {
    this.target = target;
  }

  /// @throws ApiException 500, as Kubernetes says it
  static void check(Target target, ObjectNode configuration) {
    new AppliedTypes(target).check(target.version().schema(), configuration, "");
  }

  private void check(Schema schema, JsonNode value, String path) {
    switch (value) {
      case ObjectNode object when schema.type() == Schema.Type.OBJECT ->
          object.forEachEntry(
              (name, child) -> {
                var field = schema.field(name);
                if (field.isPresent()) {
                  check(field.get(), child, path + "." + name);
                } else if (!schema.preservesUnknown()) {
                  throw failed(path + "." + name + ": field not declared in schema");
                }
              });
      case ArrayNode list when schema.type() == Schema.Type.ARRAY -> items(schema, list, path);
      default -> {}
    }
  }

  private void items(Schema schema, ArrayNode list, String path) {
    var seen = new HashSet<String>();
    for (JsonNode item : list) {
      if (Typed.isAssociative(schema)) {
        var element = Typed.element(schema, item);
        if (!seen.add(element)) {
          throw failed(path + ": duplicate entries for key " + FieldSet.shown(element));
        }
      }
      schema.items().ifPresent(items -> check(items, item, path));
    }
  }

  private ApiException failed(String why) {
    var kind = target.version().kind();
    return new ApiException(
        new Status(
            500,
            "",
            "failed to create typed patch object (%s/%s; %s, Kind=%s): %s"
                .formatted(
                    target.key().namespace(),
                    target.key().name(),
                    kind.group().isEmpty() ? "/" + kind.version() : kind.apiVersion(),
                    kind.kind(),
                    why),
            Status.Subject.NONE));
  }
}
