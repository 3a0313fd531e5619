package dev.serin.sandbox.real;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.controller.ControllerSettings.Hold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// `canary controller` as people run it beside a cluster, which can be killed. It has exactly the
/// rights of the chart, and drives one namespace, so that several can be tested side by side.
final class ControllerProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Set<Process> STARTED = ConcurrentHashMap.newKeySet();

  static {
    // None goes on to act when the tests are ended from outside.
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> STARTED.forEach(Process::destroyForcibly)));
  }

  private final RealCluster cluster;
  private final Process process;
  private final Path log;
  private final int port;

  private ControllerProcess(RealCluster cluster, Process process, Path log, int port) {
    this.cluster = cluster;
    this.process = process;
    this.log = log;
    this.port = port;
  }

  /// One that leads as soon as it runs.
  static ControllerProcess start(RealCluster cluster, String namespace) {
    return start(cluster, namespace, Hold.POLICY);
  }

  /// The same.
  ///
  /// @param hold how it holds revisions back
  static ControllerProcess start(RealCluster cluster, String namespace, Hold hold) {
    return start(cluster, namespace, hold, false);
  }

  /// One of several that agree by a lease which of them leads.
  static ControllerProcess startCandidate(RealCluster cluster, String namespace) {
    return start(cluster, namespace, Hold.POLICY, true);
  }

  private static ControllerProcess start(
      RealCluster cluster, String namespace, Hold hold, boolean elects) {
    Launcher.prepare("controller");
    var log = Path.of(cluster.property("log"), "controller-" + System.nanoTime() + ".log");
    int port = freePort();
    var builder =
        new ProcessBuilder(
                Launcher.installed().toString(),
                "controller",
                "--kubeconfig",
                cluster.property("kubeconfig.serin"),
                "--provider",
                "gatewayapi",
                "--metrics-server",
                cluster.property("prometheus.url"),
                "--namespace",
                namespace,
                "--hold",
                hold.name().toLowerCase(Locale.ROOT),
                "--interval-floor",
                "1s",
                "--leader-election=" + elects,
                "--port",
                Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("SERIN_JAVA_HOME", System.getProperty("java.home"));
    try {
      var process = builder.start();
      STARTED.add(process);
      return new ControllerProcess(cluster, process, log, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether it answers that it could do its work.
  static boolean isReady(int port) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
              .timeout(Duration.ofSeconds(2))
              .build();
      return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  ControllerProcess awaitReady() {
    cluster.await(
        "the controller is ready; it says: " + log,
        START,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("the controller ended: " + said());
          }
          return isReady(port);
        });
    return this;
  }

  /// Whether a lease says that it leads: its identity ends with its process, which the launcher
  /// becomes.
  boolean holds(JsonNode lease) {
    return lease.at("/spec/holderIdentity").asText().endsWith("-" + process.pid());
  }

  /// What it has logged.
  String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends it as nobody should: at once, wherever it is.
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /// Tells it to end, as Kubernetes does, and waits until it has.
  void stop() {
    process.destroy();
    awaitEnd();
  }

  /// Lets it stand still where it is.
  void freeze() {
    signal("STOP");
  }

  /// Lets it go on as if nothing had happened.
  void thaw() {
    signal("CONT");
  }

  private void signal(String signal) {
    Program.start(List.of("kill", "-" + signal, Long.toString(process.pid())), "", Map.of())
        .await()
        .orFail();
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(40, TimeUnit.SECONDS)) {
        throw new AssertionError("the controller does not end: " + said());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
