package dev.serin.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Where the process begins. Answers the two most asked questions by itself: loading the classes
/// that read command lines takes several times longer than anything that has to be said then.
public final class Start {
  private static final String HELP = "help.txt";

  private Start() {}

  /// Runs one command and ends the process with its exit code.
  public static void main(String[] arguments) {
    var quick = quick(arguments);
    if (quick.isPresent()) {
      System.out.print(quick.get());
      System.out.flush();
      return;
    }
    Main.main(arguments);
  }

  /// The answer to `--version` and `--help`; empty for everything else.
  static Optional<String> quick(String[] arguments) {
    if (arguments.length > 1) {
      return Optional.empty();
    }
    return switch (arguments.length == 0 ? "--help" : arguments[0]) {
      case "--version", "-V" -> Optional.of("canary " + Version.text() + System.lineSeparator());
      case "--help", "-h" -> Optional.of(help());
      default -> Optional.empty();
    };
  }

  /// The help of all commands, which a test holds against what picocli says.
  static String help() {
    try (InputStream file = Start.class.getResourceAsStream(HELP)) {
      if (file == null) {
        throw new IllegalStateException(HELP + " is missing on the class path");
      }
      var text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return text.replaceFirst("canary", System.getProperty("serin.command", "canary"));
    } catch (IOException e) {
      throw new UncheckedIOException(HELP + " cannot be read", e);
    }
  }
}
