package dev.serin.sandbox;

import dev.serin.sandbox.api.ApiServer;
import dev.serin.sandbox.api.Caller;
import dev.serin.sandbox.dataplane.SocketTraffic;
import dev.serin.sandbox.dataplane.TrafficStats;
import dev.serin.sandbox.telemetry.TelemetryServer;
import dev.serin.sandbox.time.RealScheduler;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// A [Sandbox] that runs: real time, servers on loopback ports.
public final class LiveSandbox implements AutoCloseable {

  /// Where the servers listen on loopback; 0 for any free port.
  ///
  /// @param api of the Kubernetes API
  /// @param gateway of the Gateway
  /// @param metrics of the metrics and their queries
  public record Ports(int api, int gateway, int metrics) {

    /// Free ports for all.
    public static final Ports ANY = new Ports(0, 0, 0);
  }

  private final RealScheduler scheduler;
  private final Sandbox sandbox;
  private final SocketTraffic traffic;
  private final ApiServer api;
  private final TelemetryServer telemetry;

  private LiveSandbox(
      RealScheduler scheduler,
      Sandbox sandbox,
      SocketTraffic traffic,
      ApiServer api,
      TelemetryServer telemetry) {
    this.scheduler = scheduler;
    this.sandbox = sandbox;
    this.traffic = traffic;
    this.api = api;
    this.telemetry = telemetry;
  }

  /// Starts everything.
  ///
  /// @param anonymous whom API requests without a token count for; empty refuses them
  /// @param failed told of whatever a simulator throws
  public static LiveSandbox start(
      SandboxOptions options, Ports ports, Optional<Caller> anonymous, Consumer<Throwable> failed) {
    var scheduler = new RealScheduler("sandbox", failed);
    var made = new AtomicReference<SocketTraffic>();
    var sandbox =
        Sandbox.onSockets(
            options,
            scheduler,
            ledger -> {
              var traffic = new SocketTraffic(ledger, ports.gateway(), options.seed());
              made.set(traffic);
              return traffic;
            });
    return new LiveSandbox(
        scheduler,
        sandbox,
        made.get(),
        ApiServer.start(sandbox.store(), ports.api(), anonymous),
        TelemetryServer.start(ports.metrics(), sandbox.queries(), scheduler, sandbox::meshMetrics));
  }

  /// What is the same in virtual time.
  public Sandbox sandbox() {
    return sandbox;
  }

  /// The Kubernetes API.
  public ApiServer api() {
    return api;
  }

  /// Where the Gateway answers.
  public URI gateway() {
    return traffic.gateway();
  }

  /// Where the mesh's proxy answers; the host of a request names the Service.
  public URI mesh() {
    return traffic.mesh();
  }

  /// Base address for a Prometheus client, and `/metrics` for a Prometheus.
  public URI metrics() {
    return telemetry.uri();
  }

  /// What became of all requests so far; those that even the proxy did not answer failed by
  /// routing.
  public TrafficStats stats() {
    return sandbox.stats().plusUnanswered(traffic.unanswered());
  }

  /// What became of the requests of [Sandbox#traffic] so far, as those saw it who sent them.
  public TrafficStats seenByCallers() {
    return traffic.seenByCallers();
  }

  /// Ends the calls of [Sandbox#traffic] for good, and waits for those under way.
  ///
  /// @return what became of all of them, as those saw it who sent them
  public TrafficStats finishCalls() throws InterruptedException {
    traffic.finishCalls();
    return traffic.seenByCallers();
  }

  @Override
  public void close() {
    sandbox.close();
    api.close();
    telemetry.close();
    scheduler.close();
  }
}
