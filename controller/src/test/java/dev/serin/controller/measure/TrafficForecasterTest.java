package dev.serin.controller.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.judge.Outlook;
import dev.serin.metrics.Measurement;
import dev.serin.metrics.MetricsProvider;
import dev.serin.metrics.Sample;
import dev.serin.metrics.SampleProvider;
import dev.serin.metrics.Samples;
import dev.serin.parse.MetricsServer;
import dev.serin.rollout.Questions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TrafficForecasterTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:07Z");
  private static final Instant LONG_AGO = NOW.minus(Duration.ofHours(1));
  private static final String SUCCESS = "{name: request-success-rate, comparison: {}}";
  private static final String LATENCY = "{name: request-duration, comparison: {slowerThan: 300ms}}";

  private final List<String> asked = new ArrayList<>();
  private double perSecond = 10;

  /// Which of how many requests of a pod fail, one after the other.
  private int everyOf = 100;

  private int together = 1;
  private boolean down;
  private String service = "{port: 80}";

  /// How far the server's clock is ahead of the controller's.
  private Duration ahead = Duration.ZERO;

  /// Counters of four pods of stable. Requests take half a second each twentieth time.
  private final class Counting implements SampleProvider {
    @Override
    public Samples range(String query, Instant start, Instant end, Duration step) {
      asked.add(query);
      if (down) {
        return new Samples.Unavailable("prometheus cannot be reached");
      }
      var samples = new ArrayList<Sample>();
      var last = NOW.plus(ahead).isBefore(end) ? NOW.plus(ahead) : end;
      for (var time = start; !time.isAfter(last); time = time.plus(step)) {
        samples.addAll(at(time));
      }
      return new Samples.Found(samples);
    }

    @Override
    public Samples latest(String query) {
      assertThat(query).as("all else has its time").isEqualTo("vector(time())");
      var now = NOW.plus(ahead);
      return down
          ? new Samples.Unavailable("prometheus cannot be reached")
          : new Samples.Found(List.of(new Sample(Map.of(), now, (double) now.getEpochSecond())));
    }

    @Override
    public Samples instant(String query, Instant time) {
      asked.add(query);
      return down
          ? new Samples.Unavailable("prometheus cannot be reached")
          : new Samples.Found(
              at(time).stream().filter(sample -> !sample.label("le").isEmpty()).toList());
    }

    private List<Sample> at(Instant time) {
      var samples = new ArrayList<Sample>();
      for (var pod = 0; pod < 4; pod++) {
        var seconds = Duration.between(LONG_AGO, time).toSeconds();
        var requests = Math.floor(seconds * perSecond / 4);
        // Pods fail in turn, so that all bad requests of a while are those of one pod.
        var bad =
            Math.floor((requests + pod * everyOf * together / 4.0) / (everyOf * together))
                * together;
        samples.add(sample("requests", pod, time, requests, Map.of()));
        samples.add(sample("errors", pod, time, bad, Map.of()));
        samples.add(sample("newest", pod, time, (double) time.getEpochSecond(), Map.of()));
        samples.add(sample("within", pod, time, requests * 0.95, Map.of("le", "0.25")));
        samples.add(sample("within", pod, time, requests, Map.of("le", "+Inf")));
      }
      return samples;
    }

    private Sample sample(
        String counted, int pod, Instant time, double value, Map<String, String> more) {
      var labels = new HashMap<>(new TreeMap<>(more));
      labels.put("counted", counted);
      labels.put("ns", "shop");
      labels.put("app", "web");
      labels.put("instance", "i" + pod);
      labels.put("pod", "web-" + pod);
      return new Sample(labels, time, value);
    }

    @Override
    public Measurement query(String query) {
      throw new AssertionError("counts are samples");
    }

    @Override
    public Measurement probe() {
      return new Measurement.Value(1);
    }
  }

  private Optional<Forecast> foretell(String metrics) {
    var sources =
        new MetricSources() {
          @Override
          public Optional<MetricsProvider> prometheus(Optional<MetricsServer> named) {
            return Optional.of(new Counting());
          }

          @Override
          public Template template(String namespace, String name) {
            throw new AssertionError("no template is named");
          }
        };
    var forecaster =
        new TrafficForecaster(
            Map.of("fake", new ThresholdRunnerTest.Queries()),
            sources,
            Optional.of(Duration.ofSeconds(10)));
    return forecaster.foretell(
        Assignments.of(
            """
            metadata: {name: web, namespace: shop}
            spec:
              targetRef: {kind: Deployment, name: web}
              provider: fake
              service: %s
              analysis: {interval: 1m, stepWeights: [5, 10], metrics: [%s]}
            """
                .formatted(service, metrics),
            Questions.none(),
            "now",
            NOW));
  }

  @Test
  void serverWhoseClockIsBehindIsAskedForItsOwnTime() {
    var forecast = foretell(SUCCESS);
    ahead = Duration.ofMinutes(-20);

    assertThat(foretell(SUCCESS).orElseThrow().tooWeak())
        .isEqualTo(forecast.orElseThrow().tooWeak());
  }

  @Test
  void littleTrafficIsToldWithWhatWouldHelp() {
    var forecast = foretell(SUCCESS).orElseThrow();

    assertThat(forecast.revision()).isEqualTo("new");
    // 10 requests/s, one minute at 5 % and one at 10 %.
    assertThat(forecast.tooWeak().orElseThrow())
        .startsWith("request-success-rate: this plan gives the canary about 90 requests")
        .contains("What would help: all steps ");
    assertThat(forecast.bursts()).isEmpty();
    assertThat(asked).hasSize(1);
  }

  @Test
  void enoughTrafficIsNothingToWarnOf() {
    perSecond = 4000;
    everyOf = 1000;

    var forecast = foretell(SUCCESS).orElseThrow();

    assertThat(forecast.tooWeak()).isEmpty();
    assertThat(
            Objects.requireNonNull(forecast.outlooks().get("request-success-rate"))
                .canaryRequests())
        .isBetween(35_000.0, 37_000.0);
  }

  @Test
  void badRequestsThatComeTogetherAreTold() {
    perSecond = 400;
    everyOf = 1000;
    together = 40;

    assertThat(foretell(SUCCESS).orElseThrow().bursts().orElseThrow())
        .startsWith("request-success-rate: Bad requests of stable come about ");
  }

  @Test
  void oneCauseMakesAsManyBadRequestsAsTheMeshTriesEach() {
    perSecond = 4000;
    everyOf = 1000;
    var once = needed();

    service = "{port: 80, retries: {attempts: 0}}";
    assertThat(needed()).isEqualTo(once);

    service = "{port: 80, retries: {attempts: 4, retryOn: 5xx}}";
    assertThat(needed()).isBetween(4 * once, 5 * once);
    assertThat(foretell(SUCCESS).orElseThrow().bursts().orElseThrow())
        .contains("come about 5 at a time");
  }

  private double needed() {
    return Objects.requireNonNull(
            foretell(SUCCESS).orElseThrow().outlooks().get("request-success-rate"))
        .requestsToPass();
  }

  @Test
  void noTrafficAtAllIsTheLeastOfAll() {
    perSecond = 0;

    assertThat(foretell(SUCCESS).orElseThrow().tooWeak().orElseThrow())
        .contains("about 0 requests", "more traffic");
  }

  @Test
  void latencyIsForetoldByTheBoundThatThereIs() {
    perSecond = 40;

    var forecast = foretell(LATENCY).orElseThrow();

    assertThat(forecast.outlooks()).containsOnlyKeys("request-duration");
    assertThat(forecast.tooWeak()).isPresent();
    assertThat(asked.getLast()).contains("counted", "0\\\\.25");
  }

  @Test
  void toleranceThatIsDeclaredCountsForLimitsThatAreChosen() {
    perSecond = 40;

    assertThat(outlooks("{name: request-duration, comparison: {tolerance: strict}}"))
        .isNotEqualTo(outlooks("{name: request-duration, comparison: {tolerance: lenient}}"));
  }

  private Map<String, Outlook> outlooks(String metrics) {
    return foretell(metrics).orElseThrow().outlooks();
  }

  @Test
  void whoDoesNotAnswerForetellsNothing() {
    down = true;

    assertThat(foretell(SUCCESS)).isEmpty();
    assertThat(foretell(LATENCY)).isEmpty();
  }

  @Test
  void withoutAComparisonNothingIsAsked() {
    assertThat(
            foretell("{name: request-success-rate, thresholdRange: {min: 99}}")
                .orElseThrow()
                .outlooks())
        .isEmpty();
    assertThat(asked).isEmpty();
  }
}
