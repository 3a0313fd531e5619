package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.serin.judge.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// What Secrets hold is in no log, event, status or alert, whatever receivers do with it.
class SecretsStaySecretTest {
  private static final String SENTINEL = "correct-horse-battery";

  private static final String TYPES =
      "confirm-rollout pre-rollout rollout confirm-traffic-increase confirm-promotion rollback"
          + " post-rollout event";

  private final Outside outside = new Outside();
  private final Logger root = (Logger) LoggerFactory.getLogger("dev.serin");
  private final Level before = root.getLevel();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    root.setLevel(Level.TRACE);
    root.addAppender(log);
  }

  @AfterEach
  void stop() {
    root.detachAppender(log);
    root.setLevel(before);
    outside.close();
  }

  private World world(Map<String, String> values) {
    var world = new World().with(World.DEPLOYMENT_YAML);
    Outside.secret(world, "hooks", values);
    Outside.secret(
        world,
        "chat",
        Map.of(
            "address",
            outside.address().replace("//", "//jane:" + SENTINEL + "@") + "/" + SENTINEL + "/x",
            "token",
            SENTINEL + "-token",
            "hmac-key",
            SENTINEL + "-key"));
    for (var type : List.of("slack", "webhook")) {
      world.with(
          "{kind: AlertProvider, metadata: {name: %s}, spec: {type: %s, secretRef: {name: chat}}}"
              .formatted(type, type));
    }
    var canary = new StringBuilder(World.CANARY_YAML).append("    webhooks:\n");
    for (var type : TYPES.split(" ")) {
      canary.append(
          """
              - name: %s
                type: %s
                url: %s/%s
                secretRef: {name: hooks}
                headersFrom: [{name: X-Token, secretKeyRef: {name: hooks, key: token}}]
          """
              .formatted(type, type, outside.address(), type)
              .indent(2));
    }
    canary.append(
        """
            alerts:
              - {name: a, providerRef: {name: slack}}
              - {name: b, providerRef: {name: webhook}}
        """);
    outside.around(world).adopt(canary.toString());
    return world;
  }

  /// Everybody answers with all that was sent.
  private void echo(int code) {
    outside.answers =
        asked ->
            new Outside.Answer(
                asked.path().equals("/rollback") && code == 200 ? 403 : code,
                asked.path() + " " + asked.headers() + " " + asked.body());
  }

  private void holds(World world) {
    assertThat(world.status().toString()).doesNotContain(SENTINEL);
    assertThat(Outside.events(world).toString()).doesNotContain(SENTINEL);
    assertThat(world.told.toString()).doesNotContain(SENTINEL);
    assertThat(outside.metrics.text()).doesNotContain(SENTINEL);
    assertThat(log.list.stream().map(SecretsStaySecretTest::words).toList().toString())
        .doesNotContain(SENTINEL);
    assertThat(outside.heard)
        .allSatisfy(heard -> assertThat(heard.body()).doesNotContain(SENTINEL));
  }

  private static String words(ILoggingEvent event) {
    var thrown = event.getThrowableProxy();
    return event.getFormattedMessage()
        + event.getKeyValuePairs()
        + (thrown == null ? "" : thrown.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 302, 403, 404, 429, 500, 503, -1})
  void whateverReceiversAnswer(int code) {
    var world = world(Map.of("hmac-key", SENTINEL + "-key", "token", "Bearer " + SENTINEL));
    outside.heard.clear();
    echo(code);
    world.setImage("web:2");
    world.run(Duration.ofMinutes(10));

    assertThat(outside.heard).isNotEmpty();
    holds(world);
  }

  @ParameterizedTest
  @ValueSource(strings = {SENTINEL + "\nsecond line", SENTINEL + "\u00e9", "\u0000" + SENTINEL})
  void valuesThatNoHeaderCanCarry(String token) {
    var world = world(Map.of("hmac-key", SENTINEL, "token", token));
    world.verdict = _ -> Verdict.FAILED;
    world.setImage("web:2");
    world.run(Duration.ofMinutes(10));

    assertThat(world.status().toString()).contains("X-Token", "correct the Secret");
    holds(world);
  }

  @ParameterizedTest
  @ValueSource(strings = {"whsec_" + SENTINEL + "$", "whsec_"})
  void keysThatAreNone(String key) {
    var world = world(Map.of("hmac-key", key, "token", SENTINEL));
    world.setImage("web:2");
    world.run(Duration.ofMinutes(10));

    assertThat(world.status().toString()).contains("signing key", "correct the Secret");
    holds(world);
  }
}
