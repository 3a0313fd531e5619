package dev.serin.metrics.providers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.metrics.Measurement;
import dev.serin.metrics.MetricsProvider;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What every metrics provider promises, whatever its server does.
abstract class MetricsProviderContract {
  static final String PASSWORD = "correct-horse-battery";

  final FakeServer server = new FakeServer();
  final FakeClock clock = new FakeClock();

  /// Nobody waits long in a test.
  static final Guard.Patience PATIENCE =
      new Guard.Patience(
          4, Duration.ofMillis(200), Duration.ofMillis(1), 3, 10, Duration.ofSeconds(15));

  /// Makes the provider under test.
  abstract Built create(ProviderSettings settings, Guard.Patience patience, Clock clock);

  /// The type that a MetricTemplate names.
  abstract String type();

  /// A Secret with everything that the provider reads, among it [#PASSWORD].
  abstract Map<String, String> secret();

  /// An answer with one number.
  abstract String value(double value);

  /// An answer with no number.
  abstract String nothing();

  /// An answer with two series.
  abstract String twoSeries();

  /// An answer whose number is not a number; empty when the system cannot say so.
  abstract String notANumber();

  @AfterEach
  void stop() {
    server.close();
  }

  final ProviderSettings settings(URI address, Duration timeout) {
    return new ProviderSettings(type(), address, Map.of(), secret(), false, timeout);
  }

  final MetricsProvider provider() {
    return provider(settings(server.address(), Duration.ofSeconds(5)));
  }

  final MetricsProvider provider(ProviderSettings settings) {
    return switch (create(settings, PATIENCE, clock)) {
      case Built.Ready(var provider) -> provider;
      case Built.Unfit(var problems) -> throw new AssertionError(problems);
    };
  }

  @Test
  void aNumberIsAValue() {
    server.answering(200, value(99.5));
    assertThat(provider().query("q")).isEqualTo(new Measurement.Value(99.5));
  }

  @Test
  void noSeriesIsNoData() {
    server.answering(200, nothing());
    assertThat(provider().query("q")).isInstanceOf(Measurement.NoData.class);
  }

  @Test
  void notANumberIsNoData() {
    server.answering(200, notANumber());
    assertThat(provider().query("q")).isInstanceOf(Measurement.NoData.class);
  }

  @Test
  void severalSeriesAreNotGuessedFrom() {
    server.answering(200, twoSeries());
    assertThat(reason(provider().query("q"))).contains("2 series", "aggregate");
  }

  @Test
  void refusedCredentialsAreSaidAndNotShown() {
    server.answering(401, "no: " + PASSWORD);
    assertThat(reason(provider().query("q"))).contains("401", "check the Secret");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void aServerThatFailsIsAskedAgainAndThenUnavailable() {
    server.answering(500, "");
    assertThat(reason(provider().query("q"))).contains("500");
    assertThat(server.asked()).hasSize(PATIENCE.attempts());
  }

  @Test
  void aPassingFaultIsNotNoticed() {
    server.answering(
        _ ->
            server.asked().size() < 2
                ? new FakeServer.Answer(502, "")
                : new FakeServer.Answer(200, value(1)));
    assertThat(provider().query("q")).isEqualTo(new Measurement.Value(1));
  }

  @Test
  void garbageIsUnavailable() {
    for (var garbage : List.of("", "<html>", "{", "[]", "{\"status\":\"success\"}", "null")) {
      server.answering(200, garbage);
      assertThat(provider().query("q")).isInstanceOf(Measurement.Unavailable.class);
    }
  }

  @Test
  void aSlowServerIsUnavailableAfterItsTime() {
    server.silent();
    var slow = provider(settings(server.address(), Duration.ofMillis(100)));
    assertThat(reason(slow.query("q"))).contains("did not answer within 100 ms");
    assertThat(server.asked()).hasSize(1);
  }

  @Test
  void aServerThatIsNotThereIsUnavailable() {
    server.close();
    assertThat(reason(provider().query("q"))).contains("cannot be reached");
  }

  @Test
  void aServerThatKeepsFailingIsLeftAloneAndThenTriedAgain() {
    var provider = provider();
    server.answering(500, "");
    IntStream.range(0, PATIENCE.window()).forEach(_ -> provider.query("q"));
    int asked = server.asked().size();
    assertThat(reason(provider.query("q"))).contains("left alone for 15 s", "answered 500");
    assertThat(server.asked()).hasSize(asked);

    server.answering(200, value(7));
    clock.pass(PATIENCE.rest().plusSeconds(1));
    assertThat(provider.query("q")).isEqualTo(new Measurement.Value(7));
    assertThat(provider.query("q")).isEqualTo(new Measurement.Value(7));
  }

  @Test
  void wrongQueriesDoNotMakeTheServerLookBroken() {
    var provider = provider();
    server.answering(400, "");
    IntStream.range(0, 3 * PATIENCE.window()).forEach(_ -> provider.query("q"));
    server.answering(200, value(7));
    assertThat(provider.query("q")).isEqualTo(new Measurement.Value(7));
  }

  @Test
  void noReasonAndNoTextShowsACredential() {
    var provider = provider();
    for (int code : List.of(200, 301, 400, 401, 403, 404, 429, 500, 503)) {
      server.answering(
          code, "{\"status\":\"error\",\"error\":\"you sent %s, no\"}".formatted(PASSWORD));
      assertThat(reason(provider.query("q"))).doesNotContain(PASSWORD);
    }
    var settings = settings(server.address(), Duration.ofSeconds(1));
    assertThat(settings.toString() + create(settings, PATIENCE, clock)).doesNotContain(PASSWORD);
  }

  @Test
  void onlySoManyRequestsAreUnderWayAtATime() throws InterruptedException {
    server.silent();
    var provider = provider(settings(server.address(), Duration.ofSeconds(30)));
    var waiting =
        IntStream.range(0, PATIENCE.atOnce())
            .mapToObj(_ -> Thread.ofVirtual().start(() -> provider.query("q")))
            .toList();
    while (server.asked().size() < PATIENCE.atOnce()) {
      Thread.onSpinWait();
    }
    assertThat(reason(provider.query("q"))).contains("4 requests under way already");
    assertThat(server.asked()).hasSize(PATIENCE.atOnce());
    server.close();
    for (var thread : waiting) {
      thread.join();
    }
  }

  @Test
  void itSaysWhetherItWouldTakeQueries() {
    server.answering(200, value(1));
    assertThat(provider().probe()).isEqualTo(new Measurement.Value(1));
    server.answering(401, "");
    assertThat(provider().probe()).isInstanceOf(Measurement.Unavailable.class);
  }

  static String reason(Measurement measurement) {
    return measurement instanceof Measurement.Unavailable(var reason)
        ? reason
        : "it is not unavailable: " + measurement;
  }
}
