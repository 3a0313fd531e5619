package dev.serin.judge;

import dev.serin.judge.OtherRules.PooledZ;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// How often a canary that is as good as stable is condemned: tables T1, T1b, T1c, T2 and T2b.
final class FalseAlarmTables {

  private static final Sequential STRICT_05 = Sequential.strict(0.05);
  private static final Sequential STRICT_01 = Sequential.strict(0.01);
  private static final Sequential DEFAULT = Sequential.standard();

  /// Whether evidence against the canary is ever over its bound, whatever was said before.
  private static final Sequential EVER = DEFAULT.neverPassing();

  private FalseAlarmTables() {}

  /// On a ramp from 5 to 50 %.
  static Stream<Cell> t1(int runs) {
    return Stream.of(1, 10, 100, 1000)
        .flatMap(rps -> Stream.of(0.001, 0.005, 0.01).map(base -> t1(rps, base, runs)));
  }

  static Cell t1(int rps, double base, int runs) {
    var course = Course.onRamp(rps, base, base, 1);
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(1, rps, (long) (base * 1e5), run);
      var history = course.history(draw);
      var ticks = course.play(draw);
      pooled(tally, PooledZ.of(ticks, 10));
      tally.hit("strict05", STRICT_05.judge(ticks, history, 10).failed());
      tally.hit("strict01", STRICT_01.judge(ticks, history, 10).failed());
      var outcome = DEFAULT.judge(ticks, history, 10);
      tally.hit("fail", outcome.failed());
      tally.hit("ever", EVER.judge(ticks, history, 10).failed());
      tally.hit("pass", outcome.passed());
      if (outcome.passed()) {
        tally.took("pass-median", outcome.at());
      }
      tally.hit("flagger", OtherRules.flagger(draw, rps, _ -> base, 0.99, 1, 200).rolledBack());
    }
    var cell = new Cell("T1", "rps=" + rps + " base=" + base);
    for (var name :
        List.of(
            "flagger",
            "z05",
            "z01",
            "once05",
            "once01",
            "strict05",
            "strict01",
            "fail",
            "ever",
            "pass")) {
      cell.with(name, tally.share(name, runs));
    }
    return cell.with("pass-median", tally.seconds("pass-median", 10));
  }

  /// What is promised of a good canary on the ramp, and no more.
  static Cell promised(int rps, double base, int runs) {
    return promised(new Cell("T1", "rps=" + rps + " base=" + base), rps, base, base, runs);
  }

  /// The same when both fail more in the last three of ten minutes.
  static Cell promised(int rps, double base, double incident, int runs) {
    var key = "rps=" + rps + " base=" + base + " incident=" + incident;
    return promised(new Cell("T2", key), rps, base, incident, runs);
  }

  private static Cell promised(Cell cell, int rps, double base, double incident, int runs) {
    var course = incident(rps, base, incident);
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(base == incident ? 1 : 2, rps, (long) (base * 1e5), run);
      var history = course.history(draw);
      var ticks = course.play(draw);
      tally.hit("ever", EVER.judge(ticks, history, 10).failed());
      if (base == incident) {
        tally.hit("strict05", STRICT_05.judge(ticks, history, 10).failed());
      }
    }
    cell.with("ever", tally.share("ever", runs));
    return base == incident ? cell.with("strict05", tally.share("strict05", runs)) : cell;
  }

  /// How soon good canaries pass that pass on the ramp, and no more.
  static Cell passing(int rps, double base, int runs) {
    var course = Course.onRamp(rps, base, base, 1);
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(1, rps, (long) (base * 1e5), run);
      var history = course.history(draw);
      var outcome = DEFAULT.judge(course.play(draw), history, 10);
      if (outcome.passed()) {
        tally.took("pass-median", outcome.at());
      }
    }
    return new Cell("T1", "rps=" + rps + " base=" + base)
        .with("pass-median", tally.seconds("pass-median", 10));
  }

  private static Course incident(int rps, double base, double incident) {
    var weights = Course.ramp(10);
    var shares = Course.constant(weights.length, base);
    Arrays.fill(shares, 42, 60, incident);
    return new Course(rps, 10, weights, shares, shares, 1);
  }

  private static void pooled(Tally tally, PooledZ z) {
    tally.hit("z05", Double.isFinite(z.z05()));
    tally.hit("z01", Double.isFinite(z.z01()));
    tally.hit("once05", z.last() > 1.6449);
    tally.hit("once01", z.last() > 2.3263);
  }

  /// Two hours at 10 %.
  static Stream<Cell> t1b(int runs) {
    return Stream.of(10, 100, 1000).map(rps -> t1b(rps, runs));
  }

  private static Cell t1b(int rps, int runs) {
    var course = Course.held(rps, 10, 7200, 0.1, 0.01, 0.01);
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(11, rps, run);
      var history = course.history(draw);
      var ticks = course.play(draw);
      var z = PooledZ.of(ticks, 10);
      tally.hit("z05-10min", z.z05() <= 600);
      tally.hit("z05-30min", z.z05() <= 1800);
      tally.hit("z05-1h", z.z05() <= 3600);
      tally.hit("z05-2h", z.z05() <= 7200);
      tally.hit("z01-2h", z.z01() <= 7200);
      tally.hit("strict05", STRICT_05.starts(1).judge(ticks, history, 10).failed());
      var outcome = DEFAULT.starts(1).judge(ticks, history, 10);
      tally.hit("fail", outcome.failed());
      tally.hit("pass", outcome.passed());
    }
    var cell = new Cell("T1b", "rps=" + rps);
    for (var name :
        List.of(
            "z05-10min", "z05-30min", "z05-1h", "z05-2h", "z01-2h", "strict05", "fail", "pass")) {
      cell.with(name, tally.share(name, runs));
    }
    return cell;
  }

  /// Exactly at the limit, the worst that is allowed, and the best that is not.
  static Stream<Cell> t1c(int runs) {
    return Stream.of(10, 100, 1000)
        .flatMap(rps -> Stream.of(0.001, 0.01).map(base -> t1c(rps, base, runs)));
  }

  static Cell t1c(int rps, double base, int runs) {
    var course = Course.held(rps, 10, 3600, 0.2, base, Tolerance.DEFAULT.limit(base));
    var fail = DEFAULT.starts(1).neverPassing();
    var pass = new Sequential(Tolerance.DEFAULT, 1e-99, 0.05, 1, Sequential.CAP_3, 1, 500);
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(12, rps, (long) (base * 1e5), run);
      var history = course.history(draw);
      var ticks = course.play(draw);
      tally.hit("fail", fail.judge(ticks, history, 10).failed());
      tally.hit("pass", pass.judge(ticks, history, 10).passed());
    }
    return new Cell("T1c", "rps=" + rps + " base=" + base)
        .with("fail", tally.share("fail", runs))
        .with("pass", tally.share("pass", runs));
  }

  /// Both versions fail more in the last three of ten minutes.
  static Stream<Cell> t2(int runs) {
    return Stream.of(10, 100, 1000)
        .flatMap(rps -> Stream.of(t2(rps, 0.001, 0.02, runs), t2(rps, 0.01, 0.05, runs)));
  }

  static Cell t2(int rps, double base, double incident, int runs) {
    var course = incident(rps, base, incident);
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(2, rps, (long) (base * 1e5), run);
      var history = course.history(draw);
      var ticks = course.play(draw);
      pooled(tally, PooledZ.of(ticks, 10));
      tally.hit("strict05", STRICT_05.judge(ticks, history, 10).failed());
      var outcome = DEFAULT.judge(ticks, history, 10);
      tally.hit("fail", outcome.failed());
      tally.hit("ever", EVER.judge(ticks, history, 10).failed());
      tally.hit("pass", outcome.passed());
      for (var minutes : List.of(3, 6)) {
        var from = 10 - minutes;
        tally.hit(
            "flagger-" + minutes + "min",
            OtherRules.flagger(draw, rps, k -> k >= from && k < 10 ? incident : base, 0.99, 1, 200)
                .rolledBack());
      }
    }
    var cell = new Cell("T2", "rps=" + rps + " base=" + base + " incident=" + incident);
    for (var name :
        List.of("flagger-3min", "flagger-6min", "z05", "z01", "strict05", "fail", "ever", "pass")) {
      cell.with(name, tally.share(name, runs));
    }
    return cell;
  }

  /// The incident comes early, the canary is twice as bad afterwards: power, not false alarms.
  static Stream<Cell> t2b(int runs) {
    return Stream.of(10, 100).map(rps -> t2b(rps, runs));
  }

  private static Cell t2b(int rps, int runs) {
    var weights = Course.ramp(10);
    var stable = Course.constant(weights.length, 0.01);
    var canary = Course.constant(weights.length, 0.02);
    Arrays.fill(stable, 0, 12, 0.08);
    Arrays.fill(canary, 0, 12, 0.08);
    var course = new Course(rps, 10, weights, stable, canary, 1);
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(22, rps, run);
      var history = course.history(draw);
      var ticks = course.play(draw);
      pooled(tally, PooledZ.of(ticks, 10));
      tally.hit("strict05", STRICT_05.judge(ticks, history, 10).failed());
      tally.hit("fail", DEFAULT.judge(ticks, history, 10).failed());
    }
    var cell = new Cell("T2b", "rps=" + rps);
    for (var name : List.of("once05", "z05", "strict05", "fail")) {
      cell.with(name, tally.share(name, runs));
    }
    return cell;
  }
}
