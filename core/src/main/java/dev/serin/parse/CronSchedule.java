package dev.serin.parse;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Moments by minute, as five fields say them: minute, hour, day of month, month, day of week.
/// Lists (`1,15`), ranges (`9-17`, `MON-FRI`), steps (`*/10`) and names are understood as by cron,
/// and so are `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`. Where both kinds of day are
/// restricted, either is enough.
///
/// Each component but the last is a set of numbers, bit `n` for the number `n`.
///
/// @param minutes 0 to 59
/// @param hours 0 to 23
/// @param days of the month, 1 to 31
/// @param months 1 to 12
/// @param weekdays 0 for Sunday to 6
/// @param eitherDay whether one of the two kinds of day is enough
public record CronSchedule(
    long minutes, long hours, long days, long months, long weekdays, boolean eitherDay) {

  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
  private static final List<String> WEEKDAYS =
      List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

  private static final Map<String, String> MACROS =
      Map.of(
          "@hourly", "0 * * * *",
          "@daily", "0 0 * * *",
          "@midnight", "0 0 * * *",
          "@weekly", "0 0 * * 0",
          "@monthly", "0 0 1 * *",
          "@yearly", "0 0 1 1 *",
          "@annually", "0 0 1 1 *");

  /// 29 February comes once in eight years around a century that has none.
  private static final int HORIZON_DAYS = 366 * 8 + 1;

  /// The schedule that a text means; empty when it means none, or no day that ever comes.
  public static Optional<CronSchedule> parse(String text) {
    var trimmed = text.strip().toUpperCase(Locale.ROOT);
    var fields = MACROS.getOrDefault(trimmed.toLowerCase(Locale.ROOT), trimmed).split("\\s+", -1);
    if (fields.length != 5) {
      return Optional.empty();
    }
    try {
      var schedule =
          new CronSchedule(
              set(fields[0], 0, 59, List.of()),
              set(fields[1], 0, 23, List.of()),
              set(fields[2], 1, 31, List.of()),
              set(fields[3], 1, 12, MONTHS),
              sundayOnce(set(fields[4], 0, 7, WEEKDAYS)),
              !anyDay(fields[2]) && !anyDay(fields[4]));
      return schedule.next(Instant.EPOCH, ZoneId.of("UTC")).map(_ -> schedule);
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /// The first moment strictly after another. A local time that a clock change skips happens when
  /// the clock has changed; one that comes twice happens the first time.
  public Optional<Instant> next(Instant after, ZoneId zone) {
    var first = after.atZone(zone).toLocalDate();
    for (int ahead = 0; ahead < HORIZON_DAYS; ahead++) {
      var day = first.plusDays(ahead);
      var found = matches(day) ? firstOf(day, after, zone) : Optional.<Instant>empty();
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<Instant> firstOf(LocalDate day, Instant after, ZoneId zone) {
    for (int hour = 0; hour < 24; hour++) {
      for (int minute = 0; has(hours, hour) && minute < 60; minute++) {
        if (has(minutes, minute)) {
          var moment = day.atTime(LocalTime.of(hour, minute)).atZone(zone).toInstant();
          if (moment.isAfter(after)) {
            return Optional.of(moment);
          }
        }
      }
    }
    return Optional.empty();
  }

  private boolean matches(LocalDate day) {
    var byMonthDay = has(days, day.getDayOfMonth());
    var byWeekday = has(weekdays, day.getDayOfWeek().getValue() % 7);
    return has(months, day.getMonthValue())
        && (eitherDay ? byMonthDay || byWeekday : byMonthDay && byWeekday);
  }

  private static boolean has(long set, int number) {
    return (set >> number & 1) == 1;
  }

  private static boolean anyDay(String field) {
    return field.startsWith("*") || field.startsWith("?");
  }

  private static long sundayOnce(long weekdays) {
    return has(weekdays, 7) ? (weekdays & ~(1L << 7)) | 1 : weekdays;
  }

  private static long set(String field, int least, int most, List<String> names) {
    long numbers = 0;
    for (var part : field.split(",", -1)) {
      numbers |= range(part, least, most, names);
    }
    return numbers;
  }

  private static long range(String part, int least, int most, List<String> names) {
    var slash = part.indexOf('/');
    var span = slash < 0 ? part : part.substring(0, slash);
    int step = slash < 0 ? 1 : number(part.substring(slash + 1), 1, most, List.of());
    var dash = span.indexOf('-');
    int from;
    int to;
    if (span.equals("*") || span.equals("?")) {
      from = least;
      to = most;
    } else if (dash > 0) {
      from = number(span.substring(0, dash), least, most, names);
      to = number(span.substring(dash + 1), from, most, names);
    } else {
      from = number(span, least, most, names);
      to = slash < 0 ? from : most;
    }
    long numbers = 0;
    for (int n = from; n <= to; n += step) {
      numbers |= 1L << n;
    }
    return numbers;
  }

  private static int number(String text, int least, int most, List<String> names) {
    var name = names.indexOf(text);
    int number = name >= 0 ? name + (MONTHS.equals(names) ? 1 : 0) : Integer.parseInt(text);
    if (number < least || number > most) {
      throw new NumberFormatException(text);
    }
    return number;
  }
}
