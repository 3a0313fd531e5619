package dev.serin.parse;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Durations as users write them: `90s`, `1h30m`, `250ms`.
public final class Durations {

  private static final Pattern FORM =
      Pattern.compile(
          "(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m(?!s))?(?:([0-9]{1,6})s)?(?:([0-9]{1,9})ms)?");

  private Durations() {}

  /// The duration that a text means; empty when it means none.
  public static Optional<Duration> parse(String text) {
    var parts = FORM.matcher(text);
    if (text.isEmpty() || !parts.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofHours(number(parts.group(1)))
            .plusMinutes(number(parts.group(2)))
            .plusSeconds(number(parts.group(3)))
            .plusMillis(number(parts.group(4))));
  }

  /// The shortest text that means the duration; parts of a millisecond are left out.
  public static String inWords(Duration duration) {
    var words = new StringBuilder();
    append(words, duration.toHours(), "h");
    append(words, duration.toMinutesPart(), "m");
    append(words, duration.toSecondsPart(), "s");
    append(words, duration.toMillisPart(), "ms");
    return words.isEmpty() ? "0s" : words.toString();
  }

  private static void append(StringBuilder words, long count, String unit) {
    if (count > 0) {
      words.append(count).append(unit);
    }
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
