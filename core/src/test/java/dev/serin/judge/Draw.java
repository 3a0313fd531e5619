package dev.serin.judge;

import java.util.SplittableRandom;

/// Random numbers of the shapes that traffic has, from a seed.
final class Draw {

  private final SplittableRandom random;

  Draw(long... seed) {
    var mixed = 0x9E3779B97F4A7C15L;
    for (var part : seed) {
      mixed = (mixed ^ part) * 0xBF58476D1CE4E5B9L;
      mixed ^= mixed >>> 31;
    }
    random = new SplittableRandom(mixed);
  }

  double uniform() {
    return random.nextDouble();
  }

  double normal() {
    return random.nextGaussian();
  }

  /// Poisson with this mean.
  long poisson(double mean) {
    if (mean <= 0) {
      return 0;
    }
    if (mean > 30) {
      return poissonByRejection(mean);
    }
    var limit = Math.exp(-mean);
    var n = 0L;
    for (var p = random.nextDouble(); p > limit; p *= random.nextDouble()) {
      n++;
    }
    return n;
  }

  /// Hörmann's PTRS: exact, for means above 10.
  private long poissonByRejection(double mean) {
    var logMean = Math.log(mean);
    var b = 0.931 + 2.53 * Math.sqrt(mean);
    var a = -0.059 + 0.02483 * b;
    var inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    var vr = 0.9277 - 3.6224 / (b - 2);
    while (true) {
      var u = random.nextDouble() - 0.5;
      var v = random.nextDouble();
      var us = 0.5 - Math.abs(u);
      var k = Math.floor((2 * a / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= vr) {
        return (long) k;
      }
      if (k < 0 || (us < 0.013 && v > us)) {
        continue;
      }
      if (Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b)
          <= -mean + k * logMean - logFactorial((long) k)) {
        return (long) k;
      }
    }
  }

  /// Binomial: so many of n.
  long binomial(long n, double p) {
    if (n <= 0 || p <= 0) {
      return 0;
    }
    if (p >= 1) {
      return n;
    }
    if (p > 0.5) {
      return n - binomial(n, 1 - p);
    }
    return n * p < 30 ? binomialByInversion(n, p) : binomialByRejection(n, p);
  }

  private long binomialByInversion(long n, double p) {
    // By gaps between successes: as fast as successes are few, for any n.
    var logQ = Math.log1p(-p);
    var successes = 0L;
    var at = 0.0;
    while (true) {
      at += Math.floor(Math.log(random.nextDouble()) / logQ) + 1;
      if (at > n) {
        return successes;
      }
      successes++;
    }
  }

  /// Hörmann's BTRS: exact, for n p of at least 10.
  private long binomialByRejection(long n, double p) {
    var q = 1 - p;
    var spq = Math.sqrt(n * p * q);
    var b = 1.15 + 2.53 * spq;
    var a = -0.0873 + 0.0248 * b + 0.01 * p;
    var c = n * p + 0.5;
    var vr = 0.92 - 4.2 / b;
    var alpha = (2.83 + 5.1 / b) * spq;
    var logOdds = Math.log(p / q);
    var m = (long) Math.floor((n + 1) * p);
    var h = logFactorial(m) + logFactorial(n - m);
    while (true) {
      var u = random.nextDouble() - 0.5;
      var v = random.nextDouble();
      var us = 0.5 - Math.abs(u);
      var k = Math.floor((2 * a / us + b) * u + c);
      if (k < 0 || k > n) {
        continue;
      }
      if (us >= 0.07 && v <= vr) {
        return (long) k;
      }
      if (Math.log(v * alpha / (a / (us * us) + b))
          <= h - logFactorial((long) k) - logFactorial(n - (long) k) + (k - m) * logOdds) {
        return (long) k;
      }
    }
  }

  /// Sum of n geometric numbers of at least 1 with this mean.
  long geometrics(long n, double mean) {
    var sum = 0L;
    var logQ = Math.log1p(-1 / mean);
    for (var i = 0L; i < n; i++) {
      sum += mean <= 1 ? 1 : 1 + (long) Math.floor(Math.log(random.nextDouble()) / logQ);
    }
    return sum;
  }

  private static final double[] SMALL = new double[128];

  static {
    for (var i = 1; i < SMALL.length; i++) {
      SMALL[i] = SMALL[i - 1] + Math.log(i);
    }
  }

  /// Log of k!.
  static double logFactorial(long k) {
    return k < SMALL.length ? SMALL[(int) k] : stirling((double) k + 1);
  }

  /// Log of the gamma function, for positive x, to 1e-12.
  static double logGamma(double x) {
    var shift = 0.0;
    var y = x;
    while (y < 20) {
      shift += Math.log(y);
      y++;
    }
    return stirling(y) - shift;
  }

  private static double stirling(double x) {
    return (x - 0.5) * Math.log(x)
        - x
        + 0.5 * Math.log(2 * Math.PI)
        + 1 / (12 * x)
        - 1 / (360 * Math.pow(x, 3))
        + 1 / (1260 * Math.pow(x, 5));
  }
}
