package dev.serin.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.serin.judge.Trend.Direction;
import dev.serin.judge.Trend.Pair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrendTest {

  private static final Trend INCREASE = Trend.of(Direction.INCREASE, 1);

  @Test
  void sevenWorseValuesInARowAreEnough() {
    var seven = new int[7];
    Arrays.fill(seven, 1);

    assertThat(Math.exp(Trend.strongestLogE(seven))).isCloseTo(25.54752, within(1e-9));
    assertThat(Math.exp(Trend.strongestLogE(Arrays.copyOf(seven, 6)))).isLessThan(20);
  }

  @Test
  void theShiftIsTheMiddleOfAllDifferences() {
    var shift = Trend.shift(new double[] {10, 20, 30, 40}, new double[] {1, 2, 3, 4}, 0.025);

    assertThat(shift.estimate()).isEqualTo(22.5);
    assertThat(shift.median()).isEqualTo(2.5);
  }

  @Test
  void normalQuantilesAreThoseOfTheTables() {
    assertThat(Normal.quantile(0.975)).isCloseTo(1.959963984540054, within(1e-9));
    assertThat(Normal.quantile(0.99)).isCloseTo(2.3263478740408408, within(1e-9));
    assertThat(Normal.quantile(0.999)).isCloseTo(3.090232306167813, within(1e-9));
    assertThat(Normal.below(-5)).isCloseTo(2.866515718791933e-7, within(1e-16));
  }

  @Test
  void aGaugeFarAboveStableIsCondemned() {
    var said = assess(INCREASE, pairs(30, 150, 100));

    assertThat(said.verdict()).isEqualTo(Verdict.CONDEMNED);
    assertThat(said.reason()).contains("allowed 10").contains("outside for too long");
    assertThat(said.limit()).isEqualTo("at most 10 % above stable");
  }

  @Test
  void aGaugeLikeStablesPasses() {
    assertThat(assess(INCREASE, pairs(60, 100, 100)).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(assess(INCREASE, pairs(60, 50, 100)).verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void theDirectionDecidesWhatIsBad() {
    assertThat(assess(Trend.of(Direction.DECREASE, 1), pairs(60, 50, 100)).verdict())
        .isEqualTo(Verdict.CONDEMNED);
    assertThat(assess(Trend.of(Direction.EITHER, 1), pairs(60, 50, 100)).verdict())
        .isEqualTo(Verdict.CONDEMNED);
    assertThat(assess(Trend.of(Direction.DECREASE, 1), pairs(60, 150, 100)).verdict())
        .isEqualTo(Verdict.PASSED);
  }

  @Test
  void bothDirectionsShareTheProbabilityOfAFalseAlarm() {
    var either = new Trend(0.1, 0, Direction.EITHER, 0.05, 1);
    var half = new Trend(0.1, 0, Direction.INCREASE, 0.025, 1);
    var one = new Trend(0.1, 0, Direction.INCREASE, 0.05, 1);
    var differing = 0;
    for (var run = 0; run < 60; run++) {
      // Mostly beyond the tolerance, and never so surely that nobody doubts.
      var pairs = pairs(20, 111 + run % 5 * 0.5, 100, run);
      assertThat(assess(either, pairs).verdict()).isEqualTo(assess(half, pairs).verdict());
      differing += assess(either, pairs).verdict() == assess(one, pairs).verdict() ? 0 : 1;
    }
    assertThat(differing).as("what half the probability changes").isPositive();
    assertThat(assess(either, pairs(20, 100, 100)).evidence()).endsWith("of 40 : 1");
  }

  @Test
  void fewValuesDecideNothing() {
    var said = assess(INCREASE, pairs(11, 150, 100));

    assertThat(said.verdict()).isEqualTo(Verdict.TOO_FEW);
    assertThat(said.reason()).isEqualTo("11 values; too few to judge by, needs 1 more");
    assertThat(assess(INCREASE, List.of()).verdict()).isEqualTo(Verdict.NO_DATA);
  }

  @Test
  void valuesThatAreNotNumbersAreLeftOut() {
    var pairs = new ArrayList<>(pairs(11, 150, 100));
    pairs.add(new Pair(Double.NaN, 100));
    pairs.add(new Pair(150, Double.POSITIVE_INFINITY));

    assertThat(assess(INCREASE, pairs).verdict()).isEqualTo(Verdict.TOO_FEW);
  }

  @Test
  void whereStableIsZeroTheAbsoluteToleranceCounts() {
    var queue = new Trend(0.1, 5, Direction.INCREASE, 0.05, 1);

    assertThat(assess(queue, constant(30, 3, 0)).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(assess(queue, constant(30, 9, 0)).verdict()).isEqualTo(Verdict.CONDEMNED);
  }

  @Test
  void aSmallerAlphaAsksForMore() {
    var seven = constant(12, 150, 100);
    var sure = new Trend(0.1, 0, Direction.INCREASE, 1e-6, 1);

    assertThat(assess(INCREASE, seven).verdict()).isEqualTo(Verdict.CONDEMNED);
    assertThat(assess(sure, seven).verdict()).isNotEqualTo(Verdict.CONDEMNED);
    assertThat(assess(sure, seven).evidence()).endsWith("of over a million : 1");
  }

  @Test
  void valuesThatResembleEachOtherCountForFewer() {
    var alike = new double[200];
    for (var i = 0; i < alike.length; i++) {
      alike[i] = Math.sin(i / 10.0);
    }

    assertThat(Trend.likeness(alike)).isEqualTo(0.95);
    assertThat(Trend.likeness(new double[] {1, 1, 1})).isZero();
  }

  private static Assessment assess(Trend trend, List<Pair> pairs) {
    return trend.assess("memory", pairs, List.of(), "q", false);
  }

  private static List<Pair> constant(int n, double canary, double stable) {
    return Collections.nCopies(n, new Pair(canary, stable));
  }

  private static List<Pair> pairs(int n, double canary, double stable) {
    return pairs(n, canary, stable, 0);
  }

  private static List<Pair> pairs(int n, double canary, double stable, int run) {
    var draw = new Draw(n, (long) canary, run);
    var pairs = new ArrayList<Pair>();
    for (var i = 0; i < n; i++) {
      pairs.add(new Pair(canary + 5 * draw.normal(), stable + 5 * draw.normal()));
    }
    return pairs;
  }
}
