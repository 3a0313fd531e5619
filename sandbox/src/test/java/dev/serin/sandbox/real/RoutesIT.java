package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Other routes than the HTTPRoute that Serin makes, taken by the real Contour and obeyed by the
/// real Envoy.
@Execution(ExecutionMode.CONCURRENT)
class RoutesIT {
  @AutoClose private static Stage stage;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("routes");
    stage.run();
  }

  @Test
  void httpProxyOfContourCarriesAGoodReleaseAndABadOne() {
    var app = stage.app("web").deploy(2);
    app.adopt(
        "interval: 4s, threshold: 1, stepWeights: [20, 50], metrics: [{name: request-success-rate,"
            + " thresholdRange: {min: 95}, interval: 10s}]",
        "provider: contour");
    try (var callers = stage.callers(app, 60)) {
      app.setImage("sandbox/web:1.1");
      app.awaitTraffic(App.SOON);
      var proxy =
          stage.cluster.get(
              "/apis/projectcontour.io/v1/namespaces/" + app.namespace + "/httpproxies/web");
      assertThat(proxy.at("/status/currentStatus").asText()).isEqualTo("valid");
      assertThat(proxy.at("/spec/routes/0/services")).hasSize(2);
      app.awaitAtRest("Succeeded", App.SOON);
      assertThat(callers.failedByVersion.get()).isZero();
      app.setImage("sandbox/web:1.2-errors-50");
      app.awaitAtRest("Failed", App.SOON);
      assertThat(app.serving()).hasSize(2).containsOnly("sandbox/web:1.1");
      assertThat(callers.failedByVersion.get()).isPositive();
      assertThat(callers.unanswered).isEmpty();
    }
  }

  @Test
  void lentRouteCarriesAReleaseAndIsGivenBackAsItWas() {
    var other = stage.app("other").deploy(1);
    var app = stage.app("lent").deploy(2).lend("mine");
    var path =
        "/apis/gateway.networking.k8s.io/v1/namespaces/" + app.namespace + "/httproutes/mine";
    stage.cluster.apply(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: mine, namespace: SPACE, annotations: {example.com/owner: web team}}
        spec:
          parentRefs: [{name: GATEWAY, namespace: INFRA}]
          hostnames: [HOST]
          rules:
          - matches: [{path: {type: PathPrefix, value: /other}}]
            filters: [{type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: Team, value: other}]}}]
            backendRefs: [{name: OTHER, port: 80}]
          - backendRefs: [{name: APP, port: 80}]
        """
            .replace("SPACE", app.namespace)
            .replace("GATEWAY", stage.cluster.property("gateway.name"))
            .replace("INFRA", stage.cluster.property("gateway.namespace"))
            .replace("HOST", app.host())
            .replace("OTHER", other.name)
            .replace("APP", app.name));
    var before = stage.cluster.get(path);
    app.adopt(
        "interval: 4s, threshold: 1, stepWeights: [50], metrics: [{name: request-success-rate,"
            + " thresholdRange: {min: 99}, interval: 10s}]");
    try (var callers = stage.callers(app, 40)) {
      app.setImage("sandbox/web:1.1");
      app.awaitTraffic(App.SOON);
      var meanwhile = stage.cluster.get(path);
      assertThat(meanwhile.at("/spec/rules/1/backendRefs").findValuesAsText("name"))
          .containsExactly("lent", "lent-canary");
      assertThat(meanwhile.at("/spec/rules/0")).isEqualTo(before.at("/spec/rules/0"));
      app.awaitAtRest("Succeeded", App.SOON);
      assertThat(callers.firstAnswer("sandbox/web:1.1")).isPresent();
      app.delete();
      assertThat(callers.failedByVersion.get()).isZero();
      assertThat(callers.unanswered).isEmpty();
    }
    var after = stage.cluster.get(path);
    assertThat(after.path("spec")).isEqualTo(before.path("spec"));
    assertThat(after.at("/metadata/annotations")).isEqualTo(before.at("/metadata/annotations"));
    stage.cluster.delete(path);
  }
}
