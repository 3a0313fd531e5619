package dev.serin.metrics.providers;

import dev.serin.metrics.MetricsProvider;
import java.util.List;

/// What came of settings.
public sealed interface Built {

  record Ready(MetricsProvider provider) implements Built {}

  /// @param problems all of them, each with its cure
  record Unfit(List<String> problems) implements Built {
    public Unfit {
      problems = List.copyOf(problems);
    }
  }
}
