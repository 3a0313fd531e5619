package dev.serin.parse;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A field of an object that is being parsed. Each way to read it yields a usable value and notes a
/// problem when the one that is there is not, so that parsing goes on and finds all of them.
///
/// @param path of the field, such as `spec.analysis.metrics[0].name`
/// @param problems found so far
record Place(String path, List<Problem> problems) {

  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /// A field of this one.
  Place at(String child) {
    var joined = PLAIN.matcher(child).matches() ? "." + child : "[" + child + "]";
    return new Place(path.isEmpty() ? child : path + joined, problems);
  }

  /// An element of this one, counted from 0.
  Place at(int index) {
    return new Place(path + "[" + index + "]", problems);
  }

  void wrong(Object value, String wrong, String cure) {
    problems.add(new Problem(path, shortened(value), wrong, cure));
  }

  void missing(String cure) {
    problems.add(new Problem(path, "", "is missing", cure));
  }

  /// A whole number within bounds.
  int whole(@Nullable Integer value, int fallback, int least, int most) {
    if (value == null) {
      return fallback;
    }
    if (value < least || value > most) {
      var range = most == Integer.MAX_VALUE ? "of at least " + least : least + " to " + most;
      wrong(value, "is out of range", "use a number " + range);
      return fallback;
    }
    return value;
  }

  Duration duration(@Nullable String value, Duration fallback, Duration least) {
    return duration(value, least).orElse(fallback);
  }

  /// A duration when there is a right one.
  Optional<Duration> duration(@Nullable String value, Duration least) {
    if (value == null) {
      return Optional.empty();
    }
    var parsed = Durations.parse(value);
    if (parsed.isEmpty()) {
      wrong(value, "is not a duration", "write it like 90s, 5m or 1h30m");
    } else if (parsed.get().compareTo(least) < 0) {
      wrong(value, "is too short", "use at least " + Durations.inWords(least));
      return Optional.empty();
    }
    return parsed;
  }

  /// One of a set of words.
  <T> T oneOf(@Nullable String value, T fallback, Map<String, T> words) {
    if (value == null || value.isEmpty()) {
      return fallback;
    }
    var meant = words.get(value);
    if (meant == null) {
      unknown(value, words.keySet());
      return fallback;
    }
    return meant;
  }

  void unknown(String value, Iterable<String> known) {
    var sorted = new TreeSet<String>();
    known.forEach(sorted::add);
    wrong(value, "is not known", "use one of " + sorted);
  }

  /// A text that has to be there; empty after a problem was noted.
  String required(@Nullable String value, String cure) {
    if (value == null || value.isBlank()) {
      missing(cure);
      return "";
    }
    return value;
  }

  /// The name of a Kubernetes object, which has to be there.
  String objectName(@Nullable String value, String cure) {
    var name = required(value, cure);
    if (!name.isEmpty() && (name.length() > 253 || !NAME.matcher(name).matches())) {
      wrong(name, "is not a name of an object", "use lower-case letters, digits and dashes");
    }
    return name;
  }

  private static String shortened(Object value) {
    var text = String.valueOf(value);
    return text.length() <= 120 ? text : text.substring(0, 117) + "...";
  }
}
