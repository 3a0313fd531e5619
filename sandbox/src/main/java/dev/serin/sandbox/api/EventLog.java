package dev.serin.sandbox.api;

import org.jspecify.annotations.Nullable;

/// The last writes in order, found by revision. Every write makes one revision, so the place of a
/// revision is known.
final class EventLog {

  private final int capacity;
  private @Nullable Commit[] ring = new @Nullable Commit[1024];
  private long first = 1;
  private long end = 1;

  /// @param capacity how many writes are kept
  EventLog(int capacity) {
    this.capacity = capacity;
  }

  /// The revision of the newest write; 0 before the first.
  long revision() {
    return end - 1;
  }

  /// The oldest revision from which a watch can go on without having missed a write.
  long resumableFrom() {
    return first - 1;
  }

  void add(Commit change) {
    if (end - first == ring.length) {
      if (ring.length < capacity) {
        grow();
      } else {
        first++;
      }
    }
    ring[slot(end++)] = change;
  }

  /// @throws IllegalArgumentException for a revision that is compacted or not there yet
  Commit at(long revision) {
    var change = revision >= first && revision < end ? ring[slot(revision)] : null;
    if (change == null) {
      throw new IllegalArgumentException("no write with revision " + revision);
    }
    return change;
  }

  /// Forgets all writes up to a revision: watches from before it are told to list again.
  void compact(long revision) {
    while (first <= revision && first < end) {
      ring[slot(first++)] = null;
    }
  }

  private void grow() {
    var bigger = new @Nullable Commit[Math.min(capacity, ring.length * 2)];
    for (long r = first; r < end; r++) {
      bigger[(int) (r % bigger.length)] = ring[slot(r)];
    }
    ring = bigger;
  }

  private int slot(long revision) {
    return (int) (revision % ring.length);
  }
}
