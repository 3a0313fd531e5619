package dev.serin.controller.measure;

import dev.serin.metrics.MetricsProvider;
import dev.serin.parse.CheckSpec;
import java.util.Map;

/// The query that a user wrote, and whom to ask it.
sealed interface OwnQuery {

  String NO_SERVER =
      "no Prometheus is named; set spec.metricsServer, or the controller's --metrics-server";

  /// @param template the query with its variables
  /// @param own values of `{{ variables.x }}`
  record Usable(MetricsProvider provider, String template, Map<String, String> own)
      implements OwnQuery {
    public Usable {
      own = Map.copyOf(own);
    }
  }

  /// @param reason why it cannot be asked, with the cure
  record Unusable(String reason) implements OwnQuery {}

  static OwnQuery of(CheckSpec.Source source, Assignment assignment, MetricSources sources) {
    return switch (source) {
      case CheckSpec.Source.BuiltIn _ ->
          new Unusable("it is measured by the queries of its mesh, not by one of its own");
      case CheckSpec.Source.Inline(var query, var own) ->
          sources
              .prometheus(assignment.declared().metricsServer())
              .<OwnQuery>map(provider -> new Usable(provider, query, own))
              .orElseGet(() -> new Unusable(NO_SERVER));
      case CheckSpec.Source.Template(var namespace, var name, var own) ->
          switch (sources.template(namespace, name)) {
            case MetricSources.Template.Usable(var provider, var query) ->
                new Usable(provider, query, own);
            case MetricSources.Template.Unusable(var reason) -> new Unusable(reason);
          };
    };
  }
}
