package dev.serin.sandbox.dataplane;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serin.sandbox.dataplane.Ledger.Way;
import dev.serin.sandbox.dataplane.Rule.Backend;
import dev.serin.sandbox.dataplane.Rule.Weighted;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/// A reverse proxy that obeys the routes. It answers 404 where no route leads, 500 where a route
/// names a Service that does not exist, 503 where no pod is ready or the pod refuses, 504 where it
/// is too slow. No request comes to two pods.
final class Proxy implements AutoCloseable {

  /// For a connection as for the answer on it: a pod that does not run refuses at once, and on a
  /// busy machine it takes seconds until this process looks after a connection to a new one.
  private static final Duration UPSTREAM_TIMEOUT = Duration.ofSeconds(15);

  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  static {
    // Without it every answer on a kept connection may wait 40 ms for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /// A request on its way.
  @SuppressWarnings("ArrayRecordComponent")
  private record Asked(
      Call call, String caller, URI uri, Map<String, List<String>> headers, byte[] body) {}

  /// What the caller gets.
  @SuppressWarnings("ArrayRecordComponent")
  private record Answered(int code, Map<String, List<String>> headers, byte[] body) {

    static Answered by(int code, String words) {
      return new Answered(code, Map.of(), (words + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private final Call.Entrance entrance;
  private final SocketTraffic traffic;
  private final Ledger ledger;
  private final HttpServer http;
  private final ExecutorService threads;
  private final HttpClient upstream;

  /// @param port on loopback; 0 for any that is free
  Proxy(Call.Entrance entrance, int port, SocketTraffic traffic, Ledger ledger) {
    this.entrance = entrance;
    this.traffic = traffic;
    this.ledger = ledger;
    threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual()
                .name("proxy-" + entrance.name().toLowerCase(Locale.ROOT) + "-", 0)
                .factory());
    upstream =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(UPSTREAM_TIMEOUT)
            .executor(threads)
            .build();
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot serve on port " + port + ": " + e.getMessage(), e);
    }
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var answer = answer(asked(exchange));
      answer
          .headers()
          .forEach(
              (name, values) -> {
                if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
                  values.forEach(value -> exchange.getResponseHeaders().add(name, value));
                }
              });
      boolean head = exchange.getRequestMethod().equals("HEAD");
      int length = answer.body().length;
      exchange.sendResponseHeaders(answer.code(), head || length == 0 ? -1 : length);
      if (!head && length > 0) {
        exchange.getResponseBody().write(answer.body());
      }
    }
  }

  private Answered answer(Asked asked) {
    var state = traffic.proxies();
    if (state.isEmpty()) {
      return unrouted(asked, Optional.empty(), 503, "the proxy has no configuration yet");
    }
    var proxies = state.get();
    return switch (proxies.routes().way(asked.call())) {
      case RoutingTable.Way.Nowhere() ->
          unrouted(asked, Optional.empty(), 404, "no route for " + asked.call().host());
      case RoutingTable.Way.Straight(var service) -> send(proxies, asked, service, false);
      case RoutingTable.Way.ByRule(var rule) -> {
        for (Rule.Mirror mirror : rule.mirrors()) {
          if (ThreadLocalRandom.current().nextDouble() < mirror.share()) {
            threads.execute(() -> send(proxies, asked, mirror.backend(), true));
          }
        }
        var chosen = chosen(rule.backends());
        yield chosen.isEmpty()
            ? unrouted(asked, Optional.empty(), 500, "no backend has any weight")
            : with(
                chosen.get().responseHeaders(),
                send(proxies, asked, chosen.get().backend(), false));
      }
    };
  }

  private static Optional<Weighted> chosen(List<Weighted> backends) {
    double total = backends.stream().mapToDouble(Weighted::weight).sum();
    double point = ThreadLocalRandom.current().nextDouble() * total;
    for (Weighted backend : backends) {
      point -= backend.weight();
      if (point < 0) {
        return Optional.of(backend);
      }
    }
    return Optional.empty();
  }

  private static Answered with(Map<String, String> headers, Answered answer) {
    if (headers.isEmpty()) {
      return answer;
    }
    var all = new HashMap<>(answer.headers());
    headers.forEach((name, value) -> all.put(name, List.of(value)));
    return new Answered(answer.code(), all, answer.body());
  }

  private Answered send(ProxyState proxies, Asked asked, Backend backend, boolean mirrored) {
    var addresses = proxies.endpoints().of(backend);
    if (addresses.isEmpty()) {
      return failed(asked, backend, "", 500, mirrored, "there is no Service " + backend);
    }
    var ready = addresses.get();
    if (ready.isEmpty()) {
      return failed(asked, backend, "", 503, mirrored, "no pod of " + backend + " is ready");
    }
    var address = ready.get(ThreadLocalRandom.current().nextInt(ready.size()));
    var answer =
        traffic.server(address.podUid()).flatMap(server -> ask(server, asked, backend, mirrored));
    if (answer.isPresent()) {
      return answer.get();
    }
    // On a busy machine this thread may have slept on a choice that the proxy would not make now.
    return knows(proxies, backend, address)
        ? refused(asked, backend, address.podUid(), mirrored)
        : send(proxies, asked, backend, mirrored);
  }

  private static boolean knows(ProxyState proxies, Backend backend, Endpoints.Address address) {
    return proxies.endpoints().of(backend).filter(all -> all.contains(address)).isPresent();
  }

  /// @return empty when the pod never took the request: it refused the connection, or closed it
  ///   before
  private Optional<Answered> ask(PodServer server, Asked asked, Backend backend, boolean mirrored) {
    var uid = server.pod().uid();
    var number = server.nextNumber();
    long start = System.nanoTime();
    try {
      var answer =
          upstream.send(
              request(server.port(), asked, number), HttpResponse.BodyHandlers.ofByteArray());
      double millis = (System.nanoTime() - start) / 1e6;
      ledger.count(way(asked, Optional.of(backend), uid, answer.statusCode(), mirrored), millis);
      var headers = new HashMap<>(answer.headers().map());
      headers.put(Headers.VERSION, List.of(server.pod().workload() + " " + server.pod().version()));
      return Optional.of(new Answered(answer.statusCode(), headers, answer.body()));
    } catch (HttpTimeoutException e) {
      return Optional.of(
          failed(asked, backend, uid, 504, mirrored, "the pod did not answer in time"));
    } catch (IOException e) {
      return server.took(number)
          ? Optional.of(refused(asked, backend, uid, mirrored))
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(refused(asked, backend, uid, mirrored));
    } finally {
      server.forget(number);
    }
  }

  /// A pod that ended by itself failed; one that was told to end should not have been asked.
  private Answered refused(Asked asked, Backend backend, String uid, boolean mirrored) {
    var culprit = traffic.crashed(uid) ? uid : "";
    return failed(asked, backend, culprit, 503, mirrored, "the pod refused the connection");
  }

  private Answered unrouted(Asked asked, Optional<Backend> backend, int code, String words) {
    ledger.count(way(asked, backend, "", code, false), 1, new Latencies());
    return Answered.by(code, words);
  }

  private Answered failed(
      Asked asked, Backend backend, String uid, int code, boolean mirrored, String words) {
    ledger.count(way(asked, Optional.of(backend), uid, code, mirrored), 1, new Latencies());
    return Answered.by(code, words);
  }

  private static Way way(
      Asked asked, Optional<Backend> backend, String uid, int code, boolean mirrored) {
    return new Way(asked.caller(), asked.call().host(), backend, uid, code, mirrored);
  }

  private static HttpRequest request(int port, Asked asked, long number) {
    var query = asked.uri().getRawQuery();
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:%d%s%s"
                        .formatted(
                            port, asked.uri().getRawPath(), query == null ? "" : "?" + query)))
            .timeout(UPSTREAM_TIMEOUT)
            .method(asked.call().method(), HttpRequest.BodyPublishers.ofByteArray(asked.body()));
    asked
        .headers()
        .forEach(
            (name, values) -> {
              if (!HOP_BY_HOP.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    request.header("x-forwarded-host", asked.call().host());
    request.header(PodServer.NUMBER, Long.toString(number));
    return request.build();
  }

  private Asked asked(HttpExchange exchange) throws IOException {
    var headers = new HashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name, String.join(",", values)));
    var uri = exchange.getRequestURI();
    var host =
        Optional.ofNullable(uri.getHost())
            .or(() -> Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host")))
            .orElse("");
    var caller =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst(Headers.CALLER)).orElse("");
    var path = uri.getPath() == null || uri.getPath().isEmpty() ? "/" : uri.getPath();
    return new Asked(
        new Call(
            entrance,
            host,
            exchange.getRequestMethod(),
            path,
            headers,
            query(uri.getRawQuery()),
            caller.isEmpty() ? Map.of() : Map.of("app", caller)),
        caller,
        uri,
        Map.copyOf(exchange.getRequestHeaders()),
        exchange.getRequestBody().readAllBytes());
  }

  private static Map<String, String> query(@org.jspecify.annotations.Nullable String raw) {
    var query = new HashMap<String, String>();
    if (raw != null) {
      for (String pair : raw.split("&", -1)) {
        int equals = pair.indexOf('=');
        query.put(
            decoded(equals < 0 ? pair : pair.substring(0, equals)),
            equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
    return query;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
    upstream.shutdownNow();
  }
}
