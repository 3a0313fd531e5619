package dev.serin.sandbox.api;

import java.util.regex.Pattern;

/// The order in which Kubernetes prefers versions: `v2` before `v1` before `v1beta2` before
/// `v1alpha1` before anything else.
final class VersionOrder {

  private static final Pattern FORM = Pattern.compile("v(\\d+)(?:(alpha|beta)(\\d+))?");

  private VersionOrder() {}

  static int compare(String a, String b) {
    var first = FORM.matcher(a);
    var second = FORM.matcher(b);
    if (!first.matches() || !second.matches()) {
      return first.matches() ? -1 : second.matches() ? 1 : a.compareTo(b);
    }
    int byStability = Integer.compare(stability(second.group(2)), stability(first.group(2)));
    if (byStability != 0) {
      return byStability;
    }
    int byMajor = Integer.compare(number(second.group(1)), number(first.group(1)));
    return byMajor != 0
        ? byMajor
        : Integer.compare(number(second.group(3)), number(first.group(3)));
  }

  private static int stability(@org.jspecify.annotations.Nullable String word) {
    if (word == null) {
      return 2;
    }
    return word.equals("beta") ? 1 : 0;
  }

  private static int number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }
}
