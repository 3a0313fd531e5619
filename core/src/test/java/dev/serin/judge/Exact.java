package dev.serin.judge;

import java.util.function.DoublePredicate;

/// Bounds without approximation, for few events.
final class Exact {

  /// Factor of the band around a distribution.
  private static final double BAND = 0.85;

  private Exact() {}

  /// Probability of at least so many hits in n trials.
  static double atLeast(long hits, long n, double p) {
    var sum = 0.0;
    for (var k = 0L; k < hits; k++) {
      sum +=
          Math.exp(
              Draw.logFactorial(n)
                  - Draw.logFactorial(k)
                  - Draw.logFactorial(n - k)
                  + (k == 0 ? 0 : k * Math.log(p))
                  + (n - k) * Math.log1p(-p));
    }
    return 1 - sum;
  }

  /// Probability that at least so many of the marked ones are among those drawn.
  static double atLeastOfDrawn(long hits, long marked, long all, long drawn) {
    var sum = 0.0;
    for (var k = hits; k <= Math.min(marked, drawn); k++) {
      sum +=
          Math.exp(
              logChoose(marked, k) + logChoose(all - marked, drawn - k) - logChoose(all, drawn));
    }
    return sum;
  }

  /// Probability that all of n values lie above all of n others of the same kind.
  static double separation(long n) {
    return Math.exp(-logChoose(2 * n, n));
  }

  private static double logChoose(long n, long k) {
    return Draw.logFactorial(n) - Draw.logFactorial(k) - Draw.logFactorial(n - k);
  }

  /// The share that lies below the true one with a probability of `1 - alpha`: Clopper and
  /// Pearson's bound.
  static double low(long hits, long n, double alpha) {
    return hits == 0 ? 0 : border(p -> atLeast(hits, n, p) >= alpha, 0, 1);
  }

  /// The same from above.
  static double high(long hits, long n, double alpha) {
    return hits == n ? 1 : border(p -> 1 - atLeast(hits + 1, n, p) <= alpha, 0, 1);
  }

  /// The mean number of events that lies below the true one with a probability of `1 - alpha`, when
  /// so many came.
  static double fewest(long events, double alpha) {
    return events == 0 ? 0 : border(mean -> 1 - below(events, mean) >= alpha, 0, 10.0 * events);
  }

  private static double below(long events, double mean) {
    var sum = 0.0;
    for (var k = 0L; k < events; k++) {
      sum += Math.exp(k * Math.log(mean) - mean - Draw.logFactorial(k));
    }
    return sum;
  }

  /// How much more likely the counts of one look are when the canary's share of bad requests is
  /// another than stable's, as Lindon and Malek weigh it: for a single look, where weights do not
  /// change.
  ///
  /// @param concentration of the prior around equal shares
  static double bayesFactor(Arm canary, Arm stable, double concentration) {
    var weight = (double) canary.requests() / (canary.requests() + stable.requests());
    var a = concentration * weight;
    var b = concentration * (1 - weight);
    return Math.exp(
        logBeta(a + canary.bad(), b + stable.bad())
            - logBeta(a, b)
            - canary.bad() * Math.log(weight)
            - stable.bad() * Math.log1p(-weight));
  }

  static double logBeta(double a, double b) {
    return Draw.logGamma(a) + Draw.logGamma(b) - Draw.logGamma(a + b);
  }

  /// Half the width of a band around an empirical distribution that the true one never leaves, at
  /// no number of requests from the least one on, with a probability of `1 - alpha` (Howard and
  /// Ramdas).
  static double bandWidth(long requests, long least, double alpha) {
    return bandWidth((double) requests / least, bandConstant(alpha), (double) requests);
  }

  private static double bandWidth(double times, double constant, double requests) {
    return BAND * Math.sqrt((Math.log(1 + Math.log(times)) + constant) / requests);
  }

  /// The constant of that band: the smallest whose error is at most alpha.
  static double bandConstant(double alpha) {
    return border(constant -> bandError(constant) <= alpha, 2, 60);
  }

  /// The bound on the error, by the best of the ratios between the times that are looked at.
  private static double bandError(double constant) {
    var least = Double.POSITIVE_INFINITY;
    for (var i = 0; i < 4000; i++) {
      var ratio = Math.exp(1e-4 + i * (0.6 - 1e-4) / 3999);
      var slack = BAND - Math.sqrt(2 * (ratio - 1) / constant);
      var squared = slack > 0 ? 2 / ratio * slack * slack : 0;
      if (squared > 1) {
        least =
            Math.min(
                least,
                4 * Math.exp(-squared * constant) * (1 + 1 / ((squared - 1) * Math.log(ratio))));
      }
    }
    return least;
  }

  /// Where something begins to hold that holds from there on.
  private static double border(DoublePredicate holds, double low, double high) {
    for (var i = 0; i < 100; i++) {
      var middle = (low + high) / 2;
      if (holds.test(middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }
}
