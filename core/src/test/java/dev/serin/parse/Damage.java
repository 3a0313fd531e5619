package dev.serin.parse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// Values that somebody has broken.
public final class Damage {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /// What is found where something else was meant.
  private static final List<JsonNode> STRAYS =
      List.of(
          JSON.textNode("?"),
          JSON.textNode(""),
          JSON.numberNode(-1),
          JSON.numberNode(1e30),
          JSON.booleanNode(true),
          NullNode.getInstance(),
          JSON.arrayNode(),
          JSON.arrayNode().add(JSON.arrayNode()).add("x").addNull(),
          JSON.objectNode(),
          JSON.objectNode().put("is", 1));

  private Damage() {}

  /// The value with each of its parts replaced by each stray, one at a time.
  public static List<JsonNode> each(ObjectNode whole) {
    var damaged = new ArrayList<JsonNode>();
    for (var field : whole.properties()) {
      for (var part : parts(field.getValue())) {
        damaged.add(whole.deepCopy().set(field.getKey(), part));
      }
    }
    return damaged;
  }

  private static List<JsonNode> parts(JsonNode value) {
    var damaged = new ArrayList<>(STRAYS);
    switch (value) {
      case ObjectNode object -> damaged.addAll(each(object));
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          for (var part : parts(array.get(i))) {
            var copy = array.deepCopy();
            copy.set(i, part);
            damaged.add(copy);
          }
        }
      }
      default -> {}
    }
    return damaged;
  }
}
