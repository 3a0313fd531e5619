package dev.serin.judge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Bad requests that come together, and pods that differ: tables T6, T6b, T6c and T7.
final class BurstTables {

  private static final Sequential STRICT = Sequential.strict(0.05);
  private static final Sequential DEFAULT = Sequential.standard().neverPassing();
  private static final Bursts SHIPPED = Bursts.at(Duration.ofSeconds(10));
  private static final int PODS = 10;

  /// Bad requests' worth of belief in 2 that the tables were made with; the judge as it is shipped
  /// believes less.
  private static final double PRIOR_OF_THE_TABLES = 20;

  private BurstTables() {}

  /// Each cause makes the same number of bad requests, and the judge knows it, or does not.
  static Stream<Cell> t6(int runs) {
    return Stream.of(100, 1000)
        .flatMap(
            rps ->
                Stream.of(0.001, 0.01)
                    .flatMap(base -> Stream.of(1, 3, 10).map(c -> t6(rps, base, c, runs))));
  }

  private static Cell t6(int rps, double base, int together, int runs) {
    var course = Course.onRamp(rps, base, base, together);
    var worse = Course.onRamp(rps, base, base < 0.005 ? 5 * base : base + 0.01, together);
    var tally = new Tally();
    var worseRuns = Math.max(1, runs / 5);
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(6, rps, Math.round(base * 1e5), together, run);
      var history = course.history(draw);
      var ticks = course.play(draw);
      tally.hit("z05", Double.isFinite(OtherRules.PooledZ.of(ticks, 10).z05()));
      tally.hit("strict-1", STRICT.judge(ticks, history, 10).failed());
      tally.hit("strict-c", STRICT.phi(together).judge(ticks, history, 10).failed());
      tally.hit("fail-1", DEFAULT.judge(ticks, history, 10).failed());
      tally.hit("fail-c", DEFAULT.phi(together).judge(ticks, history, 10).failed());
      if (run < worseRuns) {
        found(tally, "detected", DEFAULT.phi(together).judge(worse.play(draw), history, 10));
      }
    }
    var cell = new Cell("T6", "rps=" + rps + " base=" + base + " together=" + together);
    for (var name : List.of("z05", "strict-1", "strict-c", "fail-1", "fail-c")) {
      cell.with(name, tally.share(name, runs));
    }
    return cell.with("detected", tally.share("detected", worseRuns))
        .with("detected-median", tally.seconds("detected", 10));
  }

  /// The same without a cap on what one tick can add.
  static Stream<Cell> t6c(int runs) {
    return Stream.of(100, 1000)
        .flatMap(
            rps ->
                Stream.of(0.001, 0.01)
                    .flatMap(base -> Stream.of(3, 10).map(c -> t6c(rps, base, c, runs))));
  }

  private static Cell t6c(int rps, double base, int together, int runs) {
    var course = Course.onRamp(rps, base, base, together);
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(63, rps, Math.round(base * 1e5), together, run);
      var history = course.history(draw);
      var ticks = course.play(draw);
      tally.hit("strict", STRICT.rule(Sequential.NO_CAP).judge(ticks, history, 10).failed());
      tally.hit("fail", DEFAULT.rule(Sequential.NO_CAP).judge(ticks, history, 10).failed());
    }
    return new Cell("T6c", "rps=" + rps + " base=" + base + " together=" + together)
        .with("strict", tally.share("strict", runs))
        .with("fail", tally.share("fail", runs));
  }

  /// The judge measures on stable's pods how bad requests come together.
  static Stream<Cell> t6b(int runs) {
    return Stream.of(10, 100, 1000)
        .flatMap(
            rps ->
                Stream.of(0.001, 0.01)
                    .flatMap(
                        base ->
                            Stream.of("fixed1", "fixed3", "fixed10", "geom3", "geom10")
                                .map(burst -> t6b(rps, base, burst, runs))));
  }

  static Cell t6b(int rps, double base, String burst, int runs) {
    var tally = new Tally();
    var worse = base < 0.005 ? 5 * base : 2 * base;
    var worseRuns = Math.max(1, runs / 4);
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(62, rps, Math.round(base * 1e5), burst.hashCode(), run);
      var pods = pods(draw, rps, base, burst);
      var stable = known(pods, rps).stable();
      var phi = Dispersion.of(pods, PRIOR_OF_THE_TABLES).phi();
      var ticks = bursty(draw, rps, base, base, burst);
      tally.took("phi", phi);
      tally.hit(
          "strict-uncapped",
          STRICT.phi(phi).rule(Sequential.NO_CAP).judge(ticks, stable, 10).failed());
      tally.hit(
          "fail-uncapped",
          DEFAULT.phi(phi).rule(Sequential.NO_CAP).judge(ticks, stable, 10).failed());
      tally.hit("fail", DEFAULT.phi(phi).judge(ticks, stable, 10).failed());
      tally.hit("fail-shipped", shippedFails(pods, ticks, stable));
      if (run < worseRuns) {
        var bad = bursty(draw, rps, base, worse, burst);
        var uncapped = DEFAULT.phi(phi).rule(Sequential.NO_CAP).judge(bad, stable, 10);
        var capped = DEFAULT.phi(phi).judge(bad, stable, 10);
        found(tally, "power-uncapped", uncapped);
        found(tally, "power", capped);
      }
    }
    var cell = new Cell("T6b", "rps=" + rps + " base=" + base + " burst=" + burst);
    cell.with("phi-median", tally.quantile("phi", 0.01, 0.5))
        .with("phi-p05", tally.quantile("phi", 0.01, 0.05));
    for (var name : List.of("strict-uncapped", "fail-uncapped", "fail", "fail-shipped")) {
      cell.with(name, tally.share(name, runs));
    }
    for (var name : List.of("power-uncapped", "power")) {
      cell.with(name, tally.share(name, worseRuns)).with(name + "-median", tally.seconds(name, 10));
    }
    return cell;
  }

  private static void found(Tally tally, String name, Sequential.Outcome outcome) {
    tally.hit(name, outcome.failed());
    if (outcome.failed()) {
      tally.took(name, outcome.at());
    }
  }

  /// What is promised of such services: how often the judge as it is shipped condemns a good
  /// canary.
  static Cell promised(int rps, double base, String burst, int runs) {
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(62, rps, Math.round(base * 1e5), burst.hashCode(), run);
      var pods = pods(draw, rps, base, burst);
      var stable = known(pods, rps).stable();
      tally.hit("fail-shipped", shippedFails(pods, bursty(draw, rps, base, base, burst), stable));
    }
    return new Cell("T6b", "rps=" + rps + " base=" + base + " burst=" + burst)
        .with("fail-shipped", tally.share("fail-shipped", runs));
  }

  private static boolean shippedFails(List<List<Arm>> pods, Tick[] ticks, Arm stable) {
    var phi = Dispersion.of(pods).phi();
    return DEFAULT.phi(phi).rule(SHIPPED).judge(ticks, stable, 10).failed();
  }

  /// Ten minutes of ten pods of stable, as the judge as it is shipped knows them.
  static Baseline bursty(Draw draw, double rps, double base, String burst) {
    return known(pods(draw, rps, base, burst), rps);
  }

  private static Baseline known(List<List<Arm>> pods, double rps) {
    var bad = pods.stream().flatMap(List::stream).mapToLong(Arm::bad).sum();
    return new Baseline(Arm.clamped(Math.round(rps * 600), bad), Dispersion.of(pods));
  }

  private static List<List<Arm>> pods(Draw draw, double rps, double base, String burst) {
    var ticks = new ArrayList<List<Arm>>();
    for (var t = 0; t < 60; t++) {
      var tick = new ArrayList<Arm>();
      for (var pod = 0; pod < PODS; pod++) {
        // Only the proportions of the pods' requests matter, and they are alike.
        tick.add(Arm.clamped(1_000_000, errors(draw, rps * 10.0 / PODS * base, burst)));
      }
      ticks.add(tick);
    }
    return ticks;
  }

  private static Tick[] bursty(Draw draw, int rps, double base, double canary, String burst) {
    var weights = Course.ramp(10);
    var ticks = new Tick[weights.length];
    for (var t = 0; t < ticks.length; t++) {
      var toCanary = draw.poisson(rps * 10 * weights[t]);
      var toStable = draw.poisson(rps * 10 * (1 - weights[t]));
      ticks[t] =
          new Tick(
              t / 6,
              Arm.clamped(toCanary, errors(draw, toCanary * canary, burst)),
              Arm.clamped(toStable, errors(draw, toStable * base, burst)));
    }
    return ticks;
  }

  /// So many errors on average, in bursts of this kind.
  static long errors(Draw draw, double mean, String burst) {
    var size = Integer.parseInt(burst.replaceAll("\\D", ""));
    var incidents = draw.poisson(mean / size);
    return burst.startsWith("geom") ? draw.geometrics(incidents, size) : incidents * size;
  }

  /// Pods of one version that differ for good.
  static Stream<Cell> t7(int runs) {
    return Stream.of(List.of(100, 0.01), List.of(1000, 0.01), List.of(1000, 0.001))
        .flatMap(
            c ->
                Stream.of(0.0, 0.2, 0.5)
                    .flatMap(
                        sigma ->
                            Stream.of(1, 3)
                                .map(
                                    pods ->
                                        t7(
                                            c.get(0).intValue(),
                                            c.get(1).doubleValue(),
                                            sigma,
                                            pods,
                                            runs))));
  }

  static Cell t7(int rps, double base, double sigma, int pods, int runs) {
    var tally = new Tally();
    var worseRuns = Math.max(1, runs / 3);
    for (var run = 0; run < runs; run++) {
      var draw = new Draw(7, rps, Math.round(base * 1e5), Math.round(sigma * 10), pods, run);
      var stableEffects = effects(draw, sigma, PODS);
      var history = new ArrayList<Arm>();
      for (var effect : stableEffects) {
        var requests = draw.poisson(rps * 600.0 / PODS);
        history.add(new Arm(requests, draw.binomial(requests, Math.min(1, base * effect))));
      }
      var known = history.stream().reduce(Arm.NONE, Arm::plus);
      var canary = base * mean(effects(draw, sigma, pods));
      var stable = base * mean(stableEffects);
      var spread = PodSpread.of(history);
      var widened = Tolerance.DEFAULT.widenedFor(spread, pods, PODS);
      tally.took("spread", spread);
      tally.took("relative", widened.relative());
      var ticks = Course.onRamp(rps, stable, canary, 1).play(draw);
      tally.hit("fail", DEFAULT.judge(ticks, known, 10).failed());
      tally.hit("fail-widened", DEFAULT.tolerance(widened).judge(ticks, known, 10).failed());
      if (run < worseRuns) {
        var bad = Course.onRamp(rps, stable, Math.min(1, 3 * canary), 1).play(draw);
        tally.hit("power-widened", DEFAULT.tolerance(widened).judge(bad, known, 10).failed());
      }
    }
    var shown = sigma == 0 ? "0" : Double.toString(sigma);
    return new Cell("T7", "rps=" + rps + " base=" + base + " sigma=" + shown + " pods=" + pods)
        .with("fail", tally.share("fail", runs))
        .with("fail-widened", tally.share("fail-widened", runs))
        .with("relative-median", tally.quantile("relative", 0.01, 0.5))
        .with("spread-median", tally.quantile("spread", 0.01, 0.5))
        .with("power-widened", tally.share("power-widened", worseRuns));
  }

  private static double[] effects(Draw draw, double sigma, int pods) {
    var effects = new double[pods];
    for (var i = 0; i < pods; i++) {
      effects[i] = Math.exp(sigma * draw.normal() - sigma * sigma / 2);
    }
    return effects;
  }

  private static double mean(double[] values) {
    return java.util.Arrays.stream(values).average().orElseThrow();
  }
}
