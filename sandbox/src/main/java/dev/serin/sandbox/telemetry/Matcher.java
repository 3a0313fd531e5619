package dev.serin.sandbox.telemetry;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A condition on one label.
///
/// @param label name of the label
/// @param operator as written
/// @param value as written
/// @param test of the label's value
record Matcher(String label, Operator operator, String value, Predicate<String> test) {

  enum Operator {
    EQUAL("="),
    NOT_EQUAL("!="),
    MATCHES("=~"),
    MATCHES_NOT("!~");

    final String text;

    Operator(String text) {
      this.text = text;
    }
  }

  /// @throws QueryException when the value is no regular expression where one is needed
  static Matcher of(String label, Operator operator, String value) {
    return new Matcher(
        label,
        operator,
        value,
        switch (operator) {
          case EQUAL -> value::equals;
          case NOT_EQUAL -> Predicate.not(value::equals);
          case MATCHES -> regex(value);
          case MATCHES_NOT -> Predicate.not(regex(value));
        });
  }

  boolean matches(Labels labels) {
    return test.test(labels.get(label));
  }

  /// Whether a series without the label matches.
  boolean matchesAbsence() {
    return test.test("");
  }

  private static Predicate<String> regex(String value) {
    try {
      return Pattern.compile(value, Pattern.DOTALL).asMatchPredicate();
    } catch (PatternSyntaxException e) {
      throw new QueryException("error parsing regexp: " + e.getDescription() + ": `" + value + "`");
    }
  }
}
