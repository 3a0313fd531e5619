package dev.serin.sandbox.telemetry;

import dev.serin.sandbox.dataplane.Ledger;
import dev.serin.sandbox.dataplane.Ledger.Way;
import dev.serin.sandbox.dataplane.Rule.Backend;
import dev.serin.sandbox.workload.PodHost;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/// What was counted, in the names of the meshes.
public final class MeshMetrics {

  private static final double[] ENVOY_MILLIS = {
    0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000,
    600_000, 1_800_000, 3_600_000
  };
  private static final double[] LINKERD_MILLIS = {
    1, 2, 3, 4, 5, 10, 20, 30, 40, 50, 100, 200, 300, 400, 500, 1_000, 2_000, 3_000, 4_000, 5_000,
    10_000, 20_000, 30_000, 40_000, 50_000
  };
  private static final double[] LINKERD_BACKEND_MILLIS = {25, 50, 100, 250, 500, 1_000, 10_000};

  private final Ledger ledger;
  private final Set<Dialect> dialects;
  private final Map<Way, List<Counter>> counters = new HashMap<>();

  public MeshMetrics(Ledger ledger, Set<Dialect> dialects) {
    this.ledger = ledger;
    this.dialects = Set.copyOf(dialects);
  }

  /// A series that requests of one way count in.
  ///
  /// @param ofPod whether the pod itself tells it, so that it ends with the pod
  private record Counter(Labels labels, boolean ofPod, ToDoubleFunction<Ledger.Entry> value) {}

  /// All series with their values now.
  public synchronized List<Sample> samples() {
    var sums = new LinkedHashMap<Labels, Double>();
    for (Ledger.Entry entry : ledger.entries()) {
      boolean podEnded = ledger.ended(entry.way().podUid());
      for (Counter counter : counters.computeIfAbsent(entry.way(), this::counters)) {
        if (!counter.ofPod() || !podEnded) {
          sums.merge(counter.labels(), counter.value().applyAsDouble(entry), Double::sum);
        }
      }
    }
    return sums.entrySet().stream().map(e -> new Sample(e.getKey(), e.getValue())).toList();
  }

  private List<Counter> counters(Way way) {
    if (way.backend().isEmpty()) {
      return List.of();
    }
    var backend = way.backend().get();
    var pod = ledger.pod(way.podUid());
    var found = new Counters();
    if (dialects.contains(Dialect.CONTOUR) && backend.port() > 0) {
      contour(found, way, backend);
    }
    if (dialects.contains(Dialect.ISTIO)) {
      istio(found, way, backend, pod, "source");
      if (pod.isPresent() && answered(way)) {
        istio(found, way, backend, pod, "destination");
      }
    }
    if (dialects.contains(Dialect.ISTIO_AMBIENT)) {
      istio(found, way, backend, pod, "waypoint");
    }
    if (dialects.contains(Dialect.LINKERD)) {
      linkerdBackend(found, way, backend);
      if (pod.isPresent() && answered(way)) {
        linkerdInbound(found, way, pod.get());
      }
    }
    return found.all;
  }

  /// A pod that refused the connection saw nothing of it.
  private static boolean answered(Way way) {
    return !way.unrouted() && way.code() != 503;
  }

  private static void contour(Counters found, Way way, Backend backend) {
    var cluster =
        Labels.of(
            "",
            "envoy_cluster_name",
            backend.namespace() + "_" + backend.service() + "_" + backend.port());
    var code = Integer.toString(way.code());
    found.requests(cluster.named("envoy_cluster_upstream_rq").with("envoy_response_code", code));
    found.requests(
        cluster
            .named("envoy_cluster_upstream_rq_xx")
            .with("envoy_response_code_class", code.substring(0, 1)));
    if (!way.unrouted()) {
      found.requests(cluster.named("envoy_cluster_upstream_rq_total"));
      found.histogram("envoy_cluster_upstream_rq_time", cluster, ENVOY_MILLIS, 1);
    }
  }

  private static void istio(
      Counters found, Way way, Backend backend, Optional<PodHost.Running> pod, String reporter) {
    found.ofPod = reporter.equals("destination");
    var labels =
        Labels.of(
            "",
            "reporter",
            reporter,
            "source_workload",
            way.caller().isEmpty() ? "unknown" : way.caller(),
            "destination_workload",
            pod.map(PodHost.Running::workload).orElse("unknown"),
            "destination_workload_namespace",
            pod.map(PodHost.Running::namespace).orElse("unknown"),
            "destination_service",
            "%s.%s.svc.cluster.local".formatted(backend.service(), backend.namespace()),
            "destination_service_name",
            backend.service(),
            "destination_service_namespace",
            backend.namespace(),
            "request_protocol",
            "http",
            "response_code",
            Integer.toString(way.code()),
            "response_flags",
            way.unrouted() ? "UH" : "-");
    if (found.ofPod) {
      labels =
          labels
              .with("pod", pod.map(PodHost.Running::name).orElse(""))
              .with("namespace", pod.map(PodHost.Running::namespace).orElse(""));
    }
    found.requests(labels.named("istio_requests_total"));
    found.histogram("istio_request_duration_milliseconds", labels, ENVOY_MILLIS, 1);
    found.ofPod = false;
  }

  private static void linkerdBackend(Counters found, Way way, Backend backend) {
    var dialled = way.dialled().split("\\.", -1);
    var labels =
        Labels.of(
            "",
            "parent_group",
            "core",
            "parent_kind",
            "Service",
            "parent_name",
            dialled[0],
            "parent_namespace",
            dialled.length > 1 ? dialled[1] : backend.namespace(),
            "backend_group",
            "core",
            "backend_kind",
            "Service",
            "backend_name",
            backend.service(),
            "backend_namespace",
            backend.namespace(),
            "backend_port",
            backend.port() == 0 ? "" : Integer.toString(backend.port()));
    found.requests(labels.named("outbound_http_route_backend_requests_total"));
    found.requests(
        labels
            .named("outbound_http_route_backend_response_statuses_total")
            .with("http_status", way.unrouted() ? "" : Integer.toString(way.code()))
            .with("error", way.unrouted() ? "FAIL_FAST" : ""));
    found.histogram(
        "outbound_http_route_backend_response_duration_seconds",
        labels,
        LINKERD_BACKEND_MILLIS,
        0.001);
  }

  private static void linkerdInbound(Counters found, Way way, PodHost.Running pod) {
    found.ofPod = true;
    var labels =
        Labels.of(
            "",
            "direction",
            "inbound",
            "namespace",
            pod.namespace(),
            "deployment",
            pod.workload(),
            "pod",
            pod.name());
    var status = labels.with("status_code", Integer.toString(way.code()));
    found.requests(labels.named("request_total"));
    found.requests(
        status
            .named("response_total")
            .with("classification", way.failed() ? "failure" : "success"));
    found.histogram("response_latency_ms", status, LINKERD_MILLIS, 1);
    found.ofPod = false;
  }

  private static final class Counters {
    final List<Counter> all = new ArrayList<>();
    boolean ofPod;

    void requests(Labels labels) {
      all.add(new Counter(labels, ofPod, Ledger.Entry::requests));
    }

    /// @param unit what a millisecond is in the unit of the histogram
    void histogram(String name, Labels labels, double[] boundsMillis, double unit) {
      var bucket = labels.named(name + "_bucket");
      for (double bound : boundsMillis) {
        all.add(
            new Counter(
                bucket.with("le", Exposition.number(bound * unit)),
                ofPod,
                entry -> entry.latencies().within(bound)));
      }
      all.add(new Counter(bucket.with("le", "+Inf"), ofPod, e -> e.latencies().count()));
      all.add(new Counter(labels.named(name + "_count"), ofPod, e -> e.latencies().count()));
      all.add(
          new Counter(labels.named(name + "_sum"), ofPod, e -> e.latencies().sumMillis() * unit));
    }
  }
}
