package dev.serin.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// What is at the other end of the output: a person at a terminal, or a file or program.
final class Terminal {
  private Terminal() {}

  /// Whether colour and moving the cursor make sense.
  static boolean isInteractive() {
    return isPerson() && System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
  }

  @SuppressWarnings("SystemConsoleNull") // it is null again with the java.base console of JDK 25
  private static boolean isPerson() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  static PrintWriter out() {
    return new PrintWriter(System.out, true, StandardCharsets.UTF_8);
  }

  static PrintWriter err() {
    return new PrintWriter(System.err, true, StandardCharsets.UTF_8);
  }

  /// Somebody who can be asked.
  interface Asking {

    /// Whether anybody is there.
    boolean isPossible();

    /// @return the answer; empty when there is none
    String ask(String question);

    /// Whoever sits at the terminal of this process.
    static Asking person() {
      return new Asking() {
        @Override
        public boolean isPossible() {
          return isPerson();
        }

        @Override
        public String ask(String question) {
          var console = Objects.requireNonNull(System.console());
          return Objects.requireNonNullElse(console.readLine("%s", question), "");
        }
      };
    }
  }
}
