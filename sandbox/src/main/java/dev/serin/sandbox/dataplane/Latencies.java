package dev.serin.sandbox.dataplane;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/// How long requests took, counted by a grid that holds the bucket bounds of all meshes.
public final class Latencies {

  /// Upper bounds in milliseconds: those of Envoy and of Linkerd, in order. A last bucket without
  /// bound follows.
  private static final double[] BOUNDS =
      DoubleStream.concat(
              DoubleStream.of(0.5, 25, 250, 2_500, 60_000, 300_000, 600_000, 1_800_000, 3_600_000),
              DoubleStream.iterate(1, base -> base <= 10_000, base -> base * 10)
                  .flatMap(base -> DoubleStream.of(1, 2, 3, 4, 5).map(step -> step * base)))
          .sorted()
          .distinct()
          .toArray();

  private final long[] counts = new long[BOUNDS.length + 1];
  private double sumMillis;

  /// Number of buckets, the last one without bound included.
  static int buckets() {
    return BOUNDS.length + 1;
  }

  /// Upper bound of a bucket in milliseconds; infinity for the last.
  static double bound(int bucket) {
    return bucket < BOUNDS.length ? BOUNDS[bucket] : Double.POSITIVE_INFINITY;
  }

  /// The bucket that a latency falls into.
  static int bucket(double millis) {
    int found = Arrays.binarySearch(BOUNDS, millis);
    return found >= 0 ? found : -found - 1;
  }

  /// Counts one request.
  public void add(double millis) {
    add(bucket(millis), 1, millis);
  }

  /// Counts requests of one bucket.
  void add(int bucket, long requests, double sumMillis) {
    counts[bucket] += requests;
    this.sumMillis += sumMillis;
  }

  void addAll(Latencies others) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += others.counts[i];
    }
    sumMillis += others.sumMillis;
  }

  /// Requests that took at most this long.
  ///
  /// @param millis a bound of the grid
  public long within(double millis) {
    long sum = 0;
    for (int i = 0; i < BOUNDS.length && BOUNDS[i] <= millis; i++) {
      sum += counts[i];
    }
    return sum;
  }

  /// All requests.
  public long count() {
    return Arrays.stream(counts).sum();
  }

  /// What all requests took together, in milliseconds.
  public double sumMillis() {
    return sumMillis;
  }

  Latencies copy() {
    var copy = new Latencies();
    copy.addAll(this);
    return copy;
  }
}
