package dev.serin.controller.outreach;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.serin.controller.mesh.Meshes;
import dev.serin.controller.reconcile.Occasion;
import dev.serin.parse.CanaryDeclaration;
import dev.serin.parse.CanaryParser;
import dev.serin.parse.Parsed;
import dev.serin.parse.Settings;
import dev.serin.rollout.Announcement;
import dev.serin.rollout.Announcement.Kind;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.Trial;
import dev.serin.rollout.Withdrawal;
import dev.serin.status.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Things that happened to a Canary `shop/web`.
final class Occasions {
  static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static final String CANARY =
      """
      apiVersion: serin.dev/v1beta1
      kind: Canary
      metadata: {name: web, namespace: shop}
      spec:
        targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        provider: gatewayapi
        service: {port: 80, gatewayRefs: [{name: public}]}
        analysis:
          interval: 10s
          threshold: 2
          stepWeights: [10, 20]
          metrics: [{name: request-success-rate, thresholdRange: {min: 99}}]
      """;

  private Occasions() {}

  /// @param more lines of `spec.analysis`
  static CanaryDeclaration declared(String more) {
    try {
      var canary = (ObjectNode) YAML.readTree(CANARY + more.indent(4));
      return switch (CanaryParser.parse(canary, Settings.of("gatewayapi", Meshes.all()))) {
        case Parsed.Valid(var declared) -> declared;
        case Parsed.Invalid invalid -> throw new AssertionError(invalid.inWords());
      };
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  static Occasion of(Kind kind) {
    return of(kind, "", atRest(), Optional.empty());
  }

  static RolloutState atRest() {
    return new RolloutState.Succeeded("5f6c");
  }

  static RolloutState waiting() {
    return new RolloutState.Waiting(
        "5f6c",
        "77aa",
        NOW,
        Optional.of(NOW),
        Optional.empty(),
        Trial.Mode.ANALYSED,
        List.of(),
        new Withdrawal.Done());
  }

  /// @param more lines of `spec.analysis`
  /// @param gate the webhook that said no
  static Occasion of(Kind kind, String more, RolloutState state, Optional<String> gate) {
    var declared = declared(more);
    return new Occasion(
        declared,
        "uid-1",
        new Announcement(kind, "it happened"),
        state,
        state,
        Progress.of(state, declared.plan(), Optional.empty()),
        Optional.empty(),
        gate,
        Optional.empty(),
        NOW);
  }
}
