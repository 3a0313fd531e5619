package dev.serin.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.judge.SeriesShape.Some;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CountersTest {

  private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");
  private static final SeriesShape SHAPE =
      new SeriesShape("deployment", "web-canary", "web", "pod", Some.BAD);

  private Counters counters = Counters.none(SHAPE);
  private int tick;

  @Test
  void theFirstLookOnlyRemembers() {
    assertThat(look(all("web", "s1", 1000), all("web-canary", "c1", 10)))
        .isEqualTo(new Deltas.Begun());
  }

  @Test
  void countsWhatCameSinceTheLastLook() {
    look(all("web", "s1", 1000), bad("web", "s1", 7), all("web-canary", "c1", 10));

    var counted = counted(all("web", "s1", 1090), bad("web", "s1", 8), all("web-canary", "c1", 20));

    assertThat(counted.stableArm()).isEqualTo(new Arm(90, 1));
    assertThat(counted.canaryArm()).isEqualTo(new Arm(10, 0));
    assertThat(counted.from()).isEqualTo(START);
    assertThat(counted.until()).isEqualTo(START.plusSeconds(2));
    assertThat(counted.tick(3)).isEqualTo(new Tick(3, new Arm(10, 0), new Arm(90, 1)));
  }

  @Test
  void theFirstFailureOfAPodCounts() {
    look(all("web", "s1", 1000), all("web-canary", "c1", 10));

    var counted =
        counted(all("web", "s1", 1090), all("web-canary", "c1", 20), bad("web-canary", "c1", 1));

    assertThat(counted.canaryArm()).isEqualTo(new Arm(10, 1));
  }

  @Test
  void aRestartedPodCountsFromZero() {
    look(all("web", "s1", 1000), bad("web", "s1", 400));

    assertThat(counted(all("web", "s1", 30), bad("web", "s1", 2)).stableArm())
        .isEqualTo(new Arm(30, 2));
    assertThat(counted(all("web", "s1", 50), bad("web", "s1", 2)).stableArm())
        .isEqualTo(new Arm(20, 0));
  }

  @Test
  void failuresOfARestartedPodCountFromZeroHoweverManyTheyAre() {
    look(all("web", "s1", 1000), bad("web", "s1", 10));

    assertThat(counted(all("web", "s1", 400), bad("web", "s1", 6)).stableArm())
        .isEqualTo(new Arm(400, 6));
    assertThat(counted(all("web", "s1", 410), bad("web", "s1", 7)).stableArm())
        .isEqualTo(new Arm(10, 1));
  }

  @Test
  void fastRequestsOfARestartedPodCountFromZeroHoweverManyTheyAre() {
    counters = Counters.none(new SeriesShape("deployment", "web-canary", "web", "pod", Some.GOOD));
    look(all("web", "s1", 1000), bucket("web", "s1", "300", 950));

    assertThat(counted(all("web", "s1", 490), bucket("web", "s1", "300", 480)).stableArm())
        .isEqualTo(new Arm(490, 10));
    assertThat(counted(all("web", "s1", 500), bucket("web", "s1", "300", 490)).stableArm())
        .isEqualTo(new Arm(10, 0));
  }

  @Test
  void failuresWaitForAScraperThatIsALittleBehind() {
    look(all("web", "s1", 1000), bad("web", "s1", 3));

    assertThat(counted(all("web", "s1", 980), bad("web", "s1", 1)).stableArm()).isEqualTo(Arm.NONE);
    assertThat(counted(all("web", "s1", 1040), bad("web", "s1", 4)).stableArm())
        .isEqualTo(new Arm(40, 1));
  }

  @Test
  void failuresAfterARestartThatRequestsHaveOutgrownCountOn() {
    look(all("web", "s1", 50), bad("web", "s1", 4));

    assertThat(counted(all("web", "s1", 60), bad("web", "s1", 2)).stableArm())
        .isEqualTo(new Arm(10, 0));
    assertThat(counted(all("web", "s1", 70), bad("web", "s1", 3)).stableArm())
        .isEqualTo(new Arm(10, 1));
  }

  @Test
  void aScraperThatIsALittleBehindIsNoRestart() {
    look(all("web", "s1", 1000));

    assertThat(counted(all("web", "s1", 980)).stableArm()).isEqualTo(Arm.NONE);
    assertThat(counted(all("web", "s1", 1040)).stableArm()).isEqualTo(new Arm(40, 0));
  }

  @Test
  void aYoungPodCountsFromZeroAnUnknownOneNot() {
    look(all("web", "s1", 1000));

    var counted =
        counted(
            Set.of("s2"), all("web", "s1", 1010), all("web", "s2", 15), all("web", "s3", 99_999));

    assertThat(counted.stable())
        .isEqualTo(Map.of("s1", new Arm(10, 0), "s2", new Arm(15, 0), "s3", Arm.NONE));
    assertThat(counted(all("web", "s3", 100_009)).stable()).containsEntry("s3", new Arm(10, 0));
  }

  @Test
  void aPodThatGoesTakesNothingWithIt() {
    look(all("web", "s1", 1000), all("web", "s2", 500));

    assertThat(counted(all("web", "s1", 1010)).stableArm()).isEqualTo(new Arm(10, 0));
  }

  @Test
  void aMissedScrapeIsCoveredByTheNextLook() {
    look(all("web", "s1", 1000), all("web", "s2", 500));

    assertThat(counted(all("web", "s2", 510)).stableArm()).isEqualTo(new Arm(10, 0));
    assertThat(counted(all("web", "s1", 1020), all("web", "s2", 520)).stable())
        .isEqualTo(Map.of("s1", new Arm(20, 0), "s2", new Arm(10, 0)));
  }

  @Test
  void twoScrapersOfTheSamePodsCountOnce() {
    look(scraped("a", 1000), scraped("b", 990));

    assertThat(counted(scraped("a", 1020), scraped("b", 1030)).stableArm())
        .isEqualTo(new Arm(20, 0));
    assertThat(counted(scraped("b", 1055)).stableArm()).as("a is down").isEqualTo(new Arm(25, 0));
    assertThat(counted(scraped("a", 1080), scraped("b", 1075)).stableArm())
        .as("b goes on")
        .isEqualTo(new Arm(20, 0));
  }

  @Test
  void aScraperThatComesNewDoesNotCountWholeLives() {
    look(scraped("a", 1000));

    assertThat(counted(scraped("b", 1020)).stableArm()).isEqualTo(Arm.NONE);
    assertThat(counted(scraped("b", 1030)).stableArm()).isEqualTo(new Arm(10, 0));
  }

  @Test
  void withoutAnySeriesTheMetricIsMissing() {
    assertThat(look()).isEqualTo(new Deltas.NoSeries());
    assertThat(look(all("other", "x", 5))).isEqualTo(new Deltas.NoSeries());
    look(all("web", "s1", 5));
    assertThat(look()).isEqualTo(new Deltas.NoSeries());
    assertThat(counted(all("web", "s1", 9)).stableArm()).isEqualTo(new Arm(4, 0));
  }

  @Test
  void withoutNewerSamplesTheServerIsBehind() {
    var first = new CounterSample(labels("web", "s1"), 100, START.minusSeconds(1));
    var looked = counters.look(new Reading(START, List.of(first), List.of()), Set.of()).after();

    var again = looked.look(new Reading(START.plusSeconds(2), List.of(first), List.of()), Set.of());
    var newer = new CounterSample(labels("web", "s1"), 130, START.plusSeconds(3));
    var later =
        again.after().look(new Reading(START.plusSeconds(4), List.of(newer), List.of()), Set.of());

    assertThat(again.deltas()).isEqualTo(new Deltas.Behind(START.minusSeconds(1)));
    assertThat(later.deltas())
        .isEqualTo(
            new Deltas.Counted(
                START, START.plusSeconds(4), Map.of(), Map.of("s1", new Arm(30, 0))));
  }

  @Test
  void aCounterWithoutPodsIsOneReporterOfBothVersions() {
    counters =
        Counters.none(new SeriesShape("cluster", "shop_web-canary", "shop_web", "", Some.BAD));
    look(envoy("shop_web", 5000));

    var counted = counted(envoy("shop_web", 5090), envoy("shop_web-canary", 10));

    assertThat(counted.stableArm()).isEqualTo(new Arm(90, 0));
    assertThat(counted.canaryArm()).as("made by its first request").isEqualTo(new Arm(10, 0));
  }

  @Test
  void aCounterOfAnEarlierRolloutIsNotCountedAgain() {
    counters =
        Counters.none(new SeriesShape("cluster", "shop_web-canary", "shop_web", "", Some.BAD));
    look(envoy("shop_web", 5000), envoy("shop_web-canary", 777));

    assertThat(counted(envoy("shop_web", 5090), envoy("shop_web-canary", 787)).canaryArm())
        .isEqualTo(new Arm(10, 0));
  }

  @Test
  void bucketsTellSlowRequests() {
    counters = Counters.none(new SeriesShape("deployment", "web-canary", "web", "pod", Some.GOOD));
    look(all("web", "s1", 100), bucket("web", "s1", "300", 90));

    var counted = counted(all("web", "s1", 150), bucket("web", "s1", "300", 138));

    assertThat(counted.stableArm()).isEqualTo(new Arm(50, 2));
  }

  @Test
  void anotherBoundStartsAnew() {
    counters = Counters.none(new SeriesShape("deployment", "web-canary", "web", "pod", Some.GOOD));
    look(all("web", "s1", 100), bucket("web", "s1", "300", 90));

    assertThat(counted(all("web", "s1", 150), bucket("web", "s1", "250", 120)).stableArm())
        .isEqualTo(Arm.NONE);
    assertThat(counted(all("web", "s1", 170), bucket("web", "s1", "250", 130)).stableArm())
        .isEqualTo(new Arm(20, 10));
  }

  @Test
  void bucketsScrapedInTheMiddleOfAnUpdateAreClamped() {
    counters = Counters.none(new SeriesShape("deployment", "web-canary", "web", "pod", Some.GOOD));
    look(all("web", "s1", 100), bucket("web", "s1", "300", 90));

    assertThat(counted(all("web", "s1", 150), bucket("web", "s1", "300", 145)).stableArm())
        .isEqualTo(new Arm(50, 0));
  }

  /// A request in a bucket that lies across the bound is 0.7 of a request within it.
  @Test
  void fractionsOfRequestsAddUpLookByLook() {
    counters = Counters.none(new SeriesShape("deployment", "web-canary", "web", "pod", Some.GOOD));
    look(all("web", "s1", 0), bucket("web", "s1", "250", 0));
    var sum = Arm.NONE;
    for (int requests = 1; requests <= 100; requests++) {
      var counted = counted(all("web", "s1", requests), bucket("web", "s1", "250", 0.7 * requests));
      sum = sum.plus(counted.stableArm());
    }

    assertThat(sum).isEqualTo(new Arm(100, 30));
  }

  @Test
  void aReplayOfTheReadingsGivesTheSameCounts() {
    var readings = new ArrayList<Reading>();
    var draw = new Draw(9);
    var value = 0L;
    for (var t = 0; t < 50; t++) {
      value = t % 17 == 0 ? 0 : value + draw.poisson(30);
      var at = START.plusSeconds(2L * t);
      readings.add(
          new Reading(
              at,
              List.of(
                  new CounterSample(labels("web", "s" + t / 20), value, at),
                  new CounterSample(labels("web-canary", "c"), value / 10.0, at)),
              List.of()));
    }

    assertThat(played(readings)).isEqualTo(played(readings)).hasSize(50);
  }

  private static List<Deltas> played(List<Reading> readings) {
    var counters = Counters.none(SHAPE);
    var deltas = new ArrayList<Deltas>();
    for (var reading : readings) {
      var look = counters.look(reading, Set.of());
      deltas.add(look.deltas());
      counters = look.after();
    }
    return deltas;
  }

  private record Given(boolean all, Map<String, String> labels, double value) {}

  private Deltas look(Given... given) {
    return look(Set.of(), given);
  }

  private Deltas look(Set<String> young, Given... given) {
    var at = START.plusSeconds(2L * tick++);
    var all = new ArrayList<CounterSample>();
    var some = new ArrayList<CounterSample>();
    for (var one : given) {
      (one.all ? all : some).add(new CounterSample(one.labels, one.value, at));
    }
    var look = counters.look(new Reading(at, all, some), young);
    counters = look.after();
    return look.deltas();
  }

  private Deltas.Counted counted(Given... given) {
    return (Deltas.Counted) look(given);
  }

  private Deltas.Counted counted(Set<String> young, Given... given) {
    return (Deltas.Counted) look(young, given);
  }

  private static Given all(String workload, String pod, double value) {
    return new Given(true, labels(workload, pod), value);
  }

  private static Given bad(String workload, String pod, double value) {
    return new Given(false, labels(workload, pod), value);
  }

  private static Given bucket(String workload, String pod, String le, double value) {
    return new Given(false, Map.of("deployment", workload, "pod", pod, "le", le), value);
  }

  private static Given scraped(String scraper, double value) {
    return new Given(
        true, Map.of("deployment", "web", "pod", "s1", "prometheus_replica", scraper), value);
  }

  private static Given envoy(String cluster, double value) {
    return new Given(true, Map.of("cluster", cluster), value);
  }

  private static Map<String, String> labels(String workload, String pod) {
    return Map.of("deployment", workload, "pod", pod);
  }
}
