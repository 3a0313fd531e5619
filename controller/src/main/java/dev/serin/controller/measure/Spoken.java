package dev.serin.controller.measure;

import dev.serin.cluster.Kind;
import dev.serin.mesh.BuiltInQueries;
import dev.serin.mesh.BuiltInQueries.Dialect;
import dev.serin.mesh.Mesh;
import dev.serin.parse.CanaryDeclaration.Target;
import java.util.List;
import java.util.Map;

/// Which queries the data plane of a Canary understands.
sealed interface Spoken {

  record Known(Dialect dialect) implements Spoken {}

  /// @param reason with the cure
  record Unknown(String reason) implements Spoken {}

  /// @param meshes every known mesh by name
  static Spoken of(Assignment assignment, Map<String, Mesh> meshes) {
    var declared = assignment.declared();
    var mesh = meshes.get(declared.provider());
    var queries =
        mesh == null
            ? new BuiltInQueries(List.of(), Map.of())
            : mesh.queries(declared.route().protocol());
    var named = declared.dialect().or(assignment::dialect);
    if (named.isEmpty()) {
      return queries.dialects().isEmpty()
          ? new Unknown(
              "provider " + declared.provider() + " comes with no queries; use a MetricTemplate")
          : fitting(queries.dialects().getFirst(), queries, declared.target());
    }
    var known = queries.named(named.get()).or(() -> queries.spokenBy(named.get()));
    if (known.isPresent()) {
      return fitting(known.get(), queries, declared.target());
    }
    var instead = queries.unmeasured().get(named.get());
    return new Unknown(
        instead != null
            ? instead
            : "no queries are known for "
                + named.get()
                + "; set spec.analysis.metricsDialect to one of "
                + queries.dialects().stream().map(Dialect::name).toList()
                + ", or use a MetricTemplate");
  }

  /// Whose pods are behind a pair of Services is not known, so that only what is counted by Service
  /// can be told apart there.
  private static Spoken fitting(Dialect dialect, BuiltInQueries queries, Target target) {
    return !target.kind().equals(Kind.SERVICE.kind()) || countsByService(dialect)
        ? new Known(dialect)
        : new Unknown(
            "the metrics of "
                + dialect.name()
                + " are counted by workload, which is not known of the pods behind Service "
                + target.name()
                + "; use a MetricTemplate, or set spec.analysis.metricsDialect to one of "
                + queries.dialects().stream()
                    .filter(Spoken::countsByService)
                    .map(Dialect::name)
                    .toList());
  }

  private static boolean countsByService(Dialect dialect) {
    return dialect.counts().canary().contains("canaryService");
  }
}
