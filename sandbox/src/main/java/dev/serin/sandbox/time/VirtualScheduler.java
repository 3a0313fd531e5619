package dev.serin.sandbox.time;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Time that stands still until it is advanced. Everything scheduled runs on the thread that
/// advances it, in an order that depends on nothing but the calls made: two runs of the same
/// program are equal.
///
/// Scheduling and reading the time are safe from any thread; only one thread may advance.
public final class VirtualScheduler implements Scheduler {

  /// Where virtual time starts when nobody says otherwise.
  public static final Instant EPOCH = Instant.parse("2030-01-01T00:00:00Z");

  private record Entry(Instant at, long order, Task task) implements Comparable<Entry> {

    @Override
    public int compareTo(Entry other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private static final class Task implements Scheduled {
    private volatile @Nullable Runnable work;

    Task(Runnable work) {
      this.work = work;
    }

    @Override
    public void cancel() {
      work = null;
    }
  }

  private final PriorityQueue<Entry> queue = new PriorityQueue<>();
  private long order;
  private Instant now;
  private boolean running;

  public VirtualScheduler() {
    this(EPOCH);
  }

  public VirtualScheduler(Instant start) {
    now = start;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized Scheduled schedule(Instant at, Runnable work) {
    var task = new Task(work);
    queue.add(new Entry(at.isBefore(now) ? now : at, order++, task));
    return task;
  }

  /// Runs everything that is due by then, what that schedules included, and stops at that instant.
  public void runUntil(Instant end) {
    while (step(end)) {}
    synchronized (this) {
      if (end.isAfter(now)) {
        now = end;
      }
    }
  }

  /// Lets this much time pass.
  public void advance(Duration duration) {
    runUntil(instant().plus(duration));
  }

  /// Runs what is due now, without any time passing.
  public void settle() {
    runUntil(instant());
  }

  /// Lets time pass until the condition holds; it is looked at after each thing that ran.
  ///
  /// @return false when it did not hold within the limit, which has passed then
  public boolean runUntil(BooleanSupplier condition, Duration limit) {
    var end = instant().plus(limit);
    while (!condition.getAsBoolean()) {
      if (!step(end)) {
        runUntil(end);
        return condition.getAsBoolean();
      }
    }
    return true;
  }

  /// Runs the next thing that is due by then.
  private boolean step(Instant end) {
    Runnable work;
    synchronized (this) {
      if (running) {
        throw new IllegalStateException("scheduled work may not advance the time it runs in");
      }
      var next = queue.peek();
      if (next == null || next.at().isAfter(end)) {
        return false;
      }
      queue.remove();
      now = next.at();
      work = next.task().work;
      running = true;
    }
    try {
      if (work != null) {
        work.run();
      }
    } finally {
      synchronized (this) {
        running = false;
      }
    }
    return true;
  }
}
