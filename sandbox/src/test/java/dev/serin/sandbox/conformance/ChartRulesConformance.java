package dev.serin.sandbox.conformance;

import static dev.serin.sandbox.conformance.Calls.APPLY;
import static dev.serin.sandbox.conformance.Calls.MERGE;
import static dev.serin.sandbox.conformance.Calls.yaml;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.controller.install.InstallManifests;
import dev.serin.sandbox.conformance.Calls.Answer;
import dev.serin.sandbox.rehearsal.Rehearsal;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The rules of the chart's definitions: what breaks one is refused, by that rule alone. The
/// definitions stay, since others may use them at the same time.
abstract class ChartRulesConformance extends ApiConformance {

  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/";

  private static final Set<URI> INSTALLED = ConcurrentHashMap.newKeySet();

  private static final List<ObjectNode> CHART =
      Rehearsal.documents(
              InstallManifests.render(
                  InstallManifests.Parts.NO_CONTROLLER,
                  InstallManifests.Policies.MUTATING,
                  "",
                  List.of()))
          .stream()
          .filter(object -> object.path("kind").asText().equals("CustomResourceDefinition"))
          .toList();

  /// An object that breaks one rule.
  ///
  /// @param wrong fields of `spec` that take the place of those of a valid object
  /// @param field where the answer says that the rule is
  /// @param message of the rule
  record Breach(Kind kind, String wrong, String field, String message) {

    /// Where a rule is in a schema, and what it says.
    String rule() {
      return rule(kind.kind(), field.replaceAll("\\[\\d+]", "[]"), message);
    }

    static String rule(String kind, String field, String message) {
      return kind + " " + field + ": " + message;
    }

    @Override
    public String toString() {
      return message + ": " + wrong;
    }
  }

  private static Breach canary(String field, String message, String wrong) {
    return new Breach(Kind.CANARY, wrong, field, message);
  }

  private static Breach service(String message, String wrong) {
    return canary("spec.service", message, "service: {port: 80, " + wrong + "}");
  }

  private static Breach analysis(String message, String wrong) {
    return canary("spec.analysis", message, "analysis: {" + wrong + "}");
  }

  private static Breach metric(String message, String wrong) {
    return metric("", message, wrong);
  }

  private static Breach metric(String within, String message, String wrong) {
    return canary(
        "spec.analysis.metrics[0]" + within,
        message,
        "analysis: {stepWeight: 10, metrics: [{" + wrong + "}]}");
  }

  private static Breach webhook(String message, String wrong) {
    return canary(
        "spec.analysis.webhooks[0]",
        message,
        "analysis: {stepWeight: 10, webhooks: [{name: hook, url: 'http://hook', " + wrong + "}]}");
  }

  private static Breach approval(String message, String wrong) {
    return canary(
        "spec.analysis.approvals[0]",
        message,
        "analysis: {stepWeight: 10, approvals: [{name: lead, " + wrong + "}]}");
  }

  private static final String COMMAND_CHANGED = "a command never changes; make another one";

  static List<Breach> breaches() {
    return Stream.of(
            ofTheCanary(), ofItsSteps(), ofItsMetrics(), ofItsWebhooksAndApprovals(), ofTheOthers())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Breach> ofTheCanary() {
    var delegation = "delegation cannot go with hosts, gateways or gatewayRefs";
    return List.of(
        canary(
            "spec",
            "ingressRef and service.routeRef name two routes; keep one of them",
            "ingressRef: {name: web}\nservice: {port: 80, routeRef: {kind: HTTPRoute, name: web}}"),
        canary(
            "spec",
            "metricsServerSecretRef belongs to a metricsServer; name that as well",
            "metricsServerSecretRef: {name: credentials}"),
        service(delegation, "delegation: true, hosts: [example.com]"),
        service(delegation, "delegation: true, gateways: [mesh]"),
        service(delegation, "delegation: true, gatewayRefs: [{name: public}]"));
  }

  private static List<Breach> ofItsSteps() {
    var exactlyOne = "give exactly one of stepWeight, stepWeights, steps, iterations";
    var ascending = "each weight must be above the one before it";
    var needsMirror = "mirrorWeight needs mirror: true";
    var mirror = "mirror cannot go with match or steps";
    return List.of(
        analysis(exactlyOne, "threshold: 3"),
        analysis(exactlyOne, "stepWeight: 10, stepWeights: [10, 20]"),
        analysis(exactlyOne, "steps: [{setWeight: 10}], iterations: 3"),
        analysis(
            "match needs iterations", "stepWeight: 10, match: [{headers: {user: {exact: me}}}]"),
        analysis("maxWeight needs stepWeight", "stepWeights: [10, 20], maxWeight: 50"),
        analysis(needsMirror, "stepWeight: 10, mirrorWeight: 50"),
        analysis(needsMirror, "stepWeight: 10, mirror: false, mirrorWeight: 50"),
        analysis(mirror, "iterations: 3, mirror: true, match: [{headers: {user: {exact: me}}}]"),
        analysis(mirror, "steps: [{setWeight: 10}], mirror: true"),
        analysis(
            "sessionAffinity keeps users of a split by weight; iterations makes none",
            "iterations: 3, sessionAffinity: {cookieName: canary}"),
        canary("spec.analysis.stepWeights", ascending, "analysis: {stepWeights: [20, 10]}"),
        canary("spec.analysis.stepWeights", ascending, "analysis: {stepWeights: [10, 10]}"));
  }

  private static List<Breach> ofItsMetrics() {
    return List.of(
        metric("a metric that is not built in needs templateRef or query", "name: mine"),
        metric(
            "give templateRef or query, not both",
            "name: mine, query: up, templateRef: {name: mine}"),
        metric(
            "comparison needs counts of requests, which only built-in metrics have; use trend"
                + " instead",
            "name: mine, query: up, comparison: {}"),
        metric(
            "trend is for templates and queries; use comparison instead",
            "name: request-duration, trend: {}"),
        metric(
            "minSamples belongs to thresholdRange", "name: request-success-rate, minSamples: 10"),
        metric(
            "minSamples is for built-in metrics, whose requests are counted; let a query of your"
                + " own give nothing for too few",
            "name: mine, query: up, thresholdRange: {min: 1}, minSamples: 10"),
        metric(
            ".thresholdRange",
            "min must not exceed max",
            "name: request-duration, thresholdRange: {min: 2, max: 1.5}"));
  }

  private static List<Breach> ofItsWebhooksAndApprovals() {
    var deadline =
        "deadline is for the types confirm-rollout, pre-rollout, confirm-traffic-increase,"
            + " confirm-promotion";
    return List.of(
        webhook(deadline, "deadline: 1h"),
        webhook(deadline, "type: event, deadline: 1h"),
        webhook("onTimeout needs a deadline", "type: confirm-rollout, onTimeout: pass"),
        approval("step needs before: step", "step: 2"),
        approval(
            "more approvals are required than there are approvers",
            "approvers: [ann, bob], required: 3"),
        approval("onTimeout needs a timeout", "onTimeout: pass"),
        analysis(
            "webhooks and approvals need names of their own",
            "stepWeight: 10, webhooks: [{name: lead, url: 'http://hook'}], approvals: [{name:"
                + " lead}]"));
  }

  private static List<Breach> ofTheOthers() {
    return List.of(
        new Breach(
            Kind.CANARY_COMMAND,
            "gate: promotion\ncommand: abort",
            "spec",
            "gate is for approve and reject"),
        new Breach(
            Kind.ALERT_PROVIDER,
            "type: slack",
            "spec",
            "give an address, or a Secret that holds it"));
  }

  @BeforeEach
  void install() {
    if (INSTALLED.add(api.server())) {
      for (var definition : CHART) {
        var path = DEFINITIONS + definition.at("/metadata/name").asText();
        var applied =
            api.patch(APPLY, path + "?fieldManager=test&force=true", definition.toString());
        assertThat(applied.code()).as(applied.message()).isIn(200, 201);
      }
    }
    for (var kind : List.of(Kind.CANARY, Kind.CANARY_COMMAND, Kind.ALERT_PROVIDER)) {
      eventually(() -> api.get(path(kind)), answer -> answer.code() == 200);
    }
  }

  private String path(Kind kind) {
    return "/apis/" + kind.apiVersion() + "/namespaces/" + namespace + "/" + kind.plural();
  }

  /// A small valid object.
  private static ObjectNode valid(Kind kind) {
    var spec =
        switch (kind.kind()) {
          case "Canary" ->
              "{targetRef: {name: web}, service: {port: 80}, analysis: {stepWeight: 10}}";
          case "CanaryCommand" -> "{canary: web, command: approve, revision: r}";
          default -> "{type: slack, address: 'http://chat'}";
        };
    return (ObjectNode)
        yaml(
            "{apiVersion: %s, kind: %s, metadata: {name: web}, spec: %s}"
                .formatted(kind.apiVersion(), kind.kind(), spec));
  }

  /// One whose `spec` has some fields of its own; an AlertProvider has no others.
  private static ObjectNode valid(Kind kind, String wrong) {
    var object = valid(kind);
    var spec = (ObjectNode) object.path("spec");
    if (kind.equals(Kind.ALERT_PROVIDER)) {
      spec.removeAll();
    }
    spec.setAll((ObjectNode) yaml(wrong));
    return object;
  }

  private static String refusal(Kind kind, String problem) {
    return "%s.%s \"web\" is invalid: %s".formatted(kind.kind(), kind.group(), problem);
  }

  @Test
  void whatBreaksNoRuleIsTaken() {
    for (var kind : List.of(Kind.CANARY, Kind.CANARY_COMMAND, Kind.ALERT_PROVIDER)) {
      var made = api.post(path(kind) + "?dryRun=All", valid(kind));
      assertThat(made.code()).as(made.message()).isEqualTo(201);
    }
  }

  @ParameterizedTest
  @MethodSource("breaches")
  void whatBreaksARuleIsRefusedWithItsMessage(Breach breach) {
    var answer = api.post(path(breach.kind()), valid(breach.kind(), breach.wrong()));

    assertRefused(answer, breach);
  }

  @Test
  void aCommandCannotBeChanged() {
    var made = api.post(path(Kind.CANARY_COMMAND), valid(Kind.CANARY_COMMAND));
    assertThat(made.code()).as(made.message()).isEqualTo(201);

    var answer = api.patch(MERGE, path(Kind.CANARY_COMMAND) + "/web", "{spec: {command: reject}}");

    assertRefused(answer, changedCommand());
  }

  private static Breach changedCommand() {
    return new Breach(Kind.CANARY_COMMAND, "command: reject", "spec", COMMAND_CHANGED);
  }

  private static void assertRefused(Answer answer, Breach breach) {
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message())
        .isEqualTo(refusal(breach.kind(), breach.field() + ": Invalid value: " + breach.message()));
  }

  @Test
  void aWeightIsAWholePercent() {
    refusesFraction("stepWeight: 12.5", "spec.analysis.stepWeight");
    refusesFraction("stepWeights: [2.5, 10]", "spec.analysis.stepWeights[0]");
    refusesFraction("steps: [{setWeight: 0.5}]", "spec.analysis.steps[0].setWeight");
  }

  private void refusesFraction(String analysis, String field) {
    var answer = api.post(path(Kind.CANARY), valid(Kind.CANARY, "analysis: {" + analysis + "}"));
    assertThat(answer.code()).as(analysis).isEqualTo(422);
    // The real server names the format, `int32`, where there is one.
    assertThat(answer.message())
        .contains(field + ": Invalid value: ")
        .contains(field + " in body must be of type int");
  }

  @Test
  void everyRuleOfTheChartIsBrokenHere() {
    var rules = new HashSet<String>();
    for (var definition : CHART) {
      var kind = definition.at("/spec/names/kind").asText();
      for (var version : definition.at("/spec/versions")) {
        collect(kind, "", version.at("/schema/openAPIV3Schema"), rules);
      }
    }
    assertThat(rules).isNotEmpty();
    assertThat(Stream.concat(breaches().stream(), Stream.of(changedCommand())).map(Breach::rule))
        .containsAll(rules);
    assertThat(rules).containsAll(breaches().stream().map(Breach::rule).collect(toSet()));
  }

  private static void collect(String kind, String field, JsonNode schema, Set<String> rules) {
    for (var rule : schema.path("x-kubernetes-validations")) {
      rules.add(Breach.rule(kind, field, rule.path("message").asText()));
    }
    schema
        .path("properties")
        .properties()
        .forEach(
            property ->
                collect(
                    kind,
                    field.isEmpty() ? property.getKey() : field + "." + property.getKey(),
                    property.getValue(),
                    rules));
    for (var element : List.of("items", "additionalProperties")) {
      if (schema.has(element)) {
        collect(kind, field + "[]", schema.path(element), rules);
      }
    }
  }
}
