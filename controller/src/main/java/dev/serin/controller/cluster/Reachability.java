package dev.serin.controller.cluster;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the API server answers, said once when that changes and not by every watch.
final class Reachability {

  private static final Logger LOG = LoggerFactory.getLogger(Reachability.class);

  private final String server;
  private final InstantSource clock;
  private boolean away;
  private Instant since = Instant.EPOCH;

  Reachability(String server, InstantSource clock) {
    this.server = server;
    this.clock = clock;
  }

  /// Whether it is known not to answer.
  synchronized boolean away() {
    return away;
  }

  synchronized void answered() {
    if (away) {
      away = false;
      LOG.info(
          "API server {} answers again after {} s",
          server,
          Duration.between(since, clock.instant()).toSeconds());
    }
  }

  synchronized void failed(IOException e) {
    if (!away) {
      away = true;
      since = clock.instant();
      LOG.warn("API server {} does not answer: {}; trying again", server, e.getMessage());
    }
  }
}
