package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// What tells the items of a list map apart.
final class ListKeys {

  private ListKeys() {}

  /// The key fields of an item, those left out with their defaults, in order of their names.
  static ObjectNode of(Schema list, JsonNode item) {
    var key = Json.object();
    var schema = list.items();
    for (String name : list.keys().stream().sorted().toList()) {
      var value = item.get(name);
      if (value == null && schema.isPresent()) {
        value = preset(list, schema.get(), name);
      }
      if (value != null) {
        key.set(name, value);
      }
    }
    return key;
  }

  private static @org.jspecify.annotations.Nullable JsonNode preset(
      Schema list, Schema item, String name) {
    var declared = item.property(name).map(Schema::defaultValue).filter(d -> !d.isMissingNode());
    if (declared.isPresent()) {
      return declared.get();
    }
    // The published schemas lack the only default that built-in keys have.
    return name.equals("protocol") && list.keys().size() > 1
        ? com.fasterxml.jackson.databind.node.TextNode.valueOf("TCP")
        : null;
  }
}
