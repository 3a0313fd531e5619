package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serin.cluster.Kind;
import dev.serin.controller.telemetry.LogFormat;
import dev.serin.controller.telemetry.Logging;
import dev.serin.sandbox.App;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/// What is decided is told everywhere: in the status, as events, as log lines, as numbers and as
/// alerts, each time the same.
@Isolated("the log of a process goes to its standard error")
class TellingTest {
  private static final String SENTINEL = "correct-horse-battery";

  /// Who is asked and told repeats all that was sent, the secrets included.
  private final HttpServer outside = server();

  private final List<JsonNode> alerts = new CopyOnWriteArrayList<>();
  private int hookAnswers = 200;

  private HttpServer server() {
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
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var isAlert = exchange.getRequestURI().getPath().equals("/alerts");
      if (isAlert) {
        alerts.add(Json.parse(body));
      }
      var words =
          ("I heard " + exchange.getRequestHeaders().get("X-Token"))
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(isAlert ? 200 : hookAnswers, words.length);
      exchange.getResponseBody().write(words);
    }
  }

  @AfterEach
  void stop() throws JoranException {
    outside.stop(0);
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.reset();
      new ContextInitializer(context).autoConfig();
    }
  }

  /// What was told of one release, from the adoption on.
  ///
  /// @param decisions as `status.decisions` had them, the oldest first
  /// @param events of the Canary, the oldest first
  /// @param log lines on standard error
  /// @param numbers in the text format of Prometheus
  /// @param status as it was at the end
  private record Told(
      List<JsonNode> decisions,
      List<ObjectNode> events,
      List<String> log,
      String numbers,
      JsonNode status) {

    List<String> kinds() {
      return decisions.stream().map(decision -> decision.path("kind").asText()).toList();
    }

    /// The notes of the events of a kind.
    List<String> notes(String kind) {
      return events.stream()
          .filter(event -> event.path("reason").asText().equals(kind))
          .map(event -> event.path("message").asText())
          .toList();
    }

    /// A counter's values by those of one of its labels.
    Map<String, Integer> counted(String counter, String label) {
      var line = Pattern.compile(counter + "\\{.*" + label + "=\"([^\"]*)\".*} ([0-9]+)");
      var counts = new TreeMap<String, Integer>();
      numbers
          .lines()
          .map(line::matcher)
          .filter(Matcher::matches)
          .forEach(
              match ->
                  counts.merge(match.group(1), Integer.parseInt(match.group(2)), Integer::sum));
      return counts;
    }
  }

  @Test
  void whereACanaryStandsIsToldByTheNextProcessToo() {
    try (var rehearsal = Rehearsal.start(RehearsalOptions.DEFAULT)) {
      rehearsal.sandbox().deploy(App.of("shop", "web", 2, "sandbox/web:1"));
      rehearsal.create(canary());
      rehearsal.runUntil(
          () -> rehearsal.phase("shop", "web").equals("Initialized"), Duration.ofMinutes(2));

      rehearsal.crash();
      rehearsal.run(Duration.ofSeconds(30));

      assertThat(rehearsal.numbers())
          .contains(
              "serin_canary_phase{namespace=\"shop\",name=\"web\",phase=\"Initialized\"} 1",
              "serin_canary_weight{namespace=\"shop\",name=\"web\"} 0")
          .doesNotContain("serin_decisions_total{");
    }
  }

  private Told release(String image, LogFormat format) {
    var errors = System.err;
    var written = new ByteArrayOutputStream();
    System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    try (var rehearsal = Rehearsal.start(RehearsalOptions.DEFAULT)) {
      Logging.configure(format, false);
      return released(rehearsal, image, written);
    } finally {
      System.setErr(errors);
    }
  }

  private Told released(Rehearsal rehearsal, String image, ByteArrayOutputStream written) {
    rehearsal.sandbox().deploy(App.of("shop", "web", 2, "sandbox/web:1"));
    rehearsal.run(Duration.ofSeconds(5));
    rehearsal.create(canary());
    var decisions = new LinkedHashSet<JsonNode>();
    play(rehearsal, Set.of("Initialized"), decisions);
    rehearsal.sandbox().traffic(List.of(Load.of(Call.atGateway("web.example.com"), 100)));
    rehearsal.run(Duration.ofSeconds(30));
    rehearsal.sandbox().setImage("shop", "web", image);
    play(rehearsal, Set.of("Waiting", "Progressing"), decisions);
    play(rehearsal, Set.of("Succeeded", "Failed"), decisions);
    rehearsal.run(Duration.ofMinutes(2));
    assertThat(rehearsal.surprises()).isEmpty();
    look(rehearsal, decisions);
    return new Told(
        List.copyOf(decisions),
        events(rehearsal),
        written.toString(StandardCharsets.UTF_8).lines().toList(),
        rehearsal.numbers(),
        status(rehearsal));
  }

  private static void play(Rehearsal rehearsal, Set<String> phases, Set<JsonNode> decisions) {
    for (int second = 0; second < 1_800; second++) {
      look(rehearsal, decisions);
      if (phases.contains(rehearsal.phase("shop", "web"))) {
        return;
      }
      rehearsal.run(Duration.ofSeconds(1));
    }
    throw new AssertionError("none of " + phases + ": " + status(rehearsal).toPrettyString());
  }

  /// The status keeps the last few, the newest first.
  private static void look(Rehearsal rehearsal, Set<JsonNode> decisions) {
    var shown = new ArrayList<JsonNode>();
    status(rehearsal).path("decisions").forEach(shown::add);
    shown.reversed().forEach(decisions::add);
  }

  private static JsonNode status(Rehearsal rehearsal) {
    return rehearsal.canary("shop", "web").orElseThrow().path("status");
  }

  private static List<ObjectNode> events(Rehearsal rehearsal) {
    return rehearsal.sandbox().api().list(Kind.EVENT, "shop").stream()
        .filter(event -> event.at("/involvedObject/kind").asText().equals("Canary"))
        .sorted(Comparator.comparingLong(event -> event.at("/metadata/resourceVersion").asLong()))
        .toList();
  }

  private String canary() {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: outside, namespace: shop}
    stringData:
      token: correct-horse-battery
      hmac-key: correct-horse-battery-key
      address: http://jane:correct-horse-battery@127.0.0.1:PORT/alerts
    ---
    apiVersion: serin.dev/v1beta1
    kind: AlertProvider
    metadata: {name: events, namespace: shop}
    spec: {type: webhook, secretRef: {name: outside}}
    ---
    apiVersion: serin.dev/v1beta1
    kind: Canary
    metadata: {name: web, namespace: shop}
    spec:
      targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
      provider: gatewayapi
      service:
        port: 80
        targetPort: 8080
        hosts: [web.example.com]
        gatewayRefs: [{name: public, namespace: gateway}]
      canary: {drainSeconds: 5}
      analysis:
        interval: 10s
        threshold: 2
        stepWeights: [20, 50]
        metrics:
          - {name: request-success-rate, thresholdRange: {min: 99}, interval: 10s}
          - {name: request-duration, comparison: {tolerance: lenient}}
        webhooks:
          - name: smoke
            type: rollout
            url: http://127.0.0.1:PORT/smoke
            secretRef: {name: outside}
            headersFrom: [{name: X-Token, secretKeyRef: {name: outside, key: token}}]
        alerts: [{name: all, severity: info, providerRef: {name: events}}]
    """
        .replace("PORT", Integer.toString(outside.getAddress().getPort()));
  }

  private static void toldAlike(Told told) {
    assertThat(told.events())
        .extracting(event -> event.path("reason").asText())
        .containsExactlyElementsOf(told.kinds());
    assertThat(told.counted("serin_decisions_total", "kind")).isEqualTo(counts(told.kinds()));
    assertThat(told.counted("serin_checks_total", "check"))
        .isEqualTo(
            counts(
                told.decisions().stream()
                    .flatMap(decision -> decision.findValues("name").stream())
                    .map(JsonNode::asText)
                    .toList()));
    for (int i = 0; i < told.decisions().size(); i++) {
      carries(told.decisions().get(i), told.events().get(i).path("message").asText());
    }
  }

  private static Map<String, Integer> counts(List<String> words) {
    var counts = new TreeMap<String, Integer>();
    words.forEach(word -> counts.merge(word, 1, Integer::sum));
    return counts;
  }

  /// That a note has everything that the status says of a decision, as far as there is room.
  private static void carries(JsonNode decision, String note) {
    assertThat(note).startsWith(decision.path("text").asText()).hasSizeLessThanOrEqualTo(1_024);
    for (var check : decision.path("checks")) {
      for (var field : List.of("name", "reason", "limit")) {
        assertThat(note).contains(check.path(field).asText());
      }
      if (!note.endsWith("…")) {
        assertThat(note).contains(check.path("evidence").asText(), check.path("query").asText());
      }
    }
  }

  private void keepsSecrets(Told told) {
    assertThat(told.status().toString()).doesNotContain(SENTINEL);
    assertThat(told.events().toString()).doesNotContain(SENTINEL);
    assertThat(told.log().toString()).doesNotContain(SENTINEL);
    assertThat(told.numbers()).doesNotContain(SENTINEL);
    assertThat(alerts.toString()).doesNotContain(SENTINEL);
  }

  @Test
  void goodReleaseIsToldEverywhereAlike() {
    var told = release("sandbox/web:2", LogFormat.TEXT);

    assertThat(told.kinds()).contains("RolloutStarted", "StepPassed", "Promoted", "Succeeded");
    toldAlike(told);
    assertThat(told.notes("StepPassed"))
        .isNotEmpty()
        .allSatisfy(
            note ->
                assertThat(note)
                    .contains("of 3 checks passed")
                    .containsPattern("request-success-rate passed: [0-9.]+ % of [0-9,]+ requests")
                    .contains("limit at least 99 %")
                    .contains("request-duration ")
                    .contains("smoke passed: said yes")
                    .contains("request-duration has evidence against "));
    keepsSecrets(told);
  }

  @Test
  void badReleaseIsToldEverywhereAlike() {
    var told = release("sandbox/web:2-errors-20", LogFormat.TEXT);

    assertThat(told.kinds()).contains("CheckFailed").endsWith("RolledBack");
    toldAlike(told);
    assertThat(told.notes("CheckFailed"))
        .isNotEmpty()
        .allSatisfy(
            note ->
                assertThat(note)
                    .containsPattern("request-success-rate: [0-9.]+ % of [0-9,]+ requests")
                    .containsOnlyOnce("limit at least 99 %")
                    .contains("request-success-rate asked "));
    assertThat(told.events().getLast().path("type").asText()).isEqualTo("Warning");
    assertThat(alerts)
        .extracting(alert -> alert.at("/data/kind").asText())
        .containsSubsequence("CheckFailed", "RolledBack");
    assertThat(alerts.getLast().at("/data/checks"))
        .isEqualTo(told.decisions().getLast().path("checks"));
    keepsSecrets(told);
  }

  @Test
  void whatAHookAnswersIsToldWithoutTheSecretsThatItWasSent() {
    hookAnswers = 403;
    var told = release("sandbox/web:2", LogFormat.JSON);

    assertThat(told.kinds()).contains("CheckFailed").endsWith("RolledBack");
    toldAlike(told);
    assertThat(told.notes("CheckFailed"))
        .allSatisfy(note -> assertThat(note).contains("smoke: said no: answered 403: I heard"));
    keepsSecrets(told);
  }

  @Test
  void peopleReadOneLineForEachDecision() {
    var told = release("sandbox/web:2-errors-20", LogFormat.TEXT);

    assertThat(told.log()).hasSameSizeAs(told.decisions());
    for (int i = 0; i < told.log().size(); i++) {
      assertThat(told.log().get(i))
          .matches("2[-0-9T:.]+Z (INFO |WARN |ERROR) shop/web: .+")
          .contains(told.decisions().get(i).path("text").asText());
    }
    assertThat(told.log().getLast()).contains(" ERROR ").contains("limit at least 99 %");
  }

  @Test
  void collectorsReadOneObjectForEachDecision() {
    var told = release("sandbox/web:2-errors-20", LogFormat.JSON);
    var log = told.log().stream().map(Json::parse).toList();

    assertThat(log)
        .extracting(line -> line.path("kind").asText())
        .containsExactlyElementsOf(told.kinds());
    assertThat(log)
        .allSatisfy(
            line -> {
              assertThat(line.path("time").asText()).matches("2[-0-9T:.]+Z");
              assertThat(line.path("level").asText()).isIn("INFO", "WARN", "ERROR");
              assertThat(line.path("logger").asText()).isEqualTo("dev.serin.decisions");
              assertThat(line.path("message").asText()).startsWith("shop/web: ");
              assertThat(line.path("canary").asText()).isEqualTo("shop/web");
              assertThat(line.path("phase").asText()).isNotEmpty();
            });
    assertThat(log.getLast().path("phase").asText()).isEqualTo("Failed");
    assertThat(log.getLast().path("checks").asText())
        .contains("request-success-rate FAILED: ", "limit at least 99 %", "asked ");
  }
}
