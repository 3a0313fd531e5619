package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// Strategic merge patch: like a merge patch, but lists that the schema gives a merge key are
/// merged item by item, with the directives that kubectl sends.
final class StrategicMerge {

  private static final String DIRECTIVE = "$patch";
  private static final String ORDER = "$setElementOrder/";
  private static final String DELETE_FROM = "$deleteFromPrimitiveList/";
  private static final String RETAIN = "$retainKeys";

  private StrategicMerge() {}

  /// @return a new object; the given ones stay as they are, and may be shared by it
  static ObjectNode apply(Schema schema, ObjectNode object, ObjectNode patch) {
    var directive = Json.text(patch, DIRECTIVE);
    if (directive.equals("replace")) {
      var replaced = patch.deepCopy();
      replaced.remove(DIRECTIVE);
      return replaced;
    }
    if (directive.equals("delete")) {
      return Json.object();
    }
    var result = Json.object();
    result.setAll(object);
    retainKeys(result, patch);
    patch.forEachEntry(
        (name, value) -> {
          if (name.startsWith(DELETE_FROM)) {
            deleteFrom(result, name.substring(DELETE_FROM.length()), value);
          } else if (!name.startsWith("$")) {
            var order = patch.path(ORDER + name);
            field(schema, result, name, value, order);
          }
        });
    patch.forEachEntry(
        (name, order) -> {
          if (name.startsWith(ORDER) && !patch.has(name.substring(ORDER.length()))) {
            var list = name.substring(ORDER.length());
            if (result.get(list) instanceof ArrayNode present) {
              result.set(list, ordered(mergeKey(schema, list), present, order));
            }
          }
        });
    return result;
  }

  private static void field(
      Schema schema, ObjectNode result, String name, JsonNode value, JsonNode order) {
    if (value.isNull()) {
      result.remove(name);
      return;
    }
    var known = schema.field(name);
    var present = result.get(name);
    switch (value) {
      case ObjectNode inner when known.isPresent() -> {
        if (Json.text(inner, DIRECTIVE).equals("delete")) {
          result.remove(name);
        } else {
          result.set(
              name, apply(known.get(), present instanceof ObjectNode o ? o : Json.object(), inner));
        }
      }
      case ArrayNode list when known.isPresent() && known.get().patchStrategy().contains("merge") ->
          result.set(
              name,
              merged(known.get(), present instanceof ArrayNode a ? a : Json.array(), list, order));
      default -> result.set(name, value);
    }
  }

  private static ArrayNode merged(
      Schema schema, ArrayNode present, ArrayNode patch, JsonNode order) {
    var key = schema.patchMergeKey();
    for (JsonNode item : patch) {
      if (Json.text(item, DIRECTIVE).equals("replace")) {
        var replaced = Json.array();
        patch.forEach(
            i -> {
              if (!i.has(DIRECTIVE)) {
                replaced.add(i);
              }
            });
        return replaced;
      }
    }
    var items = new ArrayList<JsonNode>();
    present.forEach(items::add);
    for (JsonNode item : patch) {
      if (key.isEmpty()) {
        if (!items.contains(item)) {
          items.add(item);
        }
      } else {
        mergeItem(schema, items, key, item);
      }
    }
    var result = Json.array();
    items.forEach(result::add);
    return order.isArray() ? ordered(key, result, order) : result;
  }

  private static void mergeItem(Schema schema, List<JsonNode> items, String key, JsonNode item) {
    if (!item.has(key)) {
      throw ApiException.badRequest(
          "map: %s does not contain declared merge key: %s".formatted(Json.write(item), key));
    }
    int at = indexOf(items, key, item.get(key));
    if (Json.text(item, DIRECTIVE).equals("delete")) {
      if (at >= 0) {
        items.remove(at);
      }
      return;
    }
    var itemSchema = schema.items().orElseThrow();
    if (at < 0) {
      items.add(apply(itemSchema, Json.object(), (ObjectNode) item));
    } else {
      items.set(at, apply(itemSchema, (ObjectNode) items.get(at), (ObjectNode) item));
    }
  }

  private static int indexOf(List<JsonNode> items, String key, JsonNode value) {
    for (int i = 0; i < items.size(); i++) {
      if (Json.owned(items.get(i).path(key)).equals(Json.owned(value))) {
        return i;
      }
    }
    return -1;
  }

  /// Items in the order that the patch asks for; those that it does not name keep their place
  /// behind the item that they followed.
  private static ArrayNode ordered(String key, ArrayNode list, JsonNode order) {
    var rest = new ArrayList<JsonNode>();
    list.forEach(rest::add);
    var result = new ArrayList<JsonNode>();
    for (JsonNode wanted : order) {
      var value = key.isEmpty() ? wanted : wanted.path(key);
      int at = key.isEmpty() ? rest.indexOf(wanted) : indexOf(rest, key, value);
      if (at >= 0) {
        result.add(rest.remove(at));
      }
    }
    for (JsonNode unnamed : rest) {
      int was = indexIn(list, unnamed);
      int place = 0;
      while (place < result.size() && indexIn(list, result.get(place)) < was) {
        place++;
      }
      result.add(place, unnamed);
    }
    var sorted = Json.array();
    result.forEach(sorted::add);
    return sorted;
  }

  private static int indexIn(ArrayNode list, JsonNode item) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).equals(item)) {
        return i;
      }
    }
    return list.size();
  }

  private static void deleteFrom(ObjectNode result, String name, JsonNode values) {
    if (result.get(name) instanceof ArrayNode present) {
      var kept = Json.array();
      for (JsonNode item : present) {
        boolean deleted = false;
        for (JsonNode value : values) {
          deleted |= value.equals(item);
        }
        if (!deleted) {
          kept.add(item);
        }
      }
      result.set(name, kept);
    }
  }

  private static void retainKeys(ObjectNode result, ObjectNode patch) {
    if (patch.get(RETAIN) instanceof ArrayNode retained) {
      var names = new ArrayList<String>();
      retained.forEach(name -> names.add(name.asText()));
      for (String name : Json.names(result)) {
        if (!names.contains(name)) {
          result.remove(name);
        }
      }
    }
  }

  private static String mergeKey(Schema schema, String list) {
    return schema.field(list).map(Schema::patchMergeKey).orElse("");
  }
}
