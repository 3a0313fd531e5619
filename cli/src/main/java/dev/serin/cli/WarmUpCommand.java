package dev.serin.cli;

import dev.serin.controller.cluster.Connection;
import dev.serin.controller.cluster.KubernetesCluster;
import dev.serin.controller.telemetry.LogFormat;
import dev.serin.controller.telemetry.Logging;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Does what commands have in common, so that the launcher can keep the classes that were loaded
/// for faster starts. All kept classes are loaded at every start, and with the controller's among
/// them `--help` took longer than with none; so these are kept apart.
@Command(
    name = "warm-up",
    hidden = true,
    description = "For the launcher: loads what commands need, to be kept for faster starts.",
    mixinStandardHelpOptions = true)
final class WarmUpCommand implements Callable<Integer> {
  private static final String KUBECONFIG =
      """
      apiVersion: v1
      kind: Config
      current-context: none
      clusters: [{name: none, cluster: {server: "https://127.0.0.1:1"}}]
      users: [{name: none, user: {token: none}}]
      contexts: [{name: none, context: {cluster: none, user: none}}]
      """;

  /// Enough for a Canary to be adopted and a rollout to begin.
  private static final DemoPace SHORT =
      new DemoPace(
          20,
          Duration.ofMillis(500),
          Duration.ofSeconds(1),
          Duration.ofSeconds(3),
          5,
          Duration.ofSeconds(1),
          Duration.ofSeconds(15));

  @Option(names = "--controller", description = "Load what the controller needs.")
  private boolean controller;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (spec == null) {
      return Main.USAGE;
    }
    if (controller) {
      control();
    } else {
      say(spec);
    }
    return 0;
  }

  private static void say(CommandSpec spec) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    nowhere.println(Start.help());
    for (var each : spec.root().subcommands().values()) {
      each.usage(nowhere);
    }
    var object = Printing.JSON.createObjectNode().put("version", Version.text());
    nowhere.println(OutputFormat.json(object) + OutputFormat.yaml(object));
  }

  private static void control() throws IOException, InterruptedException {
    Logging.configure(LogFormat.TEXT, false);
    connect();
    var nowhere = new PrintWriter(Writer.nullWriter());
    var _ = DemoStory.play(new DemoScreen(nowhere, false, Instant.now()), SHORT);
  }

  /// Reads a kubeconfig and asks a server that does not answer.
  private static void connect() throws IOException {
    var file = Files.writeString(Files.createTempFile("serin", ".yaml"), KUBECONFIG);
    var connection = new Connection.Kubeconfig(Optional.of(file), Optional.empty());
    try (var cluster = KubernetesCluster.connect(connection, "", (_, _) -> {})) {
      var _ = cluster.identity();
    } catch (IOException expected) {
      // Everything that asking takes is loaded by now.
    } finally {
      Files.delete(file);
    }
  }
}
