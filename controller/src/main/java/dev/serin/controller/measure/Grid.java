package dev.serin.controller.measure;

import java.time.Duration;
import java.time.Instant;

/// The times at which counters are looked at: whole multiples of the tick, the same for all
/// Canaries of a server, so that they can be asked for together.
///
/// @param tick between two looks
/// @param lag how far behind the clock one looks, so that everything scraped until then is stored
///   and asking again gives the same answer. What a slower scrape brings is counted a tick later
record Grid(Duration tick, Duration lag) {

  /// Shorter ticks would say nothing sooner: evidence may gain only so much in five seconds.
  static final Duration LEAST = Duration.ofSeconds(2);

  private static final Duration LEAST_LAG = Duration.ofMillis(500);

  /// Scrapes of a proxy take milliseconds, and a small part of their interval even where a proxy
  /// has very many series.
  static Grid of(Duration scrapeInterval) {
    return new Grid(longer(LEAST, scrapeInterval), longer(LEAST_LAG, scrapeInterval.dividedBy(4)));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /// Whether another grid is so much like this one that both serve as well.
  boolean isMuchLike(Grid other) {
    return 2 * tick.toMillis() < 3 * other.tick.toMillis()
        && 2 * other.tick.toMillis() < 3 * tick.toMillis();
  }

  /// The last time of the grid that is not after this.
  Instant floor(Instant time) {
    return Instant.ofEpochMilli(
        Math.floorDiv(time.toEpochMilli(), tick.toMillis()) * tick.toMillis());
  }

  Instant next(Instant time) {
    return time.plus(tick);
  }

  /// The last time that can be looked at.
  Instant latest(Instant now) {
    return floor(now.minus(lag));
  }

  /// When the time after the last one can be looked at.
  Instant due(Instant now) {
    return next(latest(now)).plus(lag);
  }
}
