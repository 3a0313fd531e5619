package dev.serin.webhooks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// A receiver in this process, that answers what a test wants.
final class FakeServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Function<Asked, Answer> answers = _ -> new Answer(200, "");

  /// A request as it came.
  ///
  /// @param headers first value of each, by name in any case
  /// @param connection names the connection that it came by
  record Asked(
      String method, String path, Map<String, String> headers, String body, int connection) {
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        throw new AssertionError(body, e);
      }
    }

    String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /// @param code negative to never answer
  record Answer(int code, String body, Map<String, String> headers) {
    Answer(int code, String body) {
      this(code, body, Map.of());
    }
  }

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

  Asked only() {
    if (asked.size() != 1) {
      throw new AssertionError("asked " + asked.size() + " times");
    }
    return asked.getFirst();
  }

  int port() {
    return server.getAddress().getPort();
  }

  URI address(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.close();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
      var request =
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              headers,
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
              exchange.getRemoteAddress().getPort());
      asked.add(request);
      var answer = answers.apply(request);
      if (answer.code() < 0) {
        closing.await();
        return;
      }
      answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.code(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
