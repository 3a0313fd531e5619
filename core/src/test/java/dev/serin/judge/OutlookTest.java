package dev.serin.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.serin.judge.Outlook.Stage;
import dev.serin.judge.Outlook.Traffic;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutlookTest {

  private static final List<Stage> HOUR_AT_20 = List.of(new Stage(20, Duration.ofHours(1)));

  @ParameterizedTest
  @CsvSource({
    "0.00001, 27195, 4824, 932",
    "0.0001, 50699, 5986, 994",
    "0.001, 148390, 11859, 1330",
    "0.005, 128739, 14534, 1836",
    "0.01, 86987, 11648, 1834",
    "0.05, 23030, 3819, 922"
  })
  void requestsToPassAreThoseOfTheTable(
      double bad, double strict, double standard, double lenient) {
    assertThat(toPass(Tolerance.STRICT, bad)).isCloseTo(strict, within(0.5));
    assertThat(toPass(Tolerance.DEFAULT, bad)).isCloseTo(standard, within(0.5));
    assertThat(toPass(Tolerance.LENIENT, bad)).isCloseTo(lenient, within(0.5));
  }

  @ParameterizedTest
  @CsvSource({
    "0.001, 0.005, 5686",
    "0.001, 0.011, 906",
    "0.001, 0.051, 99",
    "0.01, 0.02, 5522",
    "0.01, 0.05, 289",
    "0.01, 0.06, 200",
    "0.001, 1.0, 4"
  })
  void requestsToFailAreThoseOfTheTable(double share, double bad, double requests) {
    var growth = Growth.toFail(Tolerance.DEFAULT, bad, share, 0.25);

    assertThat((Math.log(20) + Growth.LOG_FAIL_BETS) / growth).isCloseTo(requests, within(0.5));
  }

  @Test
  void aPlanWithEnoughTrafficHasNothingToWarnOf() {
    var outlook = outlook(HOUR_AT_20, 100, 0.001, Dispersion.INDEPENDENT);

    assertThat(outlook.canaryRequests()).isEqualTo(72_000);
    assertThat(outlook.underpowered()).isEmpty();
    assertThat(outlook.bursty()).isEmpty();
    assertThat(outlook.caught().orElseThrow()).isBetween(0.0025, 0.0035);
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 0.001, 0.0065, 0.006532361007695971",
    "1650, 0.001, 0.0044, 0.004381414046686672",
    "5000, 0.001, 0.0019, 0.0018935924389903878",
    "16500, 0.001, 0.0008, 0.0007782357477594239",
    "1000, 0.01, 0.0114, 0.01135574853049092",
    "1650, 0.01, 0.0078, 0.007782357477594241",
    "5000, 0.01, 0.0030, 0.0030093673479791713",
    "16500, 0.01, 0.0004, 0.00041409704260952896"
  })
  void littleTrafficCertifiesLargeDifferencesOnly(
      double requests, double bad, double shown, double exactly) {
    var needed =
        Outlook.of(
            comparison(new Tolerance(1.25, 0)),
            HOUR_AT_20,
            new Traffic(requests / 720.0, bad),
            Dispersion.INDEPENDENT);

    var certified = needed.underpowered().orElseThrow().absolute().orElseThrow();
    assertThat(certified).isCloseTo(shown, within(0.00006));
    // The root of the same equation, found by another program.
    assertThat(certified).isCloseTo(exactly, within(1e-9));
  }

  @Test
  void anUnderpoweredPlanSaysWhatWouldHelp() {
    var stages = List.of(new Stage(5, Duration.ofMinutes(2)), new Stage(10, Duration.ofMinutes(2)));

    var outlook = outlook(stages, 50, 0.001, Dispersion.INDEPENDENT);
    var help = outlook.underpowered().orElseThrow();

    assertThat(outlook.canaryRequests()).isEqualTo(900);
    assertThat(help.longer()).isCloseTo(outlook.requestsToPass() / 900, withinPercentage(0.1));
    assertThat(passes(longer(stages, help.longer() * 1.001))).isTrue();
    assertThat(passes(longer(stages, help.longer() * 0.999))).isFalse();
    assertThat(passes(List.of(stages.getFirst(), new Stage(10, help.lastStep().orElseThrow()))))
        .isTrue();
    assertThat(passes(List.of(new Stage(help.weight().orElse(90), Duration.ofMinutes(4)))))
        .isEqualTo(help.weight().isPresent());
    assertThat(help.tolerance()).isEmpty();
    assertThat(outlook.words())
        .startsWith(
            "this plan gives the canary about 900 requests; a version as good as stable needs"
                + " about")
        .contains(". What would help: all steps ")
        .contains(" times as long, or the last one held for ");
  }

  @Test
  void aMoreLenientToleranceIsOfferedWhereItIsEnough() {
    var stages = List.of(new Stage(20, Duration.ofMinutes(10)));

    assertThat(
            outlook(stages, 20, 0.001, Dispersion.INDEPENDENT)
                .underpowered()
                .orElseThrow()
                .tolerance())
        .contains(Tolerance.LENIENT);
  }

  @Test
  void burstsMultiplyWhatIsNeeded() {
    var calm = outlook(HOUR_AT_20, 100, 0.001, Dispersion.INDEPENDENT);
    var bursty = outlook(HOUR_AT_20, 100, 0.001, new Dispersion(8, true));

    assertThat(bursty.requestsToPass()).isCloseTo(8 * calm.requestsToPass(), withinPercentage(0.1));
    assertThat(bursty.bursty()).contains(new Outlook.Bursty(8));
    assertThat(bursty.words()).endsWith("come about 8 at a time, so that as many count for one");
    assertThat(outlook(HOUR_AT_20, 100, 0.001, Dispersion.UNKNOWN).bursty()).isEmpty();
  }

  @Test
  void aStableThatNeverFailsIsNoReasonToKnowNothing() {
    var outlook = outlook(HOUR_AT_20, 100, 0, Dispersion.INDEPENDENT);

    // ln(20) + ln(5) at a thousandth a request.
    assertThat(outlook.requestsToPass()).isCloseTo(4605, withinPercentage(0.1));
    assertThat(outlook.underpowered()).isEmpty();
  }

  @Test
  void withoutTrafficNothingHelps() {
    var outlook = outlook(HOUR_AT_20, 0, 0.001, Dispersion.INDEPENDENT);

    assertThat(outlook.caught()).isEmpty();
    assertThat(outlook.underpowered().orElseThrow().lastStep()).isEmpty();
    assertThat(outlook.words())
        .contains("no end of them")
        .endsWith("What would help: more traffic");
  }

  private static boolean passes(List<Stage> stages) {
    return outlook(stages, 50, 0.001, Dispersion.INDEPENDENT).underpowered().isEmpty();
  }

  private static List<Stage> longer(List<Stage> stages, double factor) {
    return stages.stream()
        .map(
            s -> new Stage(s.weight(), Duration.ofMillis(Math.round(s.hold().toMillis() * factor))))
        .toList();
  }

  private static double toPass(Tolerance tolerance, double bad) {
    return Outlook.of(
            comparison(tolerance), HOUR_AT_20, new Traffic(100, bad), Dispersion.INDEPENDENT)
        .requestsToPass();
  }

  private static Outlook outlook(
      List<Stage> stages, double perSecond, double bad, Dispersion dispersion) {
    return Outlook.of(
        comparison(Tolerance.DEFAULT), stages, new Traffic(perSecond, bad), dispersion);
  }

  private static Comparison comparison(Tolerance tolerance) {
    return Comparison.ofFailures(tolerance, Duration.ofSeconds(2), 1, 1);
  }
}
