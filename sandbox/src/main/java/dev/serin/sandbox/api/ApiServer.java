package dev.serin.sandbox.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// An [ApiStore] as Kubernetes API server: HTTP/1.1 on loopback, bearer tokens, watches as chunked
/// answers. Good for fabric8 clients and for kubectl.
public final class ApiServer implements AutoCloseable {

  /// How often a silent watch that asked for bookmarks gets one.
  private static final Duration BOOKMARKS = Duration.ofMinutes(1);

  static {
    // Without it every answer on a kept connection may wait 40 ms for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final ApiStore store;
  private final HttpServer http;
  private final ExecutorService threads;
  private final Map<String, Caller> tokens = new ConcurrentHashMap<>();
  private final WatchStreams watches = new WatchStreams(BOOKMARKS);
  private final Optional<Caller> anonymous;

  private ApiServer(ApiStore store, Optional<Caller> anonymous, HttpServer http) {
    this.store = store;
    this.anonymous = anonymous;
    this.http = http;
    threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("api-", 0).factory());
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  /// Starts to serve on a free port of the loopback interface. Requests without a token are
  /// refused.
  public static ApiServer start(ApiStore store) {
    return start(store, 0, Optional.empty());
  }

  /// Starts to serve on the loopback interface.
  ///
  /// @param port 0 for any that is free
  /// @param anonymous whom requests without a token count for; empty refuses them. kubectl sends no
  ///   token over plain HTTP.
  public static ApiServer start(ApiStore store, int port, Optional<Caller> anonymous) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      return new ApiServer(store, anonymous, HttpServer.create(address, 0));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot serve on port " + port + ": " + e.getMessage(), e);
    }
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /// Lets the bearer of a token speak for a caller.
  public void addToken(String token, Caller caller) {
    tokens.put(token, caller);
  }

  /// A kubeconfig for a caller who bears a token.
  ///
  /// @param namespace that commands use without being told one
  public String kubeconfig(String token, String namespace) {
    return """
        apiVersion: v1
        kind: Config
        current-context: sandbox
        clusters:
        - name: sandbox
          cluster: {server: "%s"}
        users:
        - name: sandbox
          user: {token: "%s"}
        contexts:
        - name: sandbox
          context: {cluster: sandbox, user: sandbox, namespace: "%s"}
        """
        .formatted(uri(), token, namespace);
  }

  /// Cuts all open watches, without a word to their clients.
  public void dropWatches() {
    watches.drop();
    store.wake();
  }

  @Override
  public void close() {
    watches.close();
    store.wake();
    http.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange http) {
    try (var exchange = new Exchange(http)) {
      handle(exchange);
    }
  }

  private void handle(Exchange exchange) {
    try {
      answer(exchange);
    } catch (ApiException e) {
      if (e.lost()) {
        exchange.cut();
      } else {
        exchange.refuse(e.status());
      }
    } catch (IOException e) {
      // The client went away: nobody is left to be told.
      exchange.cut();
    } catch (RuntimeException e) {
      exchange.refuse(
          new Status(500, "InternalError", "Internal error occurred: " + e, Status.Subject.NONE));
    }
  }

  private void answer(Exchange exchange) throws IOException {
    var caller = authenticate(exchange);
    var path = exchange.path();
    if (path.equals("/healthz") || path.equals("/livez") || path.equals("/readyz")) {
      exchange.answerText("ok");
      return;
    }
    if (Discovery.answers(path)) {
      exchange.answer(200, Discovery.answer(store, path, uri()));
      return;
    }
    var route = Route.parse(path).orElseThrow(ApiException::unknownPath);
    if (exchange.wantsWebSocket()) {
      // Clients that try a WebSocket first go on with a plain watch when they see an answer.
      exchange.answerText("");
      return;
    }
    if (Reviews.handles(route, exchange)) {
      exchange.answer(201, Reviews.answer(this, store, caller, route, exchange.bodyObject()));
      return;
    }
    new ResourceHandler(store, caller, route, exchange, watches).handle();
  }

  /// Makes a token for a service account.
  String issue(Caller caller) {
    var token = store.identifiers().token();
    addToken(token, caller);
    return token;
  }

  Optional<Caller> whose(String token) {
    return Optional.ofNullable(tokens.get(token));
  }

  private Caller authenticate(Exchange exchange) {
    var token = exchange.bearerToken();
    var caller = token.isPresent() ? whose(token.get()) : anonymous;
    return caller.orElseThrow(
        () ->
            new ApiException(new Status(401, "Unauthorized", "Unauthorized", Status.Subject.NONE)));
  }
}
