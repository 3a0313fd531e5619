package dev.serin.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command `canary`, also as `kubectl canary`.
@Command(
    name = "canary",
    description = "Releases by evidence: progressive delivery for Kubernetes.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  canary demo                              see a good and a bad release, without a cluster",
      "  canary get -A                            all canaries",
      "  canary get web -n shop                   one canary, with all that it knows",
      "  canary wait deployment/web -n shop       for CI: until the release is decided",
      "  canary promote web -n shop               skip the rest of the analysis",
      "",
      "Every command has --help with examples of its own."
    })
public final class Main implements Runnable {
  /// Exit code of wrong usage.
  static final int USAGE = 2;

  /// Exit code of an API server that refused or was not reached.
  static final int CLUSTER = 8;

  /// How the user calls us: `canary` or `kubectl canary`. Set by the launcher.
  private static final String NAME = "serin.command";

  private static final int WIDTH = 100;

  /// Commands that look at all others.
  private static final Set<String> OF_ALL = Set.of("completion", "warm-up");

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  /// Runs one command and ends the process with its exit code.
  public static void main(String[] arguments) {
    System.exit(run(arguments, Terminal.out(), Terminal.err()));
  }

  /// Runs one command.
  ///
  /// @return its exit code
  static int run(String[] arguments, PrintWriter out, PrintWriter err) {
    return commandLine(out, err, Terminal.Asking.person(), arguments).execute(arguments);
  }

  /// The command line for these arguments: with the one command that they begin with, because
  /// reading the options of all takes longer than what most of them do; with all when they begin
  /// with none.
  static CommandLine commandLine(
      PrintWriter out, PrintWriter err, Terminal.Asking asking, String... arguments) {
    var line = new CommandLine(new Main());
    line.getCommandSpec().name(System.getProperty(NAME, "canary"));
    var all = commands(asking);
    var first = arguments.length == 0 ? "" : arguments[0];
    if (all.containsKey(first) && !OF_ALL.contains(first)) {
      line.addSubcommand(first, all.get(first).get());
    } else {
      all.forEach((name, command) -> line.addSubcommand(name, command.get()));
    }
    line.getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().versionProvider(new Version()));
    line.addSubcommand(new CommandLine.HelpCommand());
    return line.setOut(out)
        .setErr(err)
        .setUsageHelpWidth(WIDTH)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setColorScheme(CommandLine.Help.defaultColorScheme(colours()))
        .setParameterExceptionHandler(Main::misused)
        .setExecutionExceptionHandler(Main::failed);
  }

  /// What makes each command, by its name, in the order in which they are told of.
  private static Map<String, Supplier<Object>> commands(Terminal.Asking asking) {
    var commands = new LinkedHashMap<String, Supplier<Object>>();
    commands.put("demo", DemoCommand::new);
    commands.put("simulate", SimulateCommand::new);
    commands.put("get", GetCommand::new);
    commands.put("history", HistoryCommand::new);
    commands.put("wait", WaitCommand::new);
    commands.put("doctor", DoctorCommand::new);
    commands.put("install", InstallCommand::new);
    commands.put("controller", ControllerCommand::new);
    commands.put("release", () -> new ReleaseCommand(asking));
    commands.put("completion", CompletionCommand::new);
    commands.put("version", VersionCommand::new);
    commands.put("warm-up", WarmUpCommand::new);
    for (var verb : dev.serin.rollout.Command.Verb.values()) {
      commands.put(verb.word(), () -> TellCommand.line(verb));
    }
    return commands;
  }

  private static Ansi colours() {
    return Terminal.isInteractive() ? Ansi.ON : Ansi.OFF;
  }

  private static int misused(ParameterException problem, String[] arguments) {
    var line = problem.getCommandLine();
    var command = line.getCommandSpec().qualifiedName();
    line.getErr().println("canary: " + problem.getMessage());
    if (problem instanceof UnmatchedArgumentException unmatched) {
      var near = unmatched.getSuggestions();
      if (!near.isEmpty()) {
        line.getErr().println("Did you mean: " + String.join(", ", near) + "?");
      }
    }
    line.getErr().println("`" + command + " --help` shows how it is used.");
    line.getErr().flush();
    return USAGE;
  }

  private static int failed(Exception problem, CommandLine line, CommandLine.ParseResult result) {
    if (System.getenv("SERIN_DEBUG") != null) {
      problem.printStackTrace(line.getErr());
    }
    line.getErr().println("canary: " + Sentences.of(problem));
    line.getErr().flush();
    return problem instanceof UsageException ? USAGE : CLUSTER;
  }

  @Override
  public void run() {
    if (spec != null) {
      spec.commandLine().usage(spec.commandLine().getOut());
    }
  }
}
