package dev.serin.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.alert.Alert;
import dev.serin.alert.Notifier;
import dev.serin.alert.Severity;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What every notifier promises, whatever its server does.
abstract class NotifierContract {
  static final String SENTINEL = "correct-horse-battery";

  final FakeServer server = new FakeServer();
  final Post post = new Post();

  /// The type that an AlertProvider names.
  abstract String type();

  @AfterEach
  void stop() {
    server.close();
  }

  final Map<String, String> secret() {
    var secret = new HashMap<String, String>();
    secret.put("address", server.address("/services/" + SENTINEL + 1).toString() + "\n");
    secret.put("token", SENTINEL + 2);
    secret.put("hmac-key", SENTINEL + 3);
    return secret;
  }

  final Built build(String address, String proxy, Map<String, String> secret) {
    return new Notifiers(post.courier)
        .of(new NotifierSettings(type(), address, "", "", proxy, secret));
  }

  final Notifier notifier(Map<String, String> secret) {
    return switch (build("", "", secret)) {
      case Built.Ready(var notifier) -> notifier;
      case Built.Unfit(var problems) -> throw new AssertionError(problems);
    };
  }

  final Notifier notifier() {
    return notifier(secret());
  }

  static Alert alert(Severity severity, String text) {
    return alert(severity, text, List.of());
  }

  static Alert alert(Severity severity, String text, List<Alert.Finding> findings) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("Target", "Deployment/web");
    fields.put("Failed checks", "3 of 3");
    return new Alert(
        "4a1f",
        "shop",
        "web",
        "Failed",
        "5f6c",
        "RolledBack",
        severity,
        text,
        findings,
        fields,
        Instant.parse("2026-11-21T10:00:00Z"));
  }

  static Alert alert() {
    return alert(Severity.ERROR, "revision 5f6c rejected: success rate 81.4 %");
  }

  private static List<String> problems(Built built) {
    return built instanceof Built.Unfit(var problems) ? problems : List.of();
  }

  @Test
  void everythingThatMattersIsTold() {
    assertThat(notifier().tell(alert())).isEmpty();
    assertThat(server.only().body())
        .contains(
            "shop",
            "web",
            "RolledBack",
            "revision 5f6c rejected: success rate 81.4 %",
            "Failed checks",
            "3 of 3",
            "5f6c");
    assertThat(server.only().header("Content-Type")).contains("json");
  }

  @Test
  void whatADecisionRestsOnIsToldInFull() {
    var rate =
        new Alert.Finding(
            "request-success-rate",
            "FAILED",
            "success rate 81.4 %",
            OptionalDouble.of(81.4),
            "at least 99 %",
            "sum(rate(requests[30s]))",
            "");
    var compared =
        new Alert.Finding(
            "errors:comparison",
            "CONDEMNED",
            "worse than stable",
            OptionalDouble.empty(),
            "",
            "",
            "12 of 40 requests failed, stable's 1 of 400");
    assertThat(notifier().tell(alert(Severity.ERROR, "rejected", List.of(rate, compared))))
        .isEmpty();
    assertThat(server.only().body())
        .contains(
            "request-success-rate",
            "success rate 81.4 %",
            "at least 99 %",
            "sum(rate(requests[30s]))",
            "errors:comparison",
            "worse than stable",
            "12 of 40 requests failed, stable's 1 of 400");
  }

  @Test
  void sameThingHasTheSameIdHoweverOftenItIsTold() {
    server.answering(
        _ ->
            server.asked().size() < 3
                ? new FakeServer.Answer(503, "")
                : new FakeServer.Answer(200, "ok"));
    assertThat(notifier().tell(alert())).isEmpty();
    assertThat(server.asked()).hasSize(3);
    assertThat(server.asked()).extracting(asked -> asked.header("webhook-id")).containsOnly("4a1f");
    assertThat(server.asked())
        .extracting(FakeServer.Asked::body)
        .containsOnly(server.asked().getFirst().body());
  }

  @Test
  void serverThatStaysDownIsSaidAfterAWhile() {
    server.answering(500, "broken");
    assertThat(notifier().tell(alert())).hasValueSatisfying(why -> assertThat(why).contains("500"));
    assertThat(server.asked()).hasSize(8);
    assertThat(post.waited).isSorted().hasSize(7);
  }

  @Test
  void refusalIsSaidAndNotRepeated() {
    server.answering(404, "no_service");
    assertThat(notifier().tell(alert()))
        .hasValueSatisfying(why -> assertThat(why).contains("404", "no_service"));
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void serverThatIsNotThereIsSaid() {
    var notifier = notifier();
    server.close();
    assertThat(notifier.tell(alert()))
        .hasValueSatisfying(why -> assertThat(why).contains("cannot be reached"));
  }

  @Test
  void tokenIsSent() {
    notifier().tell(alert());
    assertThat(server.only().header("Authorization")).isEqualTo("Bearer " + SENTINEL + 2);
  }

  @Test
  void keySignsWhatIsSent() {
    notifier().tell(alert());
    var asked = server.only();
    assertThat(asked.header("webhook-signature"))
        .isEqualTo(
            Signature.headers(
                    SENTINEL + 3,
                    "4a1f",
                    Post.NOW,
                    asked.body().getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .get("webhook-signature"));
  }

  @Test
  void addressOfTheSpecServesWhereTheSecretHasNone() {
    var built = build(server.address("/open").toString(), "", Map.of());
    assertThat(built).isInstanceOf(Built.Ready.class);
    if (built instanceof Built.Ready(var notifier)) {
      assertThat(notifier.tell(alert())).isEmpty();
    }
    assertThat(server.only().path()).isEqualTo("/open");
  }

  @Test
  void proxyIsGoneBy() {
    var built = build("http://chat.example/hook", server.address("").toString(), Map.of());
    if (built instanceof Built.Ready(var notifier)) {
      assertThat(notifier.tell(alert())).isEmpty();
    }
    assertThat(server.only().path()).isEqualTo("http://chat.example/hook");
  }

  @Test
  void everyProblemOfItsSettingsIsSaidAtOnceWithoutASecret() {
    var secret =
        Map.of("address", "ftp://" + SENTINEL, "token", SENTINEL + "\n x", "hmac-key", " ");
    assertThat(problems(build("", SENTINEL, secret))).hasSize(4);
    assertThat(problems(build("", "", secret)).toString())
        .contains("the Secret's address", "token", "hmac-key")
        .doesNotContain(SENTINEL);
    assertThat(problems(build("", "", Map.of())).toString()).contains("spec.address");
  }

  @Test
  void noReasonAndNoTextShowsASecret() {
    var notifier = notifier();
    for (int code : List.of(302, 400, 403, 404, 500, 503)) {
      server.answering(
          asked -> new FakeServer.Answer(code, asked.path() + asked.headers() + asked.body()));
      assertThat(notifier.tell(alert()).orElseThrow()).doesNotContain(SENTINEL);
    }
    server.close();
    assertThat(notifier.tell(alert()).orElseThrow()).doesNotContain(SENTINEL);
    assertThat(notifier + new NotifierSettings(type(), "", "", "", "", secret()).toString())
        .doesNotContain(SENTINEL);
  }
}
