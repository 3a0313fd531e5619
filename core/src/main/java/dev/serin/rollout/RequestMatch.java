package dev.serin.rollout;

import java.util.List;

/// One alternative of an A/B rule: all its conditions must hold.
///
/// @param conditions never empty
public record RequestMatch(List<Condition> conditions) {

  public RequestMatch {
    conditions = List.copyOf(conditions);
  }

  /// Where a condition looks.
  public enum Source {
    HEADER,
    COOKIE,
    QUERY_PARAMETER,
    /// A label of the calling workload; name is the label's key.
    SOURCE_LABEL
  }

  /// How a value is compared.
  public enum Comparison {
    EXACT,
    PREFIX,
    /// A regular expression in RE2 syntax that must match the whole value.
    REGEX
  }

  /// @param name of the header (lower case), cookie, parameter or label
  public record Condition(Source source, String name, Comparison comparison, String value) {}
}
