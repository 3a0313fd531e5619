package dev.serin.controller.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.controller.background.ThreadedBackground;
import dev.serin.controller.measure.Traffic.Way;
import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.metrics.Measurement;
import dev.serin.metrics.SampleProvider;
import dev.serin.metrics.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Many Canaries on one server.
class FleetTest {
  private static final String COMPARISON = "{name: request-success-rate, comparison: {}}";
  private static final String LIMIT = "{name: request-success-rate, thresholdRange: {min: 99}}";
  private static final String SLOW_COMPARISON =
      "{name: request-duration, comparison: {slowerThan: 250ms}}";
  private static final String SLOW_LIMIT_200 =
      "{name: request-duration, thresholdRange: {max: 200}}";
  private static final String SLOW_LIMIT = "{name: request-duration, thresholdRange: {max: 500}}";
  private static final Pattern NAMES = Pattern.compile("destination_workload=~\"([^\"]*)\"");

  private final Bench bench = new Bench();
  private EvidenceLoop loop = bench.loop(Optional.of(Bench.SCRAPE));
  private final List<Assignment> assignments = new ArrayList<>();

  private void canaries(int count, int namespaces) {
    canaries(count, namespaces, COMPARISON);
  }

  private void canaries(int count, int namespaces, String... metrics) {
    for (int i = 0; i < count; i++) {
      assignments.add(
          Bench.assignment(
              Bench.canary("ns" + i % namespaces, "app" + i / namespaces, metrics),
              bench.time.instant().plusSeconds(i % 7)));
    }
    bench.time.advance(Duration.ofSeconds(10));
    assignments.forEach(loop::gather);
    bench.time.advance(Duration.ofSeconds(20));
    bench.asked.clear();
  }

  private void serve(Assignment each, double failing) {
    serve(each, new Way(9, failing, 0));
  }

  private void serve(Assignment each, Way canary) {
    var workload = each.name();
    var pod = workload + "-" + each.namespace();
    bench.traffic.pod(each.namespace(), workload, pod, new Way(9, 0, 0));
    bench.traffic.pod(each.namespace(), workload + "-canary", pod + "-c", canary);
  }

  /// How many targets a query is about; none where it is about the server.
  private static int names(String query) {
    var matcher = NAMES.matcher(query);
    return matcher.find() ? matcher.group(1).split("\\|", -1).length : 0;
  }

  @Test
  void thousandCanariesCostTenQueriesATick() {
    bench.empty = true;
    canaries(1000, 40);
    bench.time.advance(Bench.SCRAPE);

    assertThat(bench.asked).hasSize(10).allMatch(query -> names(query) <= 100);
  }

  @Test
  void numbersOfThousandCanariesAreAskedForTogetherToo() {
    bench.empty = true;
    var runner = bench.thresholds();
    var answers = new ArrayList<Assessment>();
    for (int i = 0; i < 1000; i++) {
      var each =
          Bench.assignment(Bench.canary("ns" + i % 40, "app" + i / 40, LIMIT), Instant.EPOCH);
      runner.start(each.declared().checks().getFirst(), each, answers::add);
    }
    bench.time.advance(Duration.ofSeconds(2));

    assertThat(bench.asked).hasSize(10);
    assertThat(answers).hasSize(1000);
  }

  /// Every Canary has traffic, is judged by both built-in metrics, and is looked at every 15 s, all
  /// in the same second. Flagger sends two queries for each: 2,000.
  @ParameterizedTest
  @MethodSource
  void bothMetricsOfThousandCanariesCostTwentyQueriesATickAtMost(
      String successRate, String duration, Verdict slow) {
    var tick = Duration.ofSeconds(15);
    loop = bench.loop(Optional.of(tick));
    bench.instead = Optional.of(new ManySeries(40, 25, "ns7/app3-canary"));
    canaries(1000, 40, successRate, duration);
    var thresholds = bench.thresholds();
    var answers = new HashMap<Assignment, List<Assessment>>();
    for (int round = 0; round < 3; round++) {
      answers.clear();
      bench.asked.clear();
      for (var each : assignments) {
        var said = answers.computeIfAbsent(each, _ -> new ArrayList<>());
        for (var check : each.declared().checks()) {
          var runner = thresholds.runs(check) ? thresholds : loop;
          runner.start(check, each, said::add);
        }
      }
      bench.time.advance(tick);
      assertThat(bench.asked)
          .filteredOn(query -> names(query) > 0)
          .hasSizeBetween(10, 20)
          .allMatch(query -> names(query) <= 100);
      // Once a minute what time it is there.
      assertThat(bench.asked).filteredOn(query -> names(query) == 0).hasSizeLessThan(2);
    }
    assertThat(answers.values())
        .hasSize(1000)
        .allSatisfy(said -> assertThat(said).hasSize(2))
        .filteredOn(said -> said.stream().anyMatch(each -> each.verdict() == slow))
        .hasSize(1);
    assertThat(answers.values())
        .filteredOn(said -> said.stream().allMatch(FleetTest::isMeasured))
        .hasSize(1000);
  }

  static Stream<Arguments> bothMetricsOfThousandCanariesCostTwentyQueriesATickAtMost() {
    return Stream.of(
        Arguments.of(COMPARISON, SLOW_COMPARISON, Verdict.CONDEMNED),
        Arguments.of(LIMIT, SLOW_LIMIT, Verdict.FAILED),
        Arguments.of(COMPARISON, SLOW_LIMIT, Verdict.FAILED));
  }

  private static boolean isMeasured(Assessment said) {
    return switch (said.verdict()) {
      case PASSED, FAILED, CONDEMNED, HOLD, UNDECIDED -> true;
      case NO_DATA, TOO_FEW, UNAVAILABLE -> false;
    };
  }

  @Test
  void everyCanaryGetsItsOwnNumbers() {
    canaries(12, 3);
    for (int i = 0; i < 12; i++) {
      serve(assignments.get(i), new Way(9, i == 7 ? 0.5 : 0, i == 4 ? 0.9 : 0));
    }
    bench.time.advance(Duration.ofMinutes(2));
    bench.asked.clear();
    var runner = bench.thresholds();
    var answers = new ArrayList<Assessment>();
    for (int i = 0; i < 12; i++) {
      // One asks for the success rate only, which is another query.
      var metrics = i == 11 ? List.of(LIMIT) : List.of(LIMIT, SLOW_LIMIT_200);
      var each = assignments.get(i);
      var declared = Bench.canary(each.namespace(), each.name(), metrics.toArray(String[]::new));
      var asking = Bench.assignment(declared, bench.time.instant());
      declared.checks().forEach(check -> runner.start(check, asking, answers::add));
    }
    bench.time.runUntil(() -> answers.size() == 23, Duration.ofSeconds(2));

    assertThat(bench.asked).filteredOn(query -> query.contains("rate(")).hasSize(2);
    assertThat(answers)
        .extracting(Assessment::verdict)
        .containsOnly(Verdict.PASSED, Verdict.FAILED);
    var failed = answers.stream().filter(said -> said.verdict() == Verdict.FAILED).toList();
    assertThat(failed)
        .extracting(Assessment::check)
        .containsExactlyInAnyOrder("request-success-rate", "request-duration");
    for (var said : failed) {
      var isRate = said.check().equals("request-success-rate");
      assertThat(said.value().orElseThrow())
          .isBetween(isRate ? 40.0 : 250.0, isRate ? 60.0 : 500.0);
      assertThat(said.query())
          .contains("destination_workload=~\"app%d-canary\"".formatted(isRate ? 2 : 1));
    }
  }

  /// Nine requests a second: 90 in the ten seconds that the check looks at.
  @ParameterizedTest
  @CsvSource({"80, PASSED", "120, TOO_FEW"})
  void aPairOfServersCountsEachRequestOnce(int minSamples, Verdict expected) {
    bench.traffic.scrapedBy("a", "b");
    canaries(
        2,
        1,
        "{name: request-success-rate, interval: 10s, thresholdRange: {min: 99}, minSamples: %d}"
            .formatted(minSamples));
    assignments.forEach(each -> serve(each, 0));
    bench.time.advance(Duration.ofMinutes(1));
    var runner = bench.thresholds();
    var together = new ArrayList<Assessment>();
    for (var each : assignments) {
      var check = each.declared().checks().getFirst();
      runner.start(check, each, together::add);
      assertThat(runner.run(check, each).verdict()).isEqualTo(expected);
    }
    bench.time.runUntil(() -> together.size() == 2, Duration.ofSeconds(2));

    assertThat(together).extracting(Assessment::verdict).containsOnly(expected);
  }

  @Test
  void aSlowServerDelaysNobodyElse() throws InterruptedException {
    var never = new CountDownLatch(1);
    var answered = new CountDownLatch(1);
    var slow = new Stub(() -> await(never));
    var quick = new Stub(answered::countDown);
    try (var background = new ThreadedBackground()) {
      var loop = bench.loop(background, List.of(slow, quick));
      loop.gather(
          Bench.assignment(Bench.asking("http://slow", "shop", "web", COMPARISON), Instant.now()));
      loop.gather(
          Bench.assignment(Bench.asking("http://quick", "shop", "api", COMPARISON), Instant.now()));

      assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(slow.asked).hasPositiveValue();
    } finally {
      never.countDown();
    }
  }

  @Test
  void everyCanaryGetsItsOwnCounts() {
    canaries(12, 3);
    assignments.forEach(each -> serve(each, each.equals(assignments.get(7)) ? 0.9 : 0));
    bench.time.advance(Duration.ofMinutes(1));

    assertThat(loop.condemned("ns1", "app2")).isPresent();
    assertThat(
            assignments.stream()
                .filter(each -> loop.condemned(each.namespace(), each.name()).isPresent()))
        .hasSize(1);
  }

  @Test
  void serverThatRefusesLargeQueriesGetsSmallerOnes() {
    bench.empty = true;
    bench.takes = query -> names(query) <= 30;
    canaries(100, 1);
    bench.time.advance(Bench.SCRAPE);

    assertThat(bench.asked).hasSize(4).allMatch(query -> names(query) > 0 && names(query) <= 30);
    for (var each : assignments) {
      assertThat(loop.tally(each.namespace(), each.name()).orElseThrow().judged()).hasSize(1);
    }
  }

  @Test
  void oneTargetThatIsRefusedCostsNobodyElseAnything() {
    bench.empty = true;
    bench.takes = query -> !query.contains("app3(");
    canaries(40, 1);
    bench.time.advance(Bench.SCRAPE);

    assertThat(bench.asked).hasSize(2);
    var refused = assignments.get(3);
    assertThat(loop.run(refused.declared().checks().getFirst(), refused).reason())
        .isEqualTo("413: too large");
  }

  /// What is said of the numbers of so many Canaries, asked for in the same second.
  private List<Assessment> numbers(ThresholdRunner runner, int count) {
    bench.asked.clear();
    var answers = new ArrayList<Assessment>();
    for (int i = 0; i < count; i++) {
      var each = Bench.assignment(Bench.canary("shop", "app" + i, LIMIT), Instant.EPOCH);
      runner.start(each.declared().checks().getFirst(), each, answers::add);
    }
    bench.time.runUntil(() -> answers.size() == count, Duration.ofSeconds(2));
    return answers;
  }

  @Test
  void serverThatRefusesLargeQueriesForNumbersGetsSmallerOnes() {
    bench.empty = true;
    bench.takes = query -> names(query) <= 40;
    var runner = bench.thresholds();

    assertThat(numbers(runner, 100)).extracting(Assessment::verdict).containsOnly(Verdict.NO_DATA);
    assertThat(bench.asked).hasSize(7);
    assertThat(numbers(runner, 100)).extracting(Assessment::verdict).containsOnly(Verdict.NO_DATA);
    assertThat(bench.asked).hasSize(4).allMatch(query -> names(query) == 25);

    bench.takes = _ -> true;
    bench.time.advance(Duration.ofMinutes(11));
    assertThat(numbers(runner, 100)).hasSize(100);
    assertThat(bench.asked).hasSize(1);
  }

  @Test
  void oneTargetWhoseNumbersAreRefusedCostsNobodyElseAnything() {
    bench.empty = true;
    bench.takes = query -> !query.contains("app3-canary");
    var runner = bench.thresholds();

    var answers = numbers(runner, 40);
    assertThat(answers)
        .filteredOn(said -> said.verdict() == Verdict.UNAVAILABLE)
        .singleElement()
        .satisfies(said -> assertThat(said.reason()).isEqualTo("413: too large"))
        .satisfies(said -> assertThat(said.query()).contains("app3-canary"));
    assertThat(answers).filteredOn(said -> said.verdict() == Verdict.NO_DATA).hasSize(39);
    assertThat(bench.asked).filteredOn(query -> names(query) == 1).hasSizeBetween(1, 2);

    bench.takes = _ -> true;
    numbers(runner, 40);
    assertThat(bench.asked).as("nobody was modest").hasSize(1);
  }

  @Test
  void afterAnOutageTheyAreAskedForTogetherAgain() {
    bench.empty = true;
    canaries(100, 4);
    bench.down = true;
    bench.time.advance(Duration.ofSeconds(60));
    bench.down = false;
    bench.asked.clear();
    bench.time.advance(Bench.SCRAPE);

    assertThat(bench.asked).hasSizeLessThanOrEqualTo(5);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A server without series, that does something before it answers.
  private static final class Stub implements SampleProvider {
    final AtomicInteger asked = new AtomicInteger();
    private final Runnable before;

    Stub(Runnable before) {
      this.before = before;
    }

    @Override
    public Measurement query(String query) {
      return new Measurement.NoData("nothing");
    }

    @Override
    public Measurement probe() {
      return new Measurement.Value(1);
    }

    @Override
    public Samples latest(String query) {
      return instant(query, Instant.EPOCH);
    }

    @Override
    public Samples instant(String query, Instant time) {
      asked.incrementAndGet();
      before.run();
      return new Samples.Found(List.of());
    }

    @Override
    public Samples range(String query, Instant start, Instant end, Duration step) {
      return instant(query, end);
    }
  }
}
