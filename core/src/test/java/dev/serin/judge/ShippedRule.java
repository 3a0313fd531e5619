package dev.serin.judge;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The judge as it is shipped: its own ticks, caps, bursts left out, through [Evidence] itself.
final class ShippedRule {

  private ShippedRule() {}

  /// When it first condemns or passes, in seconds; infinite when it does not.
  ///
  /// @param condemned wins when both come
  record Ruling(double condemned, double passed) {}

  static Ruling rule(Course course, Draw draw, Dispersion dispersion) {
    var history = new Baseline(course.history(draw), dispersion);
    return rule(course.play(draw), history, course.tick(), steps(course));
  }

  private static int steps(Course course) {
    var steps = 1;
    for (var t = 1; t < course.weights().length; t++) {
      steps += course.weights()[t] != course.weights()[t - 1] ? 1 : 0;
    }
    return steps;
  }

  static Ruling rule(Tick[] ticks, Baseline history, double tick, int steps) {
    var comparison =
        Comparison.ofFailures(
            Tolerance.DEFAULT, Duration.ofMillis(Math.round(tick * 1000)), steps, 1);
    var evidence = Evidence.none(comparison, history);
    var passed = Double.POSITIVE_INFINITY;
    for (var t = 0; t < ticks.length; t++) {
      evidence = evidence.add(ticks[t]);
      var verdict = evidence.verdict();
      if (verdict == Verdict.CONDEMNED) {
        return new Ruling((t + 1) * tick, passed);
      }
      if (verdict == Verdict.PASSED) {
        passed = Math.min(passed, (t + 1) * tick);
      }
    }
    return new Ruling(Double.POSITIVE_INFINITY, passed);
  }

  /// How soon a worse canary is condemned at 100 requests/s and 10 % weight, in a plan of one step:
  /// `independent` by a judge who knows that each bad request is an event of its own, `measured` by
  /// one who has to find that out from ten pods of stable in ten minutes, `stepped` likewise in a
  /// plan of ten steps, which leaves half of the evidence to what comes later.
  static Cell delay(double tick, double base, double canary, int runs, String... judges) {
    var course = Course.held(100, tick, tick < 5 ? 900 : 1800, 0.1, base, canary);
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(50, Math.round(tick), Math.round(canary * 1e5), run);
      var ticks = course.play(draw);
      for (var judge : judges) {
        var known =
            judge.equals("independent")
                ? new Baseline(course.history(draw), Dispersion.INDEPENDENT)
                : BurstTables.bursty(new Draw(57, run), 100, base, "fixed1");
        var steps = judge.equals("stepped") ? 10 : 1;
        tally.took(judge, rule(ticks, known, tick, steps).condemned);
      }
    }
    var cell = new Cell("delay", "tick=" + tick + " base=" + base + " canary=" + canary);
    for (var judge : judges) {
      cell.with(judge, tally.seconds(judge, tick));
    }
    return cell;
  }

  /// A canary that always fails, at 10 % weight with a look every 10 s.
  static Cell allFailing(int rps, int runs) {
    var course = Course.held(rps, 10, 300, 0.1, 0.001, 1);
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(58, rps, run);
      tally.took("median", rule(course, draw, Dispersion.INDEPENDENT).condemned);
    }
    return new Cell("all-fail", "rps=" + rps).with("median", tally.seconds("median", 10));
  }

  /// The canary alone fails for some seconds and is as good as stable otherwise.
  static Stream<Cell> bursts(int runs) {
    return Stream.of(2.0, 5.0, 10.0, 15.0)
        .flatMap(
            tick ->
                Stream.of(1.0, 4.99)
                    .flatMap(
                        length ->
                            Stream.of(1.0, 0.3).map(share -> burst(tick, length, share, runs))));
  }

  static Cell burst(double tick, double length, double share, int runs) {
    var tally = new Tally();
    var capped = new Sequential(Tolerance.DEFAULT, 0.05, 0, 1, cappedOnly(tick), 1, 500);
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(51, Math.round(tick * 1000), run);
      var course = Course.held(100, tick, 300, 0.1, 0.001, 0.001);
      var history = course.history(draw);
      var calm = course.play(draw);
      var ticks = withBurst(calm, tick, length, share, new Draw(55, Math.round(length * 100), run));
      tally.hit("condemned", condemns(ticks, history, tick));
      tally.hit("without", condemns(calm, history, tick));
      tally.hit("cap alone", capped.judge(ticks, history, tick).failed());
    }
    var cell = new Cell("burst", "tick=" + tick + " length=" + length + " share=" + share);
    for (var name : List.of("condemned", "without", "cap alone")) {
      cell.with(name, tally.share(name, runs));
    }
    return cell.with("alone", burstAlone(100, tick, length, share, runs).share("condemned"));
  }

  /// The canary fails in those seconds and never else, beside a stable that fails sometimes.
  static Cell burstAlone(double rps, double tick, double length, double share, int runs) {
    var tally = new Tally();
    var course = Course.held(rps, tick, 240, 0.1, 0.001, 0);
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(53, Math.round(rps), Math.round(tick * 1000), run);
      var history = course.history(draw);
      var calm = course.play(draw);
      var ticks = withBurst(calm, tick, length, share, new Draw(56, Math.round(length * 100), run));
      tally.hit("condemned", condemns(ticks, history, tick));
    }
    return new Cell(
            "alone", "rps=" + rps + " tick=" + tick + " length=" + length + " share=" + share)
        .with("condemned", tally.share("condemned", runs));
  }

  private static boolean condemns(Tick[] ticks, Arm history, double tick) {
    var known = new Baseline(history, Dispersion.INDEPENDENT);
    return Double.isFinite(rule(ticks, known, tick, 1).condemned);
  }

  /// The same ticks, but that for some seconds in the first 200 a share of the canary's requests
  /// that were good turns bad.
  private static Tick[] withBurst(
      Tick[] calm, double tick, double length, double share, Draw draw) {
    var at = draw.uniform() * 200;
    var ticks = calm.clone();
    for (var t = 0; t < ticks.length; t++) {
      var overlap = Math.min(at + length, (t + 1) * tick) - Math.max(at, t * tick);
      if (overlap > 0) {
        var canary = calm[t].canary();
        var hurt = draw.binomial(canary.requests() - canary.bad(), share * overlap / tick);
        ticks[t] =
            new Tick(
                calm[t].step(), new Arm(canary.requests(), canary.bad() + hurt), calm[t].stable());
      }
    }
    return ticks;
  }

  private static Bursts cappedOnly(double tick) {
    var rule = Bursts.at(Duration.ofMillis(Math.round(tick * 1000)));
    return new Bursts(rule.cap(), rule.cappedTicks(), rule.touchedTicks(), rule.longest(), 0, 0);
  }

  /// A canary as good as stable, on a ramp with a look every 2 s: without and with an incident of
  /// both, ten times as many bad requests in its last three minutes.
  static Cell falseAlarm(int rps, double base, int runs) {
    var tally = new Tally();
    var weights = Course.ramp(2);
    for (var run = 0; run < runs; run++) {
      for (var incident : List.of(false, true)) {
        var draw = new Draw(52, rps, Math.round(base * 1e5), run, incident ? 1 : 0);
        var share = Course.constant(weights.length, base);
        if (incident) {
          Arrays.fill(share, weights.length * 7 / 10, weights.length, 10 * base);
        }
        var course = new Course(rps, 2, weights, share, share, 1);
        tally.hit(
            incident ? "incident" : "calm",
            Double.isFinite(rule(course, draw, Dispersion.INDEPENDENT).condemned));
      }
    }
    return new Cell("false", "rps=" + rps + " base=" + base)
        .with("calm", tally.share("calm", runs))
        .with("incident", tally.share("incident", runs));
  }
}
