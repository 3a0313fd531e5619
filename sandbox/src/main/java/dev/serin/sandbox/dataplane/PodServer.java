package dev.serin.sandbox.dataplane;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serin.sandbox.workload.PodHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/// The container of a pod as an HTTP server on a port of the loopback interface.
final class PodServer implements AutoCloseable {

  /// Header with the number of a request of a proxy.
  static final String NUMBER = "x-sandbox-request";

  /// Connections that may wait to be accepted: those of some seconds on a busy machine.
  private static final int BACKLOG = 1024;

  /// How long a request under way may go on when the server is told to end.
  private static final int FAREWELL_SECONDS = 10;

  private final PodHost.Running pod;
  private final ResponseTimes times;
  private final HttpServer http;
  private final ExecutorService threads;
  private final SplittableRandom random;
  private final AtomicLong numbers = new AtomicLong();
  private final Set<String> taken = ConcurrentHashMap.newKeySet();
  private int failuresLeft;

  PodServer(PodHost.Running pod, long seed) {
    this.pod = pod;
    times = new ResponseTimes(pod.behaviour());
    random = new SplittableRandom(seed);
    threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("pod-" + pod.name() + "-", 0).factory());
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException("no free port for pod " + pod.name(), e);
    }
    http.setExecutor(threads);
    http.createContext("/", this::answer);
    http.start();
  }

  PodHost.Running pod() {
    return pod;
  }

  int port() {
    return http.getAddress().getPort();
  }

  /// A number for a request that is to be sent to this pod.
  long nextNumber() {
    return numbers.incrementAndGet();
  }

  /// Whether the request with this number has come to the pod; until [#forget].
  boolean took(long number) {
    return taken.contains(Long.toString(number));
  }

  void forget(long number) {
    taken.remove(Long.toString(number));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Optional.ofNullable(exchange.getRequestHeaders().getFirst(NUMBER)).ifPresent(taken::add);
      exchange.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream());
      Thread.sleep(
          java.time.Duration.ofNanos(
              (long) (times.millis(ThreadLocalRandom.current().nextGaussian()) * 1e6)));
      boolean fails = fails();
      var body =
          (fails ? "failed" : "hello") + " from " + pod.workload() + " " + pod.version() + "\n";
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("content-type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(fails ? 500 : 200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean fails() {
    if (failuresLeft > 0) {
      failuresLeft--;
      return true;
    }
    int burst = pod.behaviour().errorBurst();
    boolean fails = random.nextDouble() < pod.behaviour().errorRate() / burst;
    if (fails) {
      failuresLeft = burst - 1;
    }
    return fails;
  }

  /// Accepts no connection any more; requests under way may end.
  @Override
  public void close() {
    Thread.startVirtualThread(
        () -> {
          http.stop(FAREWELL_SECONDS);
          threads.shutdownNow();
        });
  }
}
