package dev.serin.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.controller.mesh.Meshes;
import dev.serin.controller.telemetry.Logging;
import dev.serin.parse.CanaryParser;
import dev.serin.parse.Parsed;
import dev.serin.parse.Settings;
import dev.serin.sandbox.rehearsal.Odds;
import dev.serin.sandbox.rehearsal.Rehearsal;
import dev.serin.sandbox.rehearsal.Release;
import dev.serin.sandbox.rehearsal.Simulation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Tells what a Canary would do with a release.
@Command(
    name = "simulate",
    description = {
      "Tells what a Canary would do with a release: the real controller plays it in virtual time.",
      "Prints the course of one release, and how many more of the same kind end. No cluster needed."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  canary simulate -f canary.yaml --traffic 50rps --error-rate 2%%",
      "  canary simulate -f canary.yaml --traffic 5rps --error-rate 0 --runs 200",
      "  canary simulate -f canary.yaml --traffic 50rps --latency 300ms -o json"
    })
final class SimulateCommand implements Callable<Integer> {
  private static final Pattern RATE = Pattern.compile("(?<number>[0-9]+(\\.[0-9]+)?)(rps|/s)?");
  private static final Pattern PERCENT = Pattern.compile("(?<number>[0-9]+(\\.[0-9]+)?)%?");
  private static final Pattern TIME = Pattern.compile("(?<number>[0-9]+)(?<unit>ms|s)");

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      required = true,
      description = "The manifest with the Canary.")
  private Path file = Path.of("canary.yaml");

  @Option(
      names = "--traffic",
      paramLabel = "RATE",
      required = true,
      description = "Requests of users in a second, such as 50rps.")
  private String traffic = "";

  @Option(
      names = "--error-rate",
      paramLabel = "PERCENT",
      description = "Requests that the new version fails, such as 2%% (default: ${DEFAULT-VALUE}).")
  private String errors = "0%";

  @Option(
      names = "--stable-error-rate",
      paramLabel = "PERCENT",
      description = "Requests that stable fails (default: ${DEFAULT-VALUE}).")
  private String stableErrors = "0%";

  @Option(
      names = "--latency",
      paramLabel = "DURATION",
      description = "Median time in which the new version answers, such as 300ms (default: 5ms).")
  private @Nullable String latency;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      description = "Pods of the target (default: ${DEFAULT-VALUE}).")
  private int replicas = 3;

  @Option(
      names = "--header",
      paramLabel = "NAME=VALUE",
      description = "A header that every tenth request carries, for A/B testing.")
  private Map<String, String> headers = Map.of();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The first seed of chance; equal seeds give equal answers.")
  private long seed = 1;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Releases to play for the odds (default: ${DEFAULT-VALUE}).")
  private int runs = 20;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "json, or nothing.")
  private OutputFormat format = OutputFormat.TABLE;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    var out = spec == null ? Terminal.out() : spec.commandLine().getOut();
    Logging.silence();
    var simulation = new Simulation(canary(), release());
    var quiet = format == OutputFormat.JSON;
    var shows = !quiet && Terminal.isInteractive();
    var courses = play(simulation, shows ? new ProgressBar(out, "releases", runs) : null);
    var first = courses.getFirst();
    var odds = Odds.of(courses);
    if (quiet) {
      out.println(OutputFormat.json(json(simulation, first, odds)));
    } else {
      print(out, simulation, first, odds);
    }
    out.flush();
    return 0;
  }

  private Release release() {
    if (replicas < 1 || runs < 1) {
      throw new UsageException("--replicas and --runs must be at least 1");
    }
    return new Release(
        number(RATE, "--traffic", traffic, "50rps"),
        share("--stable-error-rate", stableErrors),
        share("--error-rate", errors),
        Optional.ofNullable(latency).map(SimulateCommand::time),
        replicas,
        headers);
  }

  private ObjectNode canary() {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UsageException("--filename is '%s', which cannot be read: %s".formatted(file, e));
    }
    var canary =
        Rehearsal.documents(text).stream()
            .filter(object -> object.path("kind").asText().equals("Canary"))
            .findFirst()
            .orElseThrow(() -> new UsageException("there is no Canary in " + file));
    var kind = canary.at("/spec/targetRef/kind").asText("Deployment");
    if (!kind.equals("Deployment")) {
      throw new UsageException(
          "spec.targetRef.kind is '%s'; only Deployments can be simulated".formatted(kind));
    }
    if (CanaryParser.parse(canary, Settings.of("gatewayapi", Meshes.all()))
        instanceof Parsed.Invalid invalid) {
      throw new UsageException(file + ": " + invalid.inWords());
    }
    return canary;
  }

  private static double share(String option, String text) {
    double percent = number(PERCENT, option, text, "2%");
    if (percent > 100) {
      throw new UsageException("%s is '%s'; it is at most 100%%".formatted(option, text));
    }
    return percent / 100;
  }

  private static double number(Pattern pattern, String option, String text, String example) {
    var matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new UsageException("%s is '%s'; write it like %s".formatted(option, text, example));
    }
    return Double.parseDouble(matcher.group("number"));
  }

  private static Duration time(String text) {
    var matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      throw new UsageException("--latency is '%s'; write it like 300ms".formatted(text));
    }
    long number = Long.parseLong(matcher.group("number"));
    return matcher.group("unit").equals("s")
        ? Duration.ofSeconds(number)
        : Duration.ofMillis(number);
  }

  /// @param progress what grows with each; null for nothing
  private List<Simulation.Course> play(Simulation simulation, @Nullable ProgressBar progress) {
    var courses =
        IntStream.range(0, runs)
            .parallel()
            .mapToObj(
                run -> {
                  var course = simulation.play(seed + run);
                  if (progress != null) {
                    progress.step();
                  }
                  return course;
                })
            .toList();
    if (progress != null) {
      progress.clear();
    }
    return courses;
  }

  private void print(PrintWriter out, Simulation simulation, Simulation.Course first, Odds odds) {
    simulation.leftOut().forEach(part -> out.println("not played: " + part));
    out.println("one release, seed " + seed + ":");
    for (var decided : first.decisions()) {
      out.println("%9s  %s: %s".formatted(clock(decided.after()), decided.kind(), decided.text()));
    }
    out.println("%9s  %s: %s".formatted(clock(first.took()), first.outcome(), first.reason()));
    out.println();
    out.println(runs + " releases like this:");
    for (var outcome : odds.outcomes()) {
      out.println(
          "  %-15s %4d   %5.1f %%   (95 %% sure: %.1f to %.1f %%)"
              .formatted(
                  outcome.outcome(),
                  outcome.runs(),
                  100.0 * outcome.runs() / runs,
                  100 * outcome.low(),
                  100 * outcome.high()));
    }
    out.println("  decided after   " + spread(odds.seconds(), "s"));
    out.println("  failed requests " + spread(odds.hurt(), "of the new version"));
  }

  private static String spread(Odds.Spread spread, String unit) {
    return "%d %s in the middle, %d to %d in eight of ten"
        .formatted(spread.median(), unit, spread.low(), spread.high());
  }

  private static String clock(Duration time) {
    var seconds = Math.max(0, time.toSeconds());
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private ObjectNode json(Simulation simulation, Simulation.Course first, Odds odds) {
    var json = new ObjectMapper().createObjectNode();
    var course =
        json.putObject("course")
            .put("seed", seed)
            .put("outcome", first.outcome())
            .put("reason", first.reason())
            .put("seconds", first.took().toSeconds());
    var decisions = course.putArray("decisions");
    for (var decided : first.decisions()) {
      decisions
          .addObject()
          .put("second", Math.max(0, decided.after().toSeconds()))
          .put("kind", decided.kind())
          .put("text", decided.text());
    }
    json.put("runs", runs);
    var outcomes = json.putArray("outcomes");
    for (var outcome : odds.outcomes()) {
      outcomes
          .addObject()
          .put("outcome", outcome.outcome())
          .put("runs", outcome.runs())
          .put("share", (double) outcome.runs() / runs)
          .put("low", outcome.low())
          .put("high", outcome.high());
    }
    put(json.putObject("secondsToDecision"), odds.seconds());
    put(json.putObject("failedByNewVersion"), odds.hurt());
    var leftOut = json.putArray("notPlayed");
    simulation.leftOut().forEach(leftOut::add);
    return json;
  }

  private static void put(ObjectNode json, Odds.Spread spread) {
    json.put("low", spread.low()).put("median", spread.median()).put("high", spread.high());
  }
}
