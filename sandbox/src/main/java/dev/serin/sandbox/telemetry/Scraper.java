package dev.serin.sandbox.telemetry;

import dev.serin.sandbox.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Scrapes into a store, again and again.
public final class Scraper implements AutoCloseable {

  private static final Sample UP =
      new Sample(Labels.of("up", "job", "sandbox", "instance", "sandbox"), 1);

  private final Scheduler.Scheduled repetition;

  /// @param target gives what it says now; on the scheduler
  public Scraper(
      Scheduler scheduler, Duration interval, Supplier<List<Sample>> target, SeriesStore store) {
    repetition =
        scheduler.every(
            interval,
            () -> {
              var samples = new ArrayList<>(target.get());
              samples.add(UP);
              store.scraped(scheduler.instant(), samples);
            });
  }

  @Override
  public void close() {
    repetition.cancel();
  }
}
