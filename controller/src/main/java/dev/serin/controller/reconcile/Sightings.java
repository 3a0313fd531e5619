package dev.serin.controller.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// How far the wall clock jumped since this process first saw an instant of a state. What has no
/// sighting was seen just now, so it may be forgotten at any time.
final class Sightings {
  /// Far more than a state has instants.
  private static final int MOST = 256;

  /// Clocks that are kept in step differ by less, and it is no jump.
  private static final Duration IN_STEP = Duration.ofSeconds(1);

  /// How far ahead of the steady clock the wall clock was at the first sight.
  private final Map<Instant, Duration> ahead =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Instant, Duration> eldest) {
          return size() > MOST;
        }
      };

  /// How far the wall clock jumped since then; negative when it was set back.
  ///
  /// @param of an instant by the wall clock of its time
  /// @param wall now, by the wall clock
  /// @param steady the same moment by the steady clock
  Duration jump(Instant of, Instant wall, Instant steady) {
    var now = Duration.between(steady, wall);
    var jump = now.minus(ahead.computeIfAbsent(of, _ -> now));
    return jump.abs().compareTo(IN_STEP) < 0 ? Duration.ZERO : jump;
  }
}
