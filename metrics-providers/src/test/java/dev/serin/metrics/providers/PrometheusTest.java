package dev.serin.metrics.providers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.metrics.Measurement;
import dev.serin.metrics.Sample;
import dev.serin.metrics.SampleProvider;
import dev.serin.metrics.Samples;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class PrometheusTest extends MetricsProviderContract {
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.500Z");

  @Override
  Built create(ProviderSettings settings, Guard.Patience patience, Clock clock) {
    return Prometheus.create(settings, patience, clock);
  }

  @Override
  String type() {
    return "prometheus";
  }

  @Override
  Map<String, String> secret() {
    return Map.of("username", "serin", "password", PASSWORD);
  }

  @Override
  String value(double value) {
    return vector("{\"metric\":{\"a\":\"b\"},\"value\":[1795176000.5,\"%s\"]}".formatted(value));
  }

  @Override
  String nothing() {
    return vector("");
  }

  @Override
  String twoSeries() {
    return vector(
        "{\"metric\":{\"pod\":\"a\"},\"value\":[1,\"1\"]},{\"metric\":{\"pod\":\"b\"},\"value\":[1,\"2\"]}");
  }

  @Override
  String notANumber() {
    return vector("{\"metric\":{},\"value\":[1,\"NaN\"]}");
  }

  private static String vector(String series) {
    return data("vector", "[" + series + "]");
  }

  private static String data(String type, String result) {
    return "{\"status\":\"success\",\"data\":{\"resultType\":\"%s\",\"result\":%s}}"
        .formatted(type, result);
  }

  private SampleProvider samples() {
    return (SampleProvider) provider();
  }

  @Test
  void queriesArePostedWithTheirDeadline() {
    server.answering(200, value(1));
    provider().query("sum(up{a=\"b&c\"})");
    var asked = server.asked().getFirst();
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.path()).isEqualTo("/api/v1/query");
    assertThat(asked.parameters())
        .isEqualTo(Map.of("query", "sum(up{a=\"b&c\"})", "timeout", "5000ms"));
  }

  @Test
  void aServerBehindAProxyWithoutPostIsAskedByGetFromThenOn() {
    server.answering(
        asked ->
            asked.method().equals("GET")
                ? new FakeServer.Answer(200, value(3))
                : new FakeServer.Answer(405, ""));
    var provider = provider();
    assertThat(provider.query("up")).isEqualTo(new Measurement.Value(3));
    assertThat(provider.query("up")).isEqualTo(new Measurement.Value(3));
    assertThat(server.asked())
        .extracting(FakeServer.Asked::method)
        .containsExactly("POST", "GET", "GET");
    assertThat(server.asked().getLast().parameters()).containsEntry("query", "up");
  }

  @Test
  void aPathBeforeTheApiIsKept() {
    server.answering(200, value(1));
    provider(settings(server.address().resolve("/prom/"), Duration.ofSeconds(1))).query("up");
    assertThat(server.asked().getFirst().path()).isEqualTo("/prom/api/v1/query");
  }

  @Test
  void userAndPasswordAreSentAndATokenWinsOverThem() {
    server.answering(200, value(1));
    provider().query("up");
    var basic =
        Base64.getEncoder().encodeToString(("serin:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    assertThat(server.asked().getLast().authorization()).isEqualTo("Basic " + basic);
    provider(
            new ProviderSettings(
                "prometheus",
                server.address(),
                Map.of(),
                Map.of("token", "t0ken\n"),
                false,
                Duration.ofSeconds(1)))
        .query("up");
    assertThat(server.asked().getLast().authorization()).isEqualTo("Bearer t0ken");
  }

  /// Many Canaries share a provider: no query may leave anything behind that another one sends.
  @Test
  void eachOfManyQueriesAtOnceSendsItsHeadersAndCredentialsOnce() {
    server.answering(200, value(1));
    var settings =
        new ProviderSettings(
            "prometheus",
            server.address(),
            Map.of("X-Scope-OrgID", List.of("shop")),
            Map.of("token", "t0ken"),
            false,
            Duration.ofSeconds(10));
    var provider = provider(settings);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        threads.execute(() -> provider.query("up"));
        threads.execute(() -> provider(settings).query("up"));
      }
    }
    assertThat(server.asked()).hasSizeGreaterThan(200);
    assertThat(server.asked())
        .allSatisfy(
            asked -> {
              assertThat(asked.headers().get("Authorization")).containsExactly("Bearer t0ken");
              assertThat(asked.headers().get("X-scope-orgid")).containsExactly("shop");
            });
    assertThat(settings.headers()).isEqualTo(Map.of("X-Scope-OrgID", List.of("shop")));
  }

  @Test
  void queriesToOneServerShareAConnection() {
    server.answering(200, value(1));
    var providers = new MetricsProviders(Clock.systemUTC());
    for (int i = 0; i < 50; i++) {
      var settings =
          new ProviderSettings(
              "prometheus", server.address(), Map.of(), Map.of(), true, Duration.ofSeconds(5));
      if (providers.of(settings) instanceof Built.Ready(var provider)) {
        assertThat(provider.query("up")).isEqualTo(new Measurement.Value(1));
      }
    }
    assertThat(server.asked()).hasSize(50);
    assertThat(server.asked()).extracting(FakeServer.Asked::connection).containsOnly(first());
  }

  private int first() {
    return server.asked().getFirst().connection();
  }

  @Test
  void userAndPasswordOfTheAddressAreSentAndNotShown() {
    server.answering(500, "");
    var address =
        URI.create(server.address().toString().replace("//", "//serin:" + PASSWORD + "@"));
    var provider =
        provider(
            new ProviderSettings(
                "prometheus", address, Map.of(), Map.of(), false, Duration.ofSeconds(1)));
    assertThat(reason(provider.query("up"))).doesNotContain(PASSWORD).contains("127.0.0.1");
    assertThat(server.asked().getFirst().authorization()).startsWith("Basic ");
  }

  @Test
  void aMistakeInTheQueryIsSaidInTheServersWords() {
    server.answering(
        400, "{\"status\":\"error\",\"errorType\":\"bad_data\",\"error\":\"parse error: x\"}");
    assertThat(reason(provider().query("sum("))).contains("answered 400", "parse error: x");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void aQueryThatTookTooLongIsNotSentAgain() {
    server.answering(
        503, "{\"status\":\"error\",\"errorType\":\"timeout\",\"error\":\"query timed out\"}");
    assertThat(reason(provider().query("up"))).contains("query timed out");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void scalarsAreNumbersAndRangesAndTextsAreNot() {
    server.answering(200, data("scalar", "[1,\"2.5\"]"));
    assertThat(provider().query("2.5")).isEqualTo(new Measurement.Value(2.5));
    server.answering(200, data("matrix", "[{\"metric\":{},\"values\":[[1,\"1\"]]}]"));
    assertThat(reason(provider().query("up[5m]"))).contains("range of samples", "last_over_time");
    server.answering(200, data("string", "[1,\"x\"]"));
    assertThat(reason(provider().query("'x'"))).contains("'string', not numbers");
  }

  @Test
  void infiniteNumbersAndNativeHistogramsAreNoData() {
    server.answering(200, vector("{\"metric\":{},\"value\":[1,\"+Inf\"]}"));
    assertThat(provider().query("1/0")).isInstanceOf(Measurement.NoData.class);
    server.answering(200, vector("{\"metric\":{},\"histogram\":[1,{\"count\":\"1\"}]}"));
    assertThat(provider().query("h")).isInstanceOf(Measurement.NoData.class);
  }

  @Test
  void samplesComeWithTheirLabelsAsOfTheTimeAskedFor() {
    server.answering(200, twoSeries());
    assertThat(samples().instant("up", NOON))
        .isEqualTo(
            new Samples.Found(
                List.of(
                    new Sample(Map.of("pod", "a"), Instant.ofEpochSecond(1), 1),
                    new Sample(Map.of("pod", "b"), Instant.ofEpochSecond(1), 2))));
    assertThat(server.asked().getFirst().parameters()).containsEntry("time", "1795176000.500");
  }

  @Test
  void queryThatIsRefusedIsToldFromAServerThatAnswersNothing() {
    server.answering(422, "{\"status\":\"error\",\"error\":\"too many samples\"}");
    assertThat(samples().instant("up", NOON))
        .isInstanceOfSatisfying(
            Samples.Refused.class,
            refused -> assertThat(refused.reason()).contains("422").contains("too many samples"));
    server.answering(413, "");
    assertThat(samples().instant("up", NOON)).isInstanceOf(Samples.Refused.class);
    server.answering(401, "");
    assertThat(samples().instant("up", NOON)).isInstanceOf(Samples.Unavailable.class);
    server.answering(404, "");
    assertThat(samples().instant("up", NOON)).isInstanceOf(Samples.Unavailable.class);
    server.answering(429, "");
    assertThat(samples().instant("up", NOON)).isInstanceOf(Samples.Unavailable.class);
  }

  @Test
  void rangesAreFlattened() {
    server.answering(
        200, data("matrix", "[{\"metric\":{\"pod\":\"a\"},\"values\":[[10,\"1\"],[12,\"NaN\"]]}]"));
    var range = samples().range("up", NOON.minusSeconds(10), NOON, Duration.ofMillis(1500));
    assertThat(range)
        .isInstanceOfSatisfying(
            Samples.Found.class,
            found ->
                assertThat(found.samples())
                    .extracting(Sample::time)
                    .containsExactly(Instant.ofEpochSecond(10), Instant.ofEpochSecond(12)));
    assertThat(server.asked().getFirst().path()).isEqualTo("/api/v1/query_range");
    assertThat(server.asked().getFirst().parameters())
        .containsEntry("start", "1795175990.500")
        .containsEntry("end", "1795176000.500")
        .containsEntry("step", "1.5");
  }

  @Test
  void settingsThatCannotWorkAreSaidAllTogether() {
    var settings =
        new ProviderSettings(
            "prometheus",
            server.address(),
            Map.of(),
            Map.of("username", "serin", "ca.crt", "nonsense"),
            false,
            Duration.ofSeconds(1));
    assertThat(create(settings, PATIENCE, clock))
        .isInstanceOfSatisfying(
            Built.Unfit.class,
            unfit ->
                assertThat(unfit.problems())
                    .hasSize(2)
                    .anyMatch(problem -> problem.contains("no key 'password'"))
                    .anyMatch(problem -> problem.contains("ca.crt")));
  }

  @Test
  void anAddressThatIsNoneIsSaid() {
    assertThat(create(settings(URI.create("ftp://x/"), Duration.ofSeconds(1)), PATIENCE, clock))
        .isInstanceOfSatisfying(
            Built.Unfit.class,
            unfit -> assertThat(unfit.problems().getFirst()).contains("give an http or https URL"));
  }

  @Test
  void equalSettingsShareOneProvider() {
    var providers = new MetricsProviders(clock);
    var one = providers.of(ProviderSettings.prometheus(server.address()));
    assertThat(providers.of(ProviderSettings.prometheus(server.address()))).isSameAs(one);
    assertThat(providers.of(settings(server.address(), Duration.ofSeconds(1)))).isNotSameAs(one);
  }

  @Test
  void anUnknownTypeIsAnsweredWithTheKnownOnes() {
    var settings =
        new ProviderSettings(
            "promethius", server.address(), Map.of(), Map.of(), false, Duration.ofSeconds(1));
    assertThat(new MetricsProviders(clock).of(settings))
        .isEqualTo(
            new Built.Unfit(List.of("spec.provider.type is 'promethius'; known are [prometheus]")));
  }
}
