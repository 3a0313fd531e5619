package dev.serin.controller.mesh;

import java.time.Duration;

/// Durations as the APIs of meshes write them.
final class Spans {

  private Spans() {}

  static String words(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }
}
