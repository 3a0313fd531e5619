package dev.serin.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Says which version this is.
@Command(
    name = "version",
    description = "Says which version this is, and on which Java it runs.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  canary version", "  canary version -o json"})
final class VersionCommand implements Callable<Integer> {
  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      converter = OutputFormat.OnlyJson.class,
      description = "json, or nothing.")
  private OutputFormat format = OutputFormat.TABLE;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec != null) {
      var out = spec.commandLine().getOut();
      out.println(format == OutputFormat.JSON ? json() : "canary " + Version.text());
      out.flush();
    }
    return 0;
  }

  private static String json() {
    var version = Printing.JSON.createObjectNode();
    version.put("version", Version.text());
    version.put("apiVersion", dev.serin.cluster.Kind.CANARY.apiVersion());
    version.put("java", Runtime.version().toString());
    return OutputFormat.json(version);
  }
}
