package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// What commands say about themselves.
class HelpTest {
  private static final Path CLI =
      Files.exists(Path.of("src/main/java/dev/serin/cli")) ? Path.of("") : Path.of("cli");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  static CommandLine line() {
    return line(new StringWriter(), new StringWriter());
  }

  private static CommandLine line(StringWriter out, StringWriter err) {
    return Main.commandLine(
        new PrintWriter(out, true),
        new PrintWriter(err, true),
        new TestCluster.Answering(false, ""));
  }

  /// All that a user is told of.
  static Stream<CommandLine> commands() {
    return line().getSubcommands().values().stream()
        .filter(command -> !command.getCommandSpec().usageMessage().hidden());
  }

  private int run(String... arguments) {
    return line(out, err).execute(arguments);
  }

  private static String usage(CommandLine command) {
    return command.getUsageMessage(Ansi.OFF);
  }

  /// Only the command that is asked for is set up.
  @Test
  void aCommandSaysTheSameAloneAsAmongAll() {
    line()
        .getSubcommands()
        .forEach(
            (name, among) -> {
              var one =
                  Main.commandLine(
                      new PrintWriter(out),
                      new PrintWriter(err),
                      new TestCluster.Answering(false, ""),
                      name,
                      "--help");
              var alone = Objects.requireNonNull(one.getSubcommands().get(name), name);
              assertThat(usage(alone)).as(name).isEqualTo(usage(among));
              assertThat(alone.getCommandSpec().version())
                  .as(name)
                  .isEqualTo(among.getCommandSpec().version());
            });
  }

  @Test
  void theHelpThatIsAnsweredAtOnceIsThatOfTheCommandLine() {
    Updating.whole(CLI.resolve("src/main/resources/dev/serin/cli/help.txt"), usage(line()));
    assertThat(Start.quick(new String[] {"--help"})).contains(usage(line()));
    assertThat(Start.quick(new String[] {})).contains(usage(line()));
    assertThat(Start.quick(new String[] {"-V"})).isPresent();
    assertThat(Start.quick(new String[] {"get"})).isEmpty();
    assertThat(Start.quick(new String[] {"--help", "get"})).isEmpty();
  }

  @Test
  void thePageOfCommandsIsTheirHelp() {
    var page = new StringBuilder("\n");
    commands()
        .forEach(
            command ->
                page.append("## ")
                    .append(command.getCommandName())
                    .append("\n\n```text\n")
                    .append(usage(command))
                    .append("```\n\n"));
    Updating.between(
        CLI.resolve("../docs/cli.md").normalize(),
        "<!-- commands: begin",
        "<!-- commands: end",
        page.toString());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandDescribesItselfAndAllItsFlags(CommandLine command) {
    var spec = command.getCommandSpec();
    assertThat(spec.usageMessage().description()).as(spec.name()).isNotEmpty();
    spec.options()
        .forEach(
            option ->
                assertThat(option.description())
                    .as("%s %s", spec.name(), option.longestName())
                    .isNotEmpty());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyExampleParses(CommandLine command) {
    var name = command.getCommandName();
    if (name.equals("help")) {
      return;
    }
    var examples =
        Arrays.stream(command.getCommandSpec().usageMessage().footer())
            .map(example -> example.replaceAll("(?<=\\S) {2,}\\S.*$", ""))
            .flatMap(example -> ShellLines.commands(example).stream())
            .flatMap(words -> ShellLines.ours(words).stream())
            .toList();
    assertThat(examples)
        .as("%s has an example of itself", name)
        .anyMatch(words -> !words.isEmpty() && words.getFirst().equals(name));
    examples.forEach(HelpTest::parse);
  }

  static void parse(List<String> arguments) {
    try {
      line().parseArgs(arguments.toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      throw new AssertionError("canary " + String.join(" ", arguments) + ": " + e.getMessage(), e);
    }
  }

  /// What is mentioned in a sentence may leave out what it is about; the rest has to be right.
  static void parseMention(List<String> arguments) {
    try {
      line().parseArgs(arguments.toArray(String[]::new));
    } catch (CommandLine.MissingParameterException e) {
      assertThat(arguments).isNotEmpty();
    } catch (CommandLine.ParameterException e) {
      throw new AssertionError("canary " + String.join(" ", arguments) + ": " + e.getMessage(), e);
    }
  }

  @Test
  void whoWaitsIsToldAllExitCodes() {
    var wait = usage(Objects.requireNonNull(line().getSubcommands().get("wait")));
    for (int code = 0; code <= 9; code++) {
      assertThat(wait).containsPattern("(?m)^  " + code + "   ?\\S");
    }
  }

  @Test
  void anUnknownFlagIsNamedWithTheWayToTheKnownOnes() {
    assertThat(run("get", "--namespce", "shop")).isEqualTo(2);
    assertThat(err.toString())
        .contains("Unknown option: '--namespce'", "--namespace", "`canary get --help`");
  }

  @Test
  void anUnknownCommandNamesTheNearest() {
    assertThat(run("promot", "web")).isEqualTo(2);
    assertThat(err.toString()).contains("'promot'", "Did you mean: ", "promote");
  }

  @Test
  void aMissingNameIsNamed() {
    assertThat(run("history")).isEqualTo(2);
    assertThat(err.toString()).contains("Missing required parameter: 'NAME'");
  }

  @Test
  void anUnknownMeshNamesTheKnownOnes() {
    assertThat(run("controller", "--provider", "isto")).isEqualTo(2);
    assertThat(err.toString()).contains("--provider is 'isto'; known are [", "gatewayapi");
    assertThat(run("install", "--controller=false", "--metrics-server", "prometheus:9090"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("--metrics-server is 'prometheus:9090'", "http://");
  }

  @Test
  void theCompletionScriptIsOneThatBashTakes(@TempDir Path directory)
      throws IOException, InterruptedException {
    for (var shell : List.of("bash", "zsh")) {
      out.getBuffer().setLength(0);
      assertThat(run("completion", shell)).isZero();
      assertThat(out.toString()).contains("wait", "--fail-on-approval").doesNotContain("warm-up");
      var script = Files.writeString(directory.resolve("script"), out.toString());
      var check = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
      assertThat(check.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(check.exitValue()).isZero();
    }
    assertThat(run("completion", "fish")).isEqualTo(2);
    assertThat(err.toString()).contains("bash", "zsh", "fish");
  }

  @Test
  void theVersionIsThereForPrograms() throws IOException {
    assertThat(run("version", "-o", "json")).isZero();
    var version = new ObjectMapper().readTree(out.toString());
    assertThat(version.path("version").asText()).isEqualTo(Version.text());
    assertThat(version.path("apiVersion").asText()).isEqualTo("serin.dev/v1beta1");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandKnowsTheVersion(CommandLine command) {
    if (!command.getCommandName().equals("help")) {
      assertThat(run(command.getCommandName(), "--version")).isZero();
      assertThat(out.toString()).isEqualTo("canary " + Version.text() + "\n");
    }
  }

  @Test
  void withoutColoursWhereNobodyLooks() {
    run("get", "--help");
    assertThat(out.toString()).doesNotContain("\u001b");
  }
}
