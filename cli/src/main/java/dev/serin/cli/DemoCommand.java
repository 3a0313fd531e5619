package dev.serin.cli;

import dev.serin.controller.telemetry.Logging;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Shows a good and a bad release in one process.
@Command(
    name = "demo",
    description = {
      "Shows a good and a bad release, in about a minute and without a cluster.",
      "Everything runs in this process, on ports of this machine: an API server, pods, a proxy"
          + " under load, metrics and the real controller."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the good release was promoted, the bad one rolled back, and routing failed no request",
      "1:it went otherwise",
      "2:wrong usage",
      "130:interrupted"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  canary demo",
      "  canary demo -o json      one JSON document at the end; exit 0 only if all went well"
    })
final class DemoCommand implements Callable<Integer> {
  /// As shells say it of a program that was interrupted.
  private static final int INTERRUPTED = 130;

  private static final Duration FAREWELL = Duration.ofSeconds(5);

  /// Plays the demonstration.
  @FunctionalInterface
  interface Play {
    DemoReport on(DemoScreen screen) throws InterruptedException;
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      converter = OutputFormat.OnlyJson.class,
      description = "json, or nothing.")
  private OutputFormat format = OutputFormat.TABLE;

  @Spec private @Nullable CommandSpec spec;

  private final Play play;
  private final CountDownLatch ended = new CountDownLatch(1);

  DemoCommand() {
    this(screen -> DemoStory.play(screen, DemoPace.FOR_PEOPLE));
  }

  DemoCommand(Play play) {
    this.play = play;
  }

  @Override
  public Integer call() {
    var out = spec == null ? Terminal.out() : spec.commandLine().getOut();
    var err = spec == null ? Terminal.err() : spec.commandLine().getErr();
    var quiet = format == OutputFormat.JSON;
    var untold = new StringWriter();
    var screen =
        new DemoScreen(
            quiet ? new PrintWriter(untold) : out,
            !quiet && Terminal.isInteractive(),
            Instant.now());
    Logging.silence();
    var interruption = interruption(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(interruption);
    try {
      var report = play.on(screen);
      out.println(quiet ? OutputFormat.json(report.json()) : "\n" + report.words());
      out.flush();
      if (!report.isAsItShould()) {
        err.print(untold);
        if (quiet) {
          err.println("\n" + report.words());
        }
        err.flush();
        return 1;
      }
      return 0;
    } catch (InterruptedException e) {
      screen.end("stopped");
      return INTERRUPTED;
    } finally {
      ended.countDown();
      forget(interruption);
    }
  }

  /// What happens when somebody presses Ctrl-C: everything that was started is closed.
  private Thread interruption(Thread playing) {
    return new Thread(
        () -> {
          playing.interrupt();
          try {
            var _ = ended.await(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        "stop");
  }

  private static void forget(Thread interruption) {
    try {
      Runtime.getRuntime().removeShutdownHook(interruption);
    } catch (IllegalStateException stopping) {
      // It is what ends this process.
    }
  }
}
