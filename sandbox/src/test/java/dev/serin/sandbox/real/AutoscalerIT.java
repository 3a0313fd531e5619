package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// While a rollout runs, autoscalers may let the target grow but not shrink; afterwards they are as
/// their users wrote them.
@Execution(ExecutionMode.CONCURRENT)
class AutoscalerIT {
  private static final String BEHAVIOR =
      "behavior: {scaleDown: {selectPolicy: Min, stabilizationWindowSeconds: 120}}";
  @AutoClose private static Stage stage;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("scaling");
    stage.run();
  }

  private static String autoscaler(App app) {
    return "/apis/autoscaling/v2/namespaces/"
        + app.namespace
        + "/horizontalpodautoscalers/"
        + app.name;
  }

  private static String scaledObject(App app) {
    return "/apis/keda.sh/v1alpha1/namespaces/" + app.namespace + "/scaledobjects/" + app.name;
  }

  private static void assertHeld(App app, boolean held) {
    stage.cluster.await(
        "the HorizontalPodAutoscaler " + (held ? "may not shrink" : "is as it was"),
        App.SOON,
        () -> {
          var down = stage.cluster.get(autoscaler(app)).at("/spec/behavior/scaleDown");
          return down.path("selectPolicy").asText().equals(held ? "Disabled" : "Min")
              && down.path("stabilizationWindowSeconds").asInt() == 120;
        });
  }

  private static App withAutoscaler(String name, String behavior) {
    var app = stage.app(name).deploy(2);
    stage.cluster.apply(
        """
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: NAME, namespace: SPACE}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: NAME}
          minReplicas: 2
          maxReplicas: 5
          metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
          BEHAVIOR
        """
            .replace("BEHAVIOR", behavior)
            .replace("NAME", app.name)
            .replace("SPACE", app.namespace));
    return app.adopt("interval: 60s, threshold: 3, stepWeights: [20, 50]");
  }

  @Test
  void aHorizontalPodAutoscalerIsHeldAndGivenBackByPromotion() {
    var app = withAutoscaler("promoted", BEHAVIOR);
    assertHeld(app, false);
    app.setImage("sandbox/web:1.1");
    app.awaitTraffic(App.SOON);
    assertHeld(app, true);
    app.command("promote");
    app.awaitAtRest("Succeeded", App.SOON);
    assertHeld(app, false);
  }

  @Test
  void aHorizontalPodAutoscalerIsGivenBackByRollbackAndByLettingGo() {
    var app = withAutoscaler("rejected", BEHAVIOR);
    app.setImage("sandbox/web:1.1");
    app.awaitTraffic(App.SOON);
    assertHeld(app, true);
    app.command("abort");
    app.awaitAtRest("Failed", App.SOON);
    assertHeld(app, false);
    app.setImage("sandbox/web:1.2");
    app.awaitTraffic(App.SOON);
    assertHeld(app, true);
    app.delete();
    assertHeld(app, false);
  }

  /// As soon as one rule is written, the API server fills in all the others.
  @Test
  void aHorizontalPodAutoscalerWithoutRulesHasNoneAfterwards() {
    var app = withAutoscaler("plain", "");
    var before = stage.cluster.get(autoscaler(app)).path("spec");
    assertThat(before.has("behavior")).isFalse();
    app.setImage("sandbox/web:1.1");
    app.awaitTraffic(App.SOON);
    stage.cluster.await(
        "the HorizontalPodAutoscaler may not shrink",
        App.SOON,
        () -> {
          var behavior = stage.cluster.get(autoscaler(app)).at("/spec/behavior");
          return behavior.at("/scaleDown/selectPolicy").asText().equals("Disabled")
              && behavior.has("scaleUp");
        });
    app.command("promote");
    app.awaitAtRest("Succeeded", App.SOON);
    stage.cluster.await(
        "the HorizontalPodAutoscaler is as it was",
        App.SOON,
        () -> stage.cluster.get(autoscaler(app)).path("spec").equals(before));
  }

  @Test
  void aScaledObjectOfKedaIsHeldByItsOwnAnnotation() {
    var app = stage.app("keda").deploy(2);
    stage.cluster.apply(
        """
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata: {name: NAME, namespace: SPACE}
        spec:
          scaleTargetRef: {name: NAME}
          triggers: [{type: cron, metadata: {timezone: Europe/Berlin, start: 0 6 * * *, end: 0 20 * * *, desiredReplicas: "2"}}]
        """
            .replace("NAME", app.name)
            .replace("SPACE", app.namespace));
    app.adopt("interval: 60s, threshold: 3, stepWeights: [20, 50]");
    app.setImage("sandbox/web:1.1");
    app.awaitTraffic(App.SOON);
    assertThat(annotations(app)).contains("autoscaling.keda.sh/paused-scale-in");
    app.command("promote");
    app.awaitAtRest("Succeeded", App.SOON);
    stage.cluster.await(
        "the ScaledObject is as it was", App.SOON, () -> !annotations(app).contains("paused"));
  }

  private static String annotations(App app) {
    return stage.cluster.get(scaledObject(app)).at("/metadata/annotations").toString();
  }
}
