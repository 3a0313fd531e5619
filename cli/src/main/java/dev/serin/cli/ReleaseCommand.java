package dev.serin.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Lets targets go, by deleting their Canaries and waiting until Serin has given everything back.
@Command(
    name = "release",
    description = {
      "Lets targets go: the traffic goes to the Deployment, what Serin made is removed.",
      "Deletes the Canary and waits until that is done. At a terminal it asks before it does."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:let go",
      "1:not wanted after all",
      "2:wrong usage, or no such Canary",
      "5:not let go in time",
      "8:the API server refused, or was not reached"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  canary release web -n shop           one",
      "  canary release --all -n shop         all of a namespace",
      "  canary release --all -A --yes        all of the cluster, before uninstalling"
    })
final class ReleaseCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofSeconds(10);

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The Canary.")
  private @Nullable String name;

  @Option(names = "--all", description = "All Canaries of the namespace; with -A of the cluster.")
  private boolean all;

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "With --all: those of all namespaces.")
  private boolean everywhere;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "How long at most, such as 90s, 10m; 15m by default.")
  private Duration timeout = Duration.ofMinutes(15);

  @Spec private @Nullable CommandSpec spec;

  private final Terminal.Asking asking;

  ReleaseCommand(Terminal.Asking asking) {
    this.asking = asking;
  }

  @Override
  public Integer call() {
    check();
    var until = Instant.now().plus(timeout);
    try (var access = cluster.open()) {
      var meant = meant(access);
      if (meant.isEmpty()) {
        say("No canaries found" + (everywhere ? "." : " in namespace " + access.namespace() + "."));
        return 0;
      }
      if (!yes && asking.isPossible() && !isWanted(meant, access.server())) {
        say("Nothing was done.");
        return 1;
      }
      return release(access, meant, until);
    }
  }

  private void check() {
    if (all == (name != null)) {
      throw new UsageException("name one Canary, or say --all");
    }
    if (everywhere && !all) {
      throw new UsageException("-A is only for --all; name the namespace of one Canary with -n");
    }
    if (everywhere && cluster.namespace != null) {
      throw new UsageException(
          "both -A and -n %s are given; choose one of them".formatted(cluster.namespace));
    }
  }

  private List<ObjectNode> meant(ClusterAccess access) {
    return name != null
        ? List.of(CanaryNames.find(access, name))
        : access.list(Kind.CANARY, everywhere ? "" : access.namespace());
  }

  private boolean isWanted(List<ObjectNode> meant, String server) {
    var names = meant.stream().map(ReleaseCommand::place).collect(Collectors.joining(", "));
    var answer =
        asking.ask(
            "Let go of %s at %s (%s)? [y/N] "
                .formatted(
                    meant.size() == 1 ? "1 target" : meant.size() + " targets", server, names));
    return List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
  }

  private int release(ClusterAccess access, List<ObjectNode> meant, Instant until) {
    meant.forEach(canary -> access.delete(Kind.CANARY, namespace(canary), name(canary)));
    int left = 0;
    for (var canary : meant) {
      left += gone(access, canary, until) ? 0 : 1;
    }
    return left == 0 ? 0 : Waiting.TIMED_OUT;
  }

  private boolean gone(ClusterAccess access, ObjectNode canary, Instant until) {
    Optional<ObjectNode> now = access.find(Kind.CANARY, namespace(canary), name(canary));
    while (now.isPresent()) {
      var left = Duration.between(Instant.now(), until);
      if (left.isNegative() || left.isZero()) {
        say(
            "%s is not let go yet; it waits for %s"
                .formatted(
                    place(canary),
                    now.get().at("/status/waitingFor").asText("a controller that runs")));
        return false;
      }
      now =
          access.changed(
              Kind.CANARY,
              namespace(canary),
              name(canary),
              now.get().at("/metadata/resourceVersion").asText(),
              left.compareTo(LOOK) < 0 ? left : LOOK);
    }
    say(place(canary) + " let go");
    return true;
  }

  private static String place(ObjectNode canary) {
    return namespace(canary) + "/" + name(canary);
  }

  private static String namespace(ObjectNode canary) {
    return canary.at("/metadata/namespace").asText();
  }

  private static String name(ObjectNode canary) {
    return canary.at("/metadata/name").asText();
  }

  private void say(String text) {
    if (spec != null) {
      spec.commandLine().getOut().println(text);
      spec.commandLine().getOut().flush();
    }
  }
}
