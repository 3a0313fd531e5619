package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lays an applied configuration over a live object: maps and lists with keys are merged, anything
/// else is replaced.
final class TypedMerge {

  private TypedMerge() {}

  /// @return a new object that shares parts with the given ones
  static ObjectNode merge(Schema schema, ObjectNode live, ObjectNode configuration) {
    return (ObjectNode) mergeValues(schema, live, configuration);
  }

  private static JsonNode mergeValues(
      Schema schema, @Nullable JsonNode live, @Nullable JsonNode applied) {
    if (applied == null) {
      return java.util.Objects.requireNonNull(live);
    }
    if (live == null || live.getNodeType() != applied.getNodeType()) {
      return applied;
    }
    return switch (applied) {
      case ObjectNode object when !object.isEmpty() && !Typed.isAtomic(schema, object) -> {
        var merged = Json.object();
        merged.setAll((ObjectNode) live);
        object.forEachEntry(
            (name, value) ->
                merged.set(
                    name,
                    mergeValues(schema.field(name).orElse(Schema.UNTYPED), live.get(name), value)));
        yield merged;
      }
      case ObjectNode object when object.isEmpty() && !live.isEmpty() && !isLeaf(schema, live) ->
          live;
      case ArrayNode list when Typed.isAssociative(schema) ->
          mergeLists(schema, (ArrayNode) live, list);
      default -> applied;
    };
  }

  private static boolean isLeaf(Schema schema, JsonNode live) {
    return live instanceof ObjectNode object && Typed.isAtomic(schema, object);
  }

  /// Items of both lists: in the order of the configuration, and those that only the live list has
  /// at the place behind the shared item that they follow there.
  private static ArrayNode mergeLists(Schema schema, ArrayNode live, ArrayNode applied) {
    var liveItems = Typed.index(schema, live);
    var appliedItems = Typed.index(schema, applied);
    List<String> left = new ArrayList<>(liveItems.keySet());
    List<String> right = new ArrayList<>(appliedItems.keySet());
    var order = order(left, right);
    var merged = Json.array();
    var items = schema.items().orElse(Schema.UNTYPED);
    for (String element : order) {
      merged.add(mergeValues(items, liveItems.get(element), appliedItems.get(element)));
    }
    return merged;
  }

  private static List<String> order(List<String> live, List<String> applied) {
    var known = new HashSet<>(applied);
    var order = new LinkedHashSet<String>();
    int at = 0;
    for (String wanted : applied) {
      if (order.contains(wanted)) {
        continue;
      }
      if (live.contains(wanted)) {
        int shared = live.indexOf(wanted);
        for (; at < shared; at++) {
          if (!known.contains(live.get(at))) {
            order.add(live.get(at));
          }
        }
        at = Math.max(at, shared + 1);
      } else {
        while (at < live.size() && !known.contains(live.get(at))) {
          order.add(live.get(at++));
        }
      }
      order.add(wanted);
    }
    for (; at < live.size(); at++) {
      if (!known.contains(live.get(at))) {
        order.add(live.get(at));
      }
    }
    return List.copyOf(order);
  }
}
