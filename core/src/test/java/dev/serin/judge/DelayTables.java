package dev.serin.judge;

import dev.serin.judge.OtherRules.FlaggerOutcome;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// How soon a canary that is worse is found out: tables T3, T3b and T5.
final class DelayTables {

  private static final Sequential STRICT = Sequential.strict(0.05);
  private static final Sequential DEFAULT = Sequential.standard();

  private DelayTables() {}

  /// Worse from the beginning, at one weight, looked at for an hour.
  static Stream<Cell> t3(int runs) {
    return Stream.of(1, 10, 100, 1000)
        .flatMap(
            rps ->
                Stream.of(0.05, 0.1, 0.25, 0.5)
                    .flatMap(
                        weight ->
                            Stream.of(
                                    List.of(0.001, 0.002),
                                    List.of(0.001, 0.005),
                                    List.of(0.001, 0.011),
                                    List.of(0.001, 0.051),
                                    List.of(0.01, 0.02),
                                    List.of(0.01, 0.05),
                                    List.of(0.01, 0.06))
                                .map(c -> t3(rps, weight, c.get(0), c.get(1), runs))));
  }

  static Cell t3(int rps, double weight, double base, double canary, int runs) {
    var course = Course.held(rps, 10, 3600, weight, base, canary);
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(3, rps, Math.round(weight * 100), Math.round(canary * 1e5), run);
      var history = course.history(draw);
      var ticks = course.play(draw);
      var strict = STRICT.judge(ticks, history, 10);
      tally.took("strict-median", strict.failedAt());
      tally.hit("strict-detected", strict.failed());
      requests(tally, "strict-requests", strict);
      var outcome = DEFAULT.judge(ticks, history, 10);
      tally.took("median", outcome.failedAt());
      tally.hit("detected", outcome.failed());
      requests(tally, "requests", outcome);
      tally.hit("false-pass", outcome.passed());
      FlaggerOutcome flagger = OtherRules.flaggerHeld(draw, rps, weight, canary);
      tally.hit("flagger", flagger.rolledBack());
      if (flagger.rolledBack()) {
        tally.took("flagger-median", flagger.minutes() * 60.0);
      }
    }
    var key =
        "base="
            + base
            + " canary="
            + canary
            + " rps="
            + rps
            + " weight="
            + Math.round(weight * 100);
    return new Cell("T3", key)
        .with("strict-median", tally.seconds("strict-median", 10))
        .with("strict-p90", tally.quantile("strict-median", 10, 0.9))
        .with("strict-detected", tally.share("strict-detected", runs))
        .with("strict-requests", tally.quantile("strict-requests", 2, 0.5))
        .with("median", tally.seconds("median", 10))
        .with("p90", tally.quantile("median", 10, 0.9))
        .with("detected", tally.share("detected", runs))
        .with("requests", tally.quantile("requests", 2, 0.5))
        .with("false-pass", tally.share("false-pass", runs))
        .with("flagger", tally.share("flagger", runs))
        .with("flagger-median", tally.seconds("flagger-median", 60));
  }

  private static void requests(Tally tally, String name, Sequential.Outcome outcome) {
    if (outcome.failed()) {
      tally.took(name, (double) outcome.requests());
    }
  }

  /// What it costs not to know the size of the difference.
  static Stream<Cell> t3b(int runs) {
    return Stream.of(
            List.of(0.001, 0.002), List.of(0.001, 0.005), List.of(0.01, 0.02), List.of(0.01, 0.05))
        .flatMap(c -> Stream.of(0.1, 0.5).map(w -> t3b(c.get(0), c.get(1), w, runs)));
  }

  private static Cell t3b(double base, double canary, double weight, int runs) {
    var course = Course.held(100, 10, 3600, weight, base, canary);
    var known = new Arm(1_000_000_000, Math.round(1e9 * base));
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(32, Math.round(canary * 1e5), Math.round(weight * 100), run);
      var ticks = course.play(draw);
      tally.took("oracle-median", oracle(ticks, canary / base));
      tally.took("beta2-median", betaBinomial(ticks, 2, weight));
      tally.took("beta20-median", betaBinomial(ticks, 20, weight));
      tally.took("strict-median", STRICT.judge(ticks, known, 10).failedAt());
    }
    var cell = new Cell("T3b", "base=" + base + " canary=" + canary + " weight=" + weight);
    for (var name : List.of("oracle-median", "beta2-median", "beta20-median", "strict-median")) {
      cell.with(name, tally.seconds(name, 10));
    }
    return cell;
  }

  /// The sequential test of one who knows how much worse the canary is.
  private static double oracle(Tick[] ticks, double worse) {
    var log = 0.0;
    for (var t = 0; t < ticks.length; t++) {
      var r = (double) ticks[t].canary().requests() / ticks[t].stable().requests();
      var a = worse * (1 + r) / (1 + worse * r);
      log +=
          ticks[t].canary().bad() * Math.log(a)
              + ticks[t].stable().bad() * Math.log1p(-r * (a - 1));
      if (log >= Math.log(20)) {
        return (t + 1) * 10;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /// Lindon and Malek's test of a constant share, two-sided.
  private static double betaBinomial(Tick[] ticks, double k, double weight) {
    var canary = 0L;
    var stable = 0L;
    for (var t = 0; t < ticks.length; t++) {
      canary += ticks[t].canary().bad();
      stable += ticks[t].stable().bad();
      var log =
          Exact.logBeta(k * weight + canary, k * (1 - weight) + stable)
              - Exact.logBeta(k * weight, k * (1 - weight))
              - canary * Math.log(weight)
              - stable * Math.log1p(-weight);
      if (log >= Math.log(20)) {
        return (t + 1) * 10;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /// Good until minute 7 of a ramp, worse from then on.
  static Stream<Cell> t5(int runs) {
    return Stream.of(100, 1000)
        .flatMap(
            rps ->
                Stream.of(
                        List.of(0.001, 0.01),
                        List.of(0.001, 0.05),
                        List.of(0.01, 0.03),
                        List.of(0.01, 0.05))
                    .map(c -> t5(rps, c.get(0), c.get(1), runs)));
  }

  static Cell t5(int rps, double base, double bad, int runs) {
    var ramp = Course.ramp(10);
    var weights = Arrays.copyOf(ramp, 90);
    Arrays.fill(weights, 60, 90, 0.5);
    var canary = Course.constant(90, bad);
    Arrays.fill(canary, 0, 42, base);
    var course = new Course(rps, 10, weights, Course.constant(90, base), canary, 1);
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(5, rps, Math.round(base * 1e5), Math.round(bad * 1e5), run);
      var history = course.history(draw);
      var ticks = course.play(draw);
      var restarted = DEFAULT.neverPassing().judge(ticks, history, 10);
      var once = DEFAULT.neverPassing().starts(1).judge(ticks, history, 10);
      late(tally, restarted.failedAt(), "detected", "median");
      late(tally, once.failedAt(), "detected-1", "median-1");
      tally.hit("early", restarted.failedAt() <= 420);
    }
    return new Cell("T5", "rps=" + rps + " base=" + base + " canary=" + bad)
        .with("detected", tally.share("detected", runs))
        .with("median", tally.seconds("median", 10))
        .with("detected-1", tally.share("detected-1", runs))
        .with("median-1", tally.seconds("median-1", 10))
        .with("early", tally.share("early", runs));
  }

  private static void late(Tally tally, double at, String detected, String median) {
    var isLate = at > 420 && Double.isFinite(at);
    tally.hit(detected, isLate);
    if (isLate) {
      tally.took(median, at - 420);
    }
  }
}
