package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A set of paths into an object, as `fieldsV1` of `metadata.managedFields` writes it. Immutable.
///
/// The elements of a path are texts: `f:name` is a field, `k:{…}` the item of a list with these
/// keys, `v:…` the item of a set with this value.
final class FieldSet {

  static final FieldSet EMPTY = new FieldSet(false, new TreeMap<>());
  private static final FieldSet LEAF = new FieldSet(true, new TreeMap<>());
  private static final String SELF = ".";

  /// Whether the path that leads here is in the set itself.
  private final boolean member;

  private final Map<String, FieldSet> children;

  private FieldSet(boolean member, Map<String, FieldSet> children) {
    this.member = member;
    this.children = children;
  }

  /// Collects paths.
  static final class Builder {
    private boolean member;
    private final TreeMap<String, Builder> children = new TreeMap<>();

    Builder child(String element) {
      return children.computeIfAbsent(element, e -> new Builder());
    }

    void insert() {
      member = true;
    }

    FieldSet build() {
      var built = new TreeMap<String, FieldSet>();
      children.forEach((element, child) -> put(built, element, child.build()));
      return of(member, built);
    }
  }

  private static FieldSet of(boolean member, Map<String, FieldSet> children) {
    return children.isEmpty() ? (member ? LEAF : EMPTY) : new FieldSet(member, children);
  }

  private static void put(Map<String, FieldSet> children, String element, FieldSet child) {
    if (child.member || !child.children.isEmpty()) {
      children.put(element, child);
    }
  }

  /// Reads `fieldsV1`.
  static FieldSet parse(JsonNode fields) {
    var root = new Builder();
    read(fields, root);
    return root.build();
  }

  private static void read(JsonNode node, Builder builder) {
    node.forEachEntry(
        (element, child) -> {
          if (element.equals(SELF)) {
            builder.insert();
          } else {
            var at = builder.child(element);
            if (child.isEmpty()) {
              at.insert();
            }
            read(child, at);
          }
        });
  }

  /// Writes `fieldsV1`.
  ObjectNode toJson() {
    var json = Json.object();
    children.forEach(
        (element, child) -> {
          var inner = child.toJson();
          if (child.member && !child.children.isEmpty()) {
            var withSelf = Json.object();
            withSelf.putObject(SELF);
            withSelf.setAll(inner);
            inner = withSelf;
          }
          json.set(element, inner);
        });
    return json;
  }

  boolean isEmpty() {
    return children.isEmpty();
  }

  /// Whether the path of this one element is in the set.
  boolean has(String element) {
    var child = children.get(element);
    return child != null && child.member;
  }

  /// The set below an element, with paths relative to it.
  FieldSet below(String element) {
    var child = children.get(element);
    return child == null ? EMPTY : child;
  }

  FieldSet union(FieldSet other) {
    if (other.children.isEmpty() && (member || !other.member)) {
      return this;
    }
    var united = new TreeMap<>(children);
    other.children.forEach((element, child) -> united.merge(element, child, FieldSet::union));
    return of(member || other.member, united);
  }

  FieldSet intersection(FieldSet other) {
    var common = new TreeMap<String, FieldSet>();
    children.forEach(
        (element, child) -> put(common, element, child.intersection(other.below(element))));
    return of(member && other.member, common);
  }

  /// The paths that are not in the other set; a path stays though one above it goes.
  FieldSet difference(FieldSet other) {
    if (other.children.isEmpty() && !other.member) {
      return this;
    }
    var left = new TreeMap<String, FieldSet>();
    children.forEach(
        (element, child) -> put(left, element, child.difference(other.below(element))));
    return of(member && !other.member, left);
  }

  /// This set with a field of the root and all below it, or without.
  FieldSet only(String element) {
    var left = new TreeMap<String, FieldSet>();
    put(left, element, below(element));
    return of(false, left);
  }

  FieldSet without(String element) {
    var left = new TreeMap<>(children);
    left.remove(element);
    return of(member, left);
  }

  /// With each declared field that has something below it a member itself.
  FieldSet withNamedFields(Schema schema) {
    var named = new TreeMap<String, FieldSet>();
    for (Map.Entry<String, FieldSet> entry : children.entrySet()) {
      var element = entry.getKey();
      var below = schema(schema, element);
      boolean declared =
          element.startsWith(Typed.FIELD)
              && schema.property(element.substring(Typed.FIELD.length())).isPresent();
      var child = entry.getValue().withNamedFields(below);
      named.put(
          element,
          declared && !child.children.isEmpty() ? new FieldSet(true, child.children) : child);
    }
    return of(member, named);
  }

  private static Schema schema(Schema schema, String element) {
    return element.startsWith(Typed.FIELD)
        ? schema.field(element.substring(Typed.FIELD.length())).orElse(Schema.UNTYPED)
        : schema.items().orElse(Schema.UNTYPED);
  }

  /// Every path, as messages write it: `.spec.containers[name="app"].image`.
  void forEachPath(Consumer<String> action) {
    walk("", action);
  }

  private void walk(String path, Consumer<String> action) {
    if (member) {
      action.accept(path);
    }
    children.forEach((element, child) -> child.walk(path + shown(element), action));
  }

  /// An element as messages write it.
  static String shown(String element) {
    var rest = element.substring(2);
    return switch (element.substring(0, 2)) {
      case Typed.KEY -> {
        var parts = new StringBuilder("[");
        Json.parse(rest)
            .forEachEntry(
                (name, value) ->
                    parts
                        .append(parts.length() > 1 ? "," : "")
                        .append(name)
                        .append('=')
                        .append(Json.write(value)));
        yield parts.append(']').toString();
      }
      case Typed.VALUE -> "[=" + rest + "]";
      default -> "." + rest;
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FieldSet set && set.member == member && set.children.equals(children);
  }

  @Override
  public int hashCode() {
    return children.hashCode() * 2 + (member ? 1 : 0);
  }

  @Override
  public String toString() {
    return toJson().toString();
  }
}
