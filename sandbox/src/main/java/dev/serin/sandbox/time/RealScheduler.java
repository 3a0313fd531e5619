package dev.serin.sandbox.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Time off the wall. Everything scheduled runs on one thread of its own, which ends with
/// [#close()]; what is scheduled afterwards never runs.
///
/// On a machine that stood still for a while all is late, but in order: work that asks for
/// something after a delay gets it that long after the time for which it was scheduled itself, not
/// after the time at which it came to run. So a chain of short delays still comes before one long
/// delay that began with it.
public final class RealScheduler implements Scheduler, AutoCloseable {

  private final DelayQueue<Task> queue = new DelayQueue<>();
  private final AtomicLong order = new AtomicLong();
  private final Consumer<Throwable> failed;
  private final Thread thread;
  private volatile boolean closed;

  /// What runs at the moment; of the scheduler's thread only.
  private @Nullable Task running;

  /// @param name of the thread
  /// @param failed told of whatever scheduled work throws; the work after it goes on
  public RealScheduler(String name, Consumer<Throwable> failed) {
    this.failed = failed;
    thread = Thread.ofPlatform().name(name).daemon().unstarted(this::runAll);
    thread.start();
  }

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public Scheduled schedule(Instant at, Runnable work) {
    return add(System.nanoTime() + Duration.between(instant(), at).toNanos(), work);
  }

  @Override
  public Scheduled after(Duration delay, Runnable work) {
    return add(begin() + delay.toNanos(), work);
  }

  @Override
  public Scheduled soon(Runnable work) {
    return add(begin(), work);
  }

  private long begin() {
    var task = Thread.currentThread().equals(thread) ? running : null;
    return task == null ? System.nanoTime() : task.nanos;
  }

  private Scheduled add(long nanos, Runnable work) {
    var task = new Task(nanos, order.getAndIncrement(), work);
    if (!closed) {
      queue.add(task);
    }
    return task;
  }

  private void runAll() {
    try {
      while (!closed) {
        var task = queue.take();
        running = task;
        run(task);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Task task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      failed.accept(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    queue.clear();
  }

  /// What is due at a time of [System#nanoTime()].
  private static final class Task implements Delayed, Scheduled {
    private final long nanos;
    private final long order;
    private volatile @Nullable Runnable work;

    Task(long nanos, long order, Runnable work) {
      this.nanos = nanos;
      this.order = order;
      this.work = work;
    }

    void run() {
      var now = work;
      if (now != null) {
        now.run();
      }
    }

    @Override
    public void cancel() {
      work = null;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(nanos - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      var task = (Task) other;
      return nanos == task.nanos
          ? Long.compare(order, task.order)
          : Long.compare(nanos - task.nanos, 0);
    }
  }
}
