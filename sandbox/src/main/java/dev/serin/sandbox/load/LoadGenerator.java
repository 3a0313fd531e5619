package dev.serin.sandbox.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// Callers on sockets. They keep their pace whatever becomes of their requests.
public final class LoadGenerator implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// How answers to callers ended.
  ///
  /// @param version workload and version that answered; "" when no pod did
  /// @param status HTTP status
  public record Outcome(String version, int status) {}

  private final HttpClient gateway;
  private final HttpClient mesh;
  private final Map<Outcome, LongAdder> outcomes = new ConcurrentHashMap<>();
  private final LongAdder unanswered = new LongAdder();
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private List<Pace> paces = new ArrayList<>();

  /// @param gateway proxy that callers from outside dial
  /// @param mesh proxy that callers of the mesh dial
  public LoadGenerator(URI gateway, URI mesh) {
    this.gateway = through(gateway);
    this.mesh = through(mesh);
  }

  /// Replaces what callers ask for.
  public synchronized void loads(List<Load> loads) {
    end();
    for (Load load : loads) {
      if (load.perSecond() > 0) {
        var pace = new Pace(load);
        paces.add(pace);
        Thread.ofVirtual().name("load-" + load.call().host()).start(pace);
      }
    }
  }

  /// Answers so far.
  public Map<Outcome, Long> outcomes() {
    return outcomes.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().sum()));
  }

  /// Requests to which nobody gave an answer: the proxy itself was not there.
  public long unanswered() {
    return unanswered.sum();
  }

  /// Ends all calls for good, and returns when every request under way has ended, so that all of
  /// them are counted.
  public void finish() throws InterruptedException {
    end();
    requests.shutdown();
    if (!requests.awaitTermination(PATIENCE.plusSeconds(5).toSeconds(), TimeUnit.SECONDS)) {
      throw new IllegalStateException("requests are under way longer than callers have patience");
    }
  }

  private synchronized void end() {
    paces.forEach(Pace::end);
    paces = new ArrayList<>();
  }

  private final class Pace implements Runnable {
    private final Load load;
    private final AtomicBoolean ended = new AtomicBoolean();

    Pace(Load load) {
      this.load = load;
    }

    void end() {
      ended.set(true);
    }

    @Override
    public void run() {
      long period = (long) (1e9 / load.perSecond());
      long next = System.nanoTime();
      while (!ended.get()) {
        try {
          requests.execute(() -> send(load));
        } catch (RejectedExecutionException finished) {
          return;
        }
        next += period;
        long left = next - System.nanoTime();
        while (left > 0 && !ended.get()) {
          LockSupport.parkNanos(left);
          left = next - System.nanoTime();
        }
      }
    }
  }

  private void send(Load load) {
    try {
      var client = load.call().entrance() == Call.Entrance.GATEWAY ? gateway : mesh;
      var answer = client.send(request(load), BodyHandlers.discarding());
      var version = answer.headers().firstValue(Headers.VERSION).orElse("");
      outcomes
          .computeIfAbsent(new Outcome(version, answer.statusCode()), _ -> new LongAdder())
          .increment();
    } catch (IOException e) {
      unanswered.increment();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static HttpRequest request(Load load) {
    var call = load.call();
    var request =
        HttpRequest.newBuilder(URI.create("http://" + call.host() + call.path() + query(call)))
            .timeout(PATIENCE)
            .method(call.method(), HttpRequest.BodyPublishers.noBody());
    call.headers().forEach(request::header);
    if (!load.caller().isEmpty()) {
      request.header(Headers.CALLER, load.caller());
    }
    return request.build();
  }

  private static String query(Call call) {
    return call.query().isEmpty()
        ? ""
        : new TreeMap<>(call.query())
            .entrySet().stream()
                .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                .collect(Collectors.joining("&", "?", ""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static HttpClient through(URI proxy) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .proxy(ProxySelector.of(new InetSocketAddress(proxy.getHost(), proxy.getPort())))
        .connectTimeout(PATIENCE)
        .build();
  }

  @Override
  public synchronized void close() {
    end();
    requests.shutdown();
    gateway.shutdownNow();
    mesh.shutdownNow();
  }
}
