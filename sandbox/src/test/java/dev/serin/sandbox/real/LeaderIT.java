package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// Two controllers agree which of them acts; whatever becomes of the one, the other goes on. It is
/// begun first, since it takes longest of those that run side by side.
@Order(1)
class LeaderIT {
  private static final String LEASE = "/apis/coordination.k8s.io/v1/namespaces/serin/leases/serin";
  private static Stage stage;
  private static int count;

  private final List<AutoCloseable> started = new ArrayList<>();
  private ControllerProcess first;
  private ControllerProcess second;
  private App app;
  private Callers callers;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("leader");
  }

  @AfterAll
  static void tidy() {
    if (stage != null) {
      try (var _ = stage.controller()) {
        stage.close();
      }
    }
  }

  @BeforeEach
  void startTwoControllers() {
    stage.cluster.delete(LEASE);
    count++;
    first = ControllerProcess.startCandidate(stage.cluster, stage.namespace);
    started.add(first);
    awaitLeader(first, App.SOON);
    second = ControllerProcess.startCandidate(stage.cluster, stage.namespace);
    started.add(second);
    app = stage.app("web" + count).deploy(2);
    app.adopt(
        "interval: 5s, threshold: 3, stepWeights: [10, 20, 30, 40, 50], metrics: [{name:"
            + " request-success-rate, thresholdRange: {min: 90}, interval: 10s}]");
    callers = stage.callers(app, 50);
    started.add(callers);
    second.awaitReady();
  }

  @AfterEach
  void endAll() throws Exception {
    for (var each : started) {
      each.close();
    }
  }

  private static void awaitLeader(ControllerProcess who, Duration most) {
    stage.cluster.await(
        "it leads", most, () -> stage.cluster.find(LEASE).filter(who::holds).isPresent());
  }

  private void startRollout() {
    app.setImage("sandbox/web:1.1");
    stage.cluster.await(() -> app + " is at 20 %", App.SOON, () -> app.weight() == 20);
  }

  private void assertEndsWell() {
    app.awaitAtRest("Succeeded", Duration.ofMinutes(4));
    assertThat(app.serving()).hasSize(2).containsOnly("sandbox/web:1.1");
    assertThat(app.status().path("history")).hasSize(1);
    assertThat(callers.unanswered).isEmpty();
    assertThat(callers.failedByVersion.get()).isZero();
  }

  @Test
  void whoIsToldToEndHandsOverAtOnce() {
    startRollout();
    var began = Instant.now();
    first.stop();
    awaitLeader(second, Duration.ofSeconds(10));
    var took = Duration.between(began, Instant.now());
    System.out.println("LeaderIT: handed over in " + took.toMillis() + " ms");
    assertThat(first.said()).contains("given back");
    assertThat(took).isLessThan(Duration.ofSeconds(6));
    assertEndsWell();
  }

  @Test
  void whoIsKilledIsFollowed() {
    startRollout();
    var began = Instant.now();
    first.kill();
    awaitLeader(second, Duration.ofSeconds(25));
    System.out.println(
        "LeaderIT: followed a killed leader after "
            + Duration.between(began, Instant.now()).toMillis()
            + " ms");
    assertEndsWell();
  }

  @Test
  void aFormerLeaderThatWakesUpLateDoesNoHarm() {
    startRollout();
    first.freeze();
    awaitLeader(second, Duration.ofSeconds(25));
    stage.cluster.await(() -> app + " went on", App.SOON, () -> app.weight() > 20);
    var weight = app.weight();
    first.thaw();
    stage.cluster.await(
        "the former leader knows",
        Duration.ofSeconds(15),
        () -> first.said().contains("not leading any more"));
    assertThat(app.weight()).isGreaterThanOrEqualTo(weight);
    assertThat(second.holds(stage.cluster.get(LEASE))).as("the second still leads").isTrue();
    assertEndsWell();
  }
}
