package dev.serin.sandbox.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QueryEngineTest {

  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  private final SeriesStore store = new SeriesStore(Duration.ofHours(1));
  private final QueryEngine engine = new QueryEngine(store, Semantics.PROMETHEUS_3);

  /// Scrapes every 10 s for 5 min: `a` grows by 10 each, its errors by 1; `b` by 20 and 0, and is
  /// gone after 2 min.
  @BeforeEach
  void fill() {
    for (int i = 0; i <= 30; i++) {
      var samples = new ArrayList<Sample>();
      add(samples, "a", "200", 9L * i);
      add(samples, "a", "500", i);
      if (i <= 12) {
        add(samples, "b", "200", 20L * i);
      }
      samples.add(new Sample(Labels.of("temperature", "room", "x"), 20 + i % 3));
      for (String le : List.of("0.1", "0.5", "+Inf")) {
        double share = le.equals("0.1") ? 0.5 : le.equals("0.5") ? 0.9 : 1;
        samples.add(new Sample(Labels.of("took_bucket", "le", le), 10 * i * share));
      }
      store.scraped(at(10L * i), samples);
    }
  }

  @Test
  void aSelectorGivesTheNewestSamples() {
    assertThat(ask("requests_total{workload=\"a\"}", 60))
        .isEqualTo(
            """
            requests_total{code="200", workload="a"} 54
            requests_total{code="500", workload="a"} 6
            """);
  }

  @Test
  void matchersOfAllKinds() {
    assertThat(ask("count(requests_total{workload=~\"a|b\", code!~\"5..\"})", 60))
        .isEqualTo("{} 2\n");
    assertThat(ask("count(requests_total{workload!=\"a\"})", 60)).isEqualTo("{} 1\n");
    assertThat(ask("count({__name__=~\"requests.*\"})", 60)).isEqualTo("{} 3\n");
    assertThat(ask("requests_total{workload=~\"a|\"}", 60)).contains("workload=\"a\"");
  }

  @Test
  void aRangeDoesNotContainItsStart() {
    assertThat(ask("count_over_time(up_or_not[1m]) or count_over_time(temperature[1m])", 60))
        .isEqualTo("{room=\"x\"} 6\n");
    assertThat(askAs(Semantics.PROMETHEUS_2, "count_over_time(temperature[1m])", 60))
        .isEqualTo("{room=\"x\"} 7\n");
  }

  @Test
  void increaseIsExtrapolatedToTheEndsOfTheRange() {
    assertThat(value("sum(increase(requests_total{workload=\"a\"}[1m]))", 120))
        .isCloseTo(60, within(1e-9));
    assertThat(value("sum(rate(requests_total{workload=\"a\"}[1m]))", 125))
        .isCloseTo(1, within(1e-9));
  }

  @Test
  void aCounterThatStartsAgainIsNoLoss() {
    var fresh = new SeriesStore(Duration.ofHours(1));
    double[] values = {0, 50, 100, 10, 60};
    for (int i = 0; i < values.length; i++) {
      fresh.scraped(at(10L * i), List.of(new Sample(Labels.of("c", "x", "y"), values[i])));
    }

    var answer = new QueryEngine(fresh, Semantics.PROMETHEUS_2).instant("increase(c[40s])", at(40));

    assertThat(((Answer.Vector) answer).samples().getFirst().value()).isEqualTo(160);
  }

  @Test
  void theSuccessRateOfAWorkload() {
    assertThat(
            value(
                """
                sum(rate(requests_total{workload="a",code!~"5.."}[1m]))
                /
                sum(rate(requests_total{workload="a"}[1m])) * 100
                """,
                120))
        .isCloseTo(90, within(1e-9));
  }

  @Test
  void quantilesAreInterpolated() {
    assertThat(value("histogram_quantile(0.7, sum by (le) (rate(took_bucket[1m])))", 120))
        .isCloseTo(0.3, within(1e-9));
    assertThat(value("histogram_quantile(0.99, sum(rate(took_bucket[1m])) by (le))", 120))
        .isCloseTo(0.5, within(1e-9));
  }

  @Test
  void aSeriesThatIsGoneFromTheTargetEndsAtOnce() {
    assertThat(ask("requests_total{workload=\"b\"}", 120)).isNotEmpty();
    assertThat(ask("requests_total{workload=\"b\"}", 130)).isEmpty();
    assertThat(ask("requests_total{workload=\"b\"} offset 30s", 150)).isNotEmpty();
  }

  @Test
  void aSampleIsForgottenAfterFiveMinutesWithoutScrape() {
    assertThat(ask("temperature", 599)).isNotEmpty();
    assertThat(ask("temperature", 600)).isEmpty();
  }

  @Test
  void nothingIsNotZero() {
    assertThat(ask("sum(rate(unknown_total[1m]))", 120)).isEmpty();
    assertThat(ask("sum(rate(unknown_total[1m])) or vector(0)", 120)).isEqualTo("{} 0\n");
    assertThat(value("sum(requests_total) * 0 / 0", 120)).isNaN();
  }

  @Test
  void brandNewSeriesAreCountedFromZeroByTheSafeForm() {
    var query =
        """
        sum(
            (increase(requests_total{workload="b"}[1m]) and (requests_total{workload="b"} offset 1m))
          or
            (last_over_time(requests_total{workload="b"}[1m]) unless (requests_total{workload="b"} offset 1m))
        ) or vector(0)
        """;

    assertThat(value(query, 30)).isEqualTo(60);
    assertThat(value(query, 100)).isCloseTo(120, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1 + 2 * 3; 7",
        "-2 ^ 2; -4",
        "2 ^ 3 ^ 2; 512",
        "(1 + 2) * 3; 9",
        "10 % 4; 2",
        "1 == bool 2; 0",
        "1e3; 1000",
        "0x10; 16",
        "vector(3) > 2; 3",
        "scalar(vector(4)); 4",
        "round(vector(2.5)); 3",
        "clamp_max(vector(7), 5); 5",
        "clamp(vector(7), 8, 9); 8",
        "abs(vector(-1)); 1",
        "time() - time(); 0"
      })
  void arithmetic(String query, double expected) {
    assertThat(value(query, 120)).isEqualTo(expected);
  }

  @Test
  void vectorsMatchByTheirLabels() {
    assertThat(
            ask("requests_total{code=\"500\"} / ignoring(code) requests_total{code=\"200\"}", 120))
        .isEqualTo("{workload=\"a\"} 0.111111\n");
    assertThat(
            ask(
                "sum by (workload) (requests_total) > on(workload) sum by (workload) (requests_total{code=\"200\"})",
                120))
        .isEqualTo("{workload=\"a\"} 120\n");
    assertThat(
            ask(
                "requests_total / on(workload) group_left sum by (workload) (requests_total{workload=\"a\"})",
                120))
        .isEqualTo(
            """
            {code="200", workload="a"} 0.9
            {code="500", workload="a"} 0.1
            """);
  }

  @Test
  void ambiguousMatchesAreRefused() {
    assertThatThrownBy(() -> ask("vector(1) * on() requests_total", 120))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("duplicate series");
  }

  @Test
  void aggregations() {
    assertThat(ask("sum by (workload) (requests_total)", 120))
        .isEqualTo("{workload=\"a\"} 120\n{workload=\"b\"} 240\n");
    assertThat(ask("max without (code) (requests_total)", 120))
        .isEqualTo("{workload=\"a\"} 108\n{workload=\"b\"} 240\n");
    assertThat(ask("avg(requests_total)", 120)).isEqualTo("{} 120\n");
    assertThat(ask("min(requests_total)", 120)).isEqualTo("{} 12\n");
  }

  @Test
  void labelsCanBeRewritten() {
    assertThat(
            ask(
                "label_replace(requests_total{code=\"500\"}, \"class\", \"${1}xx\", \"code\", \"(.).*\")",
                60))
        .isEqualTo("requests_total{class=\"5xx\", code=\"500\", workload=\"a\"} 6\n");
  }

  @Test
  void whatIsAbsentIsSaid() {
    assertThat(ask("absent(unknown_total{job=\"x\"})", 60)).isEqualTo("{job=\"x\"} 1\n");
    assertThat(ask("absent(requests_total)", 60)).isEmpty();
  }

  @Test
  void aRangeQueryIsAnsweredStepByStep() {
    var lines =
        engine.range("sum(requests_total{workload=\"a\"})", at(0), at(60), Duration.ofSeconds(30));

    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst().points())
        .containsExactly(
            new QueryEngine.Point(at(0), 0),
            new QueryEngine.Point(at(30), 30),
            new QueryEngine.Point(at(60), 60));
  }

  @Test
  void rawSamplesCanBeAskedFor() {
    assertThat(engine.samples("temperature[30s]", at(60)).orElseThrow().getFirst().points())
        .extracting(QueryEngine.Point::value)
        .containsExactly(21.0, 22.0, 20.0);
    assertThat(engine.samples("temperature", at(60))).isEmpty();
  }

  @Test
  void oldSamplesAreForgotten() {
    var shortLived = new SeriesStore(Duration.ofSeconds(30));
    for (int i = 0; i < 100; i++) {
      shortLived.scraped(at(i), List.of(new Sample(Labels.of("c", "x", "y"), i)));
    }

    assertThat(
            new QueryEngine(shortLived, Semantics.PROMETHEUS_3)
                .samples("c[5m]", at(99))
                .orElseThrow()
                .getFirst()
                .points())
        .hasSize(31);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "sum(; unexpected",
        "foo{a=~\"(\"}; regexp",
        "{a=\"\"}; at least one non-empty matcher",
        "quantile_over_time(0.9, foo[5m]); unknown function",
        "rate(foo); range vector",
        "foo[5m:1m]; subqueries",
        "foo @ 5; not understood",
        "foo[5m]; range vector",
        "foo and 1; set operators",
        "foo bar; expected end of input",
        "foo{a=\"b; unterminated"
      })
  void whatIsNotUnderstoodIsSaid(String query, String message) {
    assertThatThrownBy(() -> engine.instant(query, at(0)))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining(message);
  }

  private static void add(List<Sample> samples, String workload, String code, long value) {
    samples.add(new Sample(Labels.of("requests_total", "workload", workload, "code", code), value));
  }

  private static Instant at(long second) {
    return START.plusSeconds(second);
  }

  private double value(String query, long second) {
    return switch (engine.instant(query, at(second))) {
      case Answer.Scalar(var value) -> value;
      case Answer.Vector(var samples) -> {
        assertThat(samples).hasSize(1);
        yield samples.getFirst().value();
      }
      case Answer.Text(var text) -> throw new AssertionError(text);
    };
  }

  private String ask(String query, long second) {
    return askAs(Semantics.PROMETHEUS_3, query, second);
  }

  private String askAs(Semantics semantics, String query, long second) {
    var samples =
        ((Answer.Vector) new QueryEngine(store, semantics).instant(query, at(second))).samples();
    return samples.stream()
        .map(
            s ->
                s.labels().values().entrySet().stream()
                        .filter(e -> !e.getKey().equals("__name__"))
                        .map(e -> e.getKey() + "=\"" + e.getValue() + "\"")
                        .collect(Collectors.joining(", ", s.labels().metric() + "{", "}"))
                    + " "
                    + Exposition.number(Math.round(s.value() * 1e6) / 1e6)
                    + "\n")
        .sorted()
        .collect(Collectors.joining());
  }
}
