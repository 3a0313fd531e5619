package dev.serin.controller.mesh;

import dev.serin.rollout.RequestMatch.Condition;

/// Regular expressions in RE2 syntax that match a whole value, anchored for data planes that would
/// search in it.
final class Patterns {

  private Patterns() {}

  /// What a header or query parameter must be like.
  static String value(Condition condition) {
    return "^" + inner(condition, ".*") + "$";
  }

  /// What the `Cookie` header must be like for one of its cookies to meet a condition.
  static String cookie(Condition condition) {
    return "^(?:.*;\\s*)?"
        + quote(condition.name())
        + "="
        + inner(condition, "[^;]*")
        + "(?:;.*)?$";
  }

  /// Text that stands for itself.
  static String quote(String text) {
    return text.replaceAll("([\\\\.+*?()|\\[\\]{}^$])", "\\\\$1");
  }

  private static String inner(Condition condition, String rest) {
    return switch (condition.comparison()) {
      case EXACT -> quote(condition.value());
      case PREFIX -> quote(condition.value()) + rest;
      case REGEX -> "(?:" + condition.value() + ")";
    };
  }
}
