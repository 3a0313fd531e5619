package dev.serin.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.serin.metrics.Measurement;
import dev.serin.metrics.Samples;
import dev.serin.sandbox.dataplane.RoutingTable;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import dev.serin.sandbox.time.VirtualScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ModelledSandboxTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final VirtualScheduler time = new VirtualScheduler();
  private final Sandbox sandbox = Sandbox.modelled(SandboxOptions.DEFAULT, time);

  /// Stable fails 1 % of its requests, the canary 20 %; the canary gets 30 % of the traffic.
  @BeforeEach
  void twoVersions() {
    sandbox.deploy(App.of("shop", "web", 2, "sandbox/web:1.0-errors-1"));
    sandbox.deploy(App.of("shop", "web-canary", 2, "sandbox/web:2.0-errors-20-slow-300ms"));
    create(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: web, namespace: shop}
        spec:
          parentRefs: [{name: public, namespace: gateway}]
          rules:
            - backendRefs: [{name: web, port: 80, weight: 70}, {name: web-canary, port: 80, weight: 30}]
        """);
    time.advance(Duration.ofSeconds(10));
    sandbox.traffic(List.of(Load.of(Call.atGateway("shop.example.com"), 200)));
    time.advance(MINUTE.multipliedBy(5));
  }

  @AfterEach
  void close() {
    sandbox.close();
  }

  @Test
  void theRouteIsAcceptedAndFollowed() {
    var route = sandbox.api().get(RoutingTable.HTTP_ROUTE, "shop", "web");
    assertThat(route.path("status").path("parents")).hasSize(1);

    var stats = sandbox.stats();
    assertThat(stats.failedByRouting()).isZero();
    var canary = stats.version("web-canary 2.0-errors-20-slow-300ms");
    assertThat((double) canary.requests() / stats.requests()).isCloseTo(0.3, within(0.02));
    assertThat((double) canary.failed() / canary.requests()).isCloseTo(0.2, within(0.02));
  }

  @Test
  void theGatewayCountsByService() {
    assertThat(
            value(
                """
                sum(rate(envoy_cluster_upstream_rq{envoy_cluster_name="shop_web-canary_80",envoy_response_code!~"5.."}[1m]))
                / sum(rate(envoy_cluster_upstream_rq{envoy_cluster_name="shop_web-canary_80"}[1m])) * 100
                """))
        .isCloseTo(80, within(3.0));
    assertThat(
            value(
                """
                histogram_quantile(0.5, sum(rate(envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name="shop_web-canary_80"}[1m])) by (le))
                """))
        .isCloseTo(320, within(60.0));
  }

  @Test
  void sidecarsCountByPod() {
    assertThat(
            value(
                """
                count(istio_requests_total{reporter="destination",destination_workload_namespace="shop",destination_workload="web",response_code="200"})
                """))
        .isEqualTo(2);
    assertThat(
            value(
                """
                sum(rate(istio_requests_total{reporter="source",destination_workload="web",response_code=~"5.."}[5m]))
                / sum(rate(istio_requests_total{reporter="source",destination_workload="web"}[5m])) * 100
                """))
        .isCloseTo(1, within(0.3));
    assertThat(
            value(
                """
                sum(rate(response_total{direction="inbound",namespace="shop",deployment="web-canary",classification="failure"}[1m]))
                / sum(rate(response_total{direction="inbound",namespace="shop",deployment="web-canary"}[1m])) * 100
                """))
        .isCloseTo(20, within(3.0));
    assertThat(
            value(
                """
                sum(rate(outbound_http_route_backend_response_statuses_total{backend_namespace="shop",backend_name="web-canary",http_status=~"5.."}[1m]))
                / sum(rate(outbound_http_route_backend_response_statuses_total{backend_namespace="shop",backend_name="web-canary"}[1m])) * 100
                """))
        .isCloseTo(20, within(3.0));
  }

  @Test
  void seriesOfAPodEndWithIt() {
    sandbox.setImage("shop", "web", "sandbox/web:1.1");
    time.advance(MINUTE);

    assertThat(
            value(
                """
                count(istio_requests_total{reporter="destination",destination_workload="web",response_code="200"})
                """))
        .isEqualTo(2);
  }

  @Test
  void whileTheMeshIsDownNothingIsFollowed() {
    sandbox.stopMesh();
    sandbox
        .api()
        .edit(
            RoutingTable.HTTP_ROUTE,
            "shop",
            "web",
            route ->
                ((ObjectNode) route.path("spec").path("rules").get(0).path("backendRefs").get(1))
                    .put("weight", 0));
    time.advance(MINUTE);
    assertThat(canaryRate()).isCloseTo(60, within(9.0));

    sandbox.resumeMesh();
    time.advance(MINUTE.plusSeconds(10));
    assertThat(canaryRate()).isZero();
  }

  @Test
  void metricsCanBeCutOff() {
    sandbox.metrics().fail("connection refused");
    assertThat(sandbox.metrics().query("up"))
        .isEqualTo(new Measurement.Unavailable("connection refused"));

    sandbox.metrics().recover();
    assertThat(sandbox.metrics().query("up")).isEqualTo(new Measurement.Value(1));
    assertThat(sandbox.metrics().query("unknown")).isInstanceOf(Measurement.NoData.class);
    assertThat(sandbox.metrics().query("sum(")).isInstanceOf(Measurement.Unavailable.class);
  }

  @Test
  void samplesAreAnsweredWithTheirLabels() {
    var samples =
        sandbox
            .metrics()
            .range("up", time.instant().minusSeconds(4), time.instant(), Duration.ofSeconds(2));

    assertThat(((Samples.Found) samples).samples()).hasSize(3).allMatch(s -> s.value() == 1);
  }

  private double canaryRate() {
    return value(
        "sum(rate(envoy_cluster_upstream_rq{envoy_cluster_name=\"shop_web-canary_80\"}[30s]))");
  }

  private double value(String query) {
    return ((Measurement.Value) sandbox.metrics().query(query)).value();
  }

  private void create(String yaml) {
    try {
      sandbox.api().create((ObjectNode) new YAMLMapper().readTree(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
