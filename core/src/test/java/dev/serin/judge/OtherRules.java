package dev.serin.judge;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/// Rules that others decide by, to compare with.
final class OtherRules {

  private OtherRules() {}

  /// @param minutes until it ended
  /// @param requests of the canary until then
  record FlaggerOutcome(boolean rolledBack, int minutes, long requests) {}

  /// Flagger's: each minute the success rate of that minute is held against a threshold; five
  /// failed checks in all roll back, a minute without requests is a failed check, and the weight
  /// rises from 5 to 50 % on good checks only.
  ///
  /// @param bad the canary's share of bad requests in a minute
  static FlaggerOutcome flagger(
      Draw draw, double rps, IntToDoubleFunction bad, double threshold, int together, int most) {
    var weight = 0.05;
    var failed = 0;
    var all = 0L;
    for (var minute = 0; minute < most; minute++) {
      var requests = draw.poisson(rps * 60 * weight);
      all += requests;
      var errors =
          Math.min(
              draw.binomial(requests, bad.applyAsDouble(minute) / together) * together, requests);
      var good = requests > 0 && 1 - (double) errors / requests >= threshold - 1e-12;
      if (!good && ++failed >= 5) {
        return new FlaggerOutcome(true, minute + 1, all);
      }
      if (good) {
        if (weight >= 0.5 - 1e-9) {
          return new FlaggerOutcome(false, minute + 1, all);
        }
        weight += 0.05;
      }
    }
    return new FlaggerOutcome(false, most, all);
  }

  /// The same at one weight: whether five bad minutes come before ten good ones, and when.
  static FlaggerOutcome flaggerHeld(Draw draw, double rps, double weight, double bad) {
    var failed = 0;
    var all = 0L;
    var passed = 0;
    for (var minute = 1; minute <= 60; minute++) {
      var requests = draw.poisson(rps * 60 * weight);
      all += requests;
      var errors = draw.binomial(requests, bad);
      if (requests > 0 && 1 - (double) errors / requests >= 0.99 - 1e-12) {
        if (++passed == 10) {
          return new FlaggerOutcome(false, minute, all);
        }
      } else if (++failed == 5) {
        return new FlaggerOutcome(true, minute, all);
      }
    }
    return new FlaggerOutcome(false, 60, all);
  }

  /// The pooled test of two proportions, one-sided, on everything so far.
  ///
  /// @param z05 seconds at which it first rejects at 5 %, infinite when never
  /// @param z01 the same at 1 %
  /// @param last its value at the end
  record PooledZ(double z05, double z01, double last) {

    static PooledZ of(Tick[] ticks, double seconds) {
      var canary = Arm.NONE;
      var stable = Arm.NONE;
      var z05 = Double.POSITIVE_INFINITY;
      var z01 = Double.POSITIVE_INFINITY;
      var z = Double.NEGATIVE_INFINITY;
      for (var t = 0; t < ticks.length; t++) {
        canary = canary.plus(ticks[t].canary());
        stable = stable.plus(ticks[t].stable());
        var all = canary.plus(stable).share();
        z =
            (canary.share() - stable.share())
                / Math.sqrt(all * (1 - all) * (1.0 / canary.requests() + 1.0 / stable.requests()));
        if (!Double.isFinite(z) || canary.requests() < 30) {
          z = Double.NEGATIVE_INFINITY;
        }
        z05 = z > 1.6449 ? Math.min(z05, (t + 1) * seconds) : z05;
        z01 = z > 2.3263 ? Math.min(z01, (t + 1) * seconds) : z01;
      }
      return new PooledZ(z05, z01, z);
    }
  }

  /// Whether Kayenta's judge calls an increase `High`: the 98 % interval of the shift lies above a
  /// quarter of its estimate, and the means differ by this factor.
  static boolean kayentaHigh(double[] canary, double[] stable, double allowedIncrease) {
    var n = canary.length;
    var m = stable.length;
    var differences = new double[n * m];
    for (var i = 0; i < n; i++) {
      for (var j = 0; j < m; j++) {
        differences[i * m + j] = canary[i] - stable[j];
      }
    }
    Arrays.sort(differences);
    var sigma = Math.sqrt(n * (double) m * (n + m + 1) / 12);
    var cut = (int) Math.floor(n * m / 2.0 - 0.5 - 2.3263478740408408 * sigma);
    var low = differences[Math.max(0, cut)];
    var half = differences.length / 2;
    var estimate =
        differences.length % 2 == 1
            ? differences[half]
            : (differences[half - 1] + differences[half]) / 2;
    return low > 0.25 * Math.abs(estimate) && mean(canary) / mean(stable) >= allowedIncrease;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }
}
