package dev.serin.controller.measure;

import java.util.Optional;

/// Tells before the start what the checks of a Canary can decide.
@FunctionalInterface
public interface Forecaster {

  /// Looks at the traffic of a while ago. Blocks with a deadline, and never throws for what others
  /// can do.
  ///
  /// @return empty when it cannot be told now
  Optional<Forecast> foretell(Assignment assignment);

  /// Tells nothing.
  static Forecaster none() {
    return assignment -> Optional.empty();
  }
}
