package dev.serin.controller.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.serin.parse.CanaryDeclaration;
import dev.serin.parse.CanaryParser;
import dev.serin.parse.Parsed;
import dev.serin.parse.Settings;
import dev.serin.rollout.Questions;
import dev.serin.rollout.TrafficSplit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Assignments for one Canary.
final class Assignments {
  private static final String CANARY =
      """
      metadata: {name: web, namespace: shop}
      spec:
        targetRef: {kind: Deployment, name: web}
        provider: fake
        service: {port: 80}
        analysis:
          interval: 10s
          stepWeights: [10, 50]
          metrics:
          - {name: request-success-rate, thresholdRange: {min: 99}, interval: 30s}
          - {name: request-duration, thresholdRange: {max: 500}, interval: 1m}
          - {name: orders, thresholdRange: {min: 5}, templateRef: {name: orders},
             templateVariables: {kind: paid}}
          - {name: jobs, thresholdRange: {max: 5}, query: jobs, onNoData: fail}
          - {name: alarms, thresholdRange: {max: 0}, query: alarms, onNoData: pass}
          webhooks:
          - {name: smoke, type: pre-rollout, url: "http://smoke/"}
      """;

  private Assignments() {}

  static CanaryDeclaration declared(String canary) {
    try {
      var object = (ObjectNode) new ObjectMapper(new YAMLFactory()).readTree(canary);
      var settings =
          new Settings(
              "fake",
              Map.of("fake", new Settings.Known(Set.of(), Set.of())),
              Duration.ofSeconds(1),
              Settings.References.ANY_NAMESPACE,
              Settings.UnknownFields.REFUSED);
      return switch (CanaryParser.parse(object, settings)) {
        case Parsed.Valid(var declared) -> declared;
        case Parsed.Invalid invalid -> throw new AssertionError(invalid.inWords());
      };
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static Assignment of(Questions questions, String situation, Instant at) {
    return of(CANARY, questions, situation, at);
  }

  /// @param variables `templateVariables` of the check with a template, as YAML
  static Assignment of(String variables, Questions questions) {
    return of(
        CANARY.replace("{kind: paid}", variables),
        questions,
        "now",
        Instant.parse("2026-11-21T10:00:00Z"));
  }

  static Assignment of(String canary, Questions questions, String situation, Instant at) {
    return new Assignment(
        declared(canary),
        questions,
        "Progressing",
        1,
        "new",
        "old",
        0,
        TrafficSplit.toCanary(10),
        List.of(at.minusSeconds(600)),
        Optional.empty(),
        Optional.empty(),
        true,
        situation,
        at);
  }
}
