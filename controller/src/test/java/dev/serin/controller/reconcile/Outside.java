package dev.serin.controller.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.controller.background.Background;
import dev.serin.controller.outreach.Outreach;
import dev.serin.controller.telemetry.ControllerMetrics;
import dev.serin.controller.telemetry.EventRecorder;
import dev.serin.controller.telemetry.Metrics;
import dev.serin.parse.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// What is outside of the cluster: a server that every webhook and alert of a test goes to. Who
/// calls waits no real time between two attempts.
final class Outside implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  final List<Heard> heard = new CopyOnWriteArrayList<>();
  final Metrics metrics = new Metrics();

  /// By default everybody says yes, but for rollback hooks.
  volatile Function<Heard, Answer> answers =
      asked -> asked.path().contains("rollback") ? new Answer(403, "") : new Answer(200, "");

  private final HttpServer server;

  /// @param headers first value of each, by name in any case
  record Heard(String path, Map<String, String> headers, String body) {
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        throw new AssertionError(body, e);
      }
    }

    String phase() {
      return json().path("phase").asText();
    }
  }

  /// @param code negative to hang up
  record Answer(int code, String body) {}

  Outside() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var asked = new Heard(exchange.getRequestURI().toString(), headers, body);
      heard.add(asked);
      var answer = answers.apply(asked);
      if (answer.code() > 0) {
        var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.code(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// Lets a world ask and tell who is outside.
  World around(World world) {
    return around(world, new Outreach.Rules(Settings.References.ANY_NAMESPACE, Optional.empty()));
  }

  World around(World world, Outreach.Rules rules) {
    var here = new Here(world);
    var numbers = new ControllerMetrics(metrics);
    var outreach =
        new Outreach(
            world.cluster,
            rules,
            here,
            here,
            _ -> {},
            new EventRecorder(world.cluster, here, numbers, "test"),
            numbers);
    world.gatekeeper = outreach.gatekeeper();
    world.announcer = outreach;
    return world;
  }

  /// Everything at once, in the world's time.
  private record Here(World world) implements Background {
    @Override
    public void execute(Runnable work) {
      work.run();
    }

    @Override
    public Instant instant() {
      return world.now;
    }

    @Override
    public Scheduled after(Duration delay, Runnable work) {
      throw new UnsupportedOperationException("nothing here is done later");
    }

    @Override
    public void close() {}
  }

  List<Heard> heard(String path) {
    return heard.stream().filter(asked -> asked.path().equals(path)).toList();
  }

  List<String> phases(String path) {
    return heard(path).stream().map(Heard::phase).toList();
  }

  /// A Secret of the namespace `shop`.
  static void secret(World world, String name, Map<String, String> values) {
    var object = World.yaml("{apiVersion: v1, kind: Secret, metadata: {name: " + name + "}}");
    var data = object.putObject("data");
    values.forEach(
        (key, value) ->
            data.put(
                key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
    world.cluster.put(Kind.SECRET.named("shop", name), object);
  }

  /// Messages of the events that were written.
  static List<String> events(World world) {
    return world.cluster.writes.stream()
        .filter(
            change -> change instanceof Change.Create(var ref, _) && ref.kind().equals(Kind.EVENT))
        .map(change -> ((Change.Create) change).object())
        .map(event -> Fields.text(event, "reason") + ": " + Fields.text(event, "message"))
        .toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
