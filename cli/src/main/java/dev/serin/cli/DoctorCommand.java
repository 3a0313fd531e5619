package dev.serin.cli;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Says what keeps Serin from working in a cluster.
@Command(
    name = "doctor",
    description = {
      "Looks at everything that Serin needs of a cluster, and says what is missing and what helps:",
      "definitions, policies, the controller and its rights, meshes, metrics, Canaries that stand"
          + " still."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no problem; there may be advice, and things that you may not look at",
      "1:a problem",
      "2:wrong usage",
      "8:the API server refused, or was not reached"
    },
    footerHeading = "%nExamples:%n",
    footer = {"  canary doctor", "  canary doctor --context staging -o json"})
final class DoctorCommand implements Callable<Integer> {
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--serin-namespace",
      paramLabel = "NAMESPACE",
      description = "Where the controller and its account live; serin by default.")
  private String home = "serin";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      converter = OutputFormat.OnlyJson.class,
      description = "json, or nothing.")
  private OutputFormat format = OutputFormat.TABLE;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    try (var access = cluster.open()) {
      var findings = new Doctor(access, home, Instant.now()).examine();
      var ok = findings.stream().noneMatch(each -> each.level() == Finding.Level.PROBLEM);
      if (spec != null) {
        spec.commandLine().getOut().println(text(findings, ok));
        spec.commandLine().getOut().flush();
      }
      return ok ? 0 : 1;
    }
  }

  private String text(List<Finding> findings, boolean ok) {
    if (format == OutputFormat.JSON) {
      var document = Printing.JSON.createObjectNode().put("ok", ok);
      var list = document.putArray("findings");
      findings.forEach(each -> list.add(each.json()));
      return OutputFormat.json(document);
    }
    var paint = Paint.ofTerminal();
    return findings.stream().map(each -> each.text(paint)).collect(Collectors.joining("\n"));
  }
}
