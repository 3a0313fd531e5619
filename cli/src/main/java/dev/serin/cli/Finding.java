package dev.serin.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/// One thing that `canary doctor` looked at.
///
/// @param about what was looked at, in a word or two
/// @param level how it is
/// @param says what was found, with numbers and names
/// @param cure what helps; empty where nothing has to be done
record Finding(String about, Level level, String says, String cure) {

  /// How a thing is.
  enum Level {
    /// As it should be.
    OK,
    /// It works, and could be better.
    ADVICE,
    /// Something does not work.
    PROBLEM,
    /// It cannot be told, mostly because the caller may not look.
    UNKNOWN;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String about, String says) {
    return new Finding(about, Level.OK, says, "");
  }

  static Finding advice(String about, String says, String cure) {
    return new Finding(about, Level.ADVICE, says, cure);
  }

  static Finding problem(String about, String says, String cure) {
    return new Finding(about, Level.PROBLEM, says, cure);
  }

  static Finding unknown(String about, String says) {
    return new Finding(about, Level.UNKNOWN, says, "");
  }

  String text(Paint paint) {
    var mark =
        switch (level) {
          case OK -> paint.good("✔");
          case ADVICE -> paint.caution("!");
          case PROBLEM -> paint.bad("✖");
          case UNKNOWN -> paint.caution("?");
        };
    var line = "%s %-12s %s".formatted(mark, about, says);
    return cure.isEmpty() ? line : line + "\n" + " ".repeat(15) + paint.strong("→ ") + cure;
  }

  ObjectNode json() {
    var object = Printing.JSON.createObjectNode();
    object.put("about", about).put("level", level.word()).put("says", says);
    if (!cure.isEmpty()) {
      object.put("cure", cure);
    }
    return object;
  }
}
