package dev.serin.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Waits for a release to be decided; made for CI.
@Command(
    name = "wait",
    description = {
      "Waits until a release is decided, and tells its story, a line for each decision.",
      "With deployment/NAME it waits for exactly the version of the Deployment that is there now."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:promoted",
      "1:rolled back",
      "2:wrong usage",
      "3:superseded by another revision",
      "4:reverted, or rejected before",
      "5:not decided in time",
      "6:needs approval (with --fail-on-approval)",
      "7:not adopted by a Canary",
      "8:could not tell: API errors, deleted, bypassed",
      "9:promotion failed"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  kubectl apply -f app.yaml && canary wait deployment/web -n shop --timeout 30m",
      "  canary wait canary/web -n shop --fail-on-approval",
      "  canary wait deployment/web -n shop -o json    how it ended as JSON; the story goes to stderr"
    })
final class WaitCommand implements Callable<Integer> {
  private static final Duration LOOK = Duration.ofSeconds(20);

  /// How long an API server may be out of reach, one after the other, before nothing can be told.
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration BREATH = Duration.ofSeconds(2);

  private static final List<String> DEPLOYMENTS =
      List.of("deployment", "deployments", "deploy", "deployment.apps", "deployments.apps");
  private static final List<String> CANARIES =
      List.of("canary", "canaries", "cn", "canary.serin.dev", "canaries.serin.dev");

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "deployment/NAME|canary/NAME", description = "What to wait for.")
  private String what = "";

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "How long at most, such as 90s, 30m, 2h; 1h by default.")
  private Duration timeout = Duration.ofHours(1);

  @Option(names = "--fail-on-approval", description = "End with 6 when people have to approve.")
  private boolean failOnApproval;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      converter = OutputFormat.OnlyJson.class,
      description = "json, or nothing.")
  private OutputFormat format = OutputFormat.TABLE;

  @Spec private @Nullable CommandSpec spec;

  /// How it ended.
  ///
  /// @param canary as it was seen last; empty when there is none
  /// @param revision that was waited for; empty when it was never known
  /// @param code the exit code
  private record Ending(
      Optional<ObjectNode> canary, Optional<String> revision, String words, int code) {}

  @Override
  public Integer call() {
    var until = Instant.now().plus(timeout);
    try (var access = cluster.open()) {
      var ending = wait(access, until);
      if (format == OutputFormat.JSON && spec != null) {
        spec.commandLine().getOut().println(OutputFormat.json(document(ending)));
        spec.commandLine().getOut().flush();
      }
      return ending.code();
    }
  }

  private static ObjectNode document(Ending ending) {
    var document = Printing.JSON.createObjectNode();
    ending
        .canary()
        .ifPresent(
            canary ->
                document
                    .put("namespace", canary.at("/metadata/namespace").asText())
                    .put("canary", canary.at("/metadata/name").asText())
                    .put("phase", canary.at("/status/phase").asText()));
    ending.revision().ifPresent(revision -> document.put("revision", revision));
    return document
        .put("outcome", Waiting.outcome(ending.code()))
        .put("reason", ending.words())
        .put("exitCode", ending.code());
  }

  private Ending wait(ClusterAccess access, Instant until) {
    var slash = what.indexOf('/');
    var kind = slash < 0 ? "" : what.substring(0, slash);
    var name = what.substring(slash + 1);
    if (!DEPLOYMENTS.contains(kind) && !CANARIES.contains(kind)) {
      throw new UsageException(
          "'%s' is neither deployment/NAME nor canary/NAME; did you mean deployment/%s?"
              .formatted(what, name));
    }
    var target =
        DEPLOYMENTS.contains(kind)
            ? Optional.of(target(access, name))
            : Optional.<Waiting.Target>empty();
    var canary =
        target.isPresent()
            ? canaryOf(access, name)
            : access.find(Kind.CANARY, access.namespace(), name);
    if (canary.isEmpty()) {
      var words = "no Canary for %s in namespace %s".formatted(what, access.namespace());
      say(words);
      return new Ending(canary, Optional.empty(), words, Waiting.NOT_ADOPTED);
    }
    return follow(access, canary.get(), new Waiting(target, failOnApproval), until);
  }

  private static Optional<ObjectNode> canaryOf(ClusterAccess access, String deployment) {
    return access.list(Kind.CANARY, access.namespace()).stream()
        .filter(each -> each.at("/spec/targetRef/name").asText().equals(deployment))
        .filter(each -> each.at("/spec/targetRef/kind").asText("Deployment").equals("Deployment"))
        .findFirst();
  }

  private static Waiting.Target target(ClusterAccess access, String name) {
    var found = CanaryNames.find(access, Kind.DEPLOYMENT, name);
    return new Waiting.Target(
        found.at("/metadata/uid").asText(), found.at("/metadata/generation").asLong());
  }

  private Ending follow(ClusterAccess access, ObjectNode first, Waiting waiting, Instant until) {
    var name = first.at("/metadata/name").asText();
    var canary = first;
    while (true) {
      var look = waiting.look(canary);
      look.lines().forEach(this::say);
      if (look.exit().isPresent()) {
        return ended(canary, waiting, look.lines().getLast(), look.exit().get());
      }
      var left = Duration.between(Instant.now(), until);
      if (left.isNegative() || left.isZero()) {
        var bound = waiting.revision().isPresent();
        var words =
            (bound ? "not decided within " : "not adopted within ") + Durations.words(timeout);
        say(words);
        return ended(canary, waiting, words, bound ? Waiting.TIMED_OUT : Waiting.NOT_ADOPTED);
      }
      var version = canary.at("/metadata/resourceVersion").asText();
      var now =
          patiently(
              () ->
                  access.changed(
                      Kind.CANARY,
                      access.namespace(),
                      name,
                      version,
                      left.compareTo(LOOK) < 0 ? left : LOOK));
      if (now.isEmpty()) {
        say("the Canary was deleted");
        return ended(canary, waiting, "the Canary was deleted", Waiting.UNKNOWN);
      }
      canary = now.get();
    }
  }

  private static Ending ended(ObjectNode canary, Waiting waiting, String words, int code) {
    return new Ending(Optional.of(canary), waiting.revision(), words, code);
  }

  /// A control plane that is being upgraded should not fail a pipeline.
  private <T> T patiently(Supplier<T> question) {
    var until = Instant.now().plus(PATIENCE);
    var told = false;
    while (true) {
      try {
        return question.get();
      } catch (ClusterException e) {
        if (!e.isPassing() || !Instant.now().isBefore(until)) {
          throw e;
        }
        if (!told) {
          say(e.getMessage() + "; trying again for " + Durations.words(PATIENCE));
          told = true;
        }
        LockSupport.parkNanos(BREATH.toNanos());
      }
    }
  }

  /// Where a document is asked for, the story is told beside it.
  private void say(String line) {
    if (spec != null) {
      var told =
          format == OutputFormat.JSON ? spec.commandLine().getErr() : spec.commandLine().getOut();
      told.println(line);
      told.flush();
    }
  }
}
