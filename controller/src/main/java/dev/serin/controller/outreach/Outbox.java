package dev.serin.controller.outreach;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Delivers in the background, one parcel after the other to each receiver: a slow one keeps nobody
/// else waiting. Each has a queue of its own, whose oldest parcel makes room when it is full: what
/// came last is what people have to know.
final class Outbox implements AutoCloseable {
  private static final int MOST = 100;

  private final Executor background;
  private final Ledger ledger;
  private final Duration farewell;

  /// Receivers that something is being delivered to, with what waits for them. Queues are touched
  /// within `compute` only.
  private final Map<String, Queue<Parcel>> lanes = new ConcurrentHashMap<>();

  /// Notified when a queue is given up.
  private final Object quiet = new Object();

  /// @param farewell how long what is on its way may still take when the process stops
  Outbox(Executor background, Ledger ledger, Duration farewell) {
    this.background = background;
    this.ledger = ledger;
    this.farewell = farewell;
  }

  /// Takes a parcel; returns at once.
  void post(Parcel parcel) {
    var posted = new Posting(parcel);
    lanes.compute(parcel.receiver(), (_, lane) -> posted.into(lane));
    posted.overflow.ifPresent(
        dropped -> ledger.dropped(dropped, MOST + " others wait for the same receiver"));
    if (posted.opened) {
      background.execute(() -> deliverAll(parcel.receiver()));
    }
  }

  /// One parcel on its way into a queue.
  private static final class Posting {
    private final Parcel parcel;
    private Optional<Parcel> overflow = Optional.empty();
    private boolean opened;

    Posting(Parcel parcel) {
      this.parcel = parcel;
    }

    Queue<Parcel> into(@Nullable Queue<Parcel> lane) {
      opened = lane == null;
      Queue<Parcel> queue = lane == null ? new ArrayDeque<>() : lane;
      overflow = queue.size() < MOST ? Optional.empty() : Optional.ofNullable(queue.poll());
      queue.add(parcel);
      return queue;
    }
  }

  private void deliverAll(String receiver) {
    for (var next = next(receiver); next.isPresent(); next = next(receiver)) {
      deliver(next.get());
    }
  }

  /// The next parcel for a receiver; when there is none, its queue is given up.
  private Optional<Parcel> next(String receiver) {
    var taken = new ArrayDeque<Parcel>();
    lanes.computeIfPresent(
        receiver,
        (_, lane) -> {
          var parcel = lane.poll();
          if (parcel == null) {
            return null;
          }
          taken.add(parcel);
          return lane;
        });
    if (taken.isEmpty()) {
      synchronized (quiet) {
        quiet.notifyAll();
      }
    }
    return Optional.ofNullable(taken.poll());
  }

  private void deliver(Parcel parcel) {
    try {
      parcel
          .delivery()
          .attempt()
          .ifPresentOrElse(reason -> ledger.failed(parcel, reason), () -> ledger.delivered(parcel));
    } catch (RuntimeException surprise) {
      // Its message is not ours, and may hold anything.
      ledger.failed(parcel, "it broke: " + surprise.getClass().getSimpleName());
    }
  }

  /// Lets what is on its way arrive, for a moment; the rest is given up, and said.
  @Override
  public void close() {
    long end = System.nanoTime() + farewell.toNanos();
    try {
      synchronized (quiet) {
        for (long left = farewell.toNanos();
            left > 0 && !lanes.isEmpty();
            left = end - System.nanoTime()) {
          TimeUnit.NANOSECONDS.timedWait(quiet, left);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    for (var receiver : lanes.keySet()) {
      for (var next = next(receiver); next.isPresent(); next = next(receiver)) {
        ledger.dropped(next.get(), "the controller stops");
      }
    }
  }
}
