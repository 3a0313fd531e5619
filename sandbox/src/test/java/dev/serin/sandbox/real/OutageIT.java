package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Nobody decides about what nobody can see.
@Isolated
class OutageIT {
  @AutoClose private static Stage stage;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("outage");
    stage.run();
  }

  @Test
  void withoutPrometheusTheStepIsHeldAndGoesOnWhenItIsBack() {
    var app = stage.app("web").deploy(2);
    app.adopt(
        "interval: 3s, threshold: 1, stepWeights: [20, 50], metrics: [{name: request-success-rate,"
            + " thresholdRange: {min: 90}, interval: 10s}]");
    try (var callers = stage.callers(app, 50)) {
      app.setImage("sandbox/web:1.1");
      app.awaitTraffic(App.SOON);
      stage.cluster.server("stop", "prometheus");
      try {
        stage.cluster.await(
            () -> "the status says why nothing goes on: " + app.status(),
            App.SOON,
            () -> verdict(app).path("reason").asText().contains("10.244.0.1:9090"));
        var weight = app.weight();
        // Three times the interval: long enough for a step, were it not held.
        Stage.pause(Duration.ofSeconds(10));
        assertThat(app.phase()).isEqualTo("Progressing");
        assertThat(app.weight()).isEqualTo(weight);
        assertThat(app.status().path("failedChecks").asInt()).isZero();
        System.out.println("OutageIT: " + app + ", " + verdict(app));
      } finally {
        stage.cluster.server("start", "prometheus");
      }
      app.awaitAtRest("Succeeded", Duration.ofMinutes(4));
      assertThat(app.status().path("failedChecks").asInt()).isZero();
      assertThat(callers.unanswered).isEmpty();
    }
  }

  private static com.fasterxml.jackson.databind.JsonNode verdict(App app) {
    return app.status().path("checks").path(0);
  }
}
