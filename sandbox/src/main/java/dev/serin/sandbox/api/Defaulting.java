package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// Fills what a caller left out, or set to `null` where that is no value: `default` in the schemas
/// of custom resources, code for built-in kinds.
final class Defaulting {

  private Defaulting() {}

  static void fill(StoredKind.Version version, KindRules rules, ObjectNode object) {
    if (version.custom()) {
      fill(version.schema(), object, true);
    }
    rules.defaults(object);
  }

  private static void fill(Schema schema, JsonNode value, boolean root) {
    switch (value) {
      case ObjectNode object when schema.type() == Schema.Type.OBJECT -> {
        for (String name : schema.propertyNames()) {
          if (root && name.equals("metadata")) {
            continue;
          }
          var property = schema.property(name).orElseThrow();
          var preset = property.defaultValue();
          var present = object.get(name);
          boolean left = present == null || (present.isNull() && !property.nullable());
          if (left && !preset.isMissingNode()) {
            object.set(name, Json.owned(preset));
          } else if (left) {
            object.remove(name);
          }
        }
        object.forEachEntry(
            (name, child) -> {
              if (!(root && name.equals("metadata"))) {
                schema.field(name).ifPresent(field -> fill(field, child, false));
              }
            });
      }
      case ArrayNode array when schema.type() == Schema.Type.ARRAY ->
          schema.items().ifPresent(items -> array.forEach(item -> fill(items, item, false)));
      default -> {}
    }
  }
}
