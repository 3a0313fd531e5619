package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.judge.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AutoscalerTest {
  private static final ObjectRef SCALER = Kind.HORIZONTAL_POD_AUTOSCALER.named("shop", "web");

  private static World adopted(String behavior) {
    return new World()
        .with(World.DEPLOYMENT_YAML)
        .with(
            """
            kind: HorizontalPodAutoscaler
            metadata: {name: web}
            spec:
              minReplicas: 2
              maxReplicas: 9
              scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
            """
                + behavior)
        .adopt(World.CANARY_YAML);
  }

  private static JsonNode policy(World world) {
    return world.cluster.get(SCALER).at("/spec/behavior/scaleDown/selectPolicy");
  }

  private static void scale(World world, int replicas) {
    world.cluster.change(
        World.TARGET,
        target -> {
          target.withObject("/spec").put("replicas", replicas);
          return target;
        });
  }

  private static void undo(World world) {
    world.cluster.change(
        SCALER,
        scaler -> {
          ((ObjectNode) scaler.at("/spec/behavior/scaleDown")).put("selectPolicy", "Max");
          return scaler;
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  behavior: {scaleDown: {selectPolicy: Min, stabilizationWindowSeconds: 60}}\n"
      })
  void mayNotShrinkStableDuringARolloutAndIsGivenBackAsItWas(String behavior) {
    var world = adopted(behavior);
    var before = world.cluster.get(SCALER).path("spec");

    world.setImage("web:2");
    world.run(Duration.ofSeconds(5));
    assertThat(policy(world).asText()).isEqualTo("Disabled");
    world.runTo("Succeeded");
    world.run(Duration.ofMinutes(1));

    assertThat(world.cluster.get(SCALER).path("spec")).isEqualTo(before);
    assertThat(world.cluster.get(SCALER).at("/metadata/annotations")).isEmpty();
  }

  @Test
  void isGivenBackAfterAFailureToo() {
    var world = adopted("");
    world.verdict = _ -> Verdict.FAILED;

    world.setImage("web:2");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(2));

    assertThat(policy(world).isMissingNode()).isTrue();
  }

  /// The next rollout begins before the autoscaler was given back.
  @Test
  void isGivenBackAfterAFailureThatWasTriedAgainAtOnce() {
    var world = adopted("  behavior: {scaleDown: {selectPolicy: Min}}\n");
    var before = world.cluster.get(SCALER).path("spec");
    world.verdict = _ -> Verdict.FAILED;
    world.setImage("web:2");
    world.runTo("Failed");
    assertThat(policy(world).asText()).isEqualTo("Disabled");

    world.with(
        """
        apiVersion: serin.dev/v1beta1
        kind: CanaryCommand
        metadata: {name: again}
        spec: {canary: web, command: retry, revision: %s, by: jane}
        """
            .formatted(world.status().path("revision").asText()));
    world.runTo("Progressing");
    assertThat(policy(world).asText()).isEqualTo("Disabled");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(2));

    assertThat(world.cluster.get(SCALER).path("spec")).isEqualTo(before);
    assertThat(world.cluster.get(SCALER).at("/metadata/annotations")).isEmpty();
  }

  @Test
  void growthOfStableGrowsTheCanary() {
    var world = adopted("");
    world.setImage("web:2");
    world.run(Duration.ofSeconds(45));

    scale(world, 8);
    world.run(Duration.ofSeconds(1));

    assertThat(world.cluster.get(World.COPY).at("/spec/replicas").asInt()).isEqualTo(4);
  }

  @Test
  void whoUndoesTheHoldTwiceGetsHisWayAndIsNamed() {
    var world = adopted("");
    scale(world, 6);
    world.run(Duration.ofSeconds(5));
    world.setImage("web:2");
    world.run(Duration.ofSeconds(12));

    undo(world);
    world.run(Duration.ofSeconds(1));
    assertThat(policy(world).asText()).isEqualTo("Disabled");
    undo(world);
    world.run(Duration.ofSeconds(10));

    assertThat(policy(world).asText()).isEqualTo("Max");
    assertThat(world.condition("Contested")).isEqualTo("True");
    assertThat(world.message("Contested")).contains("HorizontalPodAutoscaler web");
  }

  @Test
  void nothingAdvancesBeyondWhatAShrunkenStableCouldTakeBack() {
    var world = adopted("");
    scale(world, 6);
    world.run(Duration.ofSeconds(5));
    world.setImage("web:2");
    world.run(Duration.ofSeconds(12));
    undo(world);
    world.run(Duration.ofSeconds(1));
    undo(world);
    world.run(Duration.ofSeconds(1));
    var weight = world.weights.getLast();

    scale(world, 2);
    world.run(Duration.ofMinutes(5));
    assertThat(world.weights).endsWith(weight);
    assertThat(world.status().path("waitingFor").asText()).contains("has shrunk stable");
    scale(world, 6);
    world.runTo("Succeeded");
  }
}
