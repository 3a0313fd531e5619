package dev.serin.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.resource.Crd;
import dev.serin.resource.Updating;
import dev.serin.rollout.RolloutState;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The schema of `status.state` is made from the types of the machine, so that the API server drops
/// nothing of it.
class StateSchemaTest {

  private static final Map<String, String> DESCRIPTIONS =
      Map.ofEntries(
          Map.entry("abandoned", "Whether the canary is left running."),
          Map.entry("adopting", "The revision that is being adopted."),
          Map.entry("affinity", "How users are kept where they are."),
          Map.entry("approvals", "Approvals given so far."),
          Map.entry("askAgain", "When checks before the first traffic are asked again."),
          Map.entry("asked", "When the gates were first asked."),
          Map.entry("because", "What checks said, where that is the reason."),
          Map.entry("by", "Who did it, or why."),
          Map.entry("canary", "Percent of requests for the canary."),
          Map.entry("check", "Name of the check."),
          Map.entry("comparison", "How the value is compared."),
          Map.entry("conditions", "Conditions that all have to hold."),
          Map.entry("cookie", "Name of the cookie."),
          Map.entry("dryRun", "Whether it never decides."),
          Map.entry("evidence", "State of a sequential test, in words."),
          Map.entry("failedChecks", "Failed checks so far."),
          Map.entry("gate", "Name of the gate."),
          Map.entry("ground", "Why the revision is promoted."),
          Map.entry("heldUp", "Since when something else keeps it from starting."),
          Map.entry("in", "The part of the step or promotion."),
          Map.entry("inconclusive", "Whether the analysis ended undecided."),
          Map.entry("is", "Which of its kinds this is."),
          Map.entry("items", "One of them."),
          Map.entry("judged", "How long traffic was judged before the present hold."),
          Map.entry("lastRound", "When the last round of checks was taken."),
          Map.entry("letGoFirst", "Whether the target has to roll before it takes the traffic."),
          Map.entry("limit", "The limit of the check, in words."),
          Map.entry("matches", "Which requests are meant."),
          Map.entry("maxAge", "How long browsers keep the cookie."),
          Map.entry("meanwhile", "The split until the canary is large enough."),
          Map.entry("mirrored", "Percent of requests that are copied."),
          Map.entry("mode", "How much proof is asked for."),
          Map.entry("name", "Name of what is compared."),
          Map.entry("number", "Number of the rollout."),
          Map.entry("passed", "Rounds of checks passed in the step."),
          Map.entry("promising", "Whether the estimate lies within the limit."),
          Map.entry("query", "What was asked, as it was sent."),
          Map.entry("reason", "Why, in words."),
          Map.entry("resumed", "When a person ended the pause of the step."),
          Map.entry("reverted", "Whether the target itself was returned to stable."),
          Map.entry("revision", "The revision that is tried."),
          Map.entry("routedAt", "When the split of each step was first wanted."),
          Map.entry("since", "When it began."),
          Map.entry("skipped", "Steps that people ended."),
          Map.entry("source", "Where the condition looks."),
          Map.entry("split", "Who gets which traffic."),
          Map.entry("stable", "The revision that serves."),
          Map.entry("startedAt", "When the rollout started."),
          Map.entry("stalled", "Whether it took longer than the progress deadline."),
          Map.entry(
              "state", "What the controller goes on from after a restart. Of no use to others."),
          Map.entry("step", "Index of the step, counted from 0."),
          Map.entry("stopped", "The state that was stopped."),
          Map.entry("trial", "The rollout."),
          Map.entry("value", "What it is compared with, or what was measured."),
          Map.entry("verdict", "What the check says."),
          Map.entry("weight", "Index of the weight on the way back."),
          Map.entry("withdrawal", "How far the canary of before is gone."));

  @Test
  void theSchemaIsThatOfTheTypes() {
    var yaml = new StringBuilder();
    write(schema("state", List.of(RolloutState.class), 0), "state", 16, yaml);
    Updating.between(Crd.file("Canary"), "# state: begin", "# state: end", yaml.toString());
  }

  @Test
  void nothingOfAStateIsDropped() {
    var schema = Crd.schema("Canary").at("/properties/status/properties/state");
    for (var state : States.all()) {
      assertThat(dropped(StatusCodec.encode(state), schema, "")).as("%s", state).isEmpty();
    }
  }

  /// Fields of a value that the schema does not know.
  private static List<String> dropped(JsonNode value, JsonNode schema, String at) {
    var found = new ArrayList<String>();
    if (value.isArray()) {
      value.forEach(element -> found.addAll(dropped(element, schema.path("items"), at + "[]")));
    }
    value
        .properties()
        .forEach(
            field -> {
              var known = schema.path("properties").path(field.getKey());
              var there = at + "." + field.getKey();
              if (known.isMissingNode()) {
                found.add(there);
              } else {
                found.addAll(dropped(field.getValue(), known, there));
              }
            });
    return found;
  }

  /// @param type of the schema
  /// @param fields by name; the types that a field has in any of the alternatives
  private record Schema(String type, Map<String, Schema> fields) {}

  private static Schema schema(String name, List<Type> types, int depth) {
    var type = types.getFirst();
    if (type instanceof ParameterizedType generic) {
      var inner =
          types.stream()
              .map(each -> ((ParameterizedType) each).getActualTypeArguments()[0])
              .toList();
      var schema = schema(name, inner, depth);
      return generic.getRawType() == List.class
          ? new Schema("array", Map.of("items", schema))
          : schema;
    }
    var plain = (Class<?>) type;
    if (plain.isSealed() || plain.isRecord()) {
      return object(types, depth);
    }
    if (plain == int.class || plain == Integer.class) {
      return new Schema("integer", Map.of());
    }
    if (plain == boolean.class) {
      return new Schema("boolean", Map.of());
    }
    if (plain == OptionalDouble.class) {
      return new Schema("number", Map.of());
    }
    if (plain == Instant.class) {
      return new Schema("date-time", Map.of());
    }
    assertThat(plain == String.class || plain == Duration.class || plain.isEnum())
        .as("%s has a type that can be described, not %s", name, plain)
        .isTrue();
    return new Schema("string", Map.of());
  }

  private static Schema object(List<Type> types, int depth) {
    var alternatives = new ArrayList<Class<?>>();
    var isSealed = false;
    for (var type : types) {
      var plain = (Class<?>) type;
      isSealed |= plain.isSealed();
      alternatives.addAll(
          plain.isSealed() ? List.of(plain.getPermittedSubclasses()) : List.of(plain));
    }
    var byName = new TreeMap<String, List<Type>>();
    for (var alternative : alternatives) {
      for (RecordComponent component : alternative.getRecordComponents()) {
        var name = RecordJson.name(component);
        if (depth == 0 || !name.equals("stopped")) {
          byName.computeIfAbsent(name, _ -> new ArrayList<>()).add(unwrapped(component));
        }
      }
    }
    var fields = new LinkedHashMap<String, Schema>();
    if (isSealed) {
      fields.put("is", new Schema("string", Map.of()));
    }
    byName.forEach(
        (name, each) ->
            fields.put(name, schema(name, each.stream().distinct().toList(), depth + 1)));
    return new Schema("object", fields);
  }

  private static Type unwrapped(RecordComponent component) {
    return component.getType() == Optional.class
        ? ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0]
        : component.getGenericType();
  }

  private static void write(Schema schema, String name, int indent, StringBuilder yaml) {
    line(yaml, indent, name + ":");
    int deeper = indent + 2;
    if (schema.type().equals("date-time")) {
      line(yaml, deeper, "type: string");
      line(yaml, deeper, "format: date-time");
    } else {
      line(yaml, deeper, "type: " + schema.type());
    }
    if (schema.type().equals("integer")) {
      line(yaml, deeper, "format: int32");
    }
    if (schema.type().equals("number")) {
      line(yaml, deeper, "format: double");
    }
    line(yaml, deeper, "description: " + description(name));
    if (schema.type().equals("object")) {
      // A newer controller may meet an older definition: Helm never replaces it.
      line(yaml, deeper, "x-kubernetes-preserve-unknown-fields: true");
    }
    if (schema.type().equals("array")) {
      line(yaml, deeper, "x-kubernetes-list-type: atomic");
      schema.fields().forEach((field, inner) -> write(inner, field, deeper, yaml));
    } else if (!schema.fields().isEmpty()) {
      line(yaml, deeper, "properties:");
      schema.fields().forEach((field, inner) -> write(inner, field, deeper + 2, yaml));
    }
  }

  private static String description(String name) {
    assertThat(DESCRIPTIONS).as("descriptions in this test").containsKey(name);
    return DESCRIPTIONS.getOrDefault(name, "");
  }

  private static void line(StringBuilder yaml, int indent, String text) {
    yaml.append(" ".repeat(indent)).append(text).append('\n');
  }
}
