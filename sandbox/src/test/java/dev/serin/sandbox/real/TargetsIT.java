package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is no Deployment is released as well: adopted without a change of its pods, promoted when a
/// revision is good, left alone when it is bad, and given back when its Canary goes.
@Execution(ExecutionMode.CONCURRENT)
class TargetsIT {
  private static final String ANALYSIS =
      "interval: 4s, threshold: 2, stepWeights: [50], metrics: [{name: request-success-rate,"
          + " thresholdRange: {min: 99}, interval: 10s}]";
  private static final Duration RELEASE = Duration.ofMinutes(4);
  private static final int PER_SECOND = 40;

  @AutoClose private static Stage stage;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("targets");
    stage.run();
  }

  @ParameterizedTest
  @EnumSource(names = {"STATEFUL_SET", "DAEMON_SET"})
  void setIsReleasedInPlaceAndGivenBack(App.Workload workload) {
    // There is one node for the pods of a DaemonSet.
    int pods = workload == App.Workload.DAEMON_SET ? 1 : 2;
    var app = stage.app(workload == App.Workload.DAEMON_SET ? "agent" : "store", workload);
    app.deploy(pods);
    var before = app.podIds();
    app.adopt(ANALYSIS);
    assertThat(app.podIds()).as("adoption changes no pod").isEqualTo(before);
    assertThat(app.isHeld()).as("held at rest").isTrue();
    try (var callers = stage.callers(app, PER_SECOND)) {
      app.setImage("sandbox/web:1.1");
      stage.cluster.await(() -> app + " is promoted", RELEASE, app::isPromoted);
      app.awaitAtRest("Succeeded", App.SOON);
      assertThat(app.serving()).hasSize(pods).containsOnly("sandbox/web:1.1");
      assertThat(callers.failedByVersion.get()).isZero();

      var promoted = app.podIds();
      app.setImage("sandbox/web:1.2-errors-50");
      app.awaitPhase("Failed", RELEASE);
      app.awaitAtRest("Failed", App.SOON);
      assertThat(app.podIds()).as("stable never stopped").isEqualTo(promoted);

      app.delete();
      assertThat(app.isHeld()).isFalse();
      assertThat(app.image()).isEqualTo("sandbox/web:1.1");
      assertThat(app.target().at("/metadata/labels").has("serin.dev/canary")).isFalse();
      assertThat(app.podIds()).as("letting go changes no pod").isEqualTo(promoted);
      assertThat(callers.unanswered).isEmpty();
      assertThat(callers.answered.get()).isGreaterThan(500);
    }
  }

  @Test
  void pairOfServicesIsReleasedByItsSelectors() {
    var pair = new Pair(stage);
    pair.deploy();
    pair.adopt(ANALYSIS);
    assertThat(pair.selected()).as("adoption changes no selector").isEqualTo("v1");
    try (var callers = stage.callers(pair.app, PER_SECOND)) {
      pair.release("v2");
      pair.app.awaitPhase("Succeeded", RELEASE);
      assertThat(pair.selected()).isEqualTo("v2");

      pair.release("bad");
      pair.app.awaitPhase("Failed", RELEASE);
      assertThat(pair.selected()).isEqualTo("v2");
      assertThat(callers.unanswered).isEmpty();
      assertThat(callers.answered.get()).isGreaterThan(500);
    }
    pair.app.delete();
    assertThat(pair.selected()).isEqualTo("v2");
    assertThat(pair.app.target().at("/metadata/labels").has("serin.dev/canary")).isFalse();
    pair.remove();
  }

  /// A Service and the one beside it, and pods of three versions that somebody runs.
  private record Pair(Stage stage, App app) {
    Pair(Stage stage) {
      this(stage, stage.app("pair", App.Workload.SERVICE));
    }

    void deploy() {
      version("v1", "sandbox/web:1.0");
      version("v2", "sandbox/web:2.0");
      version("bad", "sandbox/web:3.0-errors-50");
      for (var name : new String[] {"pair", "pair-canary"}) {
        stage.cluster.apply(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: %s, namespace: %s}
            spec: {selector: {app: pair, version: v1}, ports: [{name: http, port: 80, targetPort: 9898}]}
            """
                .formatted(name, stage.namespace));
      }
    }

    private void version(String version, String image) {
      stage.cluster.apply(
          """
          apiVersion: apps/v1
          kind: Deployment
          metadata: {name: pair-%s, namespace: %s}
          spec:
            replicas: 1
            selector: {matchLabels: {app: pair, version: %s}}
            template:
              metadata: {labels: {app: pair, version: %s}}
              spec: {containers: [{name: web, image: "%s", ports: [{containerPort: 9898}]}]}
          """
              .formatted(version, stage.namespace, version, version, image));
    }

    void remove() {
      for (var version : new String[] {"v1", "v2", "bad"}) {
        stage.cluster.delete(
            "/apis/apps/v1/namespaces/" + stage.namespace + "/deployments/pair-" + version);
      }
    }

    void adopt(String analysis) {
      app.adopt(analysis);
    }

    void release(String version) {
      stage.cluster.merge(
          app.copyPath(), "{\"spec\": {\"selector\": {\"version\": \"" + version + "\"}}}");
    }

    String selected() {
      return app.target().at("/spec/selector/version").asText();
    }
  }
}
