package dev.serin.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// What the judge promises, held against simulated services with seeds: as much of what the page on
/// judgement shows as it takes to be sure of each promise, see [Promise].
@Order(1)
class JudgeSimulationTest {

  private static final Reference REFERENCE = Reference.load();

  @Test
  void figuresAreThoseOfAnIndependentSimulation() {
    var cells =
        Stream.of(
                FalseAlarmTables.t1(100, 0.001, 1000),
                FalseAlarmTables.t1(10, 0.01, 1000),
                FalseAlarmTables.t1c(100, 0.001, 200),
                FalseAlarmTables.t2(100, 0.01, 0.05, 500),
                DelayTables.t3(100, 0.1, 0.001, 0.011, 200),
                DelayTables.t3(10, 0.25, 0.01, 0.05, 200),
                DelayTables.t3(1000, 0.05, 0.001, 0.005, 200),
                DelayTables.t5(100, 0.001, 0.01, 100),
                ControllerTables.t4(100, 0.001, "+1pp", 0.011, 200),
                ControllerTables.t4(10, 0.01, "2x", 0.02, 200),
                BurstTables.t6b(100, 0.01, "geom10", 200),
                BurstTables.t7(1000, 0.01, 0.5, 1, 200),
                LatencyTables.t8(100, "scale1.5", 1.5, 0, 50),
                GaugeTables.t9b(0.8, 100))
            .toList();

    assertThat(cells.stream().mapToLong(REFERENCE::compared).sum()).isGreaterThan(70);
    assertThat(cells.stream().flatMap(cell -> REFERENCE.contradictions(cell).stream())).isEmpty();
  }

  @Test
  void aGoodCanaryIsHardlyEverCondemned() {
    assertKept(
        Stream.of(1, 10, 100, 1000)
            .flatMap(
                rps ->
                    Stream.of(0.001, 0.005, 0.01)
                        .map(base -> () -> FalseAlarmTables.promised(rps, base, 4000))),
        Promise::onARamp);
  }

  @Test
  void norWhenItIsLookedAtEveryTwoSeconds() {
    assertKept(
        Stream.<Supplier<Cell>>of(
            () -> ShippedRule.falseAlarm(10, 0.01, 1500),
            () -> ShippedRule.falseAlarm(100, 0.001, 1500),
            () -> ShippedRule.falseAlarm(1000, 0.01, 1500)),
        Promise::everyTwoSeconds);
  }

  @Test
  void anIncidentOfBothCondemnsNobody() {
    assertKept(
        Stream.of(10, 100, 1000)
            .flatMap(
                rps ->
                    Stream.<Supplier<Cell>>of(
                        () -> FalseAlarmTables.promised(rps, 0.001, 0.02, 4000),
                        () -> FalseAlarmTables.promised(rps, 0.01, 0.05, 4000))),
        Promise::inAnIncident);
  }

  @Test
  void atTheLimitItErrsNoMoreOftenThanItSays() {
    assertKept(
        Stream.of(10, 100, 1000)
            .flatMap(
                rps ->
                    Stream.of(0.001, 0.01)
                        .map(
                            base ->
                                () -> FalseAlarmTables.t1c(rps, base, rps == 100 ? 5000 : 1500))),
        Promise::atTheLimit);
  }

  @Test
  void worseCanariesAreCaughtInSeconds() {
    assertKept(
        Stream.<Supplier<Cell>>of(
            () -> ShippedRule.delay(2, 0.001, 0.011, 1500, "measured"),
            () -> ShippedRule.delay(2, 0.001, 0.051, 7000, "measured"),
            () -> ShippedRule.delay(2, 0.001, 1.0, 500, "measured")),
        Promise::sooner);
  }

  @Test
  void withTicksOfTenSecondsWorseCanariesAreCaughtInTime() {
    assertKept(
        Stream.<Supplier<Cell>>of(
            () -> ShippedRule.delay(10, 0.001, 0.005, 600, "independent"),
            () -> ShippedRule.delay(10, 0.001, 0.011, 2000, "independent"),
            () -> ShippedRule.delay(10, 0.001, 0.051, 1000, "independent"),
            () -> ShippedRule.delay(10, 0.01, 0.05, 3000, "independent")),
        Promise::soon);
    assertKept(
        Stream.of(10, 100, 1000).map(rps -> () -> ShippedRule.allFailing(rps, 500)),
        Promise::inTwoTicks);
  }

  @Test
  void goodCanariesPassInTime() {
    assertKept(
        Stream.of(100, 1000)
            .flatMap(
                rps ->
                    Stream.of(0.001, 0.01)
                        .map(base -> () -> FalseAlarmTables.passing(rps, base, 1000))),
        Promise::onARamp);
  }

  @Test
  void burstyErrorsAreMeasuredAndForgiven() {
    assertKept(
        Stream.of(10, 100, 1000)
            .flatMap(
                rps ->
                    Stream.of(0.001, 0.01)
                        .flatMap(
                            base ->
                                Stream.of("fixed1", "fixed3", "fixed10", "geom3", "geom10")
                                    .map(
                                        burst ->
                                            () ->
                                                BurstTables.promised(
                                                    rps, base, burst, often(rps, burst))))),
        Promise::bursty);
  }

  /// Large bursts and few of them are what is most easily taken for a difference.
  private static int often(int rps, String burst) {
    return rps > 10 ? 600 : burst.equals("geom10") ? 2500 : 1200;
  }

  private static void assertKept(
      Stream<Supplier<Cell>> cells, Function<Cell, Stream<Promise>> promises) {
    assertThat(Promise.played(cells, promises))
        .isNotEmpty()
        .allSatisfy(promise -> assertThat(promise.isKept()).as("%s", promise).isTrue());
  }

  @Test
  void aBurstOfTheCanaryAloneRollsNothingBack() {
    for (var rps : List.of(10.0, 100.0, 1000.0)) {
      for (var tick : List.of(2.0, 3.0, 5.0, 10.0, 15.0)) {
        for (var share : List.of(1.0, 0.3)) {
          assertThat(Promise.burstAlone(ShippedRule.burstAlone(rps, tick, 4.99, share, 300)))
              .allSatisfy(promise -> assertThat(promise.isKept()).as("%s", promise).isTrue());
        }
      }
    }
  }

  @Test
  void aBurstBesideRequestsThatAreBadByChanceHardlyEverRollsBack() {
    // What remains without the burst has to speak against the canary by itself.
    for (var tick : List.of(2.0, 10.0)) {
      for (var share : List.of(1.0, 0.3)) {
        var condemned = ShippedRule.burst(tick, 4.99, share, 2000).share("condemned");
        assertThat(Exact.high(condemned.hits(), condemned.runs(), 0.01))
            .as("a tick of %s s, %s bad: %s", tick, share, condemned)
            .isLessThanOrEqualTo(0.01);
      }
    }
  }

  @Test
  void aCanaryAsGoodAsStableIsSeldomHeldByItsLastSeconds() {
    for (var rps : List.of(10.0, 100.0, 1000.0)) {
      for (var base : List.of(0.001, 0.02)) {
        var held = 0;
        for (var run = 0; run < 1000; run++) {
          var course = Course.held(rps, 2, 10, 0.1, base, base);
          var draw = new Draw(54, Math.round(rps), Math.round(base * 1000), run);
          var evidence =
              Evidence.replay(
                  Comparison.ofFailures(Tolerance.DEFAULT, Duration.ofSeconds(2), 5, 1),
                  new Baseline(course.history(draw), Dispersion.INDEPENDENT),
                  List.of(course.play(draw)));
          held += evidence.doubted() ? 1 : 0;
        }
        assertThat(Exact.high(held, 1000, 0.01))
            .as("%s/s, %s bad: %d held", rps, base, held)
            .isLessThanOrEqualTo(0.05);
      }
    }
  }

  @Test
  void whereNothingCanBeDecidedTheOutlookSaysSo() {
    var places =
        Grid.places()
            .filter(place -> place.rps() == 10 || place.rps() == 1000)
            .filter(place -> place.weight() == 5 || place.weight() == 50)
            .filter(place -> place.base() == 0.001 || place.base() == 0.05)
            .filter(place -> place.together() == 1 || place.together() == 5)
            .toList();
    var cells = places.stream().map(place -> Grid.cell(place, 60)).toList();

    assertThat(cells.stream().filter(cell -> Grid.broken(cell).isEmpty())).hasSizeBetween(6, 10);
    assertThat(Grid.unreported(places, cells)).isEmpty();
  }
}
