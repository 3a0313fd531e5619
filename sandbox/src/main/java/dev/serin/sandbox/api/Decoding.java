package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/// Makes of what a caller sent an object of its kind: a copy of its own, without fields that the
/// kind does not know. Built-in kinds are read as their Go types read them: a wrong type is a bad
/// request, and what is zero and may be left out is left out.
final class Decoding {

  private final Kind kind;
  private final String name;
  private final List<String> unknown = new ArrayList<>();

  private enum Kind {
    BUILT_IN,
    CUSTOM
  }

  private Decoding(Kind kind, String name) {
    this.kind = kind;
    this.name = name;
  }

  /// @param strict refuse unknown fields
  /// @throws ApiException 400 when it cannot be read
  static ObjectNode decode(StoredKind.Version version, ObjectNode given, boolean strict) {
    var object = Json.own(given);
    var decoding =
        new Decoding(
            version.custom() ? Kind.CUSTOM : Kind.BUILT_IN,
            "%s in version \"%s\"".formatted(version.kind().kind(), version.kind().version()));
    decoding.object(version.schema(), object, "");
    if (strict && !decoding.unknown.isEmpty()) {
      throw ApiException.badRequest(
          "strict decoding error: "
              + String.join(
                  ", ",
                  decoding.unknown.stream()
                      .map(f -> "unknown field \"%s\"".formatted(f))
                      .toList()));
    }
    return object;
  }

  private void object(Schema schema, ObjectNode object, String path) {
    for (String field : Json.names(object)) {
      var value = object.get(field);
      var at = path.isEmpty() ? field : path + "." + field;
      var known = schema.field(field);
      if (known.isEmpty()) {
        if (!schema.preservesUnknown() && !(schema.embedsObject() && isTypeMeta(field))) {
          unknown.add(at);
          object.remove(field);
        }
        continue;
      }
      boolean typed = kind == Kind.BUILT_IN || at.startsWith("metadata.");
      if (typed) {
        var read = typed(known.get(), value, at);
        if (read.isMissingNode()) {
          object.remove(field);
          continue;
        }
        object.set(field, read);
        value = read;
      }
      descend(known.get(), value, at);
      if (typed && emptied(known.get(), value)) {
        object.remove(field);
      }
    }
    if (kind == Kind.BUILT_IN) {
      writeZeros(schema, object);
    }
  }

  /// Adds what Go writes for fields that nobody set, but for `null`.
  static void writeZeros(Schema schema, ObjectNode object) {
    schema
        .alwaysWritten()
        .forEach(
            (name, zero) -> {
              if (!object.has(name)) {
                switch (zero) {
                  case STRUCT ->
                      writeZeros(schema.property(name).orElseThrow(), object.putObject(name));
                  case TEXT -> object.put(name, "");
                  case NUMBER -> object.put(name, 0);
                  case FALSE -> object.put(name, false);
                  case NULL, UNSET, OMITTED -> {}
                }
              }
            });
  }

  /// An object of a built-in kind that nobody set a field of; what is `null` in it is there.
  static ObjectNode zero(Schema schema) {
    var object = Json.object();
    schema
        .alwaysWritten()
        .forEach(
            (name, zero) -> {
              switch (zero) {
                case STRUCT -> object.set(name, zero(schema.property(name).orElseThrow()));
                case NULL -> object.putNull(name);
                case TEXT -> object.put(name, "");
                case NUMBER -> object.put(name, 0);
                case FALSE -> object.put(name, false);
                case UNSET, OMITTED -> {}
              }
            });
    return object;
  }

  private void descend(Schema schema, JsonNode value, String path) {
    switch (value) {
      case ObjectNode object when schema.type() == Schema.Type.OBJECT ->
          object(schema, object, path);
      case ArrayNode array when schema.type() == Schema.Type.ARRAY ->
          schema
              .items()
              .ifPresent(
                  items -> {
                    for (int i = 0; i < array.size(); i++) {
                      descend(items, array.get(i), path + "[" + i + "]");
                    }
                  });
      default -> {}
    }
  }

  /// The value as a Go type reads it; a missing node where it is left out.
  private JsonNode typed(Schema schema, JsonNode value, String path) {
    if (value.isNull()) {
      return Json.object().path("");
    }
    boolean fits =
        switch (schema.type()) {
          case OBJECT -> value.isObject();
          case ARRAY -> value.isArray();
          case STRING -> value.isTextual() || (value.isNumber() && isQuantity(schema));
          case INTEGER -> value.isIntegralNumber();
          case NUMBER -> value.isNumber();
          case BOOLEAN -> value.isBoolean();
          case INT_OR_STRING -> value.isTextual() || value.isIntegralNumber();
          case ANY -> true;
        };
    if (!fits) {
      throw ApiException.badRequest(
          "%s cannot be handled as a %s: json: cannot unmarshal %s into Go struct field .%s of type %s"
              .formatted(
                  name,
                  name.substring(0, name.indexOf(' ')),
                  described(value),
                  path,
                  goType(schema)));
    }
    if (schema.type() == Schema.Type.STRING && value.isNumber()) {
      return TextNode.valueOf(value.asText());
    }
    if (schema.zero() == Schema.Zero.OMITTED
        && (value.asText().isEmpty()
            || (value.isBoolean() && !value.asBoolean())
            || (value.isNumber() && value.asDouble() == 0))) {
      return Json.object().path("");
    }
    return value;
  }

  /// Go leaves out empty maps and lists, but not empty structs.
  private static boolean emptied(Schema schema, JsonNode value) {
    return value.isEmpty() && (value.isArray() || (value.isObject() && schema.isMap()));
  }

  private static boolean isQuantity(Schema schema) {
    return schema.format().equals("quantity");
  }

  private static boolean isTypeMeta(String field) {
    return field.equals("apiVersion") || field.equals("kind") || field.equals("metadata");
  }

  private static String described(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> "string";
      case NUMBER -> "number" + (value.isIntegralNumber() ? "" : " " + value.asText());
      case BOOLEAN -> "bool";
      case ARRAY -> "array";
      default -> "object";
    };
  }

  private static String goType(Schema schema) {
    return switch (schema.type()) {
      case INTEGER -> schema.format().isEmpty() ? "int64" : schema.format();
      case NUMBER -> "float64";
      case BOOLEAN -> "bool";
      case STRING -> "string";
      case ARRAY -> "[]" + schema.items().map(Decoding::goType).orElse("interface {}");
      default -> "map[string]interface {}";
    };
  }
}
