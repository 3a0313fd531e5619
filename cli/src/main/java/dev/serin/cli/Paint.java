package dev.serin.cli;

/// Colours for a terminal, or none.
enum Paint {
  ON,
  OFF;

  private static final char ESCAPE = '\u001b';

  /// What the present output can show.
  static Paint ofTerminal() {
    return Terminal.isInteractive() ? ON : OFF;
  }

  String good(String text) {
    return in("32", text);
  }

  String caution(String text) {
    return in("33", text);
  }

  String bad(String text) {
    return in("31", text);
  }

  String strong(String text) {
    return in("1", text);
  }

  String faint(String text) {
    return in("2", text);
  }

  private String in(String code, String text) {
    return this == ON ? ESCAPE + "[" + code + "m" + text + ESCAPE + "[0m" : text;
  }
}
