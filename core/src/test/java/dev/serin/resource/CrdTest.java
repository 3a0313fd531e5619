package dev.serin.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.rollout.Outcome;
import dev.serin.rollout.RolloutState;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds the hand-written definitions against the records that read them.
class CrdTest {

  private static final Map<Class<?>, String> TYPES =
      Map.of(
          String.class, "string",
          Boolean.class, "boolean",
          Integer.class, "integer int32",
          Long.class, "integer int64",
          Double.class, "number double",
          ObjectNode.class, "object");

  /// What every object has, whatever its schema says.
  private static final String CREATED = ".metadata.creationTimestamp";

  static List<Kind> kinds() {
    return List.of(Kind.CANARY, Kind.CANARY_COMMAND, Kind.METRIC_TEMPLATE, Kind.ALERT_PROVIDER);
  }

  @Test
  void recordsAndDefinitionsHaveTheSameFields() {
    assertThat(differences("Canary", "spec", CanarySpec.class)).isEmpty();
    assertThat(differences("Canary", "status", CanaryStatus.class)).isEmpty();
    assertThat(differences("CanaryCommand", "spec", CanaryCommandSpec.class)).isEmpty();
    assertThat(differences("CanaryCommand", "status", CanaryCommandStatus.class)).isEmpty();
    assertThat(differences("MetricTemplate", "spec", MetricTemplateSpec.class)).isEmpty();
    assertThat(differences("AlertProvider", "spec", AlertProviderSpec.class)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void namesAreThoseOfTheKinds(Kind kind) {
    var spec = Crd.definition(kind.kind()).path("spec");

    assertThat(spec.path("group").asText()).isEqualTo(kind.group());
    assertThat(spec.at("/names/kind").asText()).isEqualTo(kind.kind());
    assertThat(spec.at("/names/plural").asText()).isEqualTo(kind.plural());
    assertThat(spec.at("/versions/0/name").asText()).isEqualTo(kind.version());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyFieldIsDescribedInASentence(Kind kind) {
    var undescribed = new ArrayList<String>();
    collectUndescribed(Crd.schema(kind.kind()), "", undescribed);

    assertThat(undescribed).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everythingThatUsersWriteIsBounded(Kind kind) {
    var unbounded = new ArrayList<String>();
    collectUnbounded(Crd.schema(kind.kind()).at("/properties/spec"), "spec", unbounded);

    assertThat(unbounded).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyColumnShowsAFieldOfItsType(Kind kind) {
    var wrong = new ArrayList<String>();
    for (var column : Crd.definition(kind.kind()).at("/spec/versions/0/additionalPrinterColumns")) {
      var path = column.path("jsonPath").asText();
      var shown = path.equals(CREATED) ? "date" : field(kind, path).path("type").asText("nothing");
      if (!shown.equals(column.path("type").asText())) {
        wrong.add(column.path("name").asText() + " shows " + path + ", which is " + shown);
      }
    }

    assertThat(wrong).isEmpty();
  }

  /// The schema of the field that a path such as `.spec.provider` leads to.
  private static JsonNode field(Kind kind, String path) {
    return Crd.schema(kind.kind()).at(path.replace(".", "/properties/"));
  }

  @Test
  void phasesAndOutcomesAreThoseOfTheMachine() {
    var status = Crd.schema("Canary").at("/properties/status/properties");

    assertThat(words(status.at("/phase/enum")))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(RolloutState.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
    assertThat(words(status.at("/history/items/properties/outcome/enum")))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Outcome.Kind.values()).map(Enum::name).toList());
  }

  private static List<String> differences(
      String kind, String part, Class<? extends Record> record) {
    var found = new ArrayList<String>();
    compare(Crd.schema(kind).at("/properties/" + part), record, part, found);
    return found;
  }

  private static void compare(JsonNode schema, Type type, String at, List<String> found) {
    if (type instanceof ParameterizedType generic) {
      var list = generic.getRawType() == List.class;
      expect(schema, list ? "array" : "object", at, found);
      compare(
          schema.path(list ? "items" : "additionalProperties"),
          generic.getActualTypeArguments()[list ? 0 : 1],
          at + "[]",
          found);
    } else if (type instanceof Class<?> plain && plain.isRecord()) {
      expect(schema, "object", at, found);
      compareFields(schema.path("properties"), plain, at, found);
    } else if (type != JsonNode.class) {
      expect(schema, TYPES.getOrDefault(type, type.getTypeName()), at, found);
    }
  }

  private static void compareFields(
      JsonNode properties, Class<?> record, String at, List<String> found) {
    var names = new TreeSet<String>();
    properties.fieldNames().forEachRemaining(names::add);
    for (RecordComponent component : record.getRecordComponents()) {
      var there = at + "." + component.getName();
      if (names.remove(component.getName())) {
        compare(properties.path(component.getName()), component.getGenericType(), there, found);
      } else {
        found.add(there + " is a component of " + record + " and no field of the definition");
      }
    }
    names.forEach(name -> found.add(at + "." + name + " is a field and no component of " + record));
  }

  private static void expect(JsonNode schema, String type, String at, List<String> found) {
    var format = schema.path("format").asText("");
    var isTime = format.equals("date-time");
    var says = schema.path("type").asText("") + (format.isEmpty() || isTime ? "" : " " + format);
    if (!says.equals(type)) {
      found.add(at + " is '" + says + "' in the definition and '" + type + "' in the record");
    }
  }

  private static void collectUndescribed(JsonNode schema, String at, List<String> found) {
    var description = schema.path("description").asText("");
    var said = description.length() > 3 && description.endsWith(".");
    if (!said && !at.endsWith("[]") && !at.equals(".metadata")) {
      found.add(at);
    }
    schema
        .path("properties")
        .properties()
        .forEach(field -> collectUndescribed(field.getValue(), at + "." + field.getKey(), found));
    for (var element : List.of("items", "additionalProperties")) {
      if (schema.has(element)) {
        collectUndescribed(schema.path(element), at + "[]", found);
      }
    }
  }

  private static void collectUnbounded(JsonNode schema, String at, List<String> found) {
    var bounded =
        switch (schema.path("type").asText("")) {
          case "string" -> schema.has("maxLength") || schema.has("enum");
          case "array" -> schema.has("maxItems");
          case "integer" -> schema.has("minimum");
          case "object" -> !schema.has("additionalProperties") || schema.has("maxProperties");
          default -> true;
        };
    if (!bounded) {
      found.add(at);
    }
    schema
        .path("properties")
        .properties()
        .forEach(field -> collectUnbounded(field.getValue(), at + "." + field.getKey(), found));
    for (var element : List.of("items", "additionalProperties")) {
      if (schema.has(element)) {
        collectUnbounded(schema.path(element), at + "[]", found);
      }
    }
  }

  private static List<String> words(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }
}
