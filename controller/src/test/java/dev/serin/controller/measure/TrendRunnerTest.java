package dev.serin.controller.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.metrics.Measurement;
import dev.serin.metrics.MetricsProvider;
import dev.serin.metrics.Sample;
import dev.serin.metrics.SampleProvider;
import dev.serin.metrics.Samples;
import dev.serin.metrics.providers.Built;
import dev.serin.metrics.providers.MetricsProviders;
import dev.serin.metrics.providers.ProviderSettings;
import dev.serin.parse.MetricsServer;
import dev.serin.rollout.Questions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrendRunnerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final String CANARY =
      """
      metadata: {name: web, namespace: shop}
      spec:
        targetRef: {kind: Deployment, name: web}
        provider: fake
        service: {port: 80}
        analysis:
          interval: 30s
          stepWeights: [10, 50]
          metrics:
          - {name: memory, query: 'memory{app="{{ target }}"}', interval: 20s, trend: {}}
          - {name: queue, templateRef: {name: queue}, interval: 20s, onNoData: fail,
             templateVariables: {queue: orders},
             trend: {direction: either, tolerance: 0.5, absolute: 4, alpha: 0.01}}
          - {name: blind, query: 'memory{app="web"}', interval: 20s, trend: {}, dryRun: true}
          - {name: young, query: 'memory{app="{{ canary }}"}', interval: 1h, trend: {}}
      """;

  private final List<String> asked = new ArrayList<>();
  private double canary = 100;
  private double stable = 100;
  private int series = 1;
  private Instant now = NOW;
  private Duration ahead = Duration.ZERO;
  private int clockAsked;
  private Optional<String> down = Optional.empty();
  private MetricsProvider provider = new Gauges();
  private final MetricSources sources =
      new MetricSources() {
        @Override
        public Optional<MetricsProvider> prometheus(Optional<MetricsServer> named) {
          return Optional.of(provider);
        }

        @Override
        public Template template(String namespace, String name) {
          return new Template.Usable(
              provider, "depth{app=\"{{ target }}\",queue=\"{{ variables.queue }}\"}");
        }
      };
  private final TrendRunner runner = new TrendRunner(sources, () -> now);

  /// Answers with a constant for each version, a little noise on it.
  private class Gauges implements SampleProvider {
    @Override
    public Samples range(String query, Instant start, Instant end, Duration step) {
      asked.add(query + " " + Duration.between(start, NOW).toSeconds() + "s");
      if (down.isPresent()) {
        return new Samples.Unavailable(down.get());
      }
      var found = new ArrayList<Sample>();
      var level = query.contains("web-canary") ? canary : stable;
      for (var time = start; !time.isAfter(end); time = time.plus(step)) {
        for (int i = 0; i < series && Double.isFinite(level); i++) {
          var noise = new SplittableRandom(time.getEpochSecond()).nextDouble();
          found.add(new Sample(Map.of("i", "" + i), time, level + noise));
        }
      }
      return new Samples.Found(found);
    }

    @Override
    public Samples latest(String query) {
      assertThat(query).as("every other query has its time").isEqualTo("vector(time())");
      clockAsked++;
      return down.<Samples>map(Samples.Unavailable::new)
          .orElseGet(() -> new Samples.Found(List.of(time())));
    }

    private Sample time() {
      return new Sample(Map.of(), now, now.plus(ahead).toEpochMilli() / 1000.0);
    }

    @Override
    public Samples instant(String query, Instant time) {
      throw new AssertionError("a trend is a range");
    }

    @Override
    public Measurement query(String query) {
      throw new AssertionError("a trend is a range");
    }

    @Override
    public Measurement probe() {
      return new Measurement.Value(1);
    }
  }

  private Assessment run(int check) {
    return run(check, Assignments.of(CANARY, Questions.none(), "now", NOW));
  }

  private Assessment run(int check, Assignment assignment) {
    var spec = assignment.declared().checks().get(check);
    assertThat(runner.runs(spec)).isTrue();
    return runner.run(spec, assignment);
  }

  @Test
  void bothVersionsAreAskedForTheSameTimes() {
    assertThat(run(0).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(asked)
        .containsExactly(
            // Ten minutes since traffic was first wanted, the first window begins with it.
            "memory{app=\"web-canary\"} 580s",
            // Sixty windows more tell how much values resemble each other.
            "memory{app=\"web\"} 1780s");
    assertThat(run(0).query()).isEqualTo("memory{app=\"web-canary\"}");
  }

  @ParameterizedTest
  @CsvSource({"-300, behind", "300, ahead of"})
  void valuesAreAskedForByTheServersClock(int seconds, String words) {
    ahead = Duration.ofSeconds(seconds);

    assertThat(run(0).evidence())
        .endsWith(
            "; the metrics server's clock is 300 s "
                + words
                + " this controller's, which is allowed for: synchronise both");
    assertThat(asked)
        .containsExactly(
            "memory{app=\"web-canary\"} %ds".formatted(580 - seconds),
            "memory{app=\"web\"} %ds".formatted(1780 - seconds));
  }

  @Test
  void theServersClockIsAskedForOnceAMinute() {
    run(0);
    now = NOW.plusSeconds(59);
    run(0);
    assertThat(clockAsked).isOne();

    now = NOW.plusSeconds(60);
    ahead = Duration.ofSeconds(5);
    assertThat(run(0).evidence()).contains("5 s ahead of");
    assertThat(clockAsked).isEqualTo(2);

    now = NOW.minusSeconds(300);
    run(0);
    assertThat(clockAsked).as("our clock was set back").isEqualTo(3);
  }

  @Test
  void aServerThatDoesNotUnderstandTheQuestionIsTakenToBeInStep() {
    provider =
        new Gauges() {
          @Override
          public Samples latest(String query) {
            return new Samples.Refused("what is a vector?");
          }
        };

    assertThat(run(0).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(run(0).evidence()).doesNotContain("clock");
  }

  @Test
  void aGaugeThatRunsAwayIsCondemned() {
    canary = 150;

    assertThat(run(0).verdict()).isEqualTo(Verdict.CONDEMNED);
    assertThat(run(0).limit()).isEqualTo("at most 10 % above stable");
  }

  @Test
  void whatTheCheckToleratesIsWhatTheSpecSays() {
    stable = 2;
    canary = 3;
    assertThat(run(1).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(asked.getFirst()).startsWith("depth{app=\"web-canary\",queue=\"orders\"}");

    canary = 9;
    assertThat(run(1).verdict()).isEqualTo(Verdict.CONDEMNED);
  }

  @Test
  void trendsShareTheProbabilityOfAFalseAlarmWithAllThatCount() {
    // Three checks count: 0.05 and 0.01 become a third, and the second looks in two directions.
    assertThat(run(0).evidence()).endsWith("of 60 : 1");
    assertThat(run(1).evidence()).endsWith("of 600 : 1");
  }

  @Test
  void aQueryThatTellsNoVersionsApartIsNotSent() {
    assertThat(run(2).verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(run(2).reason()).contains("the same for both versions", "{{ target }}");
    assertThat(run(2).dryRun()).isTrue();
    assertThat(asked).isEmpty();
  }

  @Test
  void theFirstWindowHasToBeOver() {
    assertThat(run(3).verdict()).isEqualTo(Verdict.TOO_FEW);
    assertThat(run(3).reason()).contains("3600 s");
    assertThat(asked).isEmpty();
  }

  @Test
  void severalSeriesAreNotGuessedFrom() {
    series = 2;

    assertThat(run(0).verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(run(0).reason()).contains("2 series", "aggregate");
  }

  @Test
  void aServerThatIsDownSaysNothingOfTheCanary() {
    down = Optional.of("prometheus cannot be reached");

    assertThat(run(0).verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(run(0).reason()).isEqualTo("prometheus cannot be reached");
  }

  @Test
  void noValuesMeanWhatTheCheckSays() {
    canary = Double.NaN;

    assertThat(run(0).verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(run(0).reason()).isEqualTo("the query gives nothing for the canary");
    assertThat(run(1).verdict()).isEqualTo(Verdict.FAILED);
  }

  @Test
  void aSystemOfSingleNumbersHasNoTrend() {
    provider =
        new MetricsProvider() {
          @Override
          public Measurement query(String query) {
            return new Measurement.Value(1);
          }

          @Override
          public Measurement probe() {
            return new Measurement.Value(1);
          }
        };

    assertThat(run(0).verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(run(0).reason()).contains("one number at a time", "thresholdRange");
  }

  @Test
  void prometheusAnswersOverHttp() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/api/v1/query",
        exchange -> {
          var body = vector(now).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.createContext(
        "/api/v1/query_range",
        exchange -> {
          var form =
              URLDecoder.decode(
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                  StandardCharsets.UTF_8);
          asked.add(form);
          var body = matrix(form).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      var address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
      provider =
          ((Built.Ready)
                  new MetricsProviders(Clock.systemUTC()).of(ProviderSettings.prometheus(address)))
              .provider();

      assertThat(run(0).verdict()).isEqualTo(Verdict.CONDEMNED);
      assertThat(asked.getFirst()).contains("query=memory{app=\"web-canary\"}", "step=20.0");
    } finally {
      server.stop(0);
    }
  }

  private static String vector(Instant time) {
    return """
    {"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[%1$d,"%1$d"]}]}}\
    """
        .formatted(time.getEpochSecond());
  }

  private static String matrix(String form) {
    var level = form.contains("web-canary") ? 150 : 100;
    var values = new ArrayList<String>();
    for (var i = 0; i < 90; i++) {
      var time = NOW.minusSeconds(20L * i).getEpochSecond();
      values.addFirst("[%d,\"%d\"]".formatted(time, level + i % 3));
    }
    return """
    {"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[%s]}]}}\
    """
        .formatted(String.join(",", values));
  }
}
