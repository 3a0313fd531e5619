package dev.serin.webhooks;

import dev.serin.alert.Notifier;
import java.util.List;

/// What came of the settings of a notifier.
public sealed interface Built {

  record Ready(Notifier notifier) implements Built {}

  /// @param problems all of them, each with its cure
  record Unfit(List<String> problems) implements Built {
    public Unfit {
      problems = List.copyOf(problems);
    }
  }
}
