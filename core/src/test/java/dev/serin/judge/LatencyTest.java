package dev.serin.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.judge.LatencyBounds.Chosen;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LatencyTest {

  @Test
  void aRequestedBoundBecomesOneThatTheHistogramHas() {
    var bounds = List.of(100.0, 200.0, 300.0, 500.0, Double.POSITIVE_INFINITY);

    assertThat(LatencyBounds.snap(bounds, 300)).hasValue(300);
    assertThat(LatencyBounds.snap(bounds, 450)).hasValue(300);
    assertThat(LatencyBounds.snap(bounds, 9999)).hasValue(500);
    assertThat(LatencyBounds.snap(bounds, 50)).as("nothing below").hasValue(100);
    assertThat(LatencyBounds.snap(List.of(Double.POSITIVE_INFINITY), 50)).isEmpty();
  }

  @Test
  void withoutOneTheBoundsNearMedianAndTailAreTaken() {
    // 40 ms median, lognormal with sigma 0.8: 39 %, 13 %, 0.6 % beyond 50, 100, 300 ms.
    var upTo =
        new TreeMap<>(
            Map.of(
                10.0, 4_000L, 50.0, 61_000L, 100.0, 87_300L, 200.0, 97_800L, 300.0, 99_400L, 1000.0,
                99_997L));

    assertThat(LatencyBounds.choose(upTo, 100_000).stream().map(Chosen::bound))
        .containsExactly(50.0, 100.0, 300.0);
    assertThat(LatencyBounds.choose(upTo, 100_000).stream().map(Chosen::tolerance))
        .containsExactly(
            new Tolerance(1.1, 0.005), new Tolerance(1.25, 0.005), new Tolerance(1.5, 0.005));
  }

  @Test
  void aCoarseHistogramGivesFewerBounds() {
    assertThat(LatencyBounds.choose(new TreeMap<>(Map.of(500.0, 95_000L)), 100_000))
        .containsExactly(new Chosen(500, 1 - 0.95));
    assertThat(LatencyBounds.choose(new TreeMap<>(Map.of(500.0, 100_000L)), 100_000)).isEmpty();
  }

  @Test
  void threeBoundsCondemnTogetherAndPassOnlyTogether() {
    var slower = evidence();
    var same = evidence();
    var onlyTheTail = evidence();
    for (var t = 0; t < 400; t++) {
      slower = slower.add(ticks(60, 25, 4));
      same = same.add(ticks(39, 13, 1));
      onlyTheTail = onlyTheTail.add(ticks(39, 13, 4));
    }

    assertThat(slower.verdict()).isEqualTo(Verdict.CONDEMNED);
    assertThat(same.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(same.promising()).isTrue();
    assertThat(onlyTheTail.verdict()).isEqualTo(Verdict.CONDEMNED);
    assertThat(evidence().verdict()).isEqualTo(Verdict.NO_DATA);
    assertThat(evidence()).isEqualTo(evidence());
  }

  private static LatencyEvidence evidence() {
    var tolerances =
        List.of(new Tolerance(1.1, 0.005), new Tolerance(1.25, 0.005), new Tolerance(1.5, 0.005));
    return LatencyEvidence.none(
        tolerances.stream()
            .map(t -> Comparison.ofSlowness(t, Duration.ofSeconds(10), 1, 1))
            .toList(),
        Collections.nCopies(3, new Baseline(Arm.NONE, Dispersion.INDEPENDENT)));
  }

  private static List<Tick> ticks(long... slow) {
    var stable = List.of(new Arm(900, 351), new Arm(900, 117), new Arm(900, 9));
    return List.of(
        new Tick(0, new Arm(100, slow[0]), stable.get(0)),
        new Tick(0, new Arm(100, slow[1]), stable.get(1)),
        new Tick(0, new Arm(100, slow[2]), stable.get(2)));
  }
}
