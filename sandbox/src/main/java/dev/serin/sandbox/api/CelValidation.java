package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.serin.sandbox.api.CelEnvironment.Expression;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Holds a custom resource against the rules of its schema (`x-kubernetes-validations`).
final class CelValidation {

  private static final List<String> BLOCKING =
      List.of(
          "FieldValueRequired",
          "FieldValueTooLong",
          "FieldValueTooMany",
          "FieldValueTypeInvalid",
          "FieldValueNotSupported");

  private final List<FieldError> errors;

  private CelValidation(List<FieldError> errors) {
    this.errors = errors;
  }

  /// @param errors what is wrong already; grave errors keep the rules from being asked
  static void validate(
      Schema schema, ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {
    if (!schema.hasRules()) {
      return;
    }
    if (errors.stream().anyMatch(e -> BLOCKING.contains(e.reason()))) {
      errors.add(
          new FieldError(
              "FieldValueInvalid",
              "<nil>",
              "Invalid value: null: some validation rules were not checked because the object was"
                  + " invalid; correct the existing errors to complete validation"));
      return;
    }
    new CelValidation(errors).value(schema, object, old, "");
  }

  private void value(Schema schema, JsonNode value, @Nullable JsonNode old, String path) {
    if (value.isNull() || !schema.hasRules()) {
      return;
    }
    for (CelRule rule : schema.rules()) {
      rule(schema, rule, value, old, path);
    }
    switch (value) {
      case ObjectNode object ->
          object.forEachEntry(
              (name, child) ->
                  schema
                      .field(name)
                      .ifPresent(
                          field ->
                              value(
                                  field,
                                  child,
                                  old == null ? null : old.get(name),
                                  path.isEmpty() ? name : path + "." + name)));
      case ArrayNode list ->
          schema
              .items()
              .ifPresent(
                  items -> {
                    var former =
                        schema.listType() == Schema.ListType.MAP
                            ? Typed.index(schema, old)
                            : Map.<String, JsonNode>of();
                    for (int i = 0; i < list.size(); i++) {
                      var item = list.get(i);
                      value(
                          items,
                          item,
                          former.isEmpty() ? null : former.get(Typed.element(schema, item)),
                          path + "[" + i + "]");
                    }
                  });
      default -> {}
    }
  }

  private void rule(
      Schema schema, CelRule rule, JsonNode value, @Nullable JsonNode old, String path) {
    if (rule.comparesWithOld() ? old == null && !rule.optionalOldSelf() : value.equals(old)) {
      return;
    }
    var variables = new HashMap<String, Object>();
    variables.put("self", CelValues.of(schema, value));
    if (rule.optionalOldSelf()) {
      variables.put("oldSelf", Optional.ofNullable(old).map(o -> CelValues.of(schema, o)));
    } else if (old != null) {
      variables.put("oldSelf", CelValues.of(schema, old));
    }
    switch (CelEnvironment.expression(rule.rule())) {
      case Expression.Broken(var why) ->
          errors.add(invalid(path, schema, "rule compile error: compilation failed: " + why));
      case Expression.Compiled(var program) -> {
        try {
          if (!Boolean.TRUE.equals(program.eval(variables))) {
            errors.add(broken(rule, value, path, message(rule, variables)));
          }
        } catch (CelEvaluationException e) {
          errors.add(invalid(path, schema, e.getMessage() + " evaluating rule: " + rule.shown()));
        }
      }
    }
  }

  private static String message(CelRule rule, Map<String, Object> variables) {
    if (!rule.messageExpression().isEmpty()
        && CelEnvironment.expression(rule.messageExpression())
            instanceof Expression.Compiled(CelRuntime.Program program)) {
      try {
        if (program.eval(variables) instanceof String text && !text.isBlank()) {
          return text;
        }
      } catch (CelEvaluationException e) {
        return rule.shown();
      }
    }
    return rule.message().isEmpty() ? "failed rule: " + rule.shown() : rule.message();
  }

  private static FieldError broken(CelRule rule, JsonNode value, String path, String detail) {
    var at = path + rule.fieldPath();
    return switch (rule.reason()) {
      case "FieldValueForbidden" -> FieldError.forbidden(at, detail);
      case "FieldValueRequired" -> FieldError.required(at, detail);
      case "FieldValueDuplicate" -> FieldError.duplicate(at, value);
      default ->
          value.isContainerNode()
              ? new FieldError("FieldValueInvalid", at, "Invalid value: " + detail)
              : FieldError.invalid(at, value, detail);
    };
  }

  private static FieldError invalid(String path, Schema schema, String detail) {
    return FieldError.invalid(
        path, schema.type().name().toLowerCase(java.util.Locale.ROOT), detail);
  }
}
