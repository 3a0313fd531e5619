package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// JSON merge patch, RFC 7396.
final class MergePatch {

  private MergePatch() {}

  /// @return a new object; the given ones stay as they are, and may be shared by it
  static ObjectNode apply(ObjectNode object, ObjectNode patch) {
    var result = Json.object();
    result.setAll(object);
    patch.forEachEntry(
        (name, value) -> {
          if (value.isNull()) {
            result.remove(name);
          } else if (value instanceof ObjectNode inner) {
            var present = result.get(name) instanceof ObjectNode o ? o : Json.object();
            result.set(name, apply(present, inner));
          } else {
            result.set(name, value);
          }
        });
    return result;
  }
}
