package dev.serin.sandbox.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program that a person or a pipeline runs: kubectl, `canary`, a script of `hack`.
final class Program {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final Path output;

  private Program(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /// How it ended.
  ///
  /// @param output what it said, complaints included
  record Ended(int code, String output) {
    Ended orFail() {
      if (code != 0) {
        throw new AssertionError("ended with " + code + ": " + output);
      }
      return this;
    }
  }

  static Program start(List<String> command, String input, Map<String, String> environment) {
    try {
      var output = Files.createTempFile("serin", ".out");
      var builder =
          new ProcessBuilder(new ArrayList<>(command))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      var process = builder.start();
      try (var in = process.outputWriter()) {
        in.write(input);
      } catch (IOException e) {
        // It ended without reading all; its exit code tells more.
      }
      return new Program(process, output);
    } catch (IOException e) {
      throw new UncheckedIOException(command.toString(), e);
    }
  }

  boolean isRunning() {
    return process.isAlive();
  }

  void kill() {
    process.destroyForcibly();
  }

  Ended await() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("no end within " + PATIENCE + ": " + said());
      }
      return new Ended(process.exitValue(), said());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// What it has said so far.
  String said() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
