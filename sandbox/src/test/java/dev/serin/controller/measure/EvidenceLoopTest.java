package dev.serin.controller.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.controller.measure.Traffic.Way;
import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.rollout.Affinity;
import dev.serin.rollout.RequestMatch;
import dev.serin.rollout.Seen;
import dev.serin.rollout.TrafficSplit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceLoopTest {
  private static final String COMPARISON = "{name: request-success-rate, comparison: {}}";
  private static final Way STABLE = new Way(45, 0.001, 0.01);

  private final Bench bench = new Bench();
  private final EvidenceLoop loop = bench.loop();
  private Assignment assignment =
      Bench.assignment(Bench.canary("shop", "web", COMPARISON), Instant.EPOCH);

  /// Stable runs for a while, then the canary gets its first traffic.
  private void start(Way canary, String... metrics) {
    start(STABLE, canary, metrics);
  }

  private void start(Way stable, Way canary, String... metrics) {
    bench.traffic.pod("shop", "web", "web-1", stable);
    bench.traffic.pod("shop", "web", "web-2", stable);
    bench.time.advance(Duration.ofMinutes(12).plusMillis(700));
    bench.traffic.pod("shop", "web-canary", "web-canary-1", canary);
    assignment = Bench.assignment(Bench.canary("shop", "web", metrics), bench.background.instant());
    loop.gather(assignment);
  }

  private Assessment said() {
    return said(0);
  }

  private Assessment said(int check) {
    return loop.run(assignment.declared().checks().get(check), assignment);
  }

  private Optional<Seen.Condemned> condemned() {
    return loop.condemned("shop", "web");
  }

  @Test
  void canaryThatFailsHalfItsRequestsIsCondemnedWithinTwentySeconds() {
    start(new Way(10, 0.5, 0), COMPARISON);
    var decided = bench.time.runUntil(() -> condemned().isPresent(), Duration.ofSeconds(20));

    assertThat(decided).isTrue();
    assertThat(bench.traffic.failed("web-canary")).isLessThanOrEqualTo(80);
    assertThat(bench.woken).containsExactly("shop/web");
    assertThat(condemned().orElseThrow().rollout()).isEqualTo(1);
    assertThat(condemned().orElseThrow().reason())
        .startsWith("request-success-rate: canary ")
        .contains("worse than allowed beyond doubt");
    assertThat(said().verdict()).isEqualTo(Verdict.CONDEMNED);
  }

  @Test
  void canaryLikeAStableThatFailsSometimesPasses() {
    start(new Way(45, 0.02, 0), new Way(10, 0.02, 0), COMPARISON);
    bench.time.advance(Duration.ofMinutes(40));

    assertThat(condemned()).isEmpty();
    assertThat(said().verdict()).as(said().reason()).isEqualTo(Verdict.PASSED);
    assertThat(bench.woken).isEmpty();
  }

  @Test
  void whatItSaysHasTheNumbersAndAQueryOfThisCanaryAlone() {
    start(new Way(10, 0.001, 0), COMPARISON);
    bench.time.advance(Duration.ofMinutes(1));

    assertThat(said().reason()).startsWith("canary ").contains(", stable ").contains(", limit ");
    assertThat(said().limit()).startsWith("at least 99.");
    assertThat(said().evidence()).contains(" of 20 : 1");
    assertThat(said().query())
        .contains("destination_workload=~\"web(-canary)?\"")
        .contains("destination_workload_namespace=~\"shop\"");
    assertThat(bench.prometheus.instant(said().query(), bench.time.instant())).isNotNull();
  }

  @Test
  void beforeItCaughtUpItSaysSo() {
    start(new Way(10, 0, 0), COMPARISON);

    assertThat(said().verdict()).isEqualTo(Verdict.UNAVAILABLE);
    bench.time.advance(Duration.ofSeconds(6));
    assertThat(said().verdict()).isNotEqualTo(Verdict.UNAVAILABLE);
  }

  @Test
  void processThatStartsAnewKnowsWhatTheOldOneKnew() {
    var latency = "{name: request-duration, comparison: {slowerThan: 250ms}}";
    start(new Way(10, 0.01, 0.02), COMPARISON, latency);
    for (int tick = 1; tick <= 40; tick++) {
      if (tick == 12) {
        bench.traffic.restart("shop", "web", "web-1");
      }
      if (tick == 20) {
        bench.traffic.remove("shop", "web-canary", "web-canary-1");
        bench.traffic.pod("shop", "web-canary", "web-canary-2", new Way(10, 0.02, 0));
        assignment = inSecondStep(assignment, bench.time.instant());
        loop.gather(assignment);
      }
      bench.time.advance(Bench.SCRAPE);
      var anew = bench.loop();
      anew.gather(assignment);
      bench.time.settle();

      assertThat(anew.tally("shop", "web"))
          .as("at tick %d", tick)
          .isPresent()
          .isEqualTo(loop.tally("shop", "web"));
      anew.forget("shop", "web");
    }
    assertThat(said().reason()).contains("canary ");
    assertThat(loop.tally("shop", "web").orElseThrow().judged()).hasSize(2);
  }

  private static Assignment inSecondStep(Assignment to, Instant routed) {
    return new Assignment(
        to.declared(),
        to.questions(),
        to.phase(),
        to.rollout(),
        to.revision(),
        to.stable(),
        1,
        to.split(),
        List.of(to.routedAt().getFirst(), routed),
        Optional.of(routed),
        to.dialect(),
        to.isolated(),
        to.situation(),
        routed);
  }

  @Test
  void outageLeavesNoGap() {
    start(new Way(10, 0.01, 0), COMPARISON);
    bench.time.advance(Duration.ofSeconds(30));
    bench.prometheus.fail("connection refused");
    bench.time.advance(Duration.ofSeconds(30));
    assertThat(said().verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(said().reason()).isEqualTo("connection refused");

    bench.prometheus.recover();
    bench.time.advance(Duration.ofSeconds(10));

    var anew = bench.loop();
    anew.gather(assignment);
    bench.time.settle();
    assertThat(loop.tally("shop", "web")).isPresent().isEqualTo(anew.tally("shop", "web"));
    assertThat(said().verdict()).isNotEqualTo(Verdict.UNAVAILABLE);
  }

  @Test
  void serverThatScrapesNoMoreIsNoQuietService() {
    start(new Way(10, 0, 0), COMPARISON);
    bench.time.advance(Duration.ofSeconds(30));
    bench.traffic.stall();
    bench.time.advance(Duration.ofSeconds(20));

    assertThat(said().verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(said().reason()).contains("no sample newer than");
  }

  @Test
  void serviceWithoutAnySeriesSaysWhatWasLookedFor() {
    assignment = Bench.assignment(Bench.canary("shop", "web", COMPARISON), bench.time.instant());
    loop.gather(assignment);
    bench.time.advance(Duration.ofSeconds(30));

    assertThat(said().verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(said().reason()).contains("web-canary").contains("istio_requests_total");
  }

  @Test
  void dryRunIsShownAndDecidesNothing() {
    start(new Way(10, 0.5, 0), "{name: request-success-rate, comparison: {}, dryRun: true}");
    bench.time.advance(Duration.ofMinutes(2));

    assertThat(said().verdict()).isEqualTo(Verdict.CONDEMNED);
    assertThat(said().dryRun()).isTrue();
    assertThat(condemned()).isEmpty();
    assertThat(bench.woken).isEmpty();
  }

  @Test
  void stableThatSeesTheNewConfigurationProvesNothing() {
    start(new Way(10, 0, 0), COMPARISON);
    assignment = Bench.exposed(assignment);
    loop.gather(assignment);
    bench.time.advance(Duration.ofMinutes(60));

    assertThat(said().verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(said().promising()).isFalse();
    assertThat(said().reason()).contains("add a thresholdRange");
  }

  @Test
  void slowCanaryIsCondemnedByTheLimitThatWasAskedFor() {
    start(new Way(10, 0, 0.5), "{name: request-duration, comparison: {slowerThan: 300ms}}");
    bench.time.advance(Duration.ofMinutes(2));

    assertThat(said().verdict()).isEqualTo(Verdict.CONDEMNED);
    assertThat(said().reason()).contains("took over 250 ms");
  }

  @Test
  void aServerThatKeepsHistogramsWholeIsAskedInItsWay() {
    bench.whole = true;
    start(new Way(10, 0, 0.5), "{name: request-duration, comparison: {slowerThan: 300ms}}");
    bench.time.advance(Duration.ofMinutes(2));

    assertThat(said().verdict()).as(said().reason()).isEqualTo(Verdict.CONDEMNED);
    assertThat(said().reason()).contains("took over 250 ms");
    assertThat(bench.asked).anyMatch(query -> query.contains("histogram_fraction(-Inf, 250, "));
  }

  @Test
  void limitsAreChosenFromWholeHistogramsToo() {
    bench.whole = true;
    start(new Way(45, 0, 0.05), new Way(10, 0, 0.5), "{name: request-duration, comparison: {}}");
    bench.time.advance(Duration.ofMinutes(2));

    assertThat(said().verdict()).as(said().reason()).isEqualTo(Verdict.CONDEMNED);
    assertThat(said().reason()).contains("took over ");
  }

  @Test
  void wholeHistogramsAreLookedForOnlyWhereThereAreNoOthers() {
    start(new Way(10, 0, 0.5), "{name: request-duration, comparison: {slowerThan: 300ms}}");
    bench.time.advance(Duration.ofSeconds(30));

    assertThat(bench.asked).isNotEmpty().noneMatch(query -> query.contains("histogram_count"));
  }

  @Test
  void fastFailuresAreNoQuickAnswers() {
    start(
        new Way(45, 0.0, 0.02),
        new Way(10, 0.9, 0.5),
        "{name: request-duration, comparison: {slowerThan: 250ms}}");
    bench.time.advance(Duration.ofMinutes(3));

    assertThat(said().value().orElseThrow()).isBetween(40.0, 60.0);
  }

  @Test
  void limitsAreChosenByWhatStableDidBefore() {
    start(new Way(45, 0, 0.05), new Way(10, 0, 0.5), "{name: request-duration, comparison: {}}");
    bench.time.advance(Duration.ofMinutes(2));

    assertThat(said().verdict()).as(said().reason()).isEqualTo(Verdict.CONDEMNED);
    assertThat(said().reason()).contains("took over ");
  }

  @Test
  void aStableWithoutPastHasNoLimitsToChoose() {
    bench.time.advance(Duration.ofMinutes(12));
    assignment =
        Bench.assignment(
            Bench.canary("shop", "web", "{name: request-duration, comparison: {}}"),
            bench.time.instant());
    loop.gather(assignment);
    bench.traffic.pod("shop", "web", "web-1", STABLE);
    bench.traffic.pod("shop", "web-canary", "web-canary-1", new Way(10, 0, 0));
    bench.time.advance(Duration.ofMinutes(2));

    assertThat(said().verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(said().reason()).contains("set comparison.slowerThan");
  }

  @Test
  void trafficThatDoesNotFollowTheWeightContradictsIt() {
    start(new Way(0.1, 0, 0), COMPARISON);
    bench.time.advance(Duration.ofMinutes(1));

    assertThat(loop.proof("shop", "web")).isInstanceOf(Seen.Proof.Contradicts.class);
    assertThat(bench.woken).contains("shop/web");

    bench.traffic.pod("shop", "web-canary", "web-canary-1", new Way(10, 0, 0));
    bench.time.advance(Duration.ofMinutes(20));
    assertThat(loop.proof("shop", "web")).isEqualTo(new Seen.Proof.Agrees());
  }

  @Test
  void trafficIsProvenWithoutAnyComparison() {
    start(new Way(0.1, 0, 0), "{name: request-success-rate, thresholdRange: {min: 99}}");
    bench.time.advance(Duration.ofMinutes(1));

    assertThat(loop.proof("shop", "web")).isInstanceOf(Seen.Proof.Contradicts.class);
    assertThat(condemned()).isEmpty();
  }

  /// Who gets which requests is not up to a weight there.
  @ParameterizedTest
  @MethodSource
  void splitThatIsNoShareOfRequestsContradictsNothing(TrafficSplit split) {
    start(new Way(0.1, 0, 0), COMPARISON);
    assignment = by(split, assignment);
    loop.gather(assignment);
    bench.time.advance(Duration.ofMinutes(5));

    assertThat(loop.tally("shop", "web").orElseThrow().flow().stable()).isGreaterThan(10_000);
    assertThat(loop.proof("shop", "web")).isEqualTo(new Seen.Proof.Agrees());
    assertThat(bench.woken).isEmpty();

    loop.gather(by(TrafficSplit.toCanary(10), assignment));
    assertThat(loop.proof("shop", "web")).isInstanceOf(Seen.Proof.Contradicts.class);
  }

  static Stream<TrafficSplit> splitThatIsNoShareOfRequestsContradictsNothing() {
    var insiders =
        new RequestMatch(
            List.of(
                new RequestMatch.Condition(
                    RequestMatch.Source.HEADER, "x-team", RequestMatch.Comparison.EXACT, "us")));
    return Stream.of(
        TrafficSplit.matching(List.of(insiders)),
        TrafficSplit.toCanary(50).with(new Affinity("canary", Duration.ofHours(1))),
        TrafficSplit.mirrored(50));
  }

  @ParameterizedTest
  @MethodSource("splitThatIsNoShareOfRequestsContradictsNothing")
  void whereThereIsNothingToProveNorToCompareNothingIsAsked(TrafficSplit split) {
    start(new Way(10, 0, 0), "{name: request-success-rate, thresholdRange: {min: 99}}");
    loop.forget("shop", "web");
    bench.time.advance(Duration.ofMinutes(1));
    bench.asked.clear();
    loop.gather(by(split, assignment));
    bench.time.advance(Duration.ofMinutes(5));

    assertThat(bench.asked).isEmpty();
  }

  private static Assignment by(TrafficSplit split, Assignment to) {
    return new Assignment(
        to.declared(),
        to.questions(),
        to.phase(),
        to.rollout(),
        to.revision(),
        to.stable(),
        to.step(),
        split,
        to.routedAt(),
        to.confirmed(),
        to.dialect(),
        to.isolated(),
        to.situation(),
        to.at());
  }

  @Test
  void restingAsksNothing() {
    start(new Way(10, 0, 0), COMPARISON);
    bench.time.advance(Duration.ofSeconds(30));
    loop.rest(assignment);
    bench.time.advance(Bench.SCRAPE);
    bench.asked.clear();
    bench.time.advance(Duration.ofMinutes(5));

    assertThat(bench.asked).isEmpty();
  }

  @Test
  void howOftenTheServerScrapesIsFoundOut() {
    var slow = new Bench(Duration.ofSeconds(15));
    slow.traffic.pod("shop", "web", "web-1", STABLE);
    slow.time.advance(Duration.ofMinutes(12));
    var slowLoop = slow.loop();
    slowLoop.gather(Bench.assignment(Bench.canary("shop", "web", COMPARISON), slow.time.instant()));
    slow.time.advance(Duration.ofSeconds(40));

    assertThat(slowLoop.tally("shop", "web").orElseThrow().terms().grid())
        .isEqualTo(new Grid(Duration.ofSeconds(15), Duration.ofMillis(3750)));
  }

  @Test
  void serverThatScrapesLessOftenFromNowOnIsNoServerThatIsBehind() {
    start(new Way(10, 0.001, 0), COMPARISON);
    bench.time.advance(Duration.ofMinutes(2));
    var before = counted();
    bench.traffic.scrapeEvery(Duration.ofSeconds(15));
    bench.time.advance(Duration.ofMinutes(3));

    assertThat(loop.tally("shop", "web").orElseThrow().terms().grid().tick())
        .isEqualTo(Duration.ofSeconds(15));
    assertThat(said().verdict()).as(said().reason()).isNotEqualTo(Verdict.UNAVAILABLE);
    assertThat(counted()).isGreaterThan(before + 1500);
  }

  /// Requests of the canary that the evidence rests on.
  private long counted() {
    return ((Judged.Failures) loop.tally("shop", "web").orElseThrow().judged().getFirst())
        .evidence()
        .canary()
        .requests();
  }

  @ParameterizedTest
  @ValueSource(longs = {-600, -3, 3, 600})
  void controllerWhoseClockIsWrongJudgesAsWell(long seconds) {
    bench.wrong = Duration.ofSeconds(seconds);
    start(new Way(10, 0.5, 0), COMPARISON);

    assertThat(bench.time.runUntil(() -> condemned().isPresent(), Duration.ofSeconds(20))).isTrue();
    assertThat(said().evidence())
        .contains(
            "the metrics server's clock is %d s %s this controller's"
                .formatted(Math.abs(seconds), seconds < 0 ? "ahead of" : "behind"));
  }

  @Test
  void clockThatIsSetRightMeanwhileIsNoticed() {
    bench.wrong = Duration.ofMinutes(-5);
    start(new Way(10, 0.001, 0), COMPARISON);
    bench.time.advance(Duration.ofMinutes(1));
    bench.wrong = Duration.ZERO;
    bench.time.advance(Duration.ofMinutes(2));

    assertThat(said().verdict()).as(said().reason()).isNotEqualTo(Verdict.UNAVAILABLE);
    assertThat(said().evidence()).doesNotContain("clock");
  }

  @Test
  void roundWaitsForWhatCanBeCountedByNow() {
    start(new Way(10, 0.001, 0), COMPARISON);
    bench.time.advance(Duration.ofSeconds(30));
    bench.prometheus.fail("connection refused");
    bench.time.advance(Bench.SCRAPE);
    var answers = new ArrayList<Assessment>();
    loop.start(assignment.declared().checks().getFirst(), assignment, answers::add);
    assertThat(answers).isEmpty();
    bench.prometheus.recover();
    bench.time.advance(Bench.SCRAPE);

    assertThat(answers).hasSize(1);
    assertThat(answers.getFirst().verdict()).isEqualTo(Verdict.UNDECIDED);
    bench.time.advance(Duration.ofMinutes(1));
    assertThat(answers).hasSize(1);
  }

  @Test
  void roundDoesNotRestOnWhatWasKnownBeforeAnOutage() {
    start(new Way(10, 0.001, 0), COMPARISON);
    bench.time.advance(Duration.ofSeconds(30));
    bench.prometheus.fail("connection refused");
    bench.time.advance(Bench.SCRAPE);
    var answers = new ArrayList<Assessment>();
    loop.start(assignment.declared().checks().getFirst(), assignment, answers::add);
    bench.time.advance(Duration.ofSeconds(5));

    assertThat(answers).hasSize(1);
    assertThat(answers.getFirst().verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(answers.getFirst().reason()).isEqualTo("connection refused");
  }
}
