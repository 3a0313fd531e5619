package dev.serin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Shows how the last rollouts of a Canary ended.
@Command(
    name = "history",
    description = "Shows how the last rollouts of a canary ended, and why, newest first.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:shown",
      "2:wrong usage, or no such Canary",
      "8:the API server refused, or was not reached"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  canary history web -n shop",
      "  canary history web -n shop -o wide    with when they started and ended",
      "  canary history web -n shop -o json"
    })
final class HistoryCommand implements Callable<Integer> {
  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "NAME", description = "The Canary.")
  private String name = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      converter = OutputFormat.Nameless.class,
      description = "One of json, yaml, wide; rollouts have no names.")
  private OutputFormat format = OutputFormat.TABLE;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    try (var access = cluster.open()) {
      JsonNode history = CanaryNames.find(access, name).withObject("/status").withArray("history");
      if (spec != null) {
        spec.commandLine().getOut().println(text(history, Instant.now()));
      }
    }
    return 0;
  }

  private String text(JsonNode history, Instant now) {
    return switch (format) {
      case JSON -> OutputFormat.json(history);
      case YAML -> OutputFormat.yaml(history);
      case WIDE -> table(history, true, now);
      case TABLE, NAME -> table(history, false, now);
    };
  }

  static String table(JsonNode history, boolean wide, Instant now) {
    if (history.isEmpty()) {
      return "No rollout has ended yet.";
    }
    var heads = new ArrayList<>(List.of("ROLLOUT", "REVISION", "OUTCOME", "TOOK", "ENDED"));
    if (wide) {
      heads.addAll(List.of("STARTED AT", "ENDED AT"));
    }
    heads.addAll(List.of("BY", "REASON"));
    var table = new Columns(heads.toArray(String[]::new));
    for (var each : history) {
      var row = new ArrayList<String>();
      row.add(CanaryTable.orDash(each.path("number")));
      row.add(CanaryTable.orDash(each.path("revision")));
      row.add(CanaryTable.orDash(each.path("outcome")));
      row.add(
          each.hasNonNull("durationSeconds")
              ? Sentences.age(Duration.ofSeconds(each.path("durationSeconds").asLong()))
              : "-");
      row.add(CanaryTable.age(each.path("endedAt").asText(), now) + " ago");
      if (wide) {
        row.add(CanaryTable.orDash(each.path("startedAt")));
        row.add(CanaryTable.orDash(each.path("endedAt")));
      }
      row.add(CanaryTable.orDash(each.path("by")));
      row.add(CanaryTable.orDash(each.path("reason")));
      table.row(row);
    }
    return table.toString();
  }
}
