package dev.serin.sandbox.dataplane;

import dev.serin.sandbox.workload.PodBehaviour;

/// How long a pod takes to answer: log-normal around the median of its behaviour.
final class ResponseTimes {

  private final double logMedian;
  private final double spread;
  private final double mean;
  private final double[] shares;

  ResponseTimes(PodBehaviour behaviour) {
    double median = Math.max(0.01, behaviour.latency().toNanos() / 1e6);
    logMedian = Math.log(median);
    spread = behaviour.latencySpread();
    mean = median * Math.exp(spread * spread / 2);
    shares = new double[Latencies.buckets()];
    double below = 0;
    for (int i = 0; i < shares.length; i++) {
      double upTo = chanceWithin(Latencies.bound(i));
      shares[i] = upTo - below;
      below = upTo;
    }
  }

  /// One time in milliseconds.
  ///
  /// @param gaussian a standard normal number
  double millis(double gaussian) {
    return Math.exp(logMedian + spread * gaussian);
  }

  /// The times of so many requests.
  Latencies of(long requests, Samples samples) {
    var latencies = new Latencies();
    long[] counts = samples.multinomial(requests, shares);
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        latencies.add(i, counts[i], counts[i] * mean);
      }
    }
    return latencies;
  }

  private double chanceWithin(double millis) {
    if (Double.isInfinite(millis)) {
      return 1;
    }
    double distance = Math.log(millis) - logMedian;
    return spread == 0 ? (distance >= 0 ? 1 : 0) : normal(distance / spread);
  }

  /// Distribution function of the standard normal distribution, to 1e-7 (Abramowitz and Stegun
  /// 26.2.17).
  private static double normal(double z) {
    double t = 1 / (1 + 0.2316419 * Math.abs(z));
    double tail =
        Math.exp(-z * z / 2)
            / Math.sqrt(2 * Math.PI)
            * t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return z >= 0 ? 1 - tail : tail;
  }
}
