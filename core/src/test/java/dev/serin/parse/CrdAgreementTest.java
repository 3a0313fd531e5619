package dev.serin.parse;

import static dev.serin.parse.CanaryParserTest.SETTINGS;
import static dev.serin.parse.CanaryParserTest.valid;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.resource.Crd;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the API server fills in and lets through is what the parser would take as well.
class CrdAgreementTest {

  private static final JsonNode SPEC = Crd.schema("Canary").at("/properties/spec");

  /// Each field that a default or a word could stand in, at least once.
  static final String FULL =
      """
      metadata: {name: podinfo, namespace: shop}
      spec:
        targetRef: {name: podinfo}
        metricsServer: http://prometheus
        metricsServerSecretRef: {name: prometheus}
        service: {port: 80, gatewayRefs: [{name: public}]}
        canary: {}
        rollbackWindow: {}
        autoscalerRef: {kind: ScaledObject, name: podinfo}
        ingressRef: {name: podinfo}
        windows: [{schedule: 0 9 * * *, duration: 1h}]
        analysis:
          stepWeights: [50]
          sessionAffinity: {cookieName: seen}
          metrics:
            - {name: request-duration, thresholdRange: {max: 1}}
            - {name: queue, query: depth, trend: {}}
          webhooks:
            - {name: a, url: "http://x", secretRef: {name: s}}
            - {name: b, url: "http://x", type: confirm-rollout, deadline: 1h}
          approvals: [{name: c, timeout: 1h}]
          alerts: [{name: d, providerRef: {name: slack}}]
      """;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stepWeights: [50]",
        "{stepWeight: 10, maxWeight: 50}",
        "{iterations: 3, mirror: true}",
        "{iterations: 3, match: [{headers: {a: {exact: b}}}]}",
        "steps: [{setWeight: 5}, {analysis: {}}, {pause: {}}]"
      })
  void defaultsAreTheSameInBoth(String strategy) {
    var canary = Yaml.object(FULL);
    var analysis = (ObjectNode) canary.at("/spec/analysis");
    analysis.remove(List.of("stepWeights", "sessionAffinity"));
    analysis.setAll(Yaml.object(strategy));
    var defaulted = canary.deepCopy();
    defaulted.set("spec", withDefaults(canary.path("spec"), SPEC));

    assertThat(defaulted).isNotEqualTo(canary);
    assertThat(withoutRaw(valid(defaulted))).isEqualTo(withoutRaw(valid(canary)));
  }

  static Stream<Arguments> words() {
    return Stream.of(
            "/targetRef/kind",
            "/autoscalerRef/kind",
            "/ingressRef/kind",
            "/analysis/onInconclusive",
            "/analysis/metrics/0/onNoData",
            "/analysis/metrics/1/trend/direction",
            "/analysis/webhooks/0/type",
            "/analysis/webhooks/1/onTimeout",
            "/analysis/approvals/0/before",
            "/analysis/approvals/0/onTimeout",
            "/analysis/alerts/0/severity")
        .flatMap(
            field ->
                StreamSupport.stream(schemaAt(field).path("enum").spliterator(), false)
                    .map(word -> Arguments.of(field, word.asText())));
  }

  @ParameterizedTest
  @MethodSource("words")
  void everyWordThatPassesTheServerIsKnown(String field, String word) {
    var canary = Yaml.object(FULL);
    int end = field.lastIndexOf('/');
    ((ObjectNode) canary.at("/spec" + field.substring(0, end))).put(field.substring(end + 1), word);

    assertThat(CanaryParser.parse(canary, SETTINGS)).isInstanceOf(Parsed.Valid.class);
  }

  @Test
  void thereAreWordsToTry() {
    assertThat(words()).hasSizeGreaterThan(30);
  }

  private static JsonNode schemaAt(String field) {
    var schema = SPEC;
    for (var name : field.substring(1).split("/")) {
      schema =
          Character.isDigit(name.charAt(0))
              ? schema.path("items")
              : schema.path("properties").path(name);
    }
    assertThat(schema.path("enum")).as("the words of %s", field).isNotEmpty();
    return schema;
  }

  /// As the API server fills them in: only where the object around a field is there.
  private static JsonNode withDefaults(JsonNode value, JsonNode schema) {
    return switch (value) {
      case ObjectNode object -> {
        var filled = object.deepCopy();
        for (var field : schema.path("properties").properties()) {
          var given = object.path(field.getKey());
          if (!given.isMissingNode()) {
            filled.set(field.getKey(), withDefaults(given, field.getValue()));
          } else if (field.getValue().has("default")) {
            filled.set(field.getKey(), field.getValue().path("default"));
          }
        }
        yield filled;
      }
      case ArrayNode array -> {
        var filled = array.arrayNode();
        array.forEach(element -> filled.add(withDefaults(element, schema.path("items"))));
        yield filled;
      }
      default -> value;
    };
  }

  /// The raw part of a route is what was written, defaults or not.
  private static List<Object> withoutRaw(CanaryDeclaration canary) {
    return List.of(
        canary.plan(),
        canary.checks(),
        canary.hooks(),
        canary.alerts(),
        canary.exposure(),
        canary.target(),
        canary.autoscaler(),
        canary.scale(),
        canary.windows(),
        canary.strategy(),
        canary.rollbackWindow(),
        canary.suspend(),
        canary.revertOnDeletion(),
        canary.route().gateways(),
        canary.route().routeRef(),
        canary.route().timeout());
  }
}
