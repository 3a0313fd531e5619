package dev.serin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/// Canaries as a table, a row each.
final class CanaryTable {
  private CanaryTable() {}

  /// @param namespaces whether the namespace is a column
  /// @param wide whether revisions and what is waited for are shown too
  static String of(List<ObjectNode> canaries, boolean namespaces, boolean wide, Instant now) {
    var table = new Columns(heads(namespaces, wide).toArray(String[]::new));
    canaries.forEach(canary -> table.row(row(canary, namespaces, wide, now)));
    return table.toString();
  }

  private static List<String> heads(boolean namespaces, boolean wide) {
    var heads = new ArrayList<String>();
    if (namespaces) {
      heads.add("NAMESPACE");
    }
    heads.addAll(List.of("NAME", "PHASE", "WEIGHT", "STEP", "FAILED", "REVISION", "AGE"));
    if (wide) {
      heads.addAll(List.of("STABLE", "LAST", "HOLD", "PROVIDER", "TARGET", "WAITING FOR"));
    }
    return heads;
  }

  private static List<String> row(
      ObjectNode canary, boolean namespaces, boolean wide, Instant now) {
    var status = canary.path("status");
    var cells = new ArrayList<String>();
    if (namespaces) {
      cells.add(canary.at("/metadata/namespace").asText());
    }
    cells.add(canary.at("/metadata/name").asText());
    cells.add(orDash(status.path("phase")));
    cells.add(status.path("canaryWeight").asInt(0) + "%");
    cells.add(
        status.path("step").asInt() == 0
            ? "-"
            : status.path("step").asText() + "/" + orDash(status.path("steps")));
    cells.add(status.path("failedChecks").asText("0"));
    cells.add(orDash(status.path("revision")));
    cells.add(age(canary.at("/metadata/creationTimestamp").asText(), now));
    if (wide) {
      cells.add(orDash(status.path("stableRevision")));
      cells.add(orDash(status.at("/history/0/outcome")));
      cells.add(orDash(status.path("hold")));
      cells.add(orDash(canary.at("/spec/provider")));
      cells.add(
          canary.at("/spec/targetRef/kind").asText("Deployment")
              + "/"
              + canary.at("/spec/targetRef/name").asText());
      cells.add(orDash(status.path("waitingFor")));
    }
    return cells;
  }

  static String orDash(JsonNode value) {
    return value.isMissingNode() || value.isNull() || value.asText().isEmpty()
        ? "-"
        : value.asText();
  }

  static String age(String since, Instant now) {
    try {
      return Sentences.age(Instant.parse(since), now);
    } catch (DateTimeParseException e) {
      return "-";
    }
  }
}
