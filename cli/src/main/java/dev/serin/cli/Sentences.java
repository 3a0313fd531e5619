package dev.serin.cli;

import java.time.Duration;
import java.time.Instant;

/// How things are said to people at a terminal.
final class Sentences {
  private Sentences() {}

  /// An unexpected failure in one sentence, without a stack trace.
  static String of(Exception problem) {
    return problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
  }

  /// An age such as `5s`, `3m`, `7h` or `12d`, as kubectl shows it.
  static String age(Instant since, Instant now) {
    return age(Duration.between(since, now));
  }

  static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    if (seconds < 7200) {
      return seconds / 60 + "m";
    }
    return seconds < 172_800 ? seconds / 3600 + "h" : seconds / 86_400 + "d";
  }
}
