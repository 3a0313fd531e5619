package dev.serin.controller.background;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Each piece of work on a virtual thread of its own, in real time.
public final class ThreadedBackground implements Background {

  private static final Logger LOG = LoggerFactory.getLogger(ThreadedBackground.class);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> Thread.ofPlatform().name("background").daemon().unstarted(work));

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public void execute(Runnable work) {
    try {
      threads.execute(() -> run(work));
    } catch (RejectedExecutionException closed) {
      LOG.debug("closed: {} is not run", work);
    }
  }

  @Override
  public Scheduled after(Duration delay, Runnable work) {
    try {
      var due = clock.schedule(() -> execute(work), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> due.cancel(false);
    } catch (RejectedExecutionException closed) {
      return () -> {};
    }
  }

  private static void run(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException surprise) {
      LOG.error("work in the background broke", surprise);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    threads.shutdownNow();
  }
}
