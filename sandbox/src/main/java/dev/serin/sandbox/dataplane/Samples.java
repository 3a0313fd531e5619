package dev.serin.sandbox.dataplane;

import java.util.random.RandomGenerator;

/// Random numbers of the distributions that traffic follows. The same generator gives the same
/// numbers.
final class Samples {

  private static final double[] STIRLING_TAIL = {
    0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509,
    0.01664469118982119, 0.01387612882307075, 0.01189670994589177, 0.01041126526197209,
    0.009255462182712733, 0.00833056343336287
  };

  private final RandomGenerator random;

  Samples(RandomGenerator random) {
    this.random = random;
  }

  double uniform() {
    return random.nextDouble();
  }

  /// Number of events where so many are expected.
  long poisson(double mean) {
    if (mean <= 0) {
      return 0;
    }
    return mean < 10 ? smallPoisson(mean) : largePoisson(mean);
  }

  /// Number of events where so many are expected and they come in clumps.
  ///
  /// @param dispersion variance over mean, at least 1; 1 is Poisson
  long dispersed(double mean, double dispersion) {
    if (mean <= 0 || dispersion <= 1) {
      return poisson(mean);
    }
    double shape = mean / (dispersion - 1);
    return poisson(gamma(shape) * (dispersion - 1));
  }

  /// Number of successes among so many tries.
  long binomial(long tries, double chance) {
    if (tries <= 0 || chance <= 0) {
      return 0;
    }
    if (chance >= 1) {
      return tries;
    }
    if (chance > 0.5) {
      return tries - binomial(tries, 1 - chance);
    }
    return tries * chance < 10 ? smallBinomial(tries, chance) : largeBinomial(tries, chance);
  }

  /// Spreads tries over shares.
  ///
  /// @param weights in proportion to each other; not all 0
  long[] multinomial(long tries, double[] weights) {
    double left = 0;
    for (double weight : weights) {
      left += weight;
    }
    var counts = new long[weights.length];
    long rest = tries;
    for (int i = 0; i < weights.length && rest > 0; i++) {
      counts[i] = left <= weights[i] ? rest : binomial(rest, weights[i] / left);
      rest -= counts[i];
      left -= weights[i];
    }
    return counts;
  }

  private long smallPoisson(double mean) {
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    long count = 0;
    while (product > limit) {
      count++;
      product *= random.nextDouble();
    }
    return count;
  }

  /// Transformed rejection, Hörmann 1993.
  private long largePoisson(double mean) {
    double root = Math.sqrt(mean);
    double b = 0.931 + 2.53 * root;
    double a = -0.059 + 0.02483 * b;
    double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    double squeeze = 0.9277 - 3.6224 / (b - 2);
    while (true) {
      double u = random.nextDouble() - 0.5;
      double v = random.nextDouble();
      double us = 0.5 - Math.abs(u);
      double k = Math.floor((2 * a / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= squeeze) {
        return (long) k;
      }
      if (k < 0 || (us < 0.013 && v > us)) {
        continue;
      }
      double accept = Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b);
      if (accept <= k * Math.log(mean) - mean - logFactorial(k)) {
        return (long) k;
      }
    }
  }

  /// Waiting times between successes.
  private long smallBinomial(long tries, double chance) {
    double logMiss = Math.log1p(-chance);
    long count = 0;
    double passed = 0;
    while (true) {
      passed += Math.ceil(Math.log(1 - random.nextDouble()) / logMiss);
      if (passed > tries) {
        return count;
      }
      count++;
    }
  }

  /// Transformed rejection with squeeze, Hörmann 1993; for chances up to a half.
  private long largeBinomial(long tries, double chance) {
    double deviation = Math.sqrt(tries * chance * (1 - chance));
    double b = 1.15 + 2.53 * deviation;
    double a = -0.0873 + 0.0248 * b + 0.01 * chance;
    double c = tries * chance + 0.5;
    double squeeze = 0.92 - 4.2 / b;
    double odds = chance / (1 - chance);
    double alpha = (2.83 + 5.1 / b) * deviation;
    double mode = Math.floor((tries + 1) * chance);
    while (true) {
      double u = random.nextDouble() - 0.5;
      double v = random.nextDouble();
      double us = 0.5 - Math.abs(u);
      double k = Math.floor((2 * a / us + b) * u + c);
      if (us >= 0.07 && v <= squeeze) {
        return (long) k;
      }
      if (k < 0 || k > tries) {
        continue;
      }
      double accept = Math.log(v * alpha / (a / (us * us) + b));
      double bound =
          (mode + 0.5) * Math.log((mode + 1) / (odds * (tries - mode + 1)))
              + (tries + 1) * Math.log((tries - mode + 1) / (tries - k + 1))
              + (k + 0.5) * Math.log(odds * (tries - k + 1) / (k + 1))
              + stirlingTail(mode)
              + stirlingTail(tries - mode)
              - stirlingTail(k)
              - stirlingTail(tries - k);
      if (accept <= bound) {
        return (long) k;
      }
    }
  }

  /// Marsaglia and Tsang 2000.
  private double gamma(double shape) {
    if (shape < 1) {
      return gamma(shape + 1) * Math.pow(1 - random.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = 1 + c * x;
      if (v > 0) {
        v = v * v * v;
        if (Math.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
          return d * v;
        }
      }
    }
  }

  private static double logFactorial(double k) {
    return k < 1
        ? 0
        : (k + 0.5) * Math.log(k + 1) - (k + 1) + 0.5 * Math.log(2 * Math.PI) + stirlingTail(k);
  }

  private static double stirlingTail(double k) {
    if (k <= 9) {
      return STIRLING_TAIL[(int) k];
    }
    double next = k + 1;
    double square = next * next;
    return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / next;
  }
}
