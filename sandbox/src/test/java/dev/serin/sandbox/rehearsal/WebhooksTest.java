package dev.serin.sandbox.rehearsal;

import static dev.serin.sandbox.rehearsal.Steering.awaitPhase;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serin.controller.workload.HoldMode;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.dataplane.RoutingTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The whole controller, a cluster, traffic, and systems that answer over HTTP.
class WebhooksTest {
  private final List<Heard> heard = new CopyOnWriteArrayList<>();

  /// Paths that say no, with what they say.
  private final Map<String, String> refusing = new ConcurrentHashMap<>();

  private final HttpServer server = start();

  private record Heard(String path, JsonNode body) {
    String phase() {
      return body.path("phase").asText();
    }
  }

  private HttpServer start() {
    try {
      var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.createContext("/", this::answer);
      http.start();
      return http;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      heard.add(
          new Heard(
              path,
              Json.parse(
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))));
      var no = refusing.getOrDefault(path, "").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(no.length == 0 ? 200 : 403, no.length == 0 ? -1 : no.length);
      exchange.getResponseBody().write(no);
    }
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Play play(String... types) {
    var hooks = new StringBuilder("stepWeights: [20, 50]\nwebhooks:\n");
    for (var type : types) {
      hooks.append(
          "  - {name: %s, type: %s, url: \"http://127.0.0.1:%d/%s\"}\n"
              .formatted(type, type, server.getAddress().getPort(), type));
    }
    var strategy = new Strategy("hooks", Ground.GATEWAY, hooks.toString(), true);
    var play = new Play(strategy, HoldMode.ADMISSION_POLICY, Story.GOOD);
    play.adopt();
    play.traffic();
    heard.clear();
    return play;
  }

  private List<Heard> heard(String type) {
    return heard.stream().filter(one -> one.path().equals("/" + type)).toList();
  }

  private static int weight(Play play) {
    var route =
        play.rehearsal.sandbox().api().get(RoutingTable.HTTP_ROUTE, Play.NAMESPACE, Play.NAME);
    for (var backend : route.at("/spec/rules/0/backendRefs")) {
      if (backend.path("name").asText().equals("web-canary")) {
        return backend.path("weight").asInt();
      }
    }
    return 0;
  }

  @Test
  void closedGateKeepsTheRolloutWaitingUntilItsSystemOpensIt() {
    try (var play =
        play(
            "confirm-rollout",
            "pre-rollout",
            "rollout",
            "confirm-traffic-increase",
            "confirm-promotion",
            "post-rollout",
            "event")) {
      refusing.put("/confirm-rollout", "not on Fridays");
      refusing.put("/confirm-promotion", "the board has not met");
      play.release("sandbox/web:2");
      awaitPhase(play, "Waiting");
      play.rehearsal.run(Duration.ofMinutes(5));
      assertThat(play.phase()).isEqualTo("Waiting");
      assertThat(play.status().path("waitingFor").asText()).contains("not on Fridays");
      assertThat(heard("confirm-rollout").size()).isBetween(25, 40);

      refusing.remove("/confirm-rollout");
      awaitPhase(play, "WaitingPromotion");
      play.rehearsal.run(Duration.ofMinutes(5));
      assertThat(play.phase()).isEqualTo("WaitingPromotion");
      assertThat(weight(play)).isEqualTo(50);
      assertThat(play.status().path("waitingFor").asText()).contains("the board has not met");

      refusing.remove("/confirm-promotion");
      awaitPhase(play, "Succeeded");
      play.rehearsal.run(Duration.ofSeconds(10));

      assertThat(heard("pre-rollout")).extracting(Heard::phase).containsExactly("Progressing");
      assertThat(heard("confirm-traffic-increase")).hasSize(2);
      assertThat(heard("rollout").size()).isGreaterThan(25);
      assertThat(heard("post-rollout")).extracting(Heard::phase).containsExactly("Succeeded");
      assertThat(heard)
          .allSatisfy(
              one -> {
                assertThat(one.body().path("name").asText()).isEqualTo("web");
                assertThat(one.body().path("checksum").asText())
                    .isEqualTo(play.status().path("revision").asText());
              });
      assertThat(heard("event"))
          .extracting(one -> one.body().at("/metadata/eventMessage").asText())
          .contains("gate confirm-rollout keeps the rollout waiting: answered 403: not on Fridays");
      assertThat(play.unanswered()).isEmpty();
      assertThat(play.rehearsal.surprises()).isEmpty();
    }
  }

  @Test
  void systemThatAsksForARollbackGetsItAndItsUsersGoBack() {
    try (var play = play("rollback", "confirm-promotion", "post-rollout")) {
      refusing.put("/rollback", "all is well");
      refusing.put("/confirm-promotion", "wait");
      play.release("sandbox/web:2");
      awaitPhase(play, "WaitingPromotion");

      refusing.remove("/rollback");
      awaitPhase(play, "Failed");
      play.rehearsal.run(Duration.ofSeconds(30));

      assertThat(weight(play)).isZero();
      assertThat(play.status().at("/history/0/reason").asText()).contains("rollback");
      assertThat(heard("post-rollout")).extracting(Heard::phase).containsExactly("Failed");
      assertThat(play.unanswered()).isEmpty();
    }
  }
}
