package dev.serin.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DispersionTest {

  @Test
  void onePodWithAllErrorsOfATickIsABurst() {
    // Four pods with 6, 0, 1, 1: chi square 11, over 3 degrees of freedom 3.667.
    var tick = List.of(new Arm(100, 6), new Arm(100, 0), new Arm(100, 1), new Arm(100, 1));

    assertThat(Dispersion.of(List.of(tick)).phi())
        .isCloseTo((2 * 4 + 11 / 3.0 * 8) / 12, within(1e-12));
    assertThat(Dispersion.of(List.of(tick), 20).phi())
        .isCloseTo((2 * 20 + 11 / 3.0 * 8) / 28, within(1e-12));
  }

  @Test
  void withoutErrorsOrPodsItIsUnknown() {
    assertThat(Dispersion.of(List.of())).isEqualTo(Dispersion.UNKNOWN);
    assertThat(Dispersion.of(List.of(List.of(new Arm(100, 0), new Arm(100, 0)))))
        .isEqualTo(Dispersion.UNKNOWN);
    assertThat(Dispersion.of(List.of(List.of(new Arm(100, 7))))).isEqualTo(Dispersion.UNKNOWN);
  }

  @Test
  void independentErrorsGiveOne() {
    assertThat(measured(1, 10).phi()).isBetween(1.0, 1.15);
    assertThat(measured(1, 10).bursty()).isFalse();
  }

  @Test
  void errorsThatComeTenAtATimeGiveAboutTen() {
    assertThat(measured(10, 10).phi()).isBetween(8.0, 12.0);
    assertThat(measured(10, 10).bursty()).isTrue();
  }

  @Test
  void whatHappensToAllPodsAtOnceDoesNotCount() {
    var draw = new Draw(3);
    var ticks = new ArrayList<List<Arm>>();
    for (var t = 0; t < 100; t++) {
      var share = t % 10 == 0 ? 0.2 : 0.001;
      var tick = new ArrayList<Arm>();
      for (var pod = 0; pod < 10; pod++) {
        tick.add(new Arm(100, draw.binomial(100, share)));
      }
      ticks.add(tick);
    }

    assertThat(Dispersion.of(ticks).phi()).isLessThan(1.3);
  }

  @Test
  void retriesAreAFloor() {
    assertThat(Dispersion.INDEPENDENT.atLeast(3).phi()).isEqualTo(3);
    assertThat(Dispersion.UNKNOWN.atLeast(1)).isEqualTo(Dispersion.UNKNOWN);
  }

  @Test
  void podsThatDifferForGoodWidenTheTolerance() {
    var alike = List.of(new Arm(10_000, 100), new Arm(10_000, 105), new Arm(10_000, 95));
    var different = List.of(new Arm(10_000, 50), new Arm(10_000, 100), new Arm(10_000, 150));

    assertThat(PodSpread.of(alike)).isZero();
    assertThat(PodSpread.of(different)).isCloseTo(Math.sqrt(0.25 - 0.01), within(1e-9));
    assertThat(Tolerance.DEFAULT.widenedFor(PodSpread.of(alike), 1, 3))
        .isEqualTo(Tolerance.DEFAULT);
    assertThat(Tolerance.DEFAULT.widenedFor(0.5, 1, 3).relative())
        .isCloseTo(1 + Math.sqrt(4 / 3.0), within(1e-12));
  }

  private static Dispersion measured(int together, int pods) {
    var draw = new Draw(together);
    var ticks = new ArrayList<List<Arm>>();
    for (var t = 0; t < 300; t++) {
      var tick = new ArrayList<Arm>();
      for (var pod = 0; pod < pods; pod++) {
        tick.add(Arm.clamped(1000, together * draw.poisson(5.0 / together)));
      }
      ticks.add(tick);
    }
    return Dispersion.of(ticks);
  }
}
