package dev.serin.sandbox.dataplane;

import dev.serin.sandbox.load.Call.Entrance;
import dev.serin.sandbox.load.Load;
import dev.serin.sandbox.load.LoadGenerator;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Traffic on sockets: every pod is a server, a proxy stands before them, callers dial it. The
/// proxy listens twice: as Gateway, and as the mesh's proxy beside callers.
public final class SocketTraffic implements DataPlane {

  private final Ledger ledger;
  private final long seed;
  private final Map<String, PodServer> servers = new ConcurrentHashMap<>();
  private final Map<String, String> crashed = new ConcurrentHashMap<>();
  private final Proxy gateway;
  private final Proxy mesh;
  private final LoadGenerator callers;
  private volatile Optional<ProxyState> proxies = Optional.empty();

  /// @param gatewayPort where the Gateway listens on loopback; 0 for any free port
  /// @param seed of failures of pods
  public SocketTraffic(Ledger ledger, int gatewayPort, long seed) {
    this.ledger = ledger;
    this.seed = seed;
    gateway = new Proxy(Entrance.GATEWAY, gatewayPort, this, ledger);
    mesh = new Proxy(Entrance.MESH, 0, this, ledger);
    callers = new LoadGenerator(gateway.uri(), mesh.uri());
  }

  /// Where the Gateway answers.
  public URI gateway() {
    return gateway.uri();
  }

  /// Where the mesh's proxy answers; the host of a request names the Service.
  public URI mesh() {
    return mesh.uri();
  }

  /// Requests of the callers that the proxies did not even answer.
  public long unanswered() {
    return callers.unanswered();
  }

  /// What became of the callers' requests, as they saw it themselves.
  public TrafficStats seenByCallers() {
    return TrafficStats.seen(callers.outcomes(), callers.unanswered());
  }

  /// Ends all calls for good, and returns when none is under way.
  public void finishCalls() throws InterruptedException {
    callers.finish();
  }

  @Override
  public void through(ProxyState state) {
    proxies = Optional.of(state);
  }

  @Override
  public void loads(List<Load> loads) {
    callers.loads(loads);
  }

  @Override
  public void settle() {}

  @Override
  public void start(Running pod) {
    ledger.know(pod);
    crashed.remove(pod.uid());
    servers.put(pod.uid(), new PodServer(pod, seed ^ pod.uid().hashCode()));
  }

  @Override
  public void stop(String uid) {
    end(uid);
    crashed.remove(uid);
    ledger.end(uid);
  }

  @Override
  public void crash(String uid) {
    crashed.put(uid, uid);
    end(uid);
  }

  private void end(String uid) {
    var server = servers.remove(uid);
    if (server != null) {
      server.close();
    }
  }

  Optional<ProxyState> proxies() {
    return proxies;
  }

  /// The server of a pod; empty when it does not run.
  Optional<PodServer> server(String uid) {
    return Optional.ofNullable(servers.get(uid));
  }

  /// Whether it ended by itself.
  boolean crashed(String uid) {
    return crashed.containsKey(uid);
  }

  @Override
  public void close() {
    callers.close();
    gateway.close();
    mesh.close();
    servers.values().forEach(PodServer::close);
  }
}
