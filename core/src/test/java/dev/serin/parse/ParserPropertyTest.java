package dev.serin.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Whatever is written where a Canary was meant: it is told, field by field, and nothing breaks. A
/// failure names its seed.
class ParserPropertyTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final ObjectNode WHOLE =
      Yaml.object(
          """
          apiVersion: serin.dev/v1beta1
          kind: Canary
          metadata: {name: podinfo, namespace: shop}
          spec:
            targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
            provider: gatewayapi
            service: {port: 9898, gatewayRefs: [{name: public}]}
            canary: {replicas: MatchWeight, drainSeconds: 5}
            progressDeadlineSeconds: 600
            rollbackWindow: {revisions: 3}
            windows: [{schedule: 0 9 * * MON-FRI, duration: 8h, timeZone: Europe/Berlin}]
            analysis:
              interval: 30s
              threshold: 5
              steps: [{setWeight: 10}, {setReplicas: 3}, {pause: {duration: 5m}}, {analysis: {iterations: 3}}]
              maxDuration: 3h
              sessionAffinity: {cookieName: seen, maxAge: 60}
              metrics:
                - {name: request-success-rate, comparison: {tolerance: default}}
                - {name: request-duration, thresholdRange: {max: 500}, interval: 1m}
              webhooks:
                - {name: smoke, type: pre-rollout, url: "http://tester.shop/", timeout: 30s}
              approvals:
                - {name: lead, before: promotion, timeout: 4h, onTimeout: rollback}
              alerts:
                - {name: team, severity: warn, providerRef: {name: slack}}
          """);

  /// One damage: walk down by these turns, and put this there.
  ///
  /// @param turns which child to go to at each level; taken modulo the number of children
  record Damaged(List<Integer> turns, JsonNode stray) {}

  @Property(tries = 2000, seed = "20261129", edgeCases = EdgeCasesMode.NONE)
  void everyDamageIsToldByItsField(@ForAll("damages") List<Damaged> damages) {
    var canary = WHOLE.deepCopy();
    damages.forEach(one -> damage(canary, one));

    var parsed = CanaryParser.parse(canary, CanaryParserTest.SETTINGS);

    if (parsed instanceof Parsed.Invalid(var problems)) {
      assertThat(problems).isNotEmpty();
      assertThat(problems).allSatisfy(ParserPropertyTest::namesAField);
      assertThat(problems).extracting(Problem::inWords).doesNotHaveDuplicates();
    }
  }

  private static void namesAField(Problem problem) {
    assertThat(problem.field()).matches("(apiVersion|kind|metadata|spec)\\b.*");
    assertThat(problem.wrong()).isNotBlank();
    assertThat(problem.value().length()).isLessThanOrEqualTo(120);
  }

  @Property(tries = 500, seed = "20261129", edgeCases = EdgeCasesMode.NONE)
  void anyObjectAtAllIsToldAbout(@ForAll("objects") ObjectNode spec) {
    var canary = WHOLE.deepCopy();
    canary.set("spec", spec);

    assertThat(CanaryParser.parse(canary, CanaryParserTest.SETTINGS)).isNotNull();
  }

  private static void damage(ObjectNode canary, Damaged damaged) {
    JsonNode at = canary;
    for (var turn : damaged.turns()) {
      var children = children(at);
      if (children == 0) {
        return;
      }
      int index = Math.floorMod(turn, children);
      var child = child(at, index);
      if (!child.isContainerNode() || child.isEmpty()) {
        replace(at, index, damaged.stray());
        return;
      }
      at = child;
    }
    if (children(at) > 0) {
      replace(at, 0, damaged.stray());
    }
  }

  private static int children(JsonNode node) {
    return node.size();
  }

  private static JsonNode child(JsonNode node, int index) {
    return node instanceof ArrayNode array
        ? array.get(index)
        : List.copyOf(node.properties()).get(index).getValue();
  }

  private static void replace(JsonNode node, int index, JsonNode stray) {
    switch (node) {
      case ArrayNode array -> array.set(index, stray.deepCopy());
      case ObjectNode object ->
          object.set(List.copyOf(object.properties()).get(index).getKey(), stray.deepCopy());
      default -> throw new AssertionError(node + " has no children");
    }
  }

  @Provide
  Arbitrary<List<Damaged>> damages() {
    var turns = Arbitraries.integers().between(0, 30).list().ofMinSize(1).ofMaxSize(7);
    return Combinators.combine(turns, strays()).as(Damaged::new).list().ofMinSize(1).ofMaxSize(6);
  }

  @Provide
  Arbitrary<ObjectNode> objects() {
    return fields(strays());
  }

  private static Arbitrary<ObjectNode> fields(Arbitrary<JsonNode> values) {
    var names =
        Arbitraries.oneOf(
            Arbitraries.of(
                "analysis",
                "service",
                "steps",
                "setWeight",
                "pause",
                "metrics",
                "webhooks",
                "name",
                "interval",
                "duration",
                "port",
                "canary",
                "targetRef",
                "match"),
            Arbitraries.strings().ascii().ofMaxLength(8));
    return Arbitraries.maps(names, values)
        .ofMaxSize(4)
        .map(
            entries -> {
              var object = JSON.objectNode();
              entries.forEach((name, value) -> object.set(name, value.deepCopy()));
              return object;
            });
  }

  /// What may be found anywhere in YAML.
  private static Arbitrary<JsonNode> strays() {
    Arbitrary<JsonNode> scalars =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(40).map(JSON::textNode),
            Arbitraries.of("1h", "-1s", "99999999999h", "Full", "http://", "a/b", "0 0 31 2 *")
                .map(JSON::textNode),
            Arbitraries.integers().map(JSON::numberNode),
            Arbitraries.longs().map(JSON::numberNode),
            Arbitraries.doubles().map(JSON::numberNode),
            Arbitraries.of(true, false).map(JSON::booleanNode),
            Arbitraries.just(JSON.nullNode()));
    return Arbitraries.recursive(
        () -> scalars,
        inner ->
            Arbitraries.oneOf(
                inner,
                inner.list().ofMaxSize(3).map(list -> JSON.arrayNode().addAll(list)),
                fields(inner).map(object -> object)),
        0,
        3);
  }
}
