package dev.serin.judge;

import dev.serin.judge.EProcess.Side;
import dev.serin.judge.LatencyBounds.Chosen;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Slower canaries, by counts of requests beyond three bounds: table T8.
final class LatencyTables {

  /// The buckets of Linkerd's histogram, in ms.
  private static final double[] BOUNDS = {
    1, 2, 3, 4, 5, 10, 20, 30, 40, 50, 100, 200, 300, 400, 500, 1000, 2000, 3000, 4000, 5000, 10000,
    20000, 30000, 40000, 50000
  };

  private static final double MEDIAN = 40;
  private static final double SIGMA = 0.8;
  private static final double DECIDED = Math.log(20);

  /// The constant of the band whose error is 2.5 % at all times.
  private static final double BAND = Exact.bandConstant(0.025);

  private LatencyTables() {}

  /// How the canary differs from stable.
  ///
  /// @param factor on all latencies
  /// @param tail share of requests that take 500 ms more
  private record Case(String name, double factor, double tail) {}

  static Stream<Cell> t8(int runs) {
    var cases =
        List.of(
            new Case("same", 1, 0),
            new Case("scale1.1", 1.1, 0),
            new Case("scale1.2", 1.2, 0),
            new Case("scale1.5", 1.5, 0),
            new Case("scale2", 2, 0),
            new Case("tail2pct+500ms", 1, 0.02),
            new Case("tail5pct+500ms", 1, 0.05));
    return Stream.of(10, 100, 1000).flatMap(rps -> cases.stream().map(c -> t8(rps, c, runs)));
  }

  static Cell t8(int rps, String name, double factor, double tail, int runs) {
    return t8(rps, new Case(name, factor, tail), runs);
  }

  private static Cell t8(int rps, Case c, int runs) {
    var stable = within(1, 0);
    var canary = within(c.factor, c.tail);
    var chosen = bounds(stable);
    var tally = new Tally();
    for (var run = 0; run < runs; run++) {
      run(new Draw(8, rps, c.name.hashCode(), run), tally, rps, stable, canary, chosen);
    }
    return new Cell("T8", "rps=" + rps + " case=" + c.name)
        .with("fail", tally.share("fail", runs))
        .with("fail-median", tally.seconds("fail", 10))
        .with("fail-requests", tally.quantile("fail-requests", rps, 0.5))
        .with("pass", tally.share("pass", runs))
        .with("pass-median", tally.seconds("pass", 10))
        .with("band", tally.share("band", runs))
        .with("band-median", tally.seconds("band", 60))
        .with("flagger", tally.share("flagger", runs));
  }

  /// What the judge itself would choose for stable.
  private static List<Chosen> bounds(double[] stable) {
    var upTo = new TreeMap<Double, Long>();
    for (var i = 0; i < BOUNDS.length; i++) {
      upTo.put(BOUNDS[i], Math.round(stable[i] * 1e9));
    }
    return LatencyBounds.choose(upTo, 1_000_000_000);
  }

  private static void run(
      Draw draw, Tally tally, int rps, double[] stable, double[] canary, List<Chosen> chosen) {
    var fail = new EProcess[chosen.size()];
    var pass = new EProcess[chosen.size()];
    var knownSlow = new long[chosen.size()];
    var known = rps * 600L;
    var bound = new int[chosen.size()];
    for (var k = 0; k < fail.length; k++) {
      var tolerance = chosen.get(k).tolerance();
      fail[k] = new EProcess(Side.FAIL, tolerance, 1, Sequential.CAP_3, 10);
      pass[k] = new EProcess(Side.PASS, tolerance, 1, Sequential.CAP_3, 1);
      bound[k] = Arrays.binarySearch(BOUNDS, chosen.get(k).bound());
      knownSlow[k] = draw.binomial(known, 1 - stable[bound[k]]);
    }
    var allCanary = new long[BOUNDS.length + 1];
    var allStable = new long[BOUNDS.length + 1];
    var minute = new long[BOUNDS.length + 1];
    var passed = new boolean[fail.length];
    var decided = false;
    var inBand = true;
    var flaggerFailed = 0;
    for (var t = 1; t <= 360 && (!decided || inBand || t <= 90); t++) {
      var toCanary = counts(draw, draw.poisson(rps), canary);
      var toStable = counts(draw, draw.poisson(rps * 9), stable);
      add(allCanary, toCanary);
      add(allStable, toStable);
      add(minute, toCanary);
      if (!decided) {
        var logs = new double[fail.length];
        for (var k = 0; k < fail.length; k++) {
          var c = slow(toCanary, bound[k]);
          var s = slow(toStable, bound[k]);
          var expected = (knownSlow[k] + 0.5) / (known + 50);
          fail[k].add(c, s, expected);
          pass[k].add(c, s, expected);
          knownSlow[k] += s.bad();
          logs[k] = fail[k].logE();
          passed[k] = passed[k] || pass[k].reaches(DECIDED);
        }
        known += sum(toStable);
        decided = decide(tally, logs, passed, t * 10.0, t * (double) rps);
      }
      if (t % 6 == 0) {
        if (inBand && leavesBand(allCanary, allStable)) {
          inBand = false;
          tally.hit("band", true);
          tally.took("band", t * 10.0);
        }
        var asked = sum(minute);
        if (asked == 0 || within(minute, 500) / (double) asked < 0.99) {
          flaggerFailed++;
          if (flaggerFailed == 5 && t <= 90) {
            tally.hit("flagger", true);
          }
        }
        Arrays.fill(minute, 0);
      }
    }
  }

  private static boolean decide(
      Tally tally, double[] logs, boolean[] passed, double at, double requests) {
    var mean = 0.0;
    var allPassed = true;
    for (var k = 0; k < logs.length; k++) {
      mean += Math.exp(logs[k]) / logs.length;
      allPassed &= passed[k];
    }
    var decision = Math.log(mean) >= DECIDED ? "fail" : allPassed ? "pass" : "";
    if (decision.isEmpty()) {
      return false;
    }
    tally.hit(decision, true);
    tally.took(decision, at);
    tally.took(decision + "-requests", requests);
    return true;
  }

  /// A band around both distributions that is valid at all times: a hint, weak in the tail.
  private static boolean leavesBand(long[] canary, long[] stable) {
    var n = (double) sum(canary);
    var m = (double) sum(stable);
    if (n < 100) {
      return false;
    }
    var width = radius(n) + radius(Math.max(m, 100)) + 0.01;
    var upToCanary = 0L;
    var upToStable = 0L;
    for (var i = 0; i < BOUNDS.length; i++) {
      upToCanary += canary[i];
      upToStable += stable[i];
      if (upToStable / m - upToCanary / n > width) {
        return true;
      }
    }
    return false;
  }

  private static double radius(double n) {
    return 0.85 * Math.sqrt((Math.log(1 + Math.log(n / 100)) + BAND) / n);
  }

  /// Share of requests within each bound.
  private static double[] within(double factor, double tail) {
    var shares = new double[BOUNDS.length];
    for (var i = 0; i < shares.length; i++) {
      shares[i] = (1 - tail) * upTo(BOUNDS[i], factor) + tail * upTo(BOUNDS[i] - 500, factor);
    }
    return shares;
  }

  private static double upTo(double millis, double factor) {
    return millis <= 0 ? 0 : Normal.below((Math.log(millis) - Math.log(MEDIAN * factor)) / SIGMA);
  }

  /// Requests by bucket, the last beyond all bounds.
  private static long[] counts(Draw draw, long requests, double[] within) {
    var counts = new long[within.length + 1];
    var left = requests;
    var before = 0.0;
    for (var i = 0; i < within.length && left > 0; i++) {
      counts[i] = draw.binomial(left, Math.clamp((within[i] - before) / (1 - before), 0, 1));
      left -= counts[i];
      before = within[i];
    }
    counts[within.length] = left;
    return counts;
  }

  private static Arm slow(long[] counts, int bound) {
    var requests = sum(counts);
    var within = 0L;
    for (var i = 0; i <= bound; i++) {
      within += counts[i];
    }
    return new Arm(requests, requests - within);
  }

  private static long within(long[] counts, double bound) {
    var within = 0L;
    for (var i = 0; i < BOUNDS.length && BOUNDS[i] <= bound; i++) {
      within += counts[i];
    }
    return within;
  }

  private static long sum(long[] counts) {
    return Arrays.stream(counts).sum();
  }

  private static void add(long[] to, long[] more) {
    for (var i = 0; i < to.length; i++) {
      to[i] += more[i];
    }
  }
}
