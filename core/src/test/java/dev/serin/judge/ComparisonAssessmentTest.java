package dev.serin.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/// The sentences that people read when they are woken up.
class ComparisonAssessmentTest {

  private static final Comparison DEFAULT =
      Comparison.ofFailures(Tolerance.DEFAULT, Duration.ofSeconds(2), 5, 1);
  private static final Baseline QUIET = new Baseline(new Arm(60_000, 60), Dispersion.INDEPENDENT);
  private static final Subject FAILURES = new Subject.Failures();

  @Test
  void condemned() {
    var said = said(10, new Arm(21, 1), new Arm(189, 0));

    assertThat(said.verdict()).isEqualTo(Verdict.CONDEMNED);
    assertThat(said.reason())
        .isEqualTo(
            "canary 10 of 210 failed = 4.76 %, stable 0 of 1,890 failed = 0 %, at least 14 times as"
                + " often (95 % sure), limit 0.1 %; worse than allowed beyond doubt (evidence 1,700"
                + " : 1 against it, 20 : 1 needed)");
    assertThat(said.value()).hasValue(100 - 1000 / 210.0);
    assertThat(said.limit()).isEqualTo("at least 99.9 % (1.25 × stable + 0.1 points)");
  }

  @Test
  void howMuchWorseIsSaidWithAnInterval() {
    long[] canary = {1, 2, 1, 3, 2, 1, 2, 3, 2, 2};
    long[] stable = {5, 4, 6, 3, 5, 4, 5, 6, 4, 5};
    var evidence = Evidence.none(DEFAULT, QUIET);
    for (var t = 0; t < canary.length; t++) {
      evidence = evidence.add(new Tick(0, new Arm(500, canary[t]), new Arm(4500, stable[t])));
    }

    assertThat(ComparisonAssessment.of("errors", FAILURES, evidence, "q", false).reason())
        .startsWith(
            "canary 19 of 5,000 failed = 0.38 %, stable 47 of 45,000 failed = 0.104 %,"
                + " 1.4 to 8.2 times as often (95 % sure), limit ");
  }

  @Test
  void passed() {
    var said = said(40, new Arm(1000, 1), new Arm(9000, 9));

    assertThat(said.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(said.reason())
        .contains("canary 40 of 40,000 failed = 0.1 %, stable 360 of 360,000 failed = 0.1 %")
        .contains("limit 0.225 %; within the limit (evidence ")
        .endsWith(" for it, 20 : 1 needed)");
  }

  @Test
  void undecidedSaysHowManyRequestsAreMissing() {
    var said = said(10, new Arm(20, 0), new Arm(180, 0));

    assertThat(said.verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(said.reason())
        .contains("canary 0 of 200 failed = 0 %")
        .contains("; undecided, needs about ")
        .endsWith(" more canary requests");
    assertThat(said.evidence()).contains("against ").contains(" of 20 : 1, for ");
  }

  @Test
  void nothingSeenYet() {
    var said =
        ComparisonAssessment.of("errors", FAILURES, Evidence.none(DEFAULT, QUIET), "q", false);

    assertThat(said.verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(said.reason()).isEqualTo("no request to the canary was counted yet");
    assertThat(said.value()).isEmpty();
  }

  @Test
  void slowness() {
    var comparison = Comparison.ofSlowness(Tolerance.DEFAULT, Duration.ofSeconds(2), 5, 1);
    var evidence =
        Evidence.none(comparison, QUIET).add(new Tick(0, new Arm(100, 5), new Arm(900, 18)));

    var said =
        ComparisonAssessment.of("latency", new Subject.SlowerThan(300), evidence, "q", false);

    assertThat(said.reason()).startsWith("canary 5 of 100 took over 300 ms = 5 %");
    assertThat(said.limit()).isEqualTo("at most 2.6 % over 300 ms (1.25 × stable + 0.1 points)");
    assertThat(said.value()).hasValue(5);
  }

  @Test
  void aDividedEvidenceSaysWhy() {
    var baseline = new Baseline(new Arm(60_000, 60), Dispersion.UNKNOWN);
    var evidence =
        Evidence.none(DEFAULT, baseline).add(new Tick(0, new Arm(100, 0), new Arm(900, 0)));

    assertThat(ComparisonAssessment.of("errors", FAILURES, evidence, "q", true).evidence())
        .endsWith(", divided by 2 because it is not known how bad requests come together");
  }

  private static Assessment said(int ticks, Arm canary, Arm stable) {
    var all = new ArrayList<Tick>();
    for (var t = 0; t < ticks; t++) {
      all.add(new Tick(0, canary, stable));
    }
    return ComparisonAssessment.of(
        "errors", FAILURES, Evidence.replay(DEFAULT, QUIET, all), "q", false);
  }
}
