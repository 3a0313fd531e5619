package dev.serin.judge;

import java.util.Arrays;

/// A number found by simulation, with how sure it is.
sealed interface Figure {

  /// Two-sided normal deviates: 99 % to show, 99.99 % to compare hundreds of figures by.
  double SHOWN = 2.5758;

  double COMPARED = 3.8906;

  /// So many runs of so many.
  record Share(long hits, long runs) implements Figure {

    double value() {
      return (double) hits / runs;
    }

    double low(double z) {
      return bound(z, -1);
    }

    double high(double z) {
      return bound(z, 1);
    }

    /// Wilson's interval.
    private double bound(double z, int sign) {
      var center = value() + z * z / (2.0 * runs);
      var half = z * Math.sqrt(value() * (1 - value()) / runs + z * z / (4.0 * runs * runs));
      return Math.clamp((center + sign * half) / (1 + z * z / runs), 0, 1);
    }

    /// Whether another simulation with this many runs may well have found this share.
    boolean agreesWith(double other, long otherRuns) {
      var together = (hits + other * otherRuns) / (runs + otherRuns);
      var error = Math.sqrt(together * (1 - together) * (1.0 / runs + 1.0 / otherRuns));
      var rounding = 1.5 / otherRuns + 1.5 / runs;
      return Math.abs(value() - other) <= COMPARED * error + rounding;
    }
  }

  /// How long something took in each run, in seconds; infinite where it did not come.
  @SuppressWarnings("ArrayRecordComponent") // equals and hashCode are its own
  record Seconds(double[] sorted, double tick) implements Figure {

    public Seconds {
      sorted = sorted.clone();
      Arrays.sort(sorted);
    }

    double quantile(double share) {
      return sorted.length == 0
          ? Double.NaN
          : sorted[(int) Math.clamp(Math.ceil(share * sorted.length) - 1, 0, sorted.length - 1)];
    }

    double median() {
      return quantile(0.5);
    }

    /// A bound that the true median exceeds with a probability of half of what the deviate leaves.
    double medianAtMost(double z) {
      return quantile(0.5 + z * 0.5 / Math.sqrt(sorted.length) + 1.0 / sorted.length);
    }

    double medianAtLeast(double z) {
      return quantile(0.5 - z * 0.5 / Math.sqrt(sorted.length));
    }

    /// Share of runs in which it came within this time.
    double upTo(double seconds) {
      return (double) Arrays.stream(sorted).filter(s -> s <= seconds).count() / sorted.length;
    }

    /// Whether another simulation with this many runs may well have found this median.
    boolean agreesWith(double other, long otherRuns) {
      return agreesWith(0.5, other, otherRuns);
    }

    private boolean agreesWith(double share, double other, long otherRuns) {
      if (sorted.length == 0) {
        return true; // How often it came is a figure of its own.
      }
      var error =
          COMPARED * Math.sqrt(share * (1 - share) * (1.0 / sorted.length + 1.0 / otherRuns))
              + 1.0 / sorted.length;
      return Double.isInfinite(other)
          ? upTo(Double.MAX_VALUE) <= share + error
          : upTo(other + tick / 2) >= share - error && upTo(other - tick / 2) <= share + error;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Seconds that && Arrays.equals(sorted, that.sorted);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(sorted);
    }

    @Override
    public String toString() {
      return "Seconds[median=" + median() + ", runs=" + sorted.length + "]";
    }
  }

  /// The value that a share of the runs does not exceed.
  ///
  /// @param of with the grain of the values as its tick
  record Quantile(Seconds of, double share) implements Figure {

    double value() {
      return of.quantile(share);
    }

    double low(double z) {
      return of.quantile(share - z * Math.sqrt(share * (1 - share) / of.sorted.length));
    }

    double high(double z) {
      var runs = of.sorted.length;
      return of.quantile(share + z * Math.sqrt(share * (1 - share) / runs) + 1.0 / runs);
    }

    boolean agreesWith(double other, long otherRuns) {
      return of.agreesWith(share, other, otherRuns);
    }
  }

  /// An average over runs.
  ///
  /// @param deviation of one run
  record Mean(double value, double deviation, long runs) implements Figure {

    /// Fewer tell nothing of their deviation.
    private static final int FEW = 20;

    static Mean of(double[] values) {
      var mean = Arrays.stream(values).average().orElse(Double.NaN);
      var squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
      return new Mean(mean, Math.sqrt(squares / Math.max(1, values.length - 1)), values.length);
    }

    double low(double z) {
      return value - z * deviation / Math.sqrt((double) runs);
    }

    double high(double z) {
      return value + z * deviation / Math.sqrt((double) runs);
    }

    /// Whether another simulation with this many runs may well have found this average.
    ///
    /// @param grain how exactly the other is told
    boolean agreesWith(double other, long otherRuns, double grain) {
      return runs < FEW
          || otherRuns < FEW
          || Math.abs(value - other)
              <= COMPARED * deviation * Math.sqrt(1.0 / runs + 1.0 / otherRuns) + grain;
    }
  }
}
