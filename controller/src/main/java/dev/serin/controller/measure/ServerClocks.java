package dev.serin.controller.measure;

import dev.serin.metrics.SampleProvider;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.WeakHashMap;

/// The clocks of metrics servers, each asked for once a minute at most.
final class ServerClocks {
  private static final Duration KEPT = Duration.ofMinutes(1);

  private final InstantSource ours;
  private final Map<SampleProvider, Reading> readings = new WeakHashMap<>();

  /// @param at when it was read, by our clock
  private record Reading(ServerClock.Known clock, Instant at) {

    /// One that was read before our clock was set back is none any more.
    boolean isFresh(Instant now) {
      return !now.isBefore(at) && now.isBefore(at.plus(KEPT));
    }
  }

  ServerClocks(InstantSource ours) {
    this.ours = ours;
  }

  /// May ask the server, and wait for its answer.
  ServerClock of(SampleProvider provider) {
    synchronized (readings) {
      var known = readings.get(provider);
      if (known != null && known.isFresh(ours.instant())) {
        return known.clock;
      }
    }
    var read = ServerClock.of(provider, ours);
    if (read instanceof ServerClock.Known known) {
      synchronized (readings) {
        readings.put(provider, new Reading(known, ours.instant()));
      }
    }
    return read;
  }
}
