package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What one Canary costs the API server, by its own count. Flagger 1.44 makes 176 requests for the
/// same rollout, 29 of them writes, and 11 a minute at rest for every ten seconds of interval.
class RequestsIT {
  @AutoClose private static Stage stage;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("requests");
    stage.run();
  }

  @Test
  void aRolloutOfFiveStepsTakesFewRequestsAndRestTakesNone() {
    var app = stage.app("web").deploy(1);
    app.adopt(
        "interval: 10s, threshold: 3, stepWeight: 10, maxWeight: 50, metrics: " + App.SUCCESS_RATE);
    try (var callers = stage.callers(app, 100)) {
      Stage.pause(Duration.ofSeconds(5));
      var log = AuditLog.fromNow(stage.cluster);
      app.setImage("sandbox/web:1.1");
      app.awaitAtRest("Succeeded", Duration.ofSeconds(150));
      Stage.pause(Duration.ofSeconds(3));
      var requests = log.of(stage.namespace);
      var writes = requests.stream().filter(AuditLog.Entry::isWrite).count();
      System.out.printf(
          "RequestsIT: %d requests, %d of them writes: %s%n",
          requests.size(), writes, AuditLog.summary(requests));
      assertThat(AuditLog.summary(requests).get("patch httproutes.gateway.networking.k8s.io"))
          .as("five steps, and back")
          .isEqualTo(6);
      assertThat(requests).hasSizeLessThanOrEqualTo(60);
      assertThat(writes).isBetween(10L, 45L);
      assertThat(requests).noneMatch(request -> request.code() == 403);

      var rest = AuditLog.fromNow(stage.cluster);
      Stage.pause(Duration.ofSeconds(25));
      assertThat(rest.of(stage.namespace)).as("requests at rest").isEmpty();
      assertThat(callers.unanswered).isEmpty();
    }
  }
}
