package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a value looks like, as OpenAPI describes it: of a custom resource from its definition, of a
/// built-in kind from the schemas that Kubernetes publishes.
///
/// Parts are read when they are first asked for, because the built-in schemas are large and refer
/// to themselves.
final class Schema {

  /// What a value is.
  enum Type {
    OBJECT,
    ARRAY,
    STRING,
    INTEGER,
    NUMBER,
    BOOLEAN,
    INT_OR_STRING,
    ANY
  }

  /// What is written for a field that nobody set.
  enum Zero {
    /// Nothing; what is set to zero is written.
    UNSET,
    /// Nothing, and what is set to zero, empty or false is left out.
    OMITTED,
    /// `null`.
    NULL,
    /// An object with what is written in it.
    STRUCT,
    /// "".
    TEXT,
    /// 0.
    NUMBER,
    /// `false`.
    FALSE;

    boolean written() {
      return this != UNSET && this != OMITTED;
    }
  }

  /// How the items of a list are told apart when somebody owns some of them.
  enum ListType {
    /// Not at all: the list is one value.
    ATOMIC,
    /// By their value.
    SET,
    /// By some of their fields.
    MAP
  }

  /// Of a value that no schema describes.
  static final Schema UNTYPED =
      new Schema(
          Json.object().put("x-kubernetes-preserve-unknown-fields", true),
          name -> {
            throw new IllegalArgumentException("no definition is called " + name);
          });

  private final JsonNode raw;
  private final Function<String, Schema> definitions;
  private final Map<String, Optional<Schema>> parts = new ConcurrentHashMap<>();
  private final Type type;
  private final ListType listType;
  private final List<String> keys;
  private volatile @Nullable List<CelRule> rules;
  private volatile @Nullable Map<String, Zero> alwaysWritten;
  private volatile @Nullable Boolean hasRules;

  private Schema(JsonNode raw, Function<String, Schema> definitions) {
    this.raw = raw;
    this.definitions = definitions;
    type = typeOf(raw);
    listType =
        switch (raw.path("x-kubernetes-list-type").asText()) {
          case "map" -> ListType.MAP;
          case "set" -> ListType.SET;
          default -> ListType.ATOMIC;
        };
    keys = strings(raw.path("x-kubernetes-list-map-keys"));
  }

  /// @param raw the schema as JSON
  /// @param definitions finds what a `$ref` names
  static Schema of(JsonNode raw, Function<String, Schema> definitions) {
    var reference = raw.get("$ref");
    if (reference == null) {
      return new Schema(raw, definitions);
    }
    var definition = definitions.apply(reference.asText());
    if (raw.size() == 1) {
      return definition;
    }
    ObjectNode merged = definition.raw.deepCopy();
    raw.forEachEntry(
        (name, value) -> {
          if (!name.equals("$ref")) {
            merged.set(name, value);
          }
        });
    return new Schema(merged, definitions);
  }

  /// The schema of a custom resource: no references, and `metadata` as every object has it.
  static Schema custom(JsonNode raw) {
    ObjectNode root = raw.isObject() ? raw.deepCopy() : Json.object().put("type", "object");
    var properties = Json.child(root, "properties");
    properties.putObject("apiVersion").put("type", "string");
    properties.putObject("kind").put("type", "string");
    properties.putObject("metadata").put("$ref", BuiltIns.OBJECT_META);
    return new Schema(root, BuiltIns::schema);
  }

  Type type() {
    return type;
  }

  ListType listType() {
    return listType;
  }

  /// Fields by which the items of a list are told apart.
  List<String> keys() {
    return keys;
  }

  /// The schema of a declared field of an object.
  Optional<Schema> property(String name) {
    var declared = raw.path("properties").get(name);
    return declared == null ? Optional.empty() : part("p:" + name, declared);
  }

  List<String> propertyNames() {
    return Json.names(raw.path("properties"));
  }

  /// The schema of the fields of an object that are not declared, if it is a map.
  Optional<Schema> additional() {
    var additional = raw.path("additionalProperties");
    return additional.isObject() ? part("additional", additional) : Optional.empty();
  }

  /// The schema of a field of an object, declared or not.
  Optional<Schema> field(String name) {
    return property(name).or(this::additional);
  }

  Optional<Schema> items() {
    var items = raw.path("items");
    return items.isObject() ? part("items", items) : Optional.empty();
  }

  /// Whether an object keeps fields that are not declared.
  boolean preservesUnknown() {
    return raw.path("x-kubernetes-preserve-unknown-fields").asBoolean()
        || raw.path("additionalProperties").asBoolean()
        || type == Type.ANY
        || (type == Type.OBJECT && !raw.has("properties") && !raw.has("additionalProperties"));
  }

  /// Whether an object holds a whole Kubernetes object.
  boolean embedsObject() {
    return raw.path("x-kubernetes-embedded-resource").asBoolean();
  }

  /// Whether an object is one value to those who own its fields.
  boolean atomicMap() {
    return raw.path("x-kubernetes-map-type").asText().equals("atomic");
  }

  /// Whether an object is one value because nothing is known of its content.
  boolean isOpaque() {
    return type == Type.OBJECT
        && !raw.has("properties")
        && !raw.has("additionalProperties")
        && !raw.path("x-kubernetes-preserve-unknown-fields").asBoolean();
  }

  /// Whether an object is a map, not a struct.
  boolean isMap() {
    return type == Type.OBJECT
        && raw.path("additionalProperties").isObject()
        && !raw.has("properties");
  }

  boolean nullable() {
    return raw.path("nullable").asBoolean();
  }

  /// What the server writes for a field that nobody set.
  Zero zero() {
    return switch (raw.path("x-zero").asText()) {
      case "struct" -> Zero.STRUCT;
      case "null" -> Zero.NULL;
      case "text" -> Zero.TEXT;
      case "number" -> Zero.NUMBER;
      case "false" -> Zero.FALSE;
      case "omit" -> Zero.OMITTED;
      default -> Zero.UNSET;
    };
  }

  /// The declared fields that the server writes though nobody set them.
  Map<String, Zero> alwaysWritten() {
    var known = alwaysWritten;
    if (known == null) {
      known = new TreeMap<>();
      for (String name : propertyNames()) {
        var zero = property(name).map(Schema::zero).orElse(Zero.UNSET);
        if (zero.written()) {
          known.put(name, zero);
        }
      }
      alwaysWritten = known;
    }
    return known;
  }

  List<String> required() {
    return strings(raw.path("required"));
  }

  /// The value of a field that the caller left out, or a missing node.
  JsonNode defaultValue() {
    return raw.path("default");
  }

  String patchStrategy() {
    return raw.path("x-kubernetes-patch-strategy").asText();
  }

  String patchMergeKey() {
    return raw.path("x-kubernetes-patch-merge-key").asText();
  }

  String format() {
    return raw.path("format").asText();
  }

  /// A keyword such as `minimum`, or a missing node.
  JsonNode keyword(String name) {
    return raw.path(name);
  }

  /// The schemas under `allOf`, `anyOf`, `oneOf` or `not`.
  List<Schema> junctor(String name) {
    var found = new ArrayList<Schema>();
    var list = raw.path(name);
    if (list.isObject()) {
      part(name, list).ifPresent(found::add);
    }
    for (int i = 0; i < list.size() && list.isArray(); i++) {
      part(name + i, list.get(i)).ifPresent(found::add);
    }
    return found;
  }

  /// The rules under `x-kubernetes-validations`.
  List<CelRule> rules() {
    var known = rules;
    if (known == null) {
      known = CelRule.all(raw.path("x-kubernetes-validations"));
      rules = known;
    }
    return known;
  }

  /// Whether this schema or one below it has rules.
  boolean hasRules() {
    var known = hasRules;
    if (known == null) {
      known = raw.findValue("x-kubernetes-validations") != null;
      hasRules = known;
    }
    return known;
  }

  private Optional<Schema> part(String key, JsonNode node) {
    var known = parts.get(key);
    if (known == null) {
      known = Optional.of(of(node, definitions));
      parts.put(key, known);
    }
    return known;
  }

  private static Type typeOf(JsonNode raw) {
    if (raw.path("x-kubernetes-int-or-string").asBoolean()
        || raw.path("format").asText().equals("int-or-string")) {
      return Type.INT_OR_STRING;
    }
    return switch (raw.path("type").asText()) {
      case "object" -> Type.OBJECT;
      case "array" -> Type.ARRAY;
      case "string" -> Type.STRING;
      case "integer" -> Type.INTEGER;
      case "number" -> Type.NUMBER;
      case "boolean" -> Type.BOOLEAN;
      default -> Type.ANY;
    };
  }

  private static List<String> strings(JsonNode list) {
    var found = new ArrayList<String>(list.size());
    list.forEach(item -> found.add(item.asText()));
    return List.copyOf(found);
  }
}
