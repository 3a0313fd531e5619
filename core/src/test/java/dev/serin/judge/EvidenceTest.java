package dev.serin.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvidenceTest {

  private static final Duration TWO_SECONDS = Duration.ofSeconds(2);
  private static final Comparison DEFAULT =
      Comparison.ofFailures(Tolerance.DEFAULT, TWO_SECONDS, 5, 1);
  private static final Baseline QUIET = new Baseline(new Arm(60_000, 60), Dispersion.INDEPENDENT);

  @Test
  void replayedTicksGiveExactlyTheSameEvidence() {
    var ticks = randomTicks(300);
    var lived = Evidence.none(DEFAULT, QUIET);
    for (var tick : ticks) {
      lived = lived.add(tick);
    }

    var replayed = Evidence.replay(DEFAULT, QUIET, ticks);

    assertThat(replayed).isEqualTo(lived).hasSameHashCodeAs(lived);
    assertThat(replayed.logAgainst()).isEqualTo(lived.logAgainst());
    assertThat(replayed).isNotEqualTo(Evidence.replay(DEFAULT, QUIET, ticks.subList(0, 299)));
  }

  @Test
  void addingATickLeavesTheEvidenceBeforeItAlone() {
    var before = Evidence.replay(DEFAULT, QUIET, randomTicks(20));
    var against = before.logAgainst();

    before.add(new Tick(4, new Arm(20, 20), new Arm(180, 0)));

    assertThat(before.logAgainst()).isEqualTo(against);
    assertThat(before.ticks()).isEqualTo(20);
  }

  @Test
  void withoutRequestsThereIsNoData() {
    var none = Evidence.none(DEFAULT, QUIET);

    assertThat(none.verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(none.add(new Tick(0, Arm.NONE, new Arm(100, 1))).verdict())
        .isEqualTo(Verdict.NO_DATA);
    assertThat(none.add(new Tick(0, new Arm(10, 10), Arm.NONE)).verdict())
        .isEqualTo(Verdict.NO_DATA);
    assertThat(none.promising()).isFalse();
  }

  @Test
  void halfAnHourWithoutAnyDataDecidesNothing() {
    var ticks = new ArrayList<Tick>();
    for (var t = 0; t < 900; t++) {
      ticks.add(new Tick(0, Arm.NONE, Arm.NONE));
    }

    assertThat(Evidence.replay(DEFAULT, QUIET, ticks).verdict()).isEqualTo(Verdict.NO_DATA);
  }

  @Test
  void aCanaryThatAlwaysFailsIsCondemnedWithinTenSeconds() {
    var ticks = new ArrayList<Tick>();
    while (Evidence.replay(DEFAULT, QUIET, ticks).verdict() != Verdict.CONDEMNED) {
      ticks.add(new Tick(0, new Arm(20, 20), new Arm(180, 0)));
    }

    assertThat(ticks).hasSizeLessThanOrEqualTo(5);
  }

  @Test
  void evidenceThatIsNextToNothingIsStillANumber() {
    var comparison = Comparison.ofFailures(Tolerance.DEFAULT, TWO_SECONDS, 2, 1);
    var evidence = Evidence.none(comparison, QUIET);
    for (var t = 0; t < 4000; t++) {
      evidence = evidence.add(new Tick(1, new Arm(5_000, 5), new Arm(5_000, 5)));
    }

    assertThat(evidence.logAgainst()).isBetween(-1e6, -800.0);
    assertThat(evidence.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void aBurstAloneNeverCondemns() {
    for (var start = 0; start < 4; start++) {
      for (var touched = 1; touched <= 4; touched++) {
        for (var bad : List.of(1, 3, 10, 20)) {
          var ticks = new ArrayList<Tick>();
          for (var t = 0; t < 150; t++) {
            var inBurst = t >= start && t < start + touched;
            ticks.add(new Tick(0, new Arm(20, inBurst ? bad : 0), new Arm(180, 0)));
          }
          assertThat(Evidence.replay(DEFAULT, QUIET, ticks).verdict())
              .as("%d bad of 20 in %d ticks from tick %d", bad, touched, start)
              .isNotEqualTo(Verdict.CONDEMNED);
        }
      }
    }
  }

  @Test
  void theWeightStaysWhileTheLastSecondsSpeakAgainstTheCanary() {
    var evidence = Evidence.none(DEFAULT, QUIET);
    for (var t = 0; t < 3; t++) {
      evidence = evidence.add(new Tick(0, new Arm(20, 10), new Arm(180, 0)));
      assertThat(evidence.verdict()).as("tick %d", t).isEqualTo(Verdict.HOLD);
    }
    for (var t = 0; t < 4; t++) {
      evidence = evidence.add(new Tick(0, new Arm(20, 0), new Arm(180, 0)));
    }

    assertThat(evidence.verdict()).as("once it was a burst").isEqualTo(Verdict.UNDECIDED);
  }

  @Test
  void aCanaryThatPassedIsHeldWhileItsLastSecondsSpeakAgainstIt() {
    var evidence = Evidence.none(DEFAULT, QUIET);
    while (evidence.verdict() != Verdict.PASSED) {
      evidence = evidence.add(new Tick(0, new Arm(2000, 2), new Arm(18_000, 18)));
    }
    var failing = evidence.add(new Tick(0, new Arm(2000, 1000), new Arm(18_000, 18)));

    assertThat(failing.verdict()).isEqualTo(Verdict.HOLD);
  }

  @Test
  void whatWasDecidedStays() {
    var ticks = new ArrayList<Tick>();
    for (var t = 0; t < 10; t++) {
      ticks.add(new Tick(0, new Arm(20, 20), new Arm(180, 0)));
    }
    for (var t = 0; t < 1000; t++) {
      ticks.add(new Tick(0, new Arm(20, 0), new Arm(180, 1)));
    }

    assertThat(Evidence.replay(DEFAULT, QUIET, ticks).verdict()).isEqualTo(Verdict.CONDEMNED);
  }

  @Test
  void aCanaryAsGoodAsStablePasses() {
    var ticks = new ArrayList<Tick>();
    for (var t = 0; t < 600; t++) {
      ticks.add(new Tick(0, new Arm(200, t % 5 == 0 ? 1 : 0), new Arm(1800, t % 5 == 0 ? 9 : 0)));
    }

    var evidence = Evidence.replay(DEFAULT, QUIET, ticks);

    assertThat(evidence.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(evidence.promising()).isTrue();
    assertThat(evidence.requestsToPass()).isZero();
  }

  @Test
  void aCanaryWorseThanStableButWithinTheToleranceIsHeld() {
    var ticks = new ArrayList<Tick>();
    for (var t = 0; t < 300; t++) {
      ticks.add(new Tick(0, new Arm(500, t % 2 == 0 ? 2 : 0), new Arm(4500, t % 2 == 0 ? 9 : 0)));
    }

    var evidence = Evidence.replay(DEFAULT, QUIET, ticks);

    assertThat(evidence.verdict()).isEqualTo(Verdict.HOLD);
    assertThat(evidence.promising()).isTrue();
  }

  @Test
  void anIncidentOfBothVersionsCondemnsNobody() {
    var ticks = new ArrayList<Tick>();
    for (var t = 0; t < 200; t++) {
      var all = t > 100;
      ticks.add(new Tick(0, new Arm(20, all ? 10 : 0), new Arm(180, all ? 90 : 0)));
    }

    assertThat(Evidence.replay(DEFAULT, QUIET, ticks).verdict()).isNotEqualTo(Verdict.CONDEMNED);
  }

  @Test
  void theLimitGoesByStablesShareAtTheTimesOfTheCanarysRequests() {
    var ticks =
        List.of(
            new Tick(0, new Arm(10, 0), new Arm(990, 0)),
            new Tick(1, new Arm(500, 25), new Arm(500, 25)));

    var evidence = Evidence.replay(DEFAULT, Baseline.UNKNOWN, ticks);

    assertThat(evidence.stable().share()).isCloseTo(25 / 1490.0, within(1e-12));
    assertThat(evidence.stableShare()).isCloseTo(25 / 510.0, within(1e-12));
    assertThat(evidence.promising()).isTrue();
  }

  @Test
  void withoutStableAnAbsoluteLimitIsHeld() {
    var absolute = DEFAULT.with(new Tolerance(0, 0.01));
    var good = new ArrayList<Tick>();
    var bad = new ArrayList<Tick>();
    for (var t = 0; t < 100; t++) {
      good.add(new Tick(0, new Arm(100, 0), Arm.NONE));
      bad.add(new Tick(0, new Arm(100, 5), Arm.NONE));
    }

    assertThat(Evidence.replay(absolute, Baseline.UNKNOWN, good).verdict())
        .isEqualTo(Verdict.PASSED);
    assertThat(Evidence.replay(absolute, Baseline.UNKNOWN, bad).verdict())
        .isEqualTo(Verdict.CONDEMNED);
  }

  @Test
  void requestsOfTheCanaryWaitForSomeOfStableToCompareWith() {
    var waiting =
        Evidence.none(DEFAULT, QUIET)
            .add(new Tick(0, new Arm(10, 1), Arm.NONE))
            .add(new Tick(0, new Arm(5, 0), Arm.NONE));
    var compared = waiting.add(new Tick(0, new Arm(5, 1), new Arm(100, 0)));
    var atOnce = Evidence.none(DEFAULT, QUIET).add(new Tick(0, new Arm(20, 2), new Arm(100, 0)));

    assertThat(waiting.logAgainst()).isZero();
    assertThat(compared.logAgainst()).isEqualTo(atOnce.logAgainst());
    assertThat(compared.canary()).isEqualTo(new Arm(20, 2));
  }

  @Test
  void aLaterStepForgetsTheCreditOfEarlierOnes() {
    var without = new ArrayList<Tick>();
    var with = new ArrayList<Tick>();
    for (var t = 0; t < 600; t++) {
      var bad = t >= 300 && t % 2 == 0 ? 1 : 0;
      without.add(new Tick(0, new Arm(40, bad), new Arm(160, 0)));
      with.add(new Tick(t < 300 ? 0 : 1, new Arm(40, bad), new Arm(160, 0)));
    }

    assertThat(condemnedAt(with)).isLessThan(condemnedAt(without));
  }

  private static int condemnedAt(List<Tick> ticks) {
    var evidence = Evidence.none(DEFAULT, QUIET);
    for (var tick : ticks) {
      evidence = evidence.add(tick);
      if (evidence.verdict() == Verdict.CONDEMNED) {
        return evidence.ticks();
      }
    }
    return Integer.MAX_VALUE;
  }

  private static List<Tick> randomTicks(int n) {
    var draw = new Draw(42);
    var ticks = new ArrayList<Tick>();
    for (var t = 0; t < n; t++) {
      var canary = draw.poisson(20);
      var stable = draw.poisson(180);
      ticks.add(
          new Tick(
              t / 60,
              new Arm(canary, draw.binomial(canary, 0.01)),
              new Arm(stable, draw.binomial(stable, 0.01))));
    }
    return ticks;
  }
}
