package dev.serin.cli;

import java.io.PrintWriter;

/// Shows a text that changes: in place at a terminal, anew with every change elsewhere.
final class Screen {
  private static final String HOME_AND_CLEAR = "\u001b[H\u001b[2J\u001b[3J";

  private final PrintWriter out;
  private final boolean terminal;
  private String shown = "";

  Screen(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  void show(String text) {
    if (withoutAges(text).equals(withoutAges(shown)) && !terminal) {
      return;
    }
    if (terminal) {
      out.print(HOME_AND_CLEAR);
    } else if (!shown.isEmpty()) {
      out.println();
    }
    shown = text;
    out.println(text);
    out.flush();
  }

  /// That a thing is a second older is no change.
  private static String withoutAges(String text) {
    return text.replaceAll("\\b\\d+[smhd]\\b", "").replaceAll(" +", " ");
  }
}
