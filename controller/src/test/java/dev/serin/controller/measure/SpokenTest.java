package dev.serin.controller.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.controller.mesh.Meshes;
import dev.serin.mesh.Mesh;
import dev.serin.rollout.Questions;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpokenTest {
  private static Mesh mesh(String name) {
    return Meshes.all().stream().filter(mesh -> mesh.name().equals(name)).findFirst().orElseThrow();
  }

  private static Spoken spoken(String kind, String mesh) {
    var canary =
        """
        metadata: {name: web, namespace: shop}
        spec:
          targetRef: {kind: %s, name: web}
          provider: fake
          service: {port: 80}
          analysis: {interval: 10s, stepWeights: [10], metrics: []}
        """
            .formatted(kind);
    return Spoken.of(
        Assignments.of(canary, Questions.none(), "now", Instant.parse("2026-11-21T10:00:07Z")),
        Map.of("fake", mesh(mesh)));
  }

  @ParameterizedTest
  @CsvSource({
    "Deployment, istio",
    "Deployment, contour",
    "Service, contour",
    "Service, gatewayapi"
  })
  void versionsAreToldApartByWhatIsKnownOfThem(String kind, String mesh) {
    assertThat(spoken(kind, mesh)).isInstanceOf(Spoken.Known.class);
  }

  @Test
  void podsBehindAServiceAreNotCountedByAWorkloadThatNobodyKnows() {
    assertThat(spoken("Service", "istio"))
        .isInstanceOfSatisfying(
            Spoken.Unknown.class,
            unknown ->
                assertThat(unknown.reason())
                    .contains("counted by workload", "Service web", "MetricTemplate"));
  }
}
