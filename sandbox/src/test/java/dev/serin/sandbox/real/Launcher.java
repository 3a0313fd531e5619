package dev.serin.sandbox.real;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The command `canary` as it is installed somewhere: the launcher beside the jars that were built.
final class Launcher {
  private static final Path JARS = Path.of("..", "cli", "target", "dist", "lib");
  private static final Set<String> PREPARED = new HashSet<>();

  private Launcher() {}

  static Program start(String kubeconfig, String... arguments) {
    return start(Map.of("KUBECONFIG", kubeconfig), arguments);
  }

  /// Makes the archive by which a command starts, as packaging does, once for all who wait for it.
  static synchronized void prepare(String command) {
    if (PREPARED.add(command)) {
      start(Map.of("SERIN_AOT", "now"), command, "--version").await().orFail();
    }
  }

  private static Program start(Map<String, String> settings, String... arguments) {
    var command = new ArrayList<String>();
    command.add(installed().toString());
    command.addAll(List.of(arguments));
    var environment = new HashMap<>(settings);
    environment.put("SERIN_JAVA_HOME", System.getProperty("java.home"));
    return Program.start(command, "", environment);
  }

  /// Starts it with these variables of the environment, and none of those of the tests.
  static Program startWithNothingElse(Map<String, String> settings, String... arguments) {
    var environment = new HashMap<>(settings);
    environment.put("PATH", System.getenv("PATH"));
    environment.put("SERIN_JAVA_HOME", System.getProperty("java.home"));
    var command = new ArrayList<>(List.of("env", "-i"));
    environment.forEach((name, value) -> command.add(name + "=" + value));
    command.add(installed().toString());
    command.addAll(List.of(arguments));
    return Program.start(command, "", Map.of());
  }

  /// The same command under the name by which kubectl finds it.
  static Path plugin() {
    var plugin = installed().resolveSibling("kubectl-canary");
    try {
      if (!Files.exists(plugin)) {
        Files.createSymbolicLink(plugin, Path.of("canary"));
      }
      return plugin;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where it is. The launcher builds what it finds the sources of, so it is beside the jars, and
  /// there it is put once: a program that is being written cannot be run.
  static Path installed() {
    return Installed.LAUNCHER;
  }

  private static final class Installed {
    static final Path LAUNCHER = install();
  }

  private static Path install() {
    var jars = JARS.toAbsolutePath().normalize();
    if (!Files.exists(jars.resolve("serin-cli.jar"))) {
      throw new AssertionError(
          "no " + jars + "/serin-cli.jar; build it first: ./mvnw -Preal verify -DskipTests");
    }
    try {
      return Files.copy(
          Path.of("..", "canary"),
          jars.resolveSibling("canary"),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.COPY_ATTRIBUTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
