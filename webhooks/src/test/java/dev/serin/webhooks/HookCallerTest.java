package dev.serin.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.gate.GateAnswer;
import dev.serin.parse.HookSpec;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HookCallerTest {
  private static final String SENTINEL = "correct-horse-battery";
  private static final HookPayload PAYLOAD =
      new HookPayload("web", "shop", "Progressing", "5f6c", Map.of("test", "all"));

  private final FakeServer server = new FakeServer();
  private final Post post = new Post();
  private final HookCaller caller = new HookCaller(post.courier);

  @AfterEach
  void stop() {
    server.close();
  }

  private HookSpec hook(URI url, Duration timeout, int retries) {
    return new HookSpec(
        "smoke",
        HookSpec.Type.PRE_ROLLOUT,
        url,
        timeout,
        retries,
        Map.of(),
        false,
        HookSpec.Tls.VERIFIED,
        Optional.empty(),
        List.of());
  }

  private GateAnswer ask(int retries, HookCredentials credentials) {
    return caller.ask(
        hook(server.address("/check"), Duration.ofSeconds(5), retries), PAYLOAD, credentials);
  }

  private GateAnswer ask(int retries) {
    return ask(retries, HookCredentials.none());
  }

  private static String reason(GateAnswer answer) {
    return switch (answer) {
      case GateAnswer.Open _ -> "it is open";
      case GateAnswer.Closed(var reason) -> reason;
      case GateAnswer.Unreachable(var reason) -> reason;
    };
  }

  @Test
  void whatIsSentIsFlaggersContractToTheByte() {
    assertThat(ask(0)).isEqualTo(new GateAnswer.Open());
    var asked = server.only();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path()).isEqualTo("/check");
    assertThat(asked.header("Content-Type")).isEqualTo("application/json");
    assertThat(asked.body())
        .isEqualTo(
            "{\"name\":\"web\",\"namespace\":\"shop\",\"phase\":\"Progressing\","
                + "\"checksum\":\"5f6c\",\"metadata\":{\"test\":\"all\"}}");
  }

  @Test
  void metadataIsLeftOutWhenThereIsNone() {
    caller.ask(
        hook(server.address("/"), Duration.ofSeconds(5), 0),
        new HookPayload("web", "shop", "Waiting", "5f6c", Map.of()),
        HookCredentials.none());
    assertThat(server.only().json().has("metadata")).isFalse();
  }

  @ParameterizedTest
  @EnumSource(HookSpec.Tls.class)
  void callsToOneServerShareAConnection(HookSpec.Tls tls) {
    server.answering(200, "ok");
    for (int i = 0; i < 50; i++) {
      var hook =
          new HookSpec(
              "smoke",
              HookSpec.Type.ROLLOUT,
              server.address("/" + i),
              Duration.ofSeconds(5 + i),
              0,
              Map.of(),
              false,
              tls,
              Optional.empty(),
              List.of());
      assertThat(caller.ask(hook, PAYLOAD, HookCredentials.none()))
          .isEqualTo(new GateAnswer.Open());
    }
    assertThat(server.asked()).hasSize(50);
    assertThat(server.asked())
        .extracting(FakeServer.Asked::connection)
        .containsOnly(server.asked().getFirst().connection());
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204})
  void everySuccessIsAYes(int code) {
    server.answering(code, "");
    assertThat(ask(0)).isEqualTo(new GateAnswer.Open());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 500, 501})
  void refusalIsANoInTheSystemsWords(int code) {
    server.answering(code, "not on\n  Fridays");
    assertThat(ask(0)).isEqualTo(new GateAnswer.Closed("answered " + code + ": not on Fridays"));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 502, 503, 504})
  void whatStandsBeforeAServerSaysNeitherYesNorNo(int code) {
    server.answering(code, "");
    assertThat(ask(0)).isInstanceOf(GateAnswer.Unreachable.class);
    assertThat(reason(ask(0))).contains("http://127.0.0.1:" + server.port(), "answered " + code);
  }

  @Test
  void failedAttemptsAreRepeatedEachAfterALongerPause() {
    server.answering(500, "broken");
    assertThat(ask(3)).isEqualTo(new GateAnswer.Closed("answered 500: broken"));
    assertThat(server.asked()).hasSize(4);
    assertThat(post.waited)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
    assertThat(server.asked())
        .extracting(asked -> asked.header("webhook-id"))
        .containsOnly(server.asked().getFirst().header("webhook-id"));
  }

  @Test
  void passingFaultIsNotNoticed() {
    server.answering(
        _ ->
            server.asked().size() < 2
                ? new FakeServer.Answer(503, "")
                : new FakeServer.Answer(200, ""));
    assertThat(ask(1)).isEqualTo(new GateAnswer.Open());
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404, 501})
  void noIsNotArguedWith(int code) {
    server.answering(code, "");
    ask(5);
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void serverThatWantsToBeLeftAloneIs() {
    server.answering(_ -> new FakeServer.Answer(429, "", Map.of("Retry-After", "7")));
    ask(1);
    server.answering(
        _ ->
            new FakeServer.Answer(503, "", Map.of("Retry-After", "Sat, 21 Nov 2026 10:00:09 GMT")));
    ask(1);
    server.answering(_ -> new FakeServer.Answer(503, "", Map.of("Retry-After", "86400")));
    ask(1);
    server.answering(_ -> new FakeServer.Answer(503, "", Map.of("Retry-After", "soon")));
    ask(1);
    assertThat(post.waited)
        .containsExactly(
            Duration.ofSeconds(7),
            Duration.ofSeconds(9),
            Duration.ofMinutes(1),
            Duration.ofSeconds(1));
  }

  @Test
  void pausesOfSeveralCallersDiffer() {
    var waited = new java.util.ArrayList<Duration>();
    var backoff = Backoff.standard(waited::add);
    for (int i = 0; i < 50; i++) {
      try {
        backoff.pass(1, Optional.empty());
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    assertThat(waited)
        .allMatch(time -> time.toMillis() >= 500 && time.toMillis() <= 1500)
        .satisfies(times -> assertThat(times.stream().distinct().count()).isGreaterThan(10));
  }

  @Test
  void silentServerIsUnreachableAfterItsTimeAndAskedAgain() {
    server.silent();
    var answer =
        caller.ask(
            hook(server.address("/"), Duration.ofMillis(100), 2), PAYLOAD, HookCredentials.none());
    assertThat(answer).isInstanceOf(GateAnswer.Unreachable.class);
    assertThat(reason(answer)).contains("did not answer within 100 ms");
    assertThat(server.asked()).hasSize(3);
  }

  @Test
  void serverThatIsNotThereIsUnreachable() {
    server.close();
    assertThat(ask(1)).isInstanceOf(GateAnswer.Unreachable.class);
    assertThat(reason(ask(0))).contains("cannot be reached");
  }

  @Test
  void redirectIsFollowedOnTheSameServerOnly() {
    try (var other = new FakeServer()) {
      server.answering(
          asked ->
              asked.path().equals("/check")
                  ? new FakeServer.Answer(307, "", Map.of("Location", "/there"))
                  : new FakeServer.Answer(200, ""));
      assertThat(ask(0)).isEqualTo(new GateAnswer.Open());
      assertThat(server.asked().getLast().json().path("name").asText()).isEqualTo("web");

      server.answering(
          _ ->
              new FakeServer.Answer(
                  307, "", Map.of("Location", other.address("/" + SENTINEL).toString())));
      assertThat(ask(0)).isInstanceOf(GateAnswer.Unreachable.class);
      assertThat(reason(ask(0))).contains("a redirect that is not followed");
      assertThat(other.asked()).isEmpty();
    }
  }

  @Test
  void circleOfRedirectsEnds() {
    server.answering(_ -> new FakeServer.Answer(308, "", Map.of("Location", "/check")));
    assertThat(ask(0)).isInstanceOf(GateAnswer.Unreachable.class);
    assertThat(server.asked()).hasSize(4);
  }

  @Test
  void endlessAnswerIsCutToALine() {
    server.answering(403, "no\u0000\u202e" + "x".repeat(1_000_000));
    assertThat(reason(ask(0)))
        .hasSizeLessThan(330)
        .startsWith("answered 403: no xxx")
        .endsWith("…");
  }

  @Test
  void bodyIsSignedSoThatTheReceiverCanTellWhoSentItAndWhen() {
    ask(0, new HookCredentials(Optional.of("key"), Map.of()));
    var asked = server.only();
    assertThat(asked.header("webhook-timestamp"))
        .isEqualTo(Long.toString(Post.NOW.getEpochSecond()));
    assertThat(asked.header("webhook-signature"))
        .isEqualTo(
            Signature.headers(
                    "key",
                    asked.header("webhook-id"),
                    Post.NOW,
                    asked.body().getBytes(StandardCharsets.UTF_8))
                .get("webhook-signature"));
  }

  @Test
  void headersOfSecretsAreSent() {
    ask(0, new HookCredentials(Optional.empty(), Map.of("X-Token", "abc\n")));
    assertThat(server.only().header("X-Token")).isEqualTo("abc");
  }

  @Test
  void userOfTheAddressIsSentAsBasicAuthentication() {
    var url = URI.create("http://jane:pass%20word@127.0.0.1:" + server.port() + "/");
    caller.ask(hook(url, Duration.ofSeconds(5), 0), PAYLOAD, HookCredentials.none());
    assertThat(server.only().header("Authorization"))
        .isEqualTo(
            "Basic "
                + Base64.getEncoder()
                    .encodeToString("jane:pass word".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void noSecretComesBackWhateverTheServerEchoes() {
    var url =
        URI.create(
            "http://jane:%s@127.0.0.1:%d/?token=%s"
                .formatted(SENTINEL + 1, server.port(), SENTINEL + 2));
    var credentials =
        new HookCredentials(
            Optional.of(SENTINEL + "\"3"),
            Map.of("Authorization", "Bearer " + SENTINEL + 4, "X-Key", SENTINEL + 5));
    for (int code : List.of(302, 400, 403, 500, 503)) {
      server.answering(
          asked ->
              new FakeServer.Answer(
                  code,
                  asked.headers()
                      + asked.path()
                      + SENTINEL
                      + "\\\"3 "
                      + " ".repeat(3900)
                      + asked.headers()));
      var answer = caller.ask(hook(url, Duration.ofSeconds(5), 0), PAYLOAD, credentials);
      assertThat(answer.toString())
          .doesNotContain(SENTINEL)
          .doesNotContain(
              Base64.getEncoder()
                  .encodeToString(("jane:" + SENTINEL + 1).getBytes(StandardCharsets.UTF_8)));
    }
    assertThat(credentials.toString()).doesNotContain(SENTINEL);
    server.close();
    assertThat(caller.ask(hook(url, Duration.ofSeconds(5), 0), PAYLOAD, credentials).toString())
        .doesNotContain(SENTINEL)
        .doesNotContain("jane");
  }

  @Test
  void secretThatNoHeaderCanCarryIsSaidAndNotShown() {
    var answer =
        ask(0, new HookCredentials(Optional.empty(), Map.of("Authorization", SENTINEL + "\n x")));
    assertThat(reason(answer)).contains("header Authorization", "correct the Secret");
    assertThat(reason(answer)).doesNotContain(SENTINEL);
    assertThat(reason(ask(0, new HookCredentials(Optional.empty(), Map.of("X Y", "1")))))
        .contains("'X Y'");
    assertThat(reason(ask(0, new HookCredentials(Optional.of(" "), Map.of()))))
        .contains("signing key");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void whatIsOnlyToldIsTriedLonger() {
    server.answering(
        _ ->
            server.asked().size() < 6
                ? new FakeServer.Answer(500, "")
                : new FakeServer.Answer(200, ""));
    var hook = hook(server.address("/"), Duration.ofSeconds(5), 0);
    assertThat(caller.tell(hook, PAYLOAD, HookCredentials.none(), "same")).isEmpty();
    assertThat(server.asked()).extracting(asked -> asked.header("webhook-id")).containsOnly("same");
    server.answering(403, "not you");
    assertThat(caller.tell(hook, PAYLOAD, HookCredentials.none(), "same"))
        .contains("answered 403: not you");
  }

  @Test
  void stopOfTheProcessEndsACallAtOnce() throws InterruptedException {
    server.silent();
    var answer = new AtomicReference<Optional<GateAnswer>>(Optional.empty());
    var thread =
        Thread.ofVirtual()
            .start(
                () ->
                    answer.set(
                        Optional.of(
                            caller.ask(
                                hook(server.address("/"), Duration.ofHours(1), 9),
                                PAYLOAD,
                                HookCredentials.none()))));
    while (server.asked().isEmpty()) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    thread.join();
    assertThat(answer.get()).contains(new GateAnswer.Unreachable("the controller stops"));
  }
}
