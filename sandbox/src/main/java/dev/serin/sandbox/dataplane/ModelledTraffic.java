package dev.serin.sandbox.dataplane;

import dev.serin.sandbox.dataplane.Ledger.Way;
import dev.serin.sandbox.dataplane.Rule.Backend;
import dev.serin.sandbox.dataplane.Rule.Mirror;
import dev.serin.sandbox.dataplane.Rule.Weighted;
import dev.serin.sandbox.load.Load;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Traffic without sockets: between two changes of anything that matters all is constant, so the
/// requests of that time are drawn at once from their distributions. A day of traffic costs no more
/// than its changes and scrapes do.
///
/// Lives on one scheduler; not safe for use from many threads.
public final class ModelledTraffic implements DataPlane {

  /// A pod that once ran.
  private static final class Pod {
    final Running running;
    final ResponseTimes times;

    Pod(Running running) {
      this.running = running;
      times = new ResponseTimes(running.behaviour());
    }
  }

  private final InstantSource clock;
  private final Ledger ledger;
  private final Samples samples;
  private final Map<String, Pod> running = new HashMap<>();
  private final Set<String> crashed = new HashSet<>();
  private List<Load> loads = List.of();
  private Optional<ProxyState> proxies = Optional.empty();
  private Instant settled;

  /// @param random source of all chance
  public ModelledTraffic(InstantSource clock, Ledger ledger, RandomGenerator random) {
    this.clock = clock;
    this.ledger = ledger;
    samples = new Samples(random);
    settled = clock.instant();
  }

  @Override
  public void through(ProxyState state) {
    settle();
    proxies = Optional.of(state);
    state.beforeChange(this::settle);
  }

  @Override
  public void loads(List<Load> loads) {
    settle();
    this.loads = List.copyOf(loads);
  }

  @Override
  public void start(Running pod) {
    settle();
    ledger.know(pod);
    crashed.remove(pod.uid());
    running.put(pod.uid(), new Pod(pod));
  }

  @Override
  public void stop(String uid) {
    settle();
    running.remove(uid);
    crashed.remove(uid);
    ledger.end(uid);
  }

  @Override
  public void crash(String uid) {
    settle();
    running.remove(uid);
    crashed.add(uid);
  }

  /// Draws the requests up to now.
  @Override
  public void settle() {
    var now = clock.instant();
    double seconds = Duration.between(settled, now).toNanos() / 1e9;
    settled = now;
    if (seconds <= 0) {
      return;
    }
    for (Load load : loads) {
      long requests = samples.dispersed(load.perSecond() * seconds, load.dispersion());
      if (requests > 0) {
        proxies.ifPresent(state -> route(state, load, requests));
      }
    }
  }

  @Override
  public void close() {
    loads = List.of();
  }

  private void route(ProxyState state, Load load, long requests) {
    switch (state.routes().way(load.call())) {
      case RoutingTable.Way.Nowhere() -> failed(load, Optional.empty(), 404, false, requests);
      case RoutingTable.Way.Straight(var service) -> send(state, load, service, false, requests);
      case RoutingTable.Way.ByRule(var rule) -> {
        split(state, load, rule.backends(), requests);
        for (Mirror mirror : rule.mirrors()) {
          long copies = samples.binomial(requests, mirror.share());
          send(state, load, mirror.backend(), true, copies);
        }
      }
    }
  }

  private void split(ProxyState state, Load load, List<Weighted> backends, long requests) {
    double[] weights = backends.stream().mapToDouble(Weighted::weight).toArray();
    double total = backends.stream().mapToDouble(Weighted::weight).sum();
    if (total <= 0) {
      failed(load, Optional.empty(), 500, false, requests);
      return;
    }
    long[] parts = samples.multinomial(requests, weights);
    for (int i = 0; i < parts.length; i++) {
      send(state, load, backends.get(i).backend(), false, parts[i]);
    }
  }

  private void send(ProxyState state, Load load, Backend backend, boolean mirrored, long requests) {
    if (requests == 0) {
      return;
    }
    var addresses = state.endpoints().of(backend);
    if (addresses.isEmpty() || addresses.get().isEmpty()) {
      failed(load, Optional.of(backend), addresses.isEmpty() ? 500 : 503, mirrored, requests);
      return;
    }
    var pods = addresses.get();
    double[] even = new double[pods.size()];
    java.util.Arrays.fill(even, 1);
    long[] parts = samples.multinomial(requests, even);
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] > 0) {
        answer(load, backend, pods.get(i).podUid(), mirrored, parts[i]);
      }
    }
  }

  private void answer(Load load, Backend backend, String uid, boolean mirrored, long requests) {
    var pod = running.get(uid);
    if (pod == null) {
      // A pod that ended by itself failed; one that was told to end should not have been asked.
      var culprit = crashed.contains(uid) ? uid : "";
      ledger.count(
          way(load, Optional.of(backend), culprit, 503, mirrored), requests, new Latencies());
      return;
    }
    long failures = failures(pod, requests);
    ledger.count(
        way(load, Optional.of(backend), uid, 200, mirrored),
        requests - failures,
        pod.times.of(requests - failures, samples));
    ledger.count(
        way(load, Optional.of(backend), uid, 500, mirrored),
        failures,
        pod.times.of(failures, samples));
  }

  private long failures(Pod pod, long requests) {
    var behaviour = pod.running.behaviour();
    int burst = behaviour.errorBurst();
    long bursts = samples.binomial(requests, behaviour.errorRate() / burst);
    return Math.min(requests, bursts * burst);
  }

  private void failed(
      Load load, Optional<Backend> backend, int code, boolean mirrored, long requests) {
    ledger.count(way(load, backend, "", code, mirrored), requests, new Latencies());
  }

  private static Way way(
      Load load, Optional<Backend> backend, String uid, int code, boolean mirrored) {
    return new Way(load.caller(), load.call().host(), backend, uid, code, mirrored);
  }
}
