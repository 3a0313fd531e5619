package dev.serin.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serin.judge.Threshold.OnNoData;
import dev.serin.judge.Threshold.Unit;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ThresholdTest {

  private static final OptionalDouble NONE = OptionalDouble.empty();
  private static final Threshold SUCCESS_99 =
      Threshold.of(OptionalDouble.of(99), NONE, Unit.SUCCESS_PERCENT);
  private static final Threshold UNDER_500_MS =
      Threshold.of(NONE, OptionalDouble.of(500), Unit.MILLISECONDS);

  @Test
  void aRateNeedsTwoOverItsAllowedShareOfRequests() {
    assertThat(SUCCESS_99.minSamples()).isEqualTo(200);
    assertThat(Threshold.of(OptionalDouble.of(99.9), NONE, Unit.SUCCESS_PERCENT).minSamples())
        .isEqualTo(2000);
    assertThat(Threshold.of(NONE, OptionalDouble.of(5), Unit.FAILURE_PERCENT).minSamples())
        .isEqualTo(40);
    assertThat(Threshold.of(OptionalDouble.of(100), NONE, Unit.SUCCESS_PERCENT).minSamples())
        .isZero();
    assertThat(UNDER_500_MS.minSamples()).isZero();
  }

  @Test
  void insideTheBoundsPassesOutsideFails() {
    assertThat(verdict(SUCCESS_99, 99, 500)).isEqualTo(Verdict.PASSED);
    assertThat(verdict(SUCCESS_99, 98.99, 500)).isEqualTo(Verdict.FAILED);
    assertThat(verdict(UNDER_500_MS, 500, 500)).isEqualTo(Verdict.PASSED);
    assertThat(verdict(UNDER_500_MS, 500.1, 500)).isEqualTo(Verdict.FAILED);
  }

  @Test
  void fewRequestsDecideNothing() {
    var said = SUCCESS_99.assess("errors", value(98.75, 80), "q", false);

    assertThat(said.verdict()).isEqualTo(Verdict.TOO_FEW);
    assertThat(said.reason())
        .isEqualTo("98.8 % of 80 requests; too few to judge by, needs 120 more");
    assertThat(said.promising()).isFalse();
    assertThat(SUCCESS_99.assess("errors", value(100, 80), "q", false).promising()).isTrue();
  }

  @Test
  void fewRequestsFailWhenTheMissingOnesCouldNotSaveThem() {
    // 3 of 80 failed: with 120 more successes 98.5 %.
    var said = SUCCESS_99.assess("errors", value(96.25, 80), "q", false);

    assertThat(said.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(said.reason())
        .isEqualTo(
            "96.3 % of 80 requests, limit at least 99 %;"
                + " the 120 requests missing to judge by could not save it");
    // 2 of 80 failed: with 120 more successes exactly 99 %.
    assertThat(verdict(SUCCESS_99, 97.5, 80)).isEqualTo(Verdict.TOO_FEW);
    var failures = Threshold.of(NONE, OptionalDouble.of(1), Unit.FAILURE_PERCENT);
    assertThat(verdict(failures, 3.75, 80)).isEqualTo(Verdict.FAILED);
    assertThat(verdict(failures, 2.5, 80)).isEqualTo(Verdict.TOO_FEW);
  }

  @Test
  void aNumberOfUnknownOriginIsTakenAsItIs() {
    var said =
        SUCCESS_99.assess("errors", new Measured.Value(98, OptionalLong.empty()), "q", false);

    assertThat(said.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(said.reason()).isEqualTo("98 %, limit at least 99 %");
  }

  @Test
  void noDataHoldsUnlessToldOtherwise() {
    var nothing = new Measured.NoData("no series");

    assertThat(SUCCESS_99.assess("errors", nothing, "q", false).verdict())
        .isEqualTo(Verdict.NO_DATA);
    assertThat(verdict(SUCCESS_99, Double.NaN, 0)).isEqualTo(Verdict.NO_DATA);
    assertThat(verdict(SUCCESS_99, 100, 0)).isEqualTo(Verdict.NO_DATA);
    assertThat(onNoData(OnNoData.FAIL).assess("errors", nothing, "q", false).verdict())
        .isEqualTo(Verdict.FAILED);
    assertThat(onNoData(OnNoData.PASS).assess("errors", nothing, "q", false))
        .returns(Verdict.PASSED, Assessment::verdict)
        .returns("no series; counts as passed (onNoData)", Assessment::reason);
  }

  @Test
  void aSilentServerIsNeverAVerdict() {
    var said =
        onNoData(OnNoData.FAIL)
            .assess("errors", new Measured.Unavailable("prometheus: timeout"), "q", false);

    assertThat(said.verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(said.reason()).isEqualTo("prometheus: timeout");
  }

  @Test
  void aValueIsNeverRoundedOntoTheOtherSideOfItsLimit() {
    assertThat(SUCCESS_99.assess("errors", value(98.9996, 9000), "q", false).reason())
        .isEqualTo("98.9996 % of 9,000 requests, limit at least 99 %");
    assertThat(UNDER_500_MS.assess("latency", value(1234.5, 9000), "q", false).reason())
        .isEqualTo("1,235 ms of 9,000 requests, limit at most 500 ms");
  }

  @Test
  void boundsThatMeanNothingAreRefused() {
    assertThatThrownBy(() -> Threshold.of(NONE, NONE, Unit.PLAIN))
        .hasMessage("a threshold needs a min or a max");
    assertThatThrownBy(() -> Threshold.of(OptionalDouble.of(5), OptionalDouble.of(1), Unit.PLAIN))
        .hasMessage("min 5.0 is more than max 1.0");
  }

  private static Threshold onNoData(OnNoData onNoData) {
    return new Threshold(OptionalDouble.of(99), NONE, Unit.SUCCESS_PERCENT, 200, onNoData);
  }

  private static Verdict verdict(Threshold threshold, double value, long requests) {
    return threshold.assess("check", value(value, requests), "q", false).verdict();
  }

  private static Measured value(double value, long requests) {
    return new Measured.Value(value, OptionalLong.of(requests));
  }
}
