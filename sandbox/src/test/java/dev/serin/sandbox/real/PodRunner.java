package dev.serin.sandbox.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.serin.sandbox.workload.PodBehaviour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/// Plays the scheduler's and the node's part: gives every pod that nobody else schedules or runs an
/// address of its own and a real HTTP server there, that behaves as the pod's image tag says, and
/// tells the API server how the pod fares.
final class PodRunner implements AutoCloseable {
  private static final String NODE = "node-1";
  private static final String SCHEDULER = "default-scheduler";
  private static final int PORT = 9898;
  private static final PodBehaviour.Fate NEVER_READY =
      new PodBehaviour.Fate.LosesReadiness(Duration.ZERO);

  /// The header by which an answer of a pod is known from one of the gateway.
  static final String SERVED_BY = "Served-By";

  private final RealCluster cluster;
  private final Map<String, HttpServer> running = new ConcurrentHashMap<>();
  private final Map<String, String> unready = new ConcurrentHashMap<>();
  private final Set<String> heldBack = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean closed;
  private int addresses = ThreadLocalRandom.current().nextInt(1, 100) * 250;

  PodRunner(RealCluster cluster) {
    // Answers would otherwise wait for an acknowledgement of their first packet.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    // The gateway keeps connections for an hour, and would send a request into one that closes.
    System.setProperty("sun.net.httpserver.idleInterval", "7200");
    this.cluster = cluster;
    cluster.apply(
        "{\"apiVersion\": \"v1\", \"kind\": \"Node\", \"metadata\": {\"name\": \"%s\"}}"
            .formatted(NODE));
    // A new node is tainted until its kubelet says that it is ready, and DaemonSets heed that.
    cluster.merge("/api/v1/nodes/" + NODE, "{\"spec\": {\"taints\": null}}");
    thread = Thread.ofVirtual().name("pods").start(this::run);
  }

  /// Pods with this label `app` that start from now on in a namespace do not get ready.
  void holdBack(String namespace, String app) {
    heldBack.add(namespace + "/" + app);
  }

  /// They get ready now.
  void letGo(String namespace, String app) {
    heldBack.remove(namespace + "/" + app);
  }

  private void run() {
    while (!closed) {
      try {
        for (var pod : cluster.get("/api/v1/pods").path("items")) {
          if (isOurs(pod)) {
            look(pod);
          }
        }
      } catch (UncheckedIOException | AssertionError e) {
        // The API server may be away, or have too much to do; the next look finds out.
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }

  /// Whether it is on our node, or still to be brought there.
  private static boolean isOurs(JsonNode pod) {
    var node = pod.at("/spec/nodeName").asText();
    return node.isEmpty()
        ? pod.at("/spec/schedulerName").asText().equals(SCHEDULER)
        : node.equals(NODE);
  }

  private void look(JsonNode pod) {
    var uid = pod.at("/metadata/uid").asText();
    var path =
        "/api/v1/namespaces/%s/pods/%s"
            .formatted(pod.at("/metadata/namespace").asText(), pod.at("/metadata/name").asText());
    if (pod.at("/metadata").has("deletionTimestamp")) {
      end(uid, path);
    } else if (!running.containsKey(uid)) {
      start(pod, uid, path);
    } else if (!isHeldBack(pod)) {
      Optional.ofNullable(unready.get(uid))
          .filter(address -> report(pod, path, address, true))
          .ifPresent(_ -> unready.remove(uid));
    }
  }

  private boolean isHeldBack(JsonNode pod) {
    return NEVER_READY.equals(behaviour(pod).fate())
        || heldBack.contains(
            pod.at("/metadata/namespace").asText() + "/" + pod.at("/metadata/labels/app").asText());
  }

  private static PodBehaviour behaviour(JsonNode pod) {
    var container = pod.at("/spec/containers/0");
    return PodBehaviour.of(container.path("image").asText(), environment(container.path("env")));
  }

  private void end(String uid, String path) {
    var server = running.remove(uid);
    // A pod serves on for a while after it was told to end, until the gateway knows.
    Thread.ofVirtual()
        .start(
            () -> {
              if (server != null) {
                LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
                server.stop(0);
              }
              // The next pod of a set may have its name by now.
              cluster.call(
                  "DELETE",
                  path,
                  "application/json",
                  "{\"gracePeriodSeconds\": 0, \"preconditions\": {\"uid\": \"%s\"}}"
                      .formatted(uid));
            });
  }

  private void start(JsonNode pod, String uid, String path) {
    var image = pod.at("/spec/containers/0/image").asText();
    addresses++;
    var address = "10.244.%d.%d".formatted(64 + addresses / 250 % 128, addresses % 250 + 2);
    running.put(uid, serve(address, behaviour(pod), image));
    // Until the API server has taken it, each look tells it again.
    unready.put(uid, address);
    var ready = !isHeldBack(pod);
    if (report(pod, path, address, ready) && ready) {
      unready.remove(uid);
    }
  }

  private static Map<String, String> environment(JsonNode variables) {
    var environment = new HashMap<String, String>();
    variables.forEach(
        variable ->
            environment.put(variable.path("name").asText(), variable.path("value").asText()));
    // The image of docs/getting-started.md fails a third of its requests when it is told so.
    if ("true".equals(environment.get("PODINFO_RANDOM_ERROR"))) {
      environment.put("SERIN_ERROR_RATE", "33");
    }
    return environment;
  }

  /// Whether the API server took it.
  private boolean report(JsonNode pod, String path, String address, boolean ready) {
    if (pod.at("/spec/nodeName").asText().isEmpty()) {
      cluster.call(
          "POST",
          path + "/binding",
          "application/json",
          """
          {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "%s"}, "target": {"kind": "Node", "name": "%s"}}\
          """
              .formatted(pod.at("/metadata/name").asText(), NODE));
    }
    var container = pod.at("/spec/containers/0");
    var image = container.path("image").asText();
    var condition = ready ? "True" : "False";
    var told =
        cluster.call(
            "PATCH",
            path + "/status",
            "application/strategic-merge-patch+json",
            """
            {"status": {"phase": "Running", "podIP": "%s", "podIPs": [{"ip": "%s"}],
              "conditions": [{"type": "Ready", "status": "%s", "lastTransitionTime": "%s"}, {"type": "ContainersReady", "status": "%s"},
                {"type": "Initialized", "status": "True"}, {"type": "PodScheduled", "status": "True"}],
              "containerStatuses": [{"name": "%s", "image": "%s", "imageID": "%s", "ready": %s, "started": true,
                "restartCount": 0, "state": {"running": {}}}]}}\
            """
                .formatted(
                    address,
                    address,
                    condition,
                    Instant.now().truncatedTo(ChronoUnit.SECONDS),
                    condition,
                    container.path("name").asText(),
                    image,
                    image,
                    ready));
    return told.isFine();
  }

  private static HttpServer serve(String address, PodBehaviour behaviour, String image) {
    try {
      var server = HttpServer.create(new InetSocketAddress(address, PORT), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/",
          exchange -> {
            try (exchange) {
              var fails = ThreadLocalRandom.current().nextDouble() < behaviour.errorRate();
              var body = image.getBytes(StandardCharsets.UTF_8);
              exchange.getResponseHeaders().set(SERVED_BY, exchange.getLocalAddress().toString());
              exchange.sendResponseHeaders(fails ? 500 : 200, body.length);
              exchange.getResponseBody().write(body);
            }
          });
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(address, e);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    running.values().forEach(server -> server.stop(0));
  }
}
