package dev.serin.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Durations as people type them: `90s`, `30m`, `1h30m`, and `0`.
final class Durations implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    try {
      var duration = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // said below
    }
    throw new TypeConversionException("'" + text + "' is not a duration such as 90s, 30m or 2h");
  }

  /// The way that [#convert] reads it.
  static String words(Duration duration) {
    return duration.isZero() ? "0s" : duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
