package dev.serin.metrics.providers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// A metrics system in this process, that answers what a test wants.
final class FakeServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Function<Asked, Answer> answers = _ -> new Answer(200, "");

  /// A request as it came.
  ///
  /// @param parameters of the query string and of the form
  /// @param headers all values of each, by name as the JDK's server writes it
  /// @param connection names the connection that it came by
  record Asked(
      String method,
      String path,
      Map<String, String> parameters,
      Map<String, List<String>> headers,
      int connection) {

    String authorization() {
      return headers.getOrDefault("Authorization", List.of("")).getFirst();
    }
  }

  /// @param code negative to never answer
  record Answer(int code, String body) {}

  FakeServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  FakeServer answering(int code, String body) {
    answers = _ -> new Answer(code, body);
    return this;
  }

  FakeServer answering(Function<Asked, Answer> function) {
    answers = function;
    return this;
  }

  /// Takes requests and never answers them.
  FakeServer silent() {
    return answering(-1, "");
  }

  List<Asked> asked() {
    return asked;
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var parameters = new HashMap<String, String>();
      read(exchange.getRequestURI().getRawQuery(), parameters);
      read(
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), parameters);
      var request =
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              parameters,
              Map.copyOf(exchange.getRequestHeaders()),
              exchange.getRemoteAddress().getPort());
      asked.add(request);
      var answer = answers.apply(request);
      if (answer.code() < 0) {
        closing.await();
        return;
      }
      var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.code(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void read(
      @org.jspecify.annotations.Nullable String form, Map<String, String> into) {
    if (form == null || form.isEmpty()) {
      return;
    }
    for (var pair : form.split("&")) {
      int equals = pair.indexOf('=');
      into.put(
          URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
  }
}
