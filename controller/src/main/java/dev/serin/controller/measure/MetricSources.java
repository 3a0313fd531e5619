package dev.serin.controller.measure;

import dev.serin.metrics.MetricsProvider;
import dev.serin.parse.MetricsServer;
import java.util.Optional;

/// Where metrics come from.
public interface MetricSources {

  /// The Prometheus that answers built-in and inline queries.
  ///
  /// @param server as the Canary names it; empty for the controller's own
  /// @return empty when the Canary names none and the controller has none
  Optional<MetricsProvider> prometheus(Optional<MetricsServer> server);

  /// A MetricTemplate.
  Template template(String namespace, String name);

  /// What a MetricTemplate says.
  sealed interface Template {

    /// @param provider that answers it
    /// @param query with its variables
    record Usable(MetricsProvider provider, String query) implements Template {}

    /// @param reason why it cannot be asked, with the cure
    record Unusable(String reason) implements Template {}
  }
}
