package dev.serin.sandbox.kubelet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serin.sandbox.workload.PodBehaviour;
import dev.serin.sandbox.workload.PodHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// Runs pods as HTTP servers on their own addresses, which all must be addresses of this machine or
/// network namespace. A pod answers with its name and version, as late and as wrongly as its image
/// says.
public final class PodServers implements PodHost, AutoCloseable {

  private final Map<String, List<HttpServer>> servers = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @Override
  public void start(Running pod) {
    var failing = new AtomicInteger();
    var listening = new ArrayList<HttpServer>();
    for (var port : pod.ports()) {
      try {
        var server = HttpServer.create(new InetSocketAddress(pod.ip(), port.number()), 256);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, pod, failing));
        server.start();
        listening.add(server);
      } catch (IOException e) {
        listening.forEach(server -> server.stop(0));
        throw new UncheckedIOException(
            "pod %s cannot listen on %s:%d: %s"
                .formatted(pod.name(), pod.ip(), port.number(), e.getMessage()),
            e);
      }
    }
    servers.put(pod.uid(), listening);
  }

  private static void answer(HttpExchange exchange, Running pod, AtomicInteger failing)
      throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      pause(latency(pod.behaviour()));
      var body =
          "{\"pod\":\"%s\",\"version\":\"%s\"}\n"
              .formatted(pod.name(), pod.version())
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.getResponseHeaders().set("X-Version", pod.version());
      exchange.sendResponseHeaders(fails(pod.behaviour(), failing) ? 500 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /// @param failing how many requests of a burst are still to fail
  private static boolean fails(PodBehaviour behaviour, AtomicInteger failing) {
    if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return true;
    }
    // A burst counts as one in errorBurst, so that the share of failures stays.
    if (ThreadLocalRandom.current().nextDouble() < behaviour.errorRate() / behaviour.errorBurst()) {
      failing.set(behaviour.errorBurst() - 1);
      return true;
    }
    return false;
  }

  private static Duration latency(PodBehaviour behaviour) {
    var factor = Math.exp(ThreadLocalRandom.current().nextGaussian() * behaviour.latencySpread());
    return Duration.ofNanos((long) (behaviour.latency().toNanos() * factor));
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop(String uid) {
    var listening = servers.remove(uid);
    if (listening != null) {
      // Requests that were accepted are answered; a pod that stops well does not cut them off.
      listening.forEach(server -> server.stop(1));
    }
  }

  @Override
  public void crash(String uid) {
    var listening = servers.remove(uid);
    if (listening != null) {
      listening.forEach(server -> server.stop(0));
    }
  }

  @Override
  public void close() {
    List.copyOf(servers.keySet()).forEach(this::crash);
    threads.shutdownNow();
  }
}
