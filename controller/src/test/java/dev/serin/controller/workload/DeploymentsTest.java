package dev.serin.controller.workload;

import static dev.serin.controller.workload.Yaml.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.rollout.Plan;
import dev.serin.rollout.Seen.Health;
import dev.serin.rollout.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeploymentsTest {
  private static final WorkloadKind DEPLOYMENTS = new Deployments();

  private static final Instant RELEASED = Instant.parse("2026-11-21T10:00:00Z");

  private static Plan endingAt(int weight) {
    return new Plan(
        List.of(Step.weight(weight, new Step.Scale.MatchWeight(), Duration.ofSeconds(10))),
        Duration.ofSeconds(10),
        1,
        Duration.ofMinutes(10),
        Duration.ofHours(1),
        Duration.ZERO,
        List.of(),
        List.of(),
        Plan.OnInconclusive.AUTO,
        true,
        false);
  }

  @ParameterizedTest
  @CsvSource({
    "10, 25%, 25%, 50, true",
    "10, 25%, 25%, 10, false",
    "1, 25%, 25%, 50, true",
    "1, 1, 1, 50, false",
    "4, 0, 50%, 50, true",
    "4, 0, 75%, 50, false",
    "2, 1, 0, 10, true",
    "3, 0, 0, 10, false",
    "3, 1, 3, 100, true",
  })
  void rollingTargetKeepsItsShareOrDoesNot(
      int replicas, String surge, String missing, int weight, boolean keeps) {
    var target =
        yaml(
            "{spec: {replicas: %d, strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: %s, maxUnavailable: %s}}}}"
                .formatted(replicas, surge, missing));

    assertThat(DEPLOYMENTS.keepsCapacity(target, endingAt(weight))).isEqualTo(keeps);
  }

  @Test
  void recreateKeepsNothing() {
    var target = yaml("{spec: {replicas: 9, strategy: {type: Recreate}}}");

    assertThat(DEPLOYMENTS.keepsCapacity(target, endingAt(50))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2, 2, 2, 2, true",
    "2, 1, 2, 2, 2, false",
    "2, 2, 1, 2, 2, false",
    "2, 2, 2, 3, 2, false",
    "2, 2, 2, 2, 1, false",
  })
  void targetIsSteadyWhenAllItsPodsRunItsTemplate(
      int generation, int observed, int updated, int all, int available, boolean steady) {
    var target =
        yaml(
            "{metadata: {generation: %d}, spec: {replicas: 2}, status: {observedGeneration: %d, updatedReplicas: %d, replicas: %d, availableReplicas: %d}}"
                .formatted(generation, observed, updated, all, available));

    assertThat(DEPLOYMENTS.isSteady(target)).isEqualTo(steady);
  }

  @ParameterizedTest
  @CsvSource({"4, 2, true", "4, 1, false", "1, 1, true", "1, 0, false", "0, 0, false"})
  void halfOfThePodsAreEnoughToServe(int replicas, int available, boolean serves) {
    var target =
        yaml(
            "{spec: {replicas: %d}, status: {availableReplicas: %d}}"
                .formatted(replicas, available));

    assertThat(DEPLOYMENTS.serves(target)).isEqualTo(serves);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2026-11-21T10:05:00Z, Broken",
    "2, 2026-11-21T09:59:59Z, Slow",
    "1, 2026-11-21T10:05:00Z, Slow",
  })
  void deadlineOfTheDeploymentCountsOnlyAfterTheRelease(
      int observed, String said, String expected) {
    var target =
        yaml(
            "{metadata: {generation: 2}, spec: {replicas: 2}, status: {observedGeneration: %d, conditions: [{type: Progressing, reason: ProgressDeadlineExceeded, lastUpdateTime: \"%s\"}]}}"
                .formatted(observed, said));

    assertThat(DEPLOYMENTS.rollout(target, Optional.of(RELEASED)).getClass().getSimpleName())
        .isEqualTo(expected);
  }

  @Test
  void steadyTargetIsFine() {
    var target =
        yaml(
            "{spec: {replicas: 1}, status: {updatedReplicas: 1, replicas: 1, availableReplicas:"
                + " 1}}");

    assertThat(DEPLOYMENTS.rollout(target, Optional.empty())).isEqualTo(new Health.Fine());
  }

  @Test
  void liveReplicaSetIsTheNewestThatHasPods() {
    var sets =
        List.of(
            yaml(
                "{metadata: {name: a, annotations: {deployment.kubernetes.io/revision: \"9\"}},"
                    + " spec: {replicas: 1}}"),
            yaml(
                "{metadata: {name: b, annotations: {deployment.kubernetes.io/revision: \"10\"}},"
                    + " spec: {replicas: 2}}"),
            yaml(
                "{metadata: {name: c, annotations: {deployment.kubernetes.io/revision: \"11\"}},"
                    + " spec: {replicas: 0}}"));

    assertThat(Deployments.live(sets)).contains(sets.get(1));
  }
}
