package dev.serin.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What the demonstration showed.
///
/// @param rollouts both of them, the good one first
/// @param requests of all callers
/// @param failedByBadVersion requests that the bad version answered with an error
/// @param routingFailures requests that no pod answered, by what callers got instead, such as
///   `503`; what must never happen
record DemoReport(
    List<Rollout> rollouts,
    long requests,
    long failedByBadVersion,
    Map<String, Long> routingFailures) {

  /// @param outcome as in the Canary's history
  /// @param steps how many steps got traffic
  record Rollout(String revision, String outcome, String reason, long durationSeconds, int steps) {}

  DemoReport {
    routingFailures = Map.copyOf(routingFailures);
  }

  long failedByRouting() {
    return routingFailures.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Whether everything went as it should.
  boolean isAsItShould() {
    return rollouts.size() == 2
        && rollouts.getFirst().outcome().equals("Promoted")
        && rollouts.getLast().outcome().equals("RolledBack")
        && failedByRouting() == 0;
  }

  ObjectNode json() {
    var json = new ObjectMapper().createObjectNode();
    var all = json.putArray("rollouts");
    rollouts.forEach(
        rollout ->
            all.addObject()
                .put("revision", rollout.revision())
                .put("outcome", rollout.outcome())
                .put("reason", rollout.reason())
                .put("durationSeconds", rollout.durationSeconds())
                .put("steps", rollout.steps()));
    json.put("requests", requests);
    json.put("failedByBadVersion", failedByBadVersion);
    json.put("failedByRouting", failedByRouting());
    return json;
  }

  String words() {
    var text = new StringBuilder();
    for (var rollout : rollouts) {
      text.append(
          "%-12s %s after %d s and %s: %s%n"
              .formatted(
                  rollout.outcome(),
                  rollout.revision(),
                  rollout.durationSeconds(),
                  rollout.steps() == 1 ? "1 step" : rollout.steps() + " steps",
                  rollout.reason()));
    }
    return text
        + "%,d requests; %,d failed because of the bad version, %,d because of Serin or its routing"
            .formatted(requests, failedByBadVersion, failedByRouting())
        + whatCameInstead();
  }

  private String whatCameInstead() {
    return routingFailures.isEmpty()
        ? ""
        : new TreeMap<>(routingFailures)
            .entrySet().stream()
                .map(failure -> failure.getKey() + ": " + failure.getValue())
                .collect(Collectors.joining(", ", " (", ")"));
  }
}
