package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// One rule of `x-kubernetes-validations`.
///
/// @param rule CEL expression over `self` and `oldSelf`
/// @param message what to say when it does not hold; "" for the rule itself
/// @param messageExpression CEL expression for the message; "" for none
/// @param reason machine-readable reason; "" for `FieldValueInvalid`
/// @param fieldPath field below the one that carries the rule which the error names; "" for that
///   one
/// @param optionalOldSelf whether `oldSelf` is an optional, so that the rule is asked at creation
///   too
record CelRule(
    String rule,
    String message,
    String messageExpression,
    String reason,
    String fieldPath,
    boolean optionalOldSelf) {

  private static final Pattern OLD = Pattern.compile("\\boldSelf\\b");

  /// Whether the rule is about a change.
  boolean comparesWithOld() {
    return OLD.matcher(rule).find();
  }

  /// The rule on one line.
  String shown() {
    return rule.strip().replace('\n', ' ');
  }

  static List<CelRule> all(JsonNode list) {
    var found = new ArrayList<CelRule>();
    for (JsonNode item : list) {
      found.add(
          new CelRule(
              Json.text(item, "rule"),
              Json.text(item, "message"),
              Json.text(item, "messageExpression"),
              Json.text(item, "reason"),
              Json.text(item, "fieldPath"),
              item.path("optionalOldSelf").asBoolean()));
    }
    return List.copyOf(found);
  }
}
