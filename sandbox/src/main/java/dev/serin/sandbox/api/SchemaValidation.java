package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Holds a custom resource against its schema, in the words of Kubernetes. What was wrong before a
/// write and did not change is let pass, as Kubernetes does since 1.30.
final class SchemaValidation {

  private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

  private final List<FieldError> errors;

  private SchemaValidation(List<FieldError> errors) {
    this.errors = errors;
  }

  static void validate(
      Schema schema, ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {
    var validation = new SchemaValidation(errors);
    for (String field : Json.names(object)) {
      if (!field.equals("metadata")) {
        var known = schema.field(field);
        if (known.isPresent()) {
          validation.value(
              known.get(), object.get(field), old == null ? null : old.get(field), field);
        }
      }
    }
    validation.required(schema, object, "");
    validation.junctors(schema, object, "");
  }

  private void value(Schema schema, JsonNode value, @Nullable JsonNode old, String path) {
    if (value.equals(old)) {
      return;
    }
    if (value.isNull()) {
      if (!schema.nullable() && schema.type() != Schema.Type.ANY) {
        wrongType(schema, "null", path);
      }
      return;
    }
    if (!fits(schema, value)) {
      wrongType(schema, typeOf(value), path);
      return;
    }
    enumeration(schema, value, path);
    switch (value) {
      case ObjectNode object -> object(schema, object, old, path);
      case ArrayNode array -> array(schema, array, old, path);
      case TextNode text -> text(schema, text, path);
      case JsonNode number when number.isNumber() -> number(schema, number, path);
      default -> {}
    }
    junctors(schema, value, path);
  }

  private void object(Schema schema, ObjectNode object, @Nullable JsonNode old, String path) {
    required(schema, object, path);
    limit(schema, "minProperties", object.size(), path, "properties", object);
    var most = schema.keyword("maxProperties");
    if (most.isNumber() && object.size() > most.asInt()) {
      errors.add(FieldError.tooMany(path, object.size(), most.asInt()));
    }
    object.forEachEntry(
        (name, child) ->
            schema
                .field(name)
                .ifPresent(
                    field ->
                        value(
                            field, child, old == null ? null : old.get(name), path + "." + name)));
  }

  private void array(Schema schema, ArrayNode array, @Nullable JsonNode old, String path) {
    limit(schema, "minItems", array.size(), path, "items", array);
    var most = schema.keyword("maxItems");
    if (most.isNumber() && array.size() > most.asInt()) {
      errors.add(FieldError.tooMany(path, array.size(), most.asInt()));
    }
    var items = schema.items();
    var seen = new HashSet<JsonNode>();
    for (int i = 0; i < array.size(); i++) {
      var item = array.get(i);
      var at = path + "[" + i + "]";
      if (items.isPresent()) {
        value(items.get(), item, former(schema, item, old), at);
      }
      switch (schema.listType()) {
        case ATOMIC -> {}
        case SET -> {
          if (!seen.add(item)) {
            errors.add(FieldError.duplicate(at, item));
          }
        }
        case MAP -> {
          var key = ListKeys.of(schema, item);
          if (!seen.add(key)) {
            errors.add(FieldError.duplicate(at, key));
          }
        }
      }
    }
  }

  private static @Nullable JsonNode former(Schema schema, JsonNode item, @Nullable JsonNode old) {
    if (old == null || schema.listType() != Schema.ListType.MAP) {
      return null;
    }
    var key = ListKeys.of(schema, item);
    for (JsonNode candidate : old) {
      if (ListKeys.of(schema, candidate).equals(key)) {
        return candidate;
      }
    }
    return null;
  }

  private void required(Schema schema, ObjectNode object, String path) {
    for (String name : schema.required()) {
      if (!object.has(name)) {
        errors.add(FieldError.required(path.isEmpty() ? name : path + "." + name, ""));
      }
    }
  }

  private void enumeration(Schema schema, JsonNode value, String path) {
    var allowed = schema.keyword("enum");
    if (!allowed.isArray()) {
      return;
    }
    var names = new ArrayList<String>();
    for (JsonNode option : allowed) {
      if (Json.owned(option).equals(value)) {
        return;
      }
      names.add(option.isTextual() ? option.asText() : Json.write(option));
    }
    errors.add(FieldError.notSupported(path, value, names));
  }

  private void text(Schema schema, TextNode text, String path) {
    int length = text.asText().codePointCount(0, text.asText().length());
    limit(schema, "minLength", length, path, "chars long", text);
    var most = schema.keyword("maxLength");
    if (most.isNumber() && length > most.asInt()) {
      errors.add(FieldError.tooLong(path, most.asInt()));
    }
    var pattern = schema.keyword("pattern").asText();
    if (!pattern.isEmpty()
        && !PATTERNS.computeIfAbsent(pattern, Pattern::compile).matcher(text.asText()).find()) {
      invalid(path, text, "should match '" + pattern + "'");
    }
    if (schema.type() == Schema.Type.STRING && !Formats.fits(schema.format(), text.asText())) {
      errors.add(
          FieldError.typeInvalid(
              path,
              text,
              path + " in body must be of type " + schema.format() + ": " + Json.write(text)));
    }
  }

  private void number(Schema schema, JsonNode number, String path) {
    var value = number.decimalValue();
    var least = schema.keyword("minimum");
    if (least.isNumber()) {
      boolean exclusive = schema.keyword("exclusiveMinimum").asBoolean();
      int order = value.compareTo(least.decimalValue());
      if (order < 0 || (exclusive && order == 0)) {
        invalid(
            path,
            number,
            "should be greater than " + (exclusive ? "" : "or equal to ") + least.asText());
      }
    }
    var most = schema.keyword("maximum");
    if (most.isNumber()) {
      boolean exclusive = schema.keyword("exclusiveMaximum").asBoolean();
      int order = value.compareTo(most.decimalValue());
      if (order > 0 || (exclusive && order == 0)) {
        invalid(
            path,
            number,
            "should be less than " + (exclusive ? "" : "or equal to ") + most.asText());
      }
    }
    var factor = schema.keyword("multipleOf");
    if (factor.isNumber()
        && value.remainder(factor.decimalValue()).compareTo(BigDecimal.ZERO) != 0) {
      invalid(path, number, "should be a multiple of " + factor.asText());
    }
  }

  private void limit(
      Schema schema, String keyword, int size, String path, String what, JsonNode value) {
    var least = schema.keyword(keyword);
    if (least.isNumber() && size < least.asInt()) {
      var verb = keyword.equals("minLength") ? "should be at least " : "should have at least ";
      invalid(path, value, verb + least.asInt() + " " + what);
    }
  }

  private void junctors(Schema schema, JsonNode value, String path) {
    for (Schema all : schema.junctor("allOf")) {
      value(all, value, null, path);
    }
    var any = schema.junctor("anyOf");
    if (!any.isEmpty() && any.stream().noneMatch(s -> holds(s, value))) {
      composite(path, "must validate at least one schema (anyOf)");
    }
    var one = schema.junctor("oneOf");
    long valid = one.stream().filter(s -> holds(s, value)).count();
    if (!one.isEmpty() && valid != 1) {
      composite(
          path,
          "must validate one and only one schema (oneOf). "
              + (valid == 0 ? "Found none valid" : "Found " + valid + " valid alternatives"));
    }
    if (schema.junctor("not").stream().anyMatch(s -> holds(s, value))) {
      composite(path, "must not validate the schema (not)");
    }
  }

  private static boolean holds(Schema schema, JsonNode value) {
    var inner = new SchemaValidation(new ArrayList<>());
    inner.value(schema, value, null, "");
    return inner.errors.isEmpty();
  }

  private void composite(String path, String what) {
    errors.add(FieldError.invalid(path, "", "\"" + path + "\" " + what));
  }

  private void invalid(String path, JsonNode value, String what) {
    errors.add(FieldError.invalid(path, value, path + " in body " + what));
  }

  private void wrongType(Schema schema, String actual, String path) {
    var expected =
        schema.type() == Schema.Type.INT_OR_STRING
            ? "integer,string"
            : schema.type().name().toLowerCase(java.util.Locale.ROOT);
    errors.add(
        FieldError.typeInvalid(
            path,
            TextNode.valueOf(actual),
            "%s in body must be of type %s: \"%s\"".formatted(path, expected, actual)));
  }

  private static boolean fits(Schema schema, JsonNode value) {
    return switch (schema.type()) {
      case OBJECT -> value.isObject();
      case ARRAY -> value.isArray();
      case STRING -> value.isTextual();
      case INTEGER -> value.isIntegralNumber() || isWhole(value);
      case NUMBER -> value.isNumber();
      case BOOLEAN -> value.isBoolean();
      case INT_OR_STRING -> value.isTextual() || value.isIntegralNumber();
      case ANY -> true;
    };
  }

  private static boolean isWhole(JsonNode value) {
    return value.isNumber() && value.asDouble() == Math.rint(value.asDouble());
  }

  private static String typeOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "array";
      case BOOLEAN -> "boolean";
      case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
      case STRING -> "string";
      default -> "object";
    };
  }
}
