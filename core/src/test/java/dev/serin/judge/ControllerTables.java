package dev.serin.judge;

import dev.serin.judge.EProcess.Side;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// A whole rollout, with weights that rise by schedule, are held, and end in a verdict: tables T4,
/// T4b and T4c.
final class ControllerTables {

  private static final double DECIDED = Math.log(20);

  private ControllerTables() {}

  static Map<String, Double> canaries(double base) {
    var canaries = new LinkedHashMap<String, Double>();
    canaries.put("same", base);
    canaries.put("1.2x", 1.2 * base);
    canaries.put("2x", 2 * base);
    canaries.put("5x", 5 * base);
    canaries.put("+1pp", base + 0.01);
    canaries.put("+5pp", base + 0.05);
    canaries.put("all-fail", 1.0);
    return canaries;
  }

  static Stream<Cell> t4(int runs) {
    return Stream.of(10, 100, 1000)
        .flatMap(
            rps ->
                Stream.of(0.001, 0.01)
                    .flatMap(
                        base ->
                            canaries(base).entrySet().stream()
                                .map(c -> t4(rps, base, c.getKey(), c.getValue(), runs))));
  }

  static Cell t4(int rps, double base, String name, double canary, int runs) {
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(4, rps, Math.round(base * 1e5), Math.round(canary * 1e5), run);
      rollout(draw, tally, rps, base, canary);
      var flagger = OtherRules.flagger(draw, rps, _ -> canary, 0.99, 1, 120);
      tally.hit("flagger", flagger.rolledBack());
      tally.took("flagger-mean", flagger.minutes() * 60.0);
      tally.took("flagger-excess", flagger.requests() * (canary - base));
      if (flagger.rolledBack()) {
        tally.took("flagger-median", flagger.minutes() * 60.0);
      }
    }
    var cell = new Cell("T4", "base=" + base + " canary=" + name + " rps=" + rps);
    for (var figure : new String[] {"fail", "pass", "inconclusive", "held", "flagger"}) {
      cell.with(figure, tally.share(figure, runs));
    }
    for (var figure : new String[] {"fail-median", "pass-median"}) {
      cell.with(figure, tally.seconds(figure, 10));
    }
    cell.with("fail-mean", tally.mean("fail-median")).with("pass-mean", tally.mean("pass-median"));
    for (var figure : new String[] {"excess", "flagger-mean", "flagger-excess"}) {
      cell.with(figure, tally.mean(figure));
    }
    return cell.with("flagger-median", tally.seconds("flagger-median", 60));
  }

  private static void rollout(Draw draw, Tally tally, int rps, double base, double canary) {
    var fail = new EProcess(Side.FAIL, Tolerance.DEFAULT, 1, Sequential.CAP_3, 10);
    var pass = new EProcess(Side.PASS, Tolerance.DEFAULT, 1, Sequential.CAP_3, 1);
    var hold = new EProcess(Side.FAIL, Tolerance.NONE, 1, Sequential.CAP_3, 10);
    var before = draw.poisson(rps * 600);
    var known = new Arm(before, draw.binomial(before, base));
    var weight = 0.05;
    var since = 0;
    var passed = false;
    var held = false;
    var outcome = "inconclusive";
    var asked = 0L;
    for (var second = 10; second <= 1800; second += 10) {
      var toCanary = draw.poisson(rps * 10 * weight);
      var toStable = draw.poisson(rps * 10 * (1 - weight));
      asked += toCanary;
      var tick =
          new Tick(
              0,
              new Arm(toCanary, draw.binomial(toCanary, canary)),
              new Arm(toStable, draw.binomial(toStable, base)));
      var expected = (known.bad() + 0.5) / (known.requests() + 500);
      for (var process : new EProcess[] {fail, pass, hold}) {
        process.add(tick.canary(), tick.stable(), expected);
      }
      known = known.plus(tick.stable());
      since += 10;
      if (fail.reaches(DECIDED)) {
        outcome = "fail";
        tally.took("fail-median", second);
        break;
      }
      passed = passed || pass.reaches(DECIDED);
      var holds = !passed && hold.reaches(DECIDED);
      held = held || holds;
      if (since >= 60 && !holds) {
        if (weight < 0.5 - 1e-9) {
          weight += 0.05;
          since = 0;
          fail.startAnew();
          hold.startAnew();
        } else if (passed) {
          outcome = "pass";
          tally.took("pass-median", second);
          break;
        }
      }
    }
    tally.hit(outcome, true);
    tally.hit("held", held);
    tally.took("excess", asked * (canary - base));
  }

  /// Flagger with a threshold made for the service.
  static Stream<Cell> t4b(int runs) {
    return Stream.of(1, 10, 100, 1000)
        .flatMap(
            rps ->
                Stream.concat(
                    Stream.of(0.99, 0.995, 0.998).map(limit -> t4b(rps, 0.001, limit, runs)),
                    Stream.of(0.99, 0.98, 0.97, 0.95).map(limit -> t4b(rps, 0.01, limit, runs))));
  }

  private static Cell t4b(int rps, double base, double limit, int runs) {
    var cell = new Cell("T4b", "rps=" + rps + " base=" + base + " threshold=" + limit);
    canaries(base)
        .forEach(
            (name, canary) -> {
              if (name.equals("1.2x") || name.equals("all-fail")) {
                return;
              }
              cell.with(name, flagger(rps, canary, limit, runs, 120));
            });
    return cell;
  }

  /// Flagger without traffic.
  static Stream<Cell> t4c(int runs) {
    return Stream.of(0.05, 0.2, 0.5, 1.0)
        .map(
            rps ->
                new Cell("T4c", "rps=" + (rps == 1 ? "1" : rps.toString()))
                    .with("flagger", flagger(rps, 0.001, 0.99, runs, 300)));
  }

  private static Figure flagger(double rps, double canary, double limit, int runs, int minutes) {
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw =
          new Draw(
              42, Math.round(rps * 100), Math.round(canary * 1e5), Math.round(limit * 1e4), run);
      tally.hit(
          "rollback", OtherRules.flagger(draw, rps, _ -> canary, limit, 1, minutes).rolledBack());
    }
    return tally.share("rollback", runs);
  }
}
