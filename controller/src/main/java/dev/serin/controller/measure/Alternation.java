package dev.serin.controller.measure;

import java.util.Collection;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Regular expressions that match some names and nothing else.
final class Alternation {
  private static final Pattern SPECIAL = Pattern.compile("[.*+?^$|(){}\\[\\]\\\\]");

  private Alternation() {}

  /// Any of these expressions.
  static String of(Collection<String> expressions) {
    return String.join("|", new TreeSet<>(expressions));
  }

  /// One name.
  static String literally(String name) {
    return SPECIAL
        .matcher(name)
        .replaceAll(found -> "\\\\" + Matcher.quoteReplacement(found.group()));
  }

  /// Both of two names. As a rule the second is the first with something put in, and both are one
  /// expression then, hardly longer than one of them.
  static String both(String one, String other) {
    int start = 0;
    while (start < one.length()
        && start < other.length()
        && one.charAt(start) == other.charAt(start)) {
      start++;
    }
    var end = one.substring(start);
    if (other.length() <= one.length() || !other.substring(start).endsWith(end)) {
      return literally(one) + "|" + literally(other);
    }
    return literally(one.substring(0, start))
        + "("
        + literally(other.substring(start, other.length() - end.length()))
        + ")?"
        + literally(end);
  }
}
