package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Objects seen as trees of fields that can be owned: what paths an object has, what changed
/// between two, and an object without some of its paths. Follows `structured-merge-diff` of
/// Kubernetes.
final class Typed {

  static final String FIELD = "f:";
  static final String KEY = "k:";
  static final String VALUE = "v:";

  private Typed() {}

  /// What changed between two objects; no path is in two of the sets.
  record Comparison(FieldSet removed, FieldSet modified, FieldSet added) {

    FieldSet addedOrModified() {
      return added.union(modified);
    }
  }

  /// The paths of an object.
  static FieldSet paths(Schema schema, ObjectNode object) {
    var set = new FieldSet.Builder();
    collect(schema, object, set);
    return set.build();
  }

  private static void collect(Schema schema, JsonNode value, FieldSet.Builder at) {
    switch (value) {
      case ObjectNode object when !isAtomic(schema, object) ->
          object.forEachEntry(
              (name, child) -> {
                var below = at.child(FIELD + name);
                var field = schema.field(name);
                collect(field.orElse(Schema.UNTYPED), child, below);
                if (child.isNull()
                    || (child.isObject() && child.isEmpty())
                    || schema.property(name).isEmpty()) {
                  below.insert();
                }
              });
      case ArrayNode list when isAssociative(schema) -> {
        for (JsonNode item : list) {
          var below = at.child(element(schema, item));
          collect(schema.items().orElse(Schema.UNTYPED), item, below);
          below.insert();
        }
      }
      default -> at.insert();
    }
  }

  static Comparison compare(Schema schema, ObjectNode before, ObjectNode after) {
    var removed = new FieldSet.Builder();
    var modified = new FieldSet.Builder();
    var added = new FieldSet.Builder();
    new Comparer(removed, modified, added).compare(schema, before, after);
    return new Comparison(removed.build(), modified.build(), added.build());
  }

  /// Where a comparison stands in its three sets.
  private record Comparer(
      FieldSet.Builder removed, FieldSet.Builder modified, FieldSet.Builder added) {

    private Comparer at(String element) {
      return new Comparer(removed.child(element), modified.child(element), added.child(element));
    }

    void compare(Schema schema, @Nullable JsonNode before, @Nullable JsonNode after) {
      if (!descend(schema, before, after)) {
        leaf(before, after);
      } else if (before == null) {
        added.insert();
      } else if (after == null) {
        removed.insert();
      }
    }

    private void leaf(@Nullable JsonNode before, @Nullable JsonNode after) {
      if (before == null) {
        added.insert();
      } else if (after == null) {
        removed.insert();
      } else {
        modified.insert();
      }
    }

    /// Compares what is below; false where there is nothing below to be owned by itself.
    private boolean descend(Schema schema, @Nullable JsonNode before, @Nullable JsonNode after) {
      var some = isNull(before) ? after : before;
      if (some == null || !sameForm(before, after) || (size(before) == 0 && size(after) == 0)) {
        return false;
      }
      if (some instanceof ObjectNode object && !isAtomic(schema, object)) {
        var names = new TreeSet<String>();
        collectNames(before, names);
        collectNames(after, names);
        for (String name : names) {
          var old = get(before, name);
          var current = get(after, name);
          if (!Objects.equals(old, current)) {
            at(FIELD + name).compare(schema.field(name).orElse(Schema.UNTYPED), old, current);
          }
        }
        return true;
      }
      if (some instanceof ArrayNode && isAssociative(schema)) {
        var old = index(schema, before);
        var current = index(schema, after);
        var elements = new TreeSet<>(old.keySet());
        elements.addAll(current.keySet());
        var items = schema.items().orElse(Schema.UNTYPED);
        for (String element : elements) {
          if (!Objects.equals(old.get(element), current.get(element))) {
            at(element).compare(items, old.get(element), current.get(element));
          }
        }
        return true;
      }
      return false;
    }

    /// Nothing has whatever form the other has.
    private static boolean sameForm(@Nullable JsonNode before, @Nullable JsonNode after) {
      return before == null
          || after == null
          || before.isNull()
          || after.isNull()
          || before.getNodeType() == after.getNodeType();
    }

    private static boolean isNull(@Nullable JsonNode node) {
      return node == null || node.isNull();
    }

    private static int size(@Nullable JsonNode node) {
      return node == null ? 0 : node.size();
    }

    private static @Nullable JsonNode get(@Nullable JsonNode node, String name) {
      return node == null ? null : node.get(name);
    }

    private static void collectNames(@Nullable JsonNode node, TreeSet<String> names) {
      if (node != null) {
        names.addAll(Json.names(node));
      }
    }
  }

  /// An object without the given paths; shares what it keeps whole.
  static ObjectNode without(Schema schema, ObjectNode object, FieldSet paths) {
    return removeFrom(schema, object, paths) instanceof ObjectNode left ? left : Json.object();
  }

  private static @Nullable JsonNode removeFrom(Schema schema, JsonNode value, FieldSet paths) {
    if (paths.isEmpty()) {
      return value;
    }
    return switch (value) {
      case ObjectNode object when !object.isEmpty() && !isAtomic(schema, object) -> {
        var left = Json.object();
        object.forEachEntry(
            (name, child) -> {
              var element = FIELD + name;
              if (!paths.has(element)) {
                set(
                    left,
                    name,
                    removeFrom(
                        schema.field(name).orElse(Schema.UNTYPED), child, paths.below(element)));
              }
            });
        yield left.isEmpty() ? null : left;
      }
      case ArrayNode list when !list.isEmpty() && isAssociative(schema) -> {
        var left = Json.array();
        for (JsonNode item : list) {
          var element = element(schema, item);
          if (!paths.has(element)) {
            var kept =
                removeFrom(schema.items().orElse(Schema.UNTYPED), item, paths.below(element));
            if (kept != null) {
              left.add(kept);
            }
          }
        }
        yield left.isEmpty() ? null : left;
      }
      case ObjectNode _, ArrayNode _ -> null;
      default -> value;
    };
  }

  private static void set(ObjectNode object, String name, @Nullable JsonNode value) {
    if (value != null) {
      object.set(name, value);
    }
  }

  /// The items of a list by their path element, the first of each.
  static Map<String, JsonNode> index(Schema schema, @Nullable JsonNode list) {
    var items = new LinkedHashMap<String, JsonNode>();
    if (list != null) {
      for (JsonNode item : list) {
        items.putIfAbsent(element(schema, item), item);
      }
    }
    return items;
  }

  /// The path element of an item of a list.
  static String element(Schema list, JsonNode item) {
    return list.listType() == Schema.ListType.MAP
        ? KEY + Json.write(ListKeys.of(list, item))
        : VALUE + Json.write(item);
  }

  static boolean isAtomic(Schema schema, ObjectNode object) {
    return schema.atomicMap() || (schema.isOpaque() && !object.isEmpty());
  }

  static boolean isAssociative(Schema schema) {
    return schema.type() == Schema.Type.ARRAY && schema.listType() != Schema.ListType.ATOMIC;
  }
}
