package dev.serin.sandbox.telemetry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.telemetry.QueryEngine.Line;
import dev.serin.sandbox.telemetry.QueryEngine.Point;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// Metrics over HTTP on loopback: `/metrics` for a real Prometheus to scrape, and the queries of
/// Prometheus's own API, answered by a [QueryEngine].
public final class TelemetryServer implements AutoCloseable {

  /// A request that cannot be answered, and its fault.
  private static final class BadRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRequest(String message) {
      super(message);
    }
  }

  private final HttpServer http;
  private final ExecutorService threads;
  private final QueryEngine engine;
  private final InstantSource clock;
  private final Supplier<List<Sample>> metrics;

  private TelemetryServer(
      HttpServer http, QueryEngine engine, InstantSource clock, Supplier<List<Sample>> metrics) {
    this.http = http;
    this.engine = engine;
    this.clock = clock;
    this.metrics = metrics;
    threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("metrics-", 0).factory());
    http.setExecutor(threads);
    http.createContext("/", this::handle);
    http.start();
  }

  /// Starts to serve.
  ///
  /// @param port on loopback; 0 for any that is free
  /// @param metrics what `/metrics` tells
  public static TelemetryServer start(
      int port, QueryEngine engine, InstantSource clock, Supplier<List<Sample>> metrics) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      return new TelemetryServer(HttpServer.create(address, 0), engine, clock, metrics);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot serve on port " + port + ": " + e.getMessage(), e);
    }
  }

  /// Where it answers; also the base address for a Prometheus client.
  public URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var parameters = parameters(exchange);
      switch (exchange.getRequestURI().getPath()) {
        case "/metrics" ->
            send(exchange, 200, Exposition.CONTENT_TYPE, Exposition.text(metrics.get()));
        case "/-/ready", "/-/healthy" ->
            send(exchange, 200, "text/plain", "Prometheus Server is Ready.\n");
        case "/api/v1/query" -> answer(exchange, () -> query(parameters));
        case "/api/v1/query_range" -> answer(exchange, () -> queryRange(parameters));
        default -> send(exchange, 404, "text/plain", "404 page not found\n");
      }
    }
  }

  private static void answer(HttpExchange exchange, Supplier<ObjectNode> data) throws IOException {
    var answer = Json.object();
    int status = 200;
    try {
      answer.put("status", "success").set("data", data.get());
    } catch (QueryException | BadRequest e) {
      status = 400;
      answer = Json.object().put("status", "error").put("errorType", "bad_data");
      answer.put("error", e.getMessage());
    }
    send(exchange, status, "application/json", Json.write(answer));
  }

  // ---- queries

  private ObjectNode query(Map<String, String> parameters) {
    var query = required(parameters, "query");
    var at =
        Optional.ofNullable(parameters.get("time"))
            .map(text -> time("time", text))
            .orElseGet(clock::instant);
    var samples = engine.samples(query, at);
    if (samples.isPresent()) {
      return matrix(samples.get());
    }
    var data = Json.object();
    switch (engine.instant(query, at)) {
      case Answer.Scalar(var value) -> {
        data.put("resultType", "scalar");
        point(data.putArray("result"), at, value);
      }
      case Answer.Text(var text) -> {
        data.put("resultType", "string");
        data.putArray("result").add(seconds(at)).add(text);
      }
      case Answer.Vector(var vector) -> {
        data.put("resultType", "vector");
        var result = data.putArray("result");
        for (Sample sample : vector) {
          var entry = result.addObject();
          metric(entry, sample.labels());
          point(entry.putArray("value"), at, sample.value());
        }
      }
    }
    return data;
  }

  private ObjectNode queryRange(Map<String, String> parameters) {
    return matrix(
        engine.range(
            required(parameters, "query"),
            time("start", required(parameters, "start")),
            time("end", required(parameters, "end")),
            step(required(parameters, "step"))));
  }

  private static ObjectNode matrix(List<Line> lines) {
    var data = Json.object().put("resultType", "matrix");
    var result = data.putArray("result");
    for (Line line : lines) {
      var entry = result.addObject();
      metric(entry, line.labels());
      var values = entry.putArray("values");
      for (Point point : line.points()) {
        point(values.addArray(), point.at(), point.value());
      }
    }
    return data;
  }

  private static void metric(ObjectNode entry, Labels labels) {
    var metric = entry.putObject("metric");
    labels.values().forEach(metric::put);
  }

  private static void point(ArrayNode node, Instant at, double value) {
    node.add(seconds(at)).add(Exposition.number(value));
  }

  private static BigDecimal seconds(Instant at) {
    return BigDecimal.valueOf(at.toEpochMilli(), 3).stripTrailingZeros();
  }

  // ---- parameters

  private static String required(Map<String, String> parameters, String name) {
    var value = parameters.get(name);
    if (value == null) {
      throw new BadRequest("invalid parameter \"%s\": it is missing".formatted(name));
    }
    return value;
  }

  private static Instant time(String name, String text) {
    try {
      return Instant.ofEpochMilli(
          new BigDecimal(text).movePointRight(3).toBigInteger().longValueExact());
    } catch (NumberFormatException notSeconds) {
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException e) {
        throw new BadRequest(
            "invalid parameter \"%s\": cannot parse \"%s\" to a valid timestamp"
                .formatted(name, text));
      }
    }
  }

  private static Duration step(String text) {
    try {
      return Duration.ofMillis(new BigDecimal(text).movePointRight(3).longValue());
    } catch (NumberFormatException notSeconds) {
      var duration = Parser.duration(text);
      if (duration.isZero()) {
        throw new BadRequest(
            "invalid parameter \"step\": cannot parse \"%s\" to a valid duration".formatted(text));
      }
      return duration;
    }
  }

  private static Map<String, String> parameters(HttpExchange exchange) throws IOException {
    var parameters = new HashMap<String, String>();
    var query = exchange.getRequestURI().getRawQuery();
    read(query == null ? "" : query, parameters);
    if (exchange.getRequestMethod().equals("POST")) {
      read(
          new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8), parameters);
    }
    return parameters;
  }

  private static void read(String encoded, Map<String, String> parameters) {
    for (String pair : encoded.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
