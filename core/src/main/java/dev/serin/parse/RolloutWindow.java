package dev.serin.parse;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A span of time, coming again and again, in which rollouts may start.
///
/// @param opens when it opens
/// @param lasts how long it stays open
/// @param zone whose local time `opens` is
public record RolloutWindow(CronSchedule opens, Duration lasts, ZoneId zone) {

  /// When the next of these windows opens; empty when rollouts may start now, because one of them
  /// is open or there are none.
  public static Optional<Instant> nextOpening(List<RolloutWindow> windows, Instant now) {
    if (windows.isEmpty() || windows.stream().anyMatch(window -> window.isOpen(now))) {
      return Optional.empty();
    }
    return windows.stream()
        .flatMap(window -> window.opens.next(now, window.zone).stream())
        .min(Comparator.naturalOrder());
  }

  private boolean isOpen(Instant now) {
    return opens.next(now.minus(lasts), zone).filter(opening -> !opening.isAfter(now)).isPresent();
  }
}
