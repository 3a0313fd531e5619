package dev.serin.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Shows canaries.
@Command(
    name = "get",
    description = "Shows all canaries, or one with all that it knows.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:shown",
      "2:wrong usage, or no such Canary",
      "8:the API server refused, or was not reached"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  canary get -n shop              those of a namespace",
      "  canary get -A -o wide           all of the cluster, with what they wait for",
      "  canary get web -n shop          one, as a tree: pods, checks, gates, decisions",
      "  canary get web -n shop --watch  the same, drawn again whenever it changes",
      "  canary get web -n shop -o json  as the API server has it"
    })
final class GetCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofSeconds(1);

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The Canary.")
  private @Nullable String name;

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Those of all namespaces.")
  private boolean everywhere;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      converter = OutputFormat.Any.class,
      description = "One of json, yaml, wide, name.")
  private OutputFormat format = OutputFormat.TABLE;

  @Option(
      names = {"-w", "--watch"},
      description = "Show it again whenever it changes, until interrupted.")
  private boolean watch;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (everywhere && name != null) {
      throw new UsageException(
          "NAME is '%s' and --all-namespaces is given; name a Canary with -n, or list all without a name"
              .formatted(name));
    }
    try (var access = cluster.open()) {
      if (watch) {
        watch(() -> text(access));
      } else {
        print(text(access));
      }
    }
    return 0;
  }

  private String text(ClusterAccess access) {
    return name == null ? all(access) : one(access, name);
  }

  /// Asks again and again: a list with its pods is small, and a person reads no faster.
  private void watch(Supplier<String> text) {
    var screen = new Screen(out(), Terminal.isInteractive());
    try {
      while (!Thread.currentThread().isInterrupted()) {
        screen.show(text.get());
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private java.io.PrintWriter out() {
    return spec == null ? Terminal.out() : spec.commandLine().getOut();
  }

  private void print(String text) {
    if (!text.isEmpty()) {
      out().println(text);
      out().flush();
    }
  }

  private String all(ClusterAccess access) {
    var found = access.list(Kind.CANARY, everywhere ? "" : access.namespace());
    if (found.isEmpty() && (format == OutputFormat.TABLE || format == OutputFormat.WIDE)) {
      return "No canaries found" + (everywhere ? "." : " in namespace " + access.namespace() + ".");
    }
    return switch (format) {
      case TABLE -> CanaryTable.of(found, everywhere, false, Instant.now());
      case WIDE -> CanaryTable.of(found, everywhere, true, Instant.now());
      case JSON -> OutputFormat.json(OutputFormat.list(found));
      case YAML -> OutputFormat.yaml(OutputFormat.list(found));
      case NAME -> OutputFormat.names("canary.serin.dev", found);
    };
  }

  private String one(ClusterAccess access, String wanted) {
    ObjectNode found = CanaryNames.find(access, wanted);
    return switch (format) {
      case TABLE ->
          CanaryTree.of(found, WorkloadPods.of(access, found), Instant.now(), Paint.ofTerminal());
      case WIDE -> CanaryTable.of(List.of(found), false, true, Instant.now());
      case JSON -> OutputFormat.json(found);
      case YAML -> OutputFormat.yaml(found);
      case NAME -> OutputFormat.names("canary.serin.dev", List.of(found));
    };
  }
}
