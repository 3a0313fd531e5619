package dev.serin.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.rollout.Command.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Tells a rollout what a person wants, by making a CanaryCommand and waiting for its answer.
@Command(
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:followed, or made with --timeout 0",
      "1:refused by the controller",
      "2:wrong usage, or no such Canary",
      "5:not answered in time",
      "8:the API server refused, or was not reached"
    },
    footerHeading = "%nExamples:%n")
final class TellCommand implements Callable<Integer> {
  private final Verb verb;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "NAME", description = "The Canary.")
  private String name = "";

  @Option(
      names = "--revision",
      paramLabel = "REVISION",
      description = "The revision meant; the one that is on trial when not given.")
  private @Nullable String revision;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Kept in the history.")
  private @Nullable String reason;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "How long to wait for the answer; 30s by default, 0 not at all.")
  private Duration timeout = Duration.ofSeconds(30);

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      converter = OutputFormat.OfObject.class,
      description = "The CanaryCommand with its answer: one of json, yaml, name.")
  private OutputFormat format = OutputFormat.TABLE;

  @Spec private @Nullable CommandSpec spec;

  /// The gate meant by approve and reject.
  private static final String GATE = "--gate";

  TellCommand(Verb verb) {
    this.verb = verb;
  }

  static CommandLine line(Verb verb) {
    var line = new CommandLine(new TellCommand(verb));
    var spec = line.getCommandSpec().name(verb.word());
    if (hasGate(verb)) {
      spec.addOption(
          CommandLine.Model.OptionSpec.builder(GATE)
              .type(String.class)
              .paramLabel("GATE")
              .description("The gate meant; needed unless just one is closed.")
              .build());
    }
    spec.usageMessage().description(description(verb)).footer(examples(verb));
    return line;
  }

  private static boolean hasGate(Verb verb) {
    return switch (verb) {
      case APPROVE, REJECT -> true;
      case PROMOTE, ABORT, PAUSE, RESUME, RETRY, SKIP_STEP -> false;
    };
  }

  private static String description(Verb verb) {
    return switch (verb) {
      case APPROVE -> "Passes one gate that waits for approval.";
      case REJECT -> "Says no at a gate that people are asked at: the revision is rejected.";
      case PROMOTE -> "Skips what is left of the analysis; readiness is still waited for.";
      case ABORT -> "Rejects the revision; traffic goes back to stable.";
      case PAUSE -> "Stops the rollout where it is; protection goes on.";
      case RESUME -> "Lets a paused rollout, or a step that waits for it, go on.";
      case RETRY -> "Tries a rejected revision again, from the first step.";
      case SKIP_STEP -> "Ends the present step now; no gate is passed by that.";
    };
  }

  private static String[] examples(Verb verb) {
    var plain = "  canary " + verb.word() + " web -n shop";
    var why = plain + " --reason 'as agreed with the team'";
    var answer = plain + " -o json";
    return hasGate(verb)
        ? new String[] {plain, plain + " --gate release-manager", why, answer}
        : new String[] {plain, why, answer};
  }

  @Override
  public Integer call() {
    try (var access = cluster.open()) {
      var canary = CanaryNames.find(access, name);
      var made = access.create(Kind.CANARY_COMMAND, command(canary, access));
      var told = timeout.isZero() ? made(made) : answer(access, canary, made);
      print(told);
      return told.code();
    }
  }

  /// What became of a command.
  ///
  /// @param object as it was seen last
  /// @param words for people
  /// @param code the exit code
  private record Told(ObjectNode object, String words, int code) {}

  private ObjectNode command(ObjectNode canary, ClusterAccess access) {
    var of = canary.at("/metadata/name").asText();
    var meant = Optional.ofNullable(revision).orElse(canary.at("/status/revision").asText());
    if (meant.isEmpty()) {
      throw new UsageException(
          "%s has no revision yet; its phase is %s"
              .formatted(
                  of, canary.at("/status/phase").asText("not known: is a controller running?")));
    }
    var object = Printing.JSON.createObjectNode();
    object.put("apiVersion", Kind.CANARY_COMMAND.apiVersion());
    object.put("kind", Kind.CANARY_COMMAND.kind());
    object
        .putObject("metadata")
        .put("namespace", access.namespace())
        .put("generateName", of + "-" + verb.word() + "-");
    var body = object.putObject("spec");
    body.put("canary", of).put("command", verb.word()).put("revision", meant);
    access.user().ifPresent(user -> body.put("by", user));
    gate().ifPresent(gate -> body.put("gate", gate));
    if (reason != null) {
      body.put("reason", reason);
    }
    return object;
  }

  private Optional<String> gate() {
    if (spec == null || !hasGate(verb)) {
      return Optional.empty();
    }
    return Optional.ofNullable(spec.findOption(GATE).getValue());
  }

  private static Told made(ObjectNode made) {
    return new Told(made, names(made) + " created", 0);
  }

  private static String names(ObjectNode command) {
    return OutputFormat.names("canarycommand.serin.dev", List.of(command));
  }

  private Told answer(ClusterAccess access, ObjectNode canary, ObjectNode made) {
    var of = canary.at("/metadata/name").asText();
    var until = Instant.now().plus(timeout);
    var last = made;
    while (true) {
      var answer = last.at("/status/answer").asText();
      if (!answer.isEmpty()) {
        var words = verb.word() + " " + of + ": " + last.at("/status/message").asText(answer);
        return new Told(last, words, answer.equals("Accepted") ? 0 : 1);
      }
      var left = Duration.between(Instant.now(), until);
      if (left.isNegative() || left.isZero()) {
        return new Told(
            last,
            "%s %s: no answer within %s; is the controller running? `canary doctor` looks"
                .formatted(verb.word(), of, Durations.words(timeout)),
            Waiting.TIMED_OUT);
      }
      var now =
          access.changed(
              Kind.CANARY_COMMAND,
              access.namespace(),
              made.at("/metadata/name").asText(),
              last.at("/metadata/resourceVersion").asText(),
              left);
      if (now.isEmpty()) {
        return new Told(
            last,
            "%s %s: the command was deleted before it was answered".formatted(verb.word(), of),
            Waiting.UNKNOWN);
      }
      last = now.get();
    }
  }

  /// The object alone is on the standard output where it was asked for; why it was not followed is
  /// told beside it.
  private void print(Told told) {
    if (spec == null) {
      return;
    }
    var out = spec.commandLine().getOut();
    out.println(
        switch (format) {
          case TABLE, WIDE -> told.words();
          case JSON -> OutputFormat.json(told.object());
          case YAML -> OutputFormat.yaml(told.object());
          case NAME -> names(told.object());
        });
    out.flush();
    if (format != OutputFormat.TABLE && told.code() != 0) {
      spec.commandLine().getErr().println("canary: " + told.words());
      spec.commandLine().getErr().flush();
    }
  }
}
