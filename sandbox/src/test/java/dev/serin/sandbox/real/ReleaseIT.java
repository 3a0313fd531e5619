package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Releases on a real control plane, with real requests through Envoy and a real Prometheus that
/// counts them every 2 s, on a machine that does nothing else. Each waits most of the time, so all
/// are under way side by side, and each test waits for one of them.
///
/// By thresholds, it is the scenario by which Flagger 1.44 took 84 to 86 s to promote, and hurt 193
/// to 201 users in 40 s before it rolled back.
@Isolated
class ReleaseIT {
  @AutoClose private static Stage stage;
  @AutoClose private static ExecutorService releases;
  private static Future<?> good;
  private static Future<?> bad;
  private static Future<?> badCompared;
  private static Future<?> slightlyWorse;
  private static Future<?> asGood;

  @BeforeAll
  static void releaseAll() {
    stage = Stage.open("release");
    stage.run();
    releases = Executors.newVirtualThreadPerTaskExecutor();
    good = releases.submit(ReleaseIT::promoteAGoodOne);
    bad = releases.submit(ReleaseIT::rollBackABadOne);
    badCompared = releases.submit(ReleaseIT::rollBackABadOneByComparison);
    slightlyWorse = releases.submit(ReleaseIT::rollBackSlightlyWorse);
    asGood = releases.submit(ReleaseIT::promoteAsGood);
  }

  private static void awaitEnd(Future<?> release) throws Throwable {
    try {
      release.get();
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  @Test
  void aGoodReleaseIsPromotedWithoutAFailureByRouting() throws Throwable {
    awaitEnd(good);
  }

  @Test
  void aBadOneIsRolledBackByAThresholdWithoutAFailureByRouting() throws Throwable {
    awaitEnd(bad);
  }

  @Test
  void aBadOneIsRolledBackByComparisonBeforeManyAreHurt() throws Throwable {
    awaitEnd(badCompared);
  }

  @Test
  void aSlightlyWorseOneIsRolledBackByComparisonThoughAThresholdLetsItPass() throws Throwable {
    awaitEnd(slightlyWorse);
  }

  @Test
  void oneAsGoodAsAnImperfectStableIsPromoted() throws Throwable {
    awaitEnd(asGood);
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

  private static String compared(String tolerance) {
    return "metrics: [{name: request-success-rate, comparison: {tolerance: " + tolerance + "}}]";
  }

  private static void rollBackABadOneByComparison() {
    var app = stage.app("compared").deploy(3);
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
          "ReleaseIT: half of the answers bad: rolled back %d ms after the canary's first"
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
          "ReleaseIT: 3 %% more errors: rolled back after %d s%n",
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
      app.awaitAtRest("Succeeded", Duration.ofMinutes(3));
      System.out.printf(
          "ReleaseIT: as good as stable: promoted after %d s%n",
          Duration.between(began, Instant.now()).toSeconds());
      assertThat(callers.failedByVersion.get()).isPositive();
      assertThat(callers.unanswered).isEmpty();
    }
  }
}
