package dev.serin.controller.mesh;

import dev.serin.mesh.BuiltInQueries;
import dev.serin.mesh.BuiltInQueries.Counts;
import dev.serin.mesh.BuiltInQueries.Dialect;
import dev.serin.mesh.RouteRequest.Protocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The names that data planes give to their request counters.
final class Dialects {
  /// What the server's sidecar saw. gRPC answers failures with HTTP status 200, so its own status
  /// counts as well.
  static final Dialect ISTIO =
      istio("istio", List.of("istio.io/gateway-controller"), "destination", "5..", "pod");

  /// What the waypoint saw: in ambient mode no pod has a proxy of its own.
  static final Dialect ISTIO_AMBIENT = istio("istio-ambient", List.of(), "waypoint", "5..", "");

  /// What the caller's sidecar saw, refused connections included. A caller that got no answer at
  /// all has code 0.
  static final Dialect ISTIO_CLIENT = istio("istio-client", List.of(), "source", "5..|0", "");

  /// What the caller's proxy saw of each backend. A request that dies before its answer has no
  /// status but an error; `CANCEL` is the caller's own doing.
  static final Dialect LINKERD = linkerd("http", "http_status=~\"5..\"", "http_status!~\"5..\"");

  static final Dialect LINKERD_GRPC =
      linkerd(
          "grpc",
          "grpc_status=~\"UNKNOWN|DEADLINE_EXCEEDED|PERMISSION_DENIED|INTERNAL|UNAVAILABLE|DATA_LOSS\"",
          "grpc_status!~\"UNKNOWN|DEADLINE_EXCEEDED|PERMISSION_DENIED|INTERNAL|UNAVAILABLE|DATA_LOSS\"");

  /// What the pod's own proxy saw, in the older metrics that every version of Linkerd has.
  static final Dialect LINKERD_INBOUND =
      new Dialect(
          "linkerd-inbound",
          List.of(),
          counts(
              "response_total",
              "response_latency_ms_bucket",
              "direction=\"inbound\",namespace=~\"{{ namespaces }}\",deployment=~\"{{ workloads"
                  + " }}\"",
              List.of("classification=\"failure\""),
              "classification!=\"failure\",status_code!~\"5..\"",
              0.001,
              new Labels("namespace", "deployment", "{{ stable }}", "{{ target }}", "pod")));

  static final Dialect OSM =
      new Dialect(
          "osm",
          List.of(),
          counts(
              "osm_request_total",
              "osm_request_duration_ms_bucket",
              "destination_namespace=~\"{{ namespaces }}\",destination_name=~\"{{ workloads }}\"",
              List.of("response_code=~\"5..\""),
              "",
              0.001,
              new Labels(
                  "destination_namespace",
                  "destination_name",
                  "{{ stable }}",
                  "{{ target }}",
                  "destination_pod")));

  /// Contour's Envoy; verified on a real one for HTTPRoute and HTTPProxy alike.
  static final Dialect CONTOUR =
      envoy("contour", "projectcontour.io/gateway-controller", "%s_%s_%s");

  /// Needs `mergeBackends` of its EnvoyProxy: else both versions are one Envoy cluster.
  static final Dialect ENVOY_GATEWAY =
      envoy("envoy-gateway", "gateway.envoyproxy.io/gatewayclass-controller", "service/%s/%s/%s");

  static final Dialect KGATEWAY = envoy("kgateway", "kgateway.dev/kgateway", "kube_%s_%s_%s");

  /// Hubble; needs its `httpV2` metrics with workloads in the labels context.
  static final Dialect CILIUM =
      new Dialect(
          "cilium",
          List.of("io.cilium/gateway-controller"),
          counts(
              "hubble_http_requests_total",
              "hubble_http_request_duration_seconds_bucket",
              "reporter=\"server\",destination_namespace=~\"{{ namespaces"
                  + " }}\",destination_workload=~\"{{ workloads }}\"",
              List.of("status=~\"5..\""),
              "",
              1,
              new Labels(
                  "destination_namespace",
                  "destination_workload",
                  "{{ stable }}",
                  "{{ target }}",
                  "")));

  private static final Map<String, String> WITHOUT_METRICS =
      Map.of(
          "gateway.nginx.org/nginx-gateway-controller",
          without("NGINX Gateway Fabric counts requests of the whole gateway only"),
          "konghq.com/kic-gateway-controller",
          without("Kong counts requests of a whole rule only"),
          "traefik.io/gateway-controller",
          without("Traefik names the backends of routes differently from version to version"),
          "application-networking.k8s.aws/gateway-api-controller",
          without("VPC Lattice reports to CloudWatch only"),
          "apisix.apache.org/apisix-ingress-controller",
          without("APISIX tells pods apart by IP address only"),
          "gateways.kuma.io/controller",
          without("Kuma names clusters after routes"));

  private Dialects() {}

  static BuiltInQueries gatewayApi(Protocol protocol) {
    return switch (protocol) {
      case HTTP ->
          new BuiltInQueries(
              List.of(
                  CONTOUR,
                  ISTIO,
                  ISTIO_AMBIENT,
                  ISTIO_CLIENT,
                  LINKERD,
                  LINKERD_INBOUND,
                  ENVOY_GATEWAY,
                  KGATEWAY,
                  CILIUM),
              WITHOUT_METRICS);
      case GRPC ->
          new BuiltInQueries(
              List.of(LINKERD_GRPC, LINKERD_INBOUND, ISTIO, ISTIO_AMBIENT, ISTIO_CLIENT),
              withoutGrpc());
    };
  }

  /// Queries of a mesh whose counters know only HTTP.
  static BuiltInQueries httpOnly(Protocol protocol, List<Dialect> dialects) {
    return switch (protocol) {
      case HTTP -> new BuiltInQueries(dialects, Map.of());
      case GRPC -> new BuiltInQueries(List.of(), grpcBlind(dialects));
    };
  }

  private static Map<String, String> withoutGrpc() {
    var all = new LinkedHashMap<>(WITHOUT_METRICS);
    all.putAll(grpcBlind(List.of(CONTOUR, ENVOY_GATEWAY, KGATEWAY, CILIUM)));
    return all;
  }

  private static Map<String, String> grpcBlind(List<Dialect> dialects) {
    var blind = new LinkedHashMap<String, String>();
    for (var dialect : dialects) {
      for (var controller : dialect.controllers()) {
        blind.put(
            controller,
            without("%s counts failed gRPC calls as HTTP 200".formatted(dialect.name())));
      }
    }
    return blind;
  }

  private static String without(String why) {
    return why
        + "; use a MetricTemplate on metrics of the application, or name a mesh behind it in"
        + " spec.analysis.metricsDialect";
  }

  private static Dialect istio(
      String name, List<String> controllers, String reporter, String failed, String podLabel) {
    return new Dialect(
        name,
        controllers,
        counts(
            "istio_requests_total",
            "istio_request_duration_milliseconds_bucket",
            "reporter=\"%s\",destination_workload_namespace=~\"{{ namespaces }}\",destination_workload=~\"{{ workloads }}\""
                .formatted(reporter),
            List.of(
                "response_code=~\"%s\"".formatted(failed),
                "response_code!~\"%s\",grpc_response_status=~\"2|4|7|13|14|15\"".formatted(failed)),
            "response_code!~\"%s\",grpc_response_status!~\"2|4|7|13|14|15\"".formatted(failed),
            0.001,
            new Labels(
                "destination_workload_namespace",
                "destination_workload",
                "{{ stable }}",
                "{{ target }}",
                podLabel)));
  }

  private static Dialect linkerd(String protocol, String failed, String notFailed) {
    return new Dialect(
        "linkerd",
        List.of(GatewayAcceptance.LINKERD),
        counts(
            "outbound_%s_route_backend_response_statuses_total".formatted(protocol),
            "outbound_%s_route_backend_response_duration_seconds_bucket".formatted(protocol),
            "backend_namespace=~\"{{ namespaces }}\",backend_name=~\"{{ workloads }}\"",
            List.of(failed, notFailed + ",error!=\"\",error!=\"CANCEL\""),
            "",
            1,
            new Labels(
                "backend_namespace", "backend_name", "{{ service }}", "{{ canaryService }}", "")));
  }

  /// Envoy's own counters, by the name of its cluster.
  ///
  /// @param cluster format of namespace, Service and port
  private static Dialect envoy(String name, String controller, String cluster) {
    return new Dialect(
        name,
        List.of(controller),
        counts(
            "envoy_cluster_upstream_rq",
            "envoy_cluster_upstream_rq_time_bucket",
            "envoy_cluster_name=~\"{{ workloads }}\"",
            List.of("envoy_response_code=~\"5..\""),
            "",
            0.001,
            new Labels(
                "",
                "envoy_cluster_name",
                cluster.formatted("{{ namespace }}", "{{ service }}", "{{ port }}"),
                cluster.formatted("{{ namespace }}", "{{ canaryService }}", "{{ port }}"),
                "")));
  }

  private record Labels(
      String namespace, String workload, String stable, String canary, String pod) {}

  /// @param good matchers of buckets that leave the requests that did not fail; empty where buckets
  ///   do not tell
  private static Counts counts(
      String requests,
      String buckets,
      String workloads,
      List<String> failures,
      String good,
      double bucketUnitSeconds,
      Labels labels) {
    return new Counts(
        List.of("%s{%s}".formatted(requests, workloads)),
        failures.stream()
            .map(failure -> "%s{%s,%s}".formatted(requests, workloads, failure))
            .toList(),
        "%s{%s}".formatted(buckets, workloads),
        "%s{%s%s}".formatted(buckets, workloads, good.isEmpty() ? "" : "," + good),
        bucketUnitSeconds,
        labels.namespace(),
        labels.workload(),
        labels.stable(),
        labels.canary(),
        labels.pod());
  }
}
