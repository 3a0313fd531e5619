package dev.serin.judge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The judge as it is shipped, over everything that services are: how much traffic, which weight,
/// how many bad requests, and how many of those come together. One step, held for ten minutes, with
/// evidence every ten seconds.
///
/// What is promised of each cell: a canary as good as stable is condemned in one of 200 rollouts at
/// most, and passes in most; one that fails five points more is condemned in most. Where traffic
/// allows none of that, the outlook has to say so before the start.
final class Grid {

  static final List<Integer> TRAFFIC = List.of(1, 10, 100, 1_000, 10_000);
  static final List<Integer> WEIGHTS = List.of(1, 5, 10, 25, 50);
  static final List<Double> BASES = List.of(0.0001, 0.001, 0.005, 0.01, 0.05);
  static final List<Integer> TOGETHER = List.of(1, 2, 3, 5);

  /// What a worse canary fails more often than stable.
  static final double WORSE = 0.05;

  static final double FALSE_ALARMS = 0.005;

  private static final int TICKS = 60;
  private static final int TICK = 10;
  private static final Comparison COMPARISON =
      Comparison.ofFailures(Tolerance.DEFAULT, Duration.ofSeconds(TICK), 1, 1);

  private Grid() {}

  /// @param together bad requests that have one cause
  record Place(int rps, int weight, double base, int together) {

    String key() {
      return "rps=" + rps + " weight=" + weight + " base=" + base + " together=" + together;
    }

    String words() {
      return "%,d requests/s, %d %% weight, %s bad, %d at a time"
          .formatted(rps, weight, Words.percent(base), together);
    }

    private Outlook.Stage stage() {
      return new Outlook.Stage(weight, Duration.ofSeconds((long) TICKS * TICK));
    }
  }

  static Stream<Place> places() {
    return TOGETHER.stream()
        .flatMap(
            together ->
                TRAFFIC.stream()
                    .flatMap(
                        rps ->
                            BASES.stream()
                                .flatMap(
                                    base ->
                                        WEIGHTS.stream()
                                            .map(
                                                weight ->
                                                    new Place(rps, weight, base, together)))));
  }

  /// One cell, played so often.
  static Cell cell(Place at, int runs) {
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      play(at, new Draw(70, at.rps, at.weight, Math.round(at.base * 1e5), at.together, run), tally);
    }
    var cell = new Cell("grid", at.key());
    for (var share :
        List.of("condemned", "passed", "caught", "underpowered", "blind", "bursty", "flagger")) {
      cell.with(share, tally.share(share, runs));
    }
    return cell.with("passed-median", tally.seconds("passed", TICK))
        .with("caught-median", tally.seconds("caught", TICK));
  }

  private static void play(Place at, Draw draw, Tally tally) {
    var burst = "fixed" + at.together;
    var known = BurstTables.bursty(draw, at.rps, at.base, burst);
    var good = rule(at, draw, known, at.base);
    var bad = rule(at, draw, known, at.base + WORSE);
    var outlook = outlook(at, known);
    tally.hit("condemned", Double.isFinite(good.condemned()));
    tally.hit("passed", Double.isFinite(good.passed()));
    tally.took("passed", good.passed());
    tally.hit("caught", Double.isFinite(bad.condemned()));
    tally.took("caught", bad.condemned());
    tally.hit("underpowered", outlook.underpowered().isPresent());
    tally.hit("blind", outlook.caught().orElse(1) > at.base + WORSE);
    tally.hit("bursty", outlook.bursty().isPresent());
    tally.hit(
        "flagger", OtherRules.flaggerHeld(draw, at.rps, at.weight / 100.0, at.base).rolledBack());
  }

  private static Outlook outlook(Place at, Baseline known) {
    var traffic = new Outlook.Traffic(known.stable().requests() / 600.0, known.stable().share());
    return Outlook.of(COMPARISON, List.of(at.stage()), traffic, known.dispersion());
  }

  private static ShippedRule.Ruling rule(Place at, Draw draw, Baseline known, double canary) {
    var burst = "fixed" + at.together;
    var share = at.weight / 100.0;
    var evidence = Evidence.none(COMPARISON, known);
    var passed = Double.POSITIVE_INFINITY;
    for (var t = 1; t <= TICKS; t++) {
      var toCanary = draw.poisson(at.rps * TICK * share);
      var toStable = draw.poisson(at.rps * TICK * (1 - share));
      evidence =
          evidence.add(
              new Tick(
                  0,
                  Arm.clamped(toCanary, BurstTables.errors(draw, toCanary * canary, burst)),
                  Arm.clamped(toStable, BurstTables.errors(draw, toStable * at.base, burst))));
      var verdict = evidence.verdict();
      if (verdict == Verdict.CONDEMNED) {
        return new ShippedRule.Ruling(t * (double) TICK, passed);
      }
      if (verdict == Verdict.PASSED) {
        passed = Math.min(passed, t * TICK);
      }
    }
    return new ShippedRule.Ruling(Double.POSITIVE_INFINITY, passed);
  }

  /// A promise that a cell does not keep, beyond chance.
  ///
  /// @param reported share of rollouts before which the outlook said so
  record Broken(String promise, Figure.Share reported) {}

  static List<Broken> broken(Cell cell) {
    return Stream.of(
            cell.share("condemned").low(Figure.SHOWN) > FALSE_ALARMS
                ? Optional.of(new Broken("a good canary is condemned too often", warned(cell)))
                : Optional.<Broken>empty(),
            cell.share("passed").high(Figure.SHOWN) < 0.5
                ? Optional.of(new Broken("a good canary seldom passes", cell.share("underpowered")))
                : Optional.<Broken>empty(),
            cell.share("caught").high(Figure.SHOWN) < 0.5
                ? Optional.of(
                    new Broken("five points more are seldom caught", cell.share("underpowered")))
                : Optional.<Broken>empty())
        .flatMap(Optional::stream)
        .toList();
  }

  private static Figure.Share warned(Cell cell) {
    var bursty = cell.share("bursty");
    var underpowered = cell.share("underpowered");
    return bursty.hits() > underpowered.hits() ? bursty : underpowered;
  }

  /// Cells in which a promise is broken and the outlook kept silent about it in more than one of
  /// ten rollouts, in words.
  static List<String> unreported(List<Place> places, List<Cell> cells) {
    var unreported = new ArrayList<String>();
    for (var i = 0; i < cells.size(); i++) {
      for (var broken : broken(cells.get(i))) {
        if (broken.reported.value() < 0.9) {
          unreported.add(
              places.get(i).words()
                  + ": "
                  + broken.promise
                  + ", reported before "
                  + Words.percent(broken.reported.value())
                  + " of the rollouts");
        }
      }
    }
    return unreported;
  }
}
