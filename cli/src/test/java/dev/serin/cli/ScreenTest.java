package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ScreenTest {
  private static final String CLEARED = "\u001b[H\u001b[2J\u001b[3J";

  private final StringWriter shown = new StringWriter();

  private void show(boolean terminal, String... texts) {
    var screen = new Screen(new PrintWriter(shown), terminal);
    for (var text : texts) {
      screen.show(text);
    }
  }

  @Test
  void inAFileOnlyChangesAreWritten() {
    show(false, "web  Waiting  3s", "web  Waiting  4s", "web  Progressing  5s");
    assertThat(shown).hasToString("web  Waiting  3s\n\nweb  Progressing  5s\n");
  }

  @Test
  void atATerminalEachLookIsDrawnInPlaceOfTheOneBefore() {
    show(true, "web  Waiting  3s", "web  Waiting  4s");
    assertThat(shown).hasToString(CLEARED + "web  Waiting  3s\n" + CLEARED + "web  Waiting  4s\n");
  }
}
