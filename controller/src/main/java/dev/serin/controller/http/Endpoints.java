package dev.serin.controller.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serin.controller.telemetry.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// `/healthz`, `/readyz` and `/metrics` on one port.
public final class Endpoints implements AutoCloseable {

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  static {
    // Whoever connects and says nothing must not hold a place for ever.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", "30");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private Endpoints(HttpServer server) {
    this.server = server;
  }

  /// Starts to answer.
  ///
  /// @param port on all addresses; 0 for any free one
  /// @param ill why the process should be restarted; empty while it is well
  /// @param unready why it cannot do its work yet; empty when it can
  /// @throws IOException when the port cannot be had
  public static Endpoints start(
      int port, Supplier<Optional<String>> ill, Supplier<Optional<String>> unready, Metrics metrics)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(port), 64);
    } catch (IOException e) {
      throw new IOException(
          "port %d cannot be used: %s; choose another with --port".formatted(port, e.getMessage()),
          e);
    }
    var endpoints = new Endpoints(server);
    server.setExecutor(endpoints.threads);
    server.createContext("/healthz", exchange -> verdict(exchange, ill.get()));
    server.createContext("/readyz", exchange -> verdict(exchange, unready.get()));
    server.createContext("/metrics", exchange -> answer(exchange, 200, PROMETHEUS, metrics.text()));
    server.createContext("/", exchange -> answer(exchange, 404, TEXT, "not found\n"));
    server.start();
    return endpoints;
  }

  /// The port that answers.
  public int port() {
    return server.getAddress().getPort();
  }

  private static void verdict(HttpExchange exchange, Optional<String> problem) throws IOException {
    if (problem.isEmpty()) {
      answer(exchange, 200, TEXT, "ok\n");
    } else {
      answer(exchange, 503, TEXT, problem.get() + "\n");
    }
  }

  private static void answer(HttpExchange exchange, int code, String type, String text)
      throws IOException {
    try (exchange) {
      var method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.sendResponseHeaders(405, -1);
        return;
      }
      var body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(code, method.equals("HEAD") ? -1 : body.length);
      if (method.equals("GET")) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
