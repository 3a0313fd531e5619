package dev.serin.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.ApiClient;
import dev.serin.sandbox.api.ApiStore;
import dev.serin.sandbox.api.Caller;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.dataplane.DataPlane;
import dev.serin.sandbox.dataplane.Ledger;
import dev.serin.sandbox.dataplane.ModelledTraffic;
import dev.serin.sandbox.dataplane.RoutingTable;
import dev.serin.sandbox.dataplane.TrafficStats;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import dev.serin.sandbox.telemetry.EmbeddedPrometheus;
import dev.serin.sandbox.telemetry.MeshMetrics;
import dev.serin.sandbox.telemetry.QueryEngine;
import dev.serin.sandbox.telemetry.Sample;
import dev.serin.sandbox.telemetry.Scraper;
import dev.serin.sandbox.telemetry.Semantics;
import dev.serin.sandbox.telemetry.SeriesStore;
import dev.serin.sandbox.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/// A cluster in one process: API, controllers, nodes, a gateway and a mesh, callers, metrics.
///
/// A Gateway `public` in namespace `gateway` admits routes of all namespaces.
public final class Sandbox implements AutoCloseable {

  /// Namespace of the Gateway.
  public static final String GATEWAY_NAMESPACE = "gateway";

  /// Name of the Gateway.
  public static final String GATEWAY = "public";

  private static final Duration RETENTION = Duration.ofHours(2);

  private final Scheduler scheduler;
  private final ApiStore store;
  private final ApiClient admin;
  private final Ledger ledger = new Ledger();
  private final DataPlane dataPlane;
  private final ControlPlane controlPlane;
  private final MeshMetrics meshMetrics;
  private final QueryEngine queries;
  private final EmbeddedPrometheus metrics;
  private final Scraper scraper;

  private Sandbox(
      SandboxOptions options, Scheduler scheduler, Function<Ledger, DataPlane> dataPlane) {
    this.scheduler = scheduler;
    store = new ApiStore(scheduler, options.seed());
    admin = store.as(Caller.admin());
    MeshDefinitions.install(admin);
    options.definitions().forEach(admin::create);
    this.dataPlane = dataPlane.apply(ledger);
    controlPlane = ControlPlane.start(options, store, scheduler, this.dataPlane);
    this.dataPlane.through(controlPlane.proxies());
    meshMetrics = new MeshMetrics(ledger, options.dialects());
    var series = new SeriesStore(RETENTION);
    scraper = new Scraper(scheduler, options.scrapeInterval(), this::meshMetrics, series);
    queries = new QueryEngine(series, Semantics.PROMETHEUS_3);
    metrics = new EmbeddedPrometheus(queries, scheduler);
    createGateway(options);
  }

  /// A sandbox with modelled traffic, for a time that somebody turns.
  public static Sandbox modelled(SandboxOptions options, Scheduler scheduler) {
    return new Sandbox(
        options,
        scheduler,
        ledger -> new ModelledTraffic(scheduler, ledger, new SplittableRandom(options.seed())));
  }

  /// A sandbox with traffic on sockets.
  ///
  /// @param scheduler of real time
  /// @param traffic makes the sockets
  static Sandbox onSockets(
      SandboxOptions options, Scheduler scheduler, Function<Ledger, DataPlane> traffic) {
    return new Sandbox(options, scheduler, traffic);
  }

  /// What the meshes' metrics say now.
  List<Sample> meshMetrics() {
    dataPlane.settle();
    return meshMetrics.samples();
  }

  /// The API, as it is stored.
  public ApiStore store() {
    return store;
  }

  /// The API as its administrator sees it.
  public ApiClient api() {
    return admin;
  }

  /// What everything runs on.
  public Scheduler scheduler() {
    return scheduler;
  }

  /// Answers the queries that a Prometheus would.
  public EmbeddedPrometheus metrics() {
    return metrics;
  }

  /// Answers queries at any instant.
  public QueryEngine queries() {
    return queries;
  }

  /// Routes are neither accepted nor followed any more, as when the mesh's control plane is down;
  /// the proxies go on with what they know.
  public void stopMesh() {
    controlPlane.gateway().stop();
    controlPlane.proxies().cutOff();
  }

  /// Ends [#stopMesh()].
  public void resumeMesh() {
    controlPlane.proxies().reconnect();
    controlPlane.gateway().resume();
  }

  /// Creates an application; its namespace too where there is none.
  public void deploy(App app) {
    if (admin.find(Kind.NAMESPACE, "", app.namespace()).isEmpty()) {
      admin.create(app.namespaceObject());
    }
    admin.create(app.deployment());
    admin.create(app.service());
  }

  /// Changes the image of the first container of a Deployment.
  public void setImage(String namespace, String deployment, String image) {
    admin.edit(
        Kind.DEPLOYMENT,
        namespace,
        deployment,
        object -> {
          var containers = Json.at(object, "spec", "template", "spec", "containers");
          ((ObjectNode) containers.get(0)).put("image", image);
        });
  }

  /// Whether the proxies know by now where a request goes. A gateway accepts a route a moment
  /// before they do.
  public boolean leads(Call call) {
    return !(controlPlane.proxies().routes().way(call) instanceof RoutingTable.Way.Nowhere);
  }

  /// Replaces what callers ask for.
  public void traffic(List<Load> loads) {
    dataPlane.loads(loads);
  }

  /// What became of all requests so far.
  public TrafficStats stats() {
    dataPlane.settle();
    return TrafficStats.of(ledger);
  }

  private void createGateway(SandboxOptions options) {
    var namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
    namespace.putObject("metadata").put("name", GATEWAY_NAMESPACE);
    admin.create(namespace);
    var gatewayClass =
        Json.object().put("apiVersion", "gateway.networking.k8s.io/v1").put("kind", "GatewayClass");
    gatewayClass.putObject("metadata").put("name", "sandbox");
    gatewayClass.putObject("spec").put("controllerName", options.gatewayController());
    admin.create(gatewayClass);
    var gateway =
        Json.object().put("apiVersion", "gateway.networking.k8s.io/v1").put("kind", "Gateway");
    gateway.putObject("metadata").put("namespace", GATEWAY_NAMESPACE).put("name", GATEWAY);
    var spec = gateway.putObject("spec").put("gatewayClassName", "sandbox");
    var listener = spec.putArray("listeners").addObject();
    listener.put("name", "http").put("port", 80).put("protocol", "HTTP");
    listener.putObject("allowedRoutes").putObject("namespaces").put("from", "All");
    admin.create(gateway);
  }

  @Override
  public void close() {
    scraper.close();
    controlPlane.close();
    dataPlane.close();
  }
}
