package dev.serin.sandbox.telemetry;

import java.util.Arrays;

/// The samples of one series, in order of time.
final class TimeSeries {

  private static final long STALE_BITS = 0x7ff0000000000002L;

  /// The value that says that a series is no longer there.
  static final double STALE = Double.longBitsToDouble(STALE_BITS);

  private final Labels labels;
  private long[] millis = new long[16];
  private double[] values = new double[16];
  private int from;
  private int to;

  TimeSeries(Labels labels) {
    this.labels = labels;
  }

  static boolean stale(double value) {
    return Double.doubleToRawLongBits(value) == STALE_BITS;
  }

  Labels labels() {
    return labels;
  }

  /// Adds a sample; one that is not newer than the last is dropped.
  void add(long at, double value) {
    if (to > from && at <= millis[to - 1]) {
      return;
    }
    if (to == millis.length) {
      int size = to - from;
      int capacity = size * 2 > millis.length ? millis.length * 2 : millis.length;
      long[] moreMillis = new long[capacity];
      double[] moreValues = new double[capacity];
      System.arraycopy(millis, from, moreMillis, 0, size);
      System.arraycopy(values, from, moreValues, 0, size);
      millis = moreMillis;
      values = moreValues;
      from = 0;
      to = size;
    }
    millis[to] = at;
    values[to] = value;
    to++;
  }

  /// Forgets what is older.
  void dropBefore(long at) {
    while (from < to && millis[from] < at) {
      from++;
    }
  }

  boolean isEmpty() {
    return from == to;
  }

  /// Index of the newest sample at or before an instant; -1 when there is none.
  int newestUpTo(long at) {
    int found = Arrays.binarySearch(millis, from, to, at);
    int index = found >= 0 ? found : -found - 2;
    return index < from ? -1 : index;
  }

  long millis(int index) {
    return millis[index];
  }

  double value(int index) {
    return values[index];
  }

  /// Index of the first sample.
  int first() {
    return from;
  }
}
