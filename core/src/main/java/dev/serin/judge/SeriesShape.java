package dev.serin.judge;

import java.util.Set;

/// How to read the labels of counters.
///
/// @param workloadLabel label that says whose requests they are
/// @param canary its value for the canary
/// @param stable its value for stable
/// @param reporterLabel label that names the process that counted, a pod as a rule; empty when
///   telemetry does not tell
/// @param replicaLabels labels that name the scraper where several scrape the same processes
/// @param some what the second kind of counters counts
public record SeriesShape(
    String workloadLabel,
    String canary,
    String stable,
    String reporterLabel,
    Set<String> replicaLabels,
    Some some) {

  /// Labels by which pairs of Prometheus servers commonly tell themselves apart.
  public static final Set<String> REPLICA_LABELS =
      Set.of("prometheus_replica", "__replica__", "replica");

  /// What the second kind of counters counts.
  public enum Some {
    BAD,
    /// Requests within a latency bound: a bucket, with label `le`.
    GOOD
  }

  public SeriesShape {
    replicaLabels = Set.copyOf(replicaLabels);
  }

  /// A shape with the common replica labels.
  public SeriesShape(
      String workloadLabel, String canary, String stable, String reporterLabel, Some some) {
    this(workloadLabel, canary, stable, reporterLabel, REPLICA_LABELS, some);
  }
}
