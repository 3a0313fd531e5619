package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {
  /// How far the judge looks back, as docs/judgement.md says.
  private static final Duration LOOKED_BACK = Duration.ofMinutes(10);

  private static Simulation of(String metrics) {
    var canary =
        Rehearsal.documents(
            """
            apiVersion: serin.dev/v1beta1
            kind: Canary
            metadata: {name: web, namespace: shop}
            spec:
              targetRef: {kind: Deployment, name: web}
              service: {port: 80}
              analysis: {interval: 10s, threshold: 2, stepWeights: [50], metrics: [%s]}
            """
                .formatted(metrics));
    return new Simulation(
        canary.getFirst(), new Release(50, 0.005, 0.005, Optional.empty(), 2, Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{name: request-success-rate}",
        "{name: request-success-rate, comparison: {}}",
        "{name: request-success-rate, comparison: {}, thresholdRange: {min: 99}}",
        "{name: a, query: x, thresholdRange: {min: 99}}, {name: request-duration}"
      })
  void comparisonsKnowStableForAsLongAsTheyLookBack(String metrics) {
    assertThat(of(metrics).warmUp()).isGreaterThan(LOOKED_BACK);
  }

  @Test
  void thresholdsWaitForNothing() {
    var simulation = of("{name: request-success-rate, thresholdRange: {min: 99}}");
    assertThat(simulation.warmUp()).isLessThan(LOOKED_BACK);
  }
}
