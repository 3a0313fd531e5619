package dev.serin.controller.measure;

import dev.serin.mesh.BuiltInQueries.Counts;
import dev.serin.metrics.QueryTemplate;
import dev.serin.metrics.QueryTemplate.Rendered;
import java.time.Duration;
import java.util.Map;

/// What both versions of one target are called in the series of a data plane.
///
/// @param namespace of the target
/// @param stable value of the dialect's workload label for stable
/// @param canary the same for the canary
record Versions(String namespace, String stable, String canary) {

  static Versions of(Assignment assignment, Counts counts) {
    var variables = Variables.of(assignment, Duration.ZERO, Map.of()).values();
    return new Versions(
        assignment.namespace(),
        named(counts.stable(), variables),
        named(counts.canary(), variables));
  }

  private static String named(String template, Map<String, String> variables) {
    return switch (new QueryTemplate(template).render(variables)) {
      case Rendered.Query(var text) -> text;
      case Rendered.Unfit(var problems) ->
          throw new IllegalArgumentException(String.join("; ", problems));
    };
  }
}
