package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Collection;
import java.util.stream.Collectors;

/// One thing that is wrong with an object, worded as Kubernetes words it.
///
/// @param reason machine-readable, e.g. `FieldValueRequired`
/// @param field path of the field, e.g. `spec.ports[0].port`
/// @param body what is wrong, without the path
public record FieldError(String reason, String field, String body) {

  static FieldError required(String field, String detail) {
    return new FieldError("FieldValueRequired", field, join("Required value", detail));
  }

  static FieldError invalid(String field, JsonNode value, String detail) {
    return new FieldError(
        "FieldValueInvalid", field, join("Invalid value: " + shown(value), detail));
  }

  static FieldError invalid(String field, String value, String detail) {
    return invalid(field, TextNode.valueOf(value), detail);
  }

  static FieldError typeInvalid(String field, JsonNode value, String detail) {
    return new FieldError(
        "FieldValueTypeInvalid", field, join("Invalid value: " + shown(value), detail));
  }

  static FieldError notSupported(String field, JsonNode value, Collection<String> supported) {
    var known = supported.stream().map(s -> '"' + s + '"').collect(Collectors.joining(", "));
    return new FieldError(
        "FieldValueNotSupported",
        field,
        join("Unsupported value: " + shown(value), "supported values: " + known));
  }

  static FieldError duplicate(String field, JsonNode value) {
    return new FieldError("FieldValueDuplicate", field, "Duplicate value: " + shown(value));
  }

  static FieldError forbidden(String field, String detail) {
    return new FieldError("FieldValueForbidden", field, join("Forbidden", detail));
  }

  static FieldError tooLong(String field, int bytes) {
    return new FieldError(
        "FieldValueTooLong",
        field,
        "Too long: may not be more than " + bytes + (bytes == 1 ? " byte" : " bytes"));
  }

  static FieldError tooMany(String field, int actual, int max) {
    return new FieldError(
        "FieldValueTooMany",
        field,
        "Too many: " + actual + ": must have at most " + max + (max == 1 ? " item" : " items"));
  }

  String message() {
    return field + ": " + body;
  }

  private static String join(String head, String detail) {
    return detail.isEmpty() ? head : head + ": " + detail;
  }

  private static String shown(JsonNode value) {
    return Json.write(value);
  }
}
