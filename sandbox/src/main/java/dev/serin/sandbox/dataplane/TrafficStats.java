package dev.serin.sandbox.dataplane;

import dev.serin.sandbox.load.LoadGenerator;
import java.util.Map;
import java.util.TreeMap;

/// What became of all requests of callers; mirrored copies, whose answers nobody saw, do not count.
///
/// @param requests all of them
/// @param failedByRouting requests that no pod answered: no route, no endpoint, connection refused
/// @param routingFailures the same by what happened, such as `503 shop/web:80`
/// @param versions requests that a pod answered, by workload and version, such as `web 2.0`
public record TrafficStats(
    long requests,
    long failedByRouting,
    Map<String, Long> routingFailures,
    Map<String, Version> versions) {

  /// Requests that pods of one version answered.
  ///
  /// @param failed those among them that failed
  public record Version(long requests, long failed) {

    private Version plus(Version other) {
      return new Version(requests + other.requests, failed + other.failed);
    }
  }

  public TrafficStats {
    routingFailures = Map.copyOf(routingFailures);
    versions = Map.copyOf(versions);
  }

  /// Adds up what was counted.
  public static TrafficStats of(Ledger ledger) {
    long requests = 0;
    long unrouted = 0;
    var routing = new TreeMap<String, Long>();
    var versions = new TreeMap<String, Version>();
    for (Ledger.Entry entry : ledger.entries()) {
      var way = entry.way();
      if (way.mirrored()) {
        continue;
      }
      requests += entry.requests();
      if (way.unrouted()) {
        unrouted += entry.requests();
        var where = way.backend().map(Object::toString).orElse(way.dialled());
        routing.merge(way.code() + " " + where, entry.requests(), Long::sum);
      } else {
        var version =
            ledger.pod(way.podUid()).map(p -> p.workload() + " " + p.version()).orElse("unknown");
        versions.merge(
            version,
            new Version(entry.requests(), way.failed() ? entry.requests() : 0),
            Version::plus);
      }
    }
    return new TrafficStats(requests, unrouted, routing, versions);
  }

  /// What callers saw: whatever no pod answered failed by routing.
  ///
  /// @param outcomes answers, those of no pod with an empty version
  /// @param unanswered requests to which nobody gave an answer
  public static TrafficStats seen(Map<LoadGenerator.Outcome, Long> outcomes, long unanswered) {
    var routing = new TreeMap<String, Long>();
    var versions = new TreeMap<String, Version>();
    outcomes.forEach(
        (outcome, requests) -> {
          if (outcome.version().isEmpty()) {
            routing.merge(Integer.toString(outcome.status()), requests, Long::sum);
          } else {
            var failed = outcome.status() >= 500 ? requests : 0;
            versions.merge(outcome.version(), new Version(requests, failed), Version::plus);
          }
        });
    var unrouted = routing.values().stream().mapToLong(Long::longValue).sum();
    var requests = outcomes.values().stream().mapToLong(Long::longValue).sum();
    return new TrafficStats(requests, unrouted, routing, versions).plusUnanswered(unanswered);
  }

  /// The same with requests that even the proxy did not answer.
  public TrafficStats plusUnanswered(long unanswered) {
    if (unanswered == 0) {
      return this;
    }
    var routing = new TreeMap<>(routingFailures);
    routing.merge("no answer", unanswered, Long::sum);
    return new TrafficStats(requests + unanswered, failedByRouting + unanswered, routing, versions);
  }

  /// What pods of one version answered.
  ///
  /// @param workloadAndVersion such as `web 2.0`
  public Version version(String workloadAndVersion) {
    return versions.getOrDefault(workloadAndVersion, new Version(0, 0));
  }

  /// Requests that failed in a pod, of all versions together.
  public long failedByVersions() {
    return versions.values().stream().mapToLong(Version::failed).sum();
  }
}
