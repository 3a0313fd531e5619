package dev.serin.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.resource.Crd;
import dev.serin.resource.Updating;
import dev.serin.rollout.Outcome;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.TrafficSplit;
import dev.serin.rollout.Trial;
import dev.serin.rollout.Withdrawal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/// Pages of the documentation that are made from what they describe.
class DocumentationTest {

  private static final Path DOCS = Path.of("..", "docs");

  @Test
  void everyFieldIsInTheReference() {
    var page = new StringBuilder("\n");
    for (var kind : List.of("Canary", "CanaryCommand", "MetricTemplate", "AlertProvider")) {
      var schema = Crd.schema(kind);
      page.append("## ").append(kind).append("\n\n").append(description(schema)).append("\n\n");
      section(schema.at("/properties/spec"), "spec", page);
      if (schema.at("/properties/status").isObject()) {
        section(schema.at("/properties/status"), "status", page);
      }
    }
    Updating.between(
        DOCS.resolve("canary.md"), "<!-- fields: begin", "<!-- fields: end", page.toString());
  }

  /// An object's own fields as a table, then those of its objects.
  private static void section(JsonNode schema, String at, StringBuilder page) {
    var required =
        StreamSupport.stream(schema.path("required").spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.toSet());
    page.append("### `").append(at).append("`\n\n").append(description(schema)).append("\n\n");
    page.append("| Field | Type | Default | Meaning |\n|---|---|---|---|\n");
    var inner = new LinkedHashMap<String, JsonNode>();
    for (var field : schema.path("properties").properties()) {
      var name = field.getKey();
      var mark = required.contains(name) ? "**" : "";
      page.append(
          "| %s`%s`%s | %s | %s | %s |\n"
              .formatted(
                  mark,
                  name,
                  mark,
                  type(field.getValue()),
                  field.getValue().has("default")
                      ? "`" + field.getValue().path("default").asText() + "`"
                      : "",
                  description(field.getValue())));
      element(name, field.getValue(), inner);
    }
    rules(schema, page);
    page.append('\n');
    inner.forEach((name, element) -> section(element, at + "." + name, page));
  }

  /// What of a field is worth a section of its own.
  private static void element(String name, JsonNode schema, Map<String, JsonNode> inner) {
    if (name.equals("state")) {
      return;
    }
    if (schema.path("items").has("properties")) {
      inner.put(name + "[]", schema.path("items"));
    } else if (schema.path("additionalProperties").has("properties")) {
      inner.put(name + ".*", schema.path("additionalProperties"));
    } else if (schema.has("properties")) {
      inner.put(name, schema);
    }
  }

  private static void rules(JsonNode schema, StringBuilder page) {
    var messages = new ArrayList<String>();
    schema
        .path("x-kubernetes-validations")
        .forEach(rule -> messages.add("- " + rule.path("message").asText() + "\n"));
    if (!messages.isEmpty()) {
      page.append("\nRules:\n\n");
      messages.forEach(page::append);
    }
  }

  private static String type(JsonNode schema) {
    var words =
        StreamSupport.stream(schema.path("enum").spliterator(), false)
            .map(word -> "`" + word.asText() + "`")
            .collect(Collectors.joining(", "));
    if (!words.isEmpty()) {
      return words;
    }
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      return "number or text";
    }
    return switch (schema.path("type").asText()) {
      case "array" -> "list of " + plural(schema.path("items"));
      case "object" ->
          schema.has("additionalProperties")
              ? "map of " + plural(schema.path("additionalProperties"))
              : "object";
      case "integer" -> "whole number" + range(schema);
      case "number" -> "number" + range(schema);
      case "boolean" -> "`true`, `false`";
      case "string" ->
          schema.path("format").asText().equals("date-time")
              ? "time"
              : schema.path("pattern").asText().contains("ms)") ? "duration" : "text";
      default -> "see meaning";
    };
  }

  private static String plural(JsonNode element) {
    return switch (element.path("type").asText()) {
      case "object" -> "objects";
      case "integer" -> "whole numbers" + range(element);
      case "array" -> "lists of " + plural(element.path("items"));
      default -> "texts";
    };
  }

  private static String range(JsonNode schema) {
    var least = schema.path("minimum").asText();
    var most = schema.path("maximum").asText();
    if (least.isEmpty()) {
      return "";
    }
    return most.isEmpty() ? ", at least " + least : ", " + least + " to " + most;
  }

  private static String description(JsonNode schema) {
    return schema.path("description").asText().strip().replace("|", "\\|");
  }

  @Test
  void theTableOfConditionsIsThatOfTheCode() {
    var table =
        new StringBuilder(
            "\n| Phase | Promoted | Ready | Reconciling | Stalled |\n|---|---|---|---|---|\n");
    var states = rows();
    states.forEach((words, state) -> row(words, Conditions.row(state, Optional.empty()), table));
    row(
        "`Initialized` after the outcome `Reverted`",
        Conditions.row(
            new RolloutState.Initialized("a", new Withdrawal.Done()),
            Optional.of(Outcome.Kind.Reverted)),
        table);
    row("*Invalid*", Conditions.INVALID, table);

    assertThat(states.values().stream().map(Object::getClass).distinct())
        .as("every state but Paused has its row")
        .hasSize(RolloutState.class.getPermittedSubclasses().length - 1);
    Updating.between(
        DOCS.resolve("status.md"), "<!-- conditions: begin", "<!-- conditions: end", table + "\n");
  }

  private static void row(String words, Conditions.Row row, StringBuilder table) {
    table.append(
        "| %s | %s | %s | %s | %s |\n"
            .formatted(words, row.promoted(), row.ready(), row.reconciling(), row.stalled()));
  }

  private static RolloutState reverting(Trial trial, Instant now, boolean stalled) {
    return new RolloutState.Reverting(trial, "", now, stalled, Optional.empty(), List.of());
  }

  private static Map<String, RolloutState> rows() {
    var now = Instant.EPOCH;
    var done = new Withdrawal.Done();
    var returning = new Withdrawal.Returning(now);
    var trial =
        new Trial(
            1,
            "b",
            "a",
            now,
            Trial.Mode.ANALYSED,
            0,
            List.of(),
            List.of(),
            Duration.ZERO,
            List.of(),
            Optional.empty());
    var rows = new LinkedHashMap<String, RolloutState>();
    rows.put("`Initializing`", new RolloutState.Initializing(now, Optional.empty(), done));
    rows.put(
        "`Initialized`, until the canary of before is gone",
        new RolloutState.Initialized("a", returning));
    rows.put("`Initialized`", new RolloutState.Initialized("a", done));
    rows.put(
        "`Waiting`",
        new RolloutState.Waiting(
            "a",
            "b",
            now,
            Optional.empty(),
            Optional.empty(),
            Trial.Mode.ANALYSED,
            List.of(),
            done));
    rows.put(
        "`Progressing`",
        new RolloutState.Progressing(trial, 0, new RolloutState.StepPhase.Routing(now)));
    rows.put("`WaitingPromotion`", new RolloutState.WaitingPromotion(trial, now, now, false));
    rows.put(
        "`Promoting`", new RolloutState.Promoting(trial, new RolloutState.Handover.Routing(now)));
    rows.put(
        "`Finalising`, until all traffic is confirmed at the target",
        new RolloutState.Finalising(trial, 0, now, returning));
    rows.put(
        "`Finalising`, while the canary drains",
        new RolloutState.Finalising(trial, 0, now, new Withdrawal.Draining(now)));
    rows.put("`Succeeded`", new RolloutState.Succeeded("b"));
    rows.put("`Reverting`", reverting(trial, now, false));
    rows.put("`Reverting`, after the progress deadline", reverting(trial, now, true));
    rows.put(
        "`Failed`, until the canary is gone",
        new RolloutState.Failed("a", "b", "", false, returning));
    rows.put("`Failed`", new RolloutState.Failed("a", "b", "", false, done));
    rows.put(
        "`PromotionFailed`",
        new RolloutState.PromotionFailed(trial, "", now, TrafficSplit.toCanary(100)));
    rows.put("`Bypassed`", new RolloutState.Bypassed("", now));
    rows.put(
        "`Terminating`",
        new RolloutState.Terminating(Optional.of("a"), now, false, false, returning));
    return rows;
  }
}
