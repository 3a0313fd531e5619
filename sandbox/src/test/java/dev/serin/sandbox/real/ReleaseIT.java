package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// A good and a bad release on a real control plane, with real requests through Envoy and a real
/// Prometheus that counts them: the scenario by which Flagger 1.44 took 84 to 86 s to promote and
/// hurt 193 to 201 users before it rolled back.
@Isolated
class ReleaseIT {
  @AutoClose private static Stage stage;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("release");
    stage.run();
  }

  /// Side by side, so that it takes half as long.
  @Test
  void aGoodReleaseIsPromotedAndABadOneRolledBackWithoutAFailureByRouting() {
    Stage.sideBySide(ReleaseIT::promoteAGoodOne, ReleaseIT::rollBackABadOne);
  }

  private static void promoteAGoodOne() {
    var app = adopted("good");
    try (var callers = stage.callers(app, 100)) {
      Stage.pause(Duration.ofSeconds(5));
      var began = Instant.now();
      app.setImage("sandbox/web:1.1");
      stage.cluster.await(() -> app + " is promoted", Duration.ofSeconds(150), app::isPromoted);
      var took = Duration.between(began, Instant.now());
      app.awaitAtRest("Succeeded", App.SOON);
      System.out.printf(
          "ReleaseIT: good one promoted in %d s, %d of %d requests failed by routing%n",
          took.toSeconds(), callers.unanswered.size(), callers.answered.get());
      assertThat(app.serving()).hasSize(3).containsOnly("sandbox/web:1.1");
      assertThat(callers.failedByVersion.get()).isZero();
      assertThat(callers.unanswered).isEmpty();
      assertThat(callers.answered.get()).isGreaterThan(4_000);
      assertThat(took).isLessThanOrEqualTo(Duration.ofSeconds(90));
    }
  }

  private static void rollBackABadOne() {
    var app = adopted("bad");
    try (var callers = stage.callers(app, 100)) {
      Stage.pause(Duration.ofSeconds(30));
      var began = Instant.now();
      app.setImage("sandbox/web:1.1-errors-50");
      app.awaitPhase("Failed", Duration.ofSeconds(100));
      var took = Duration.between(began, Instant.now());
      app.awaitAtRest("Failed", App.SOON);
      System.out.printf(
          "ReleaseIT: bad one rolled back in %d s, %d users hurt, %d of %d requests failed by"
              + " routing%n",
          took.toSeconds(),
          callers.failedByVersion.get(),
          callers.unanswered.size(),
          callers.answered.get());
      assertThat(app.serving()).as("stable never stopped").containsOnly("sandbox/web:1.0");
      assertThat(callers.unanswered).isEmpty();
      assertThat(callers.answered.get()).isGreaterThan(3_000);
      assertThat(callers.failedByVersion.get()).as("users hurt").isBetween(1L, 193L);
    }
  }

  private static App adopted(String name) {
    var app = stage.app(name).deploy(3);
    var before = app.pods();
    app.adopt(
        "interval: 10s, threshold: 3, stepWeight: 10, maxWeight: 50, metrics: " + App.SUCCESS_RATE);
    assertThat(app.pods()).as("adoption changes no pod").isEqualTo(before);
    return app;
  }
}
