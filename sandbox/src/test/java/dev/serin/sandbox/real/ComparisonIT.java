package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Canary against stable on real requests, counted by a Prometheus that scrapes Envoy every 2 s.
@Isolated
class ComparisonIT {
  @AutoClose private static Stage stage;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("comparison");
    stage.run();
  }

  private static String compared(String tolerance) {
    return "metrics: [{name: request-success-rate, comparison: {tolerance: " + tolerance + "}}]";
  }

  /// Side by side, as each waits for its evidence.
  @Test
  void worseVersionsAreRolledBackSoonAndOneAsGoodAsAnImperfectStableIsPromoted() {
    Stage.sideBySide(
        ComparisonIT::rollBackABadOne,
        ComparisonIT::rollBackSlightlyWorse,
        ComparisonIT::promoteAsGood);
  }

  /// By thresholds Flagger 1.44 hurts 193 to 201 users in this scenario, and takes 40 s.
  private static void rollBackABadOne() {
    var app = stage.app("bad").deploy(3);
    app.adopt("interval: 10s, threshold: 3, stepWeight: 10, maxWeight: 50, " + compared("default"));
    try (var callers = stage.callers(app, 100)) {
      Stage.pause(Duration.ofSeconds(10));
      app.setImage("sandbox/web:1.1-errors-50");
      app.awaitPhase("Failed", Duration.ofSeconds(90));
      var ended = Instant.now();
      var took =
          Duration.between(callers.firstAnswer("sandbox/web:1.1-errors-50").orElseThrow(), ended);
      app.awaitAtRest("Failed", App.SOON);
      System.out.printf(
          "ComparisonIT: half of the answers bad: rolled back %d ms after the canary's first"
              + " answer, %d users hurt%n",
          took.toMillis(), callers.failedByVersion.get());
      assertCondemnedByComparison(app);
      assertThat(callers.failedByVersion.get()).isBetween(1L, 80L);
      assertThat(took).isLessThanOrEqualTo(Duration.ofSeconds(20));
      assertThat(callers.unanswered).isEmpty();
    }
  }

  private static void assertCondemnedByComparison(App app) {
    assertThat(app.status().at("/history/0/reason").asText())
        .matches("request-success-rate(:comparison)?: canary .*")
        .contains("worse than allowed beyond doubt");
  }

  /// A threshold of 90 %, which such a service could have, does not notice.
  private static void rollBackSlightlyWorse() {
    var app = stage.app("slightly").deploy(2);
    app.adopt(
        "interval: 10s, threshold: 3, stepWeights: [20, 50], metrics: [{name: request-success-rate,"
            + " thresholdRange: {min: 90}, comparison: {tolerance: default}}]");
    try (var callers = stage.callers(app, 200)) {
      Stage.pause(Duration.ofSeconds(10));
      app.setImage("sandbox/web:1.1-errors-3");
      app.awaitTraffic(App.SOON);
      var began = Instant.now();
      app.awaitAtRest("Failed", Duration.ofSeconds(150));
      System.out.printf(
          "ComparisonIT: 3 %% more errors: rolled back after %d s%n",
          Duration.between(began, Instant.now()).toSeconds());
      assertCondemnedByComparison(app);
      assertThat(app.status().path("decisions").findValuesAsText("kind"))
          .as("no round of thresholds failed")
          .contains("RolledBack")
          .doesNotContain("CheckFailed");
      var share = (double) callers.failedByVersion.get() / callers.answered.get();
      assertThat(share).as("share of failed requests").isBetween(0.0001, 0.03);
      assertThat(callers.unanswered).isEmpty();
    }
  }

  /// To be sure by the default tolerance, that it fails less than 2.6 %, takes about 21,000 of its
  /// answers: four minutes of this load, as `canary simulate` plays it, and ten of ten promoted. By
  /// the lenient one, 3.5 %, it takes a fifth of that, so that is what is waited for here.
  private static void promoteAsGood() {
    var app = stage.app("same").deploy(2, "sandbox/web:1.0-errors-2");
    app.adopt("interval: 10s, threshold: 3, stepWeights: [20, 50], " + compared("lenient"));
    try (var callers = stage.callers(app, 200)) {
      Stage.pause(Duration.ofSeconds(10));
      var began = Instant.now();
      app.setImage("sandbox/web:1.1-errors-2");
      app.awaitAtRest("Succeeded", Duration.ofMinutes(4));
      System.out.printf(
          "ComparisonIT: as good as stable: promoted after %d s%n",
          Duration.between(began, Instant.now()).toSeconds());
      assertThat(callers.failedByVersion.get()).isPositive();
      assertThat(callers.unanswered).isEmpty();
    }
  }
}
