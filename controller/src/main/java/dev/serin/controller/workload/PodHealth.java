package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.rollout.Seen.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How pods that are being started fare, by what they and their Deployment say.
final class PodHealth {
  /// How long a container may lack its configuration before that is taken for a mistake.
  static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Crashes that are no coincidence any more.
  static final int CRASHES = 3;

  private static final Set<String> CONFIGURATION =
      Set.of(
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError",
          "ErrImageNeverPull");
  private static final Set<String> PULLING =
      Set.of(
          "ImagePullBackOff",
          "ErrImagePull",
          "ImageInspectError",
          "RegistryUnavailable",
          "SignatureValidationFailed");

  private PodHealth() {}

  /// How a Deployment and its pods fare. Only pods that are not ready speak.
  static Health of(JsonNode deployment, List<ObjectNode> pods, Instant now) {
    Health worst = quota(deployment);
    for (var pod : pods) {
      var health = of(pod, now);
      if (health instanceof Health.Broken) {
        return health;
      }
      if (worst instanceof Health.Fine) {
        worst = health;
      }
    }
    return worst;
  }

  /// When a pod that is waited for now could count as broken without anything else happening.
  static Optional<Instant> turns(List<ObjectNode> pods) {
    return pods.stream()
        .filter(
            pod ->
                containers(pod).stream()
                    .anyMatch(container -> CONFIGURATION.contains(waiting(container))))
        .flatMap(pod -> Fields.instant(pod, "metadata", "creationTimestamp").stream())
        .min(Instant::compareTo)
        .map(made -> made.plus(PATIENCE));
  }

  private static Health quota(JsonNode deployment) {
    var failure = Fields.condition(deployment, "ReplicaFailure");
    return Fields.text(failure, "status").equals("True")
        ? new Health.Slow("pods cannot be made: " + Fields.text(failure, "message"))
        : new Health.Fine();
  }

  private static Health of(ObjectNode pod, Instant now) {
    if (Fields.isDeleting(pod) || isReady(pod)) {
      return new Health.Fine();
    }
    var unschedulable = Fields.condition(pod, "PodScheduled");
    if (Fields.text(unschedulable, "reason").equals("Unschedulable")) {
      return new Health.Slow(
          "pod " + Fields.name(pod) + " finds no node: " + Fields.text(unschedulable, "message"));
    }
    Health worst = new Health.Fine();
    for (var container : containers(pod)) {
      var health = container(pod, container, now);
      if (health instanceof Health.Broken) {
        return health;
      }
      if (worst instanceof Health.Fine) {
        worst = health;
      }
    }
    return worst;
  }

  private static boolean isReady(JsonNode pod) {
    return Fields.text(Fields.condition(pod, "Ready"), "status").equals("True");
  }

  private static List<JsonNode> containers(JsonNode pod) {
    var all = new ArrayList<>(Fields.list(pod, "status", "initContainerStatuses"));
    all.addAll(Fields.list(pod, "status", "containerStatuses"));
    return all;
  }

  private static String waiting(JsonNode container) {
    return Fields.text(container, "state", "waiting", "reason");
  }

  private static Health container(JsonNode pod, JsonNode container, Instant now) {
    var reason = waiting(container);
    var where = "container " + Fields.text(container, "name") + " of pod " + Fields.name(pod);
    var message = Fields.text(container, "state", "waiting", "message");
    var said = reason + (message.isEmpty() ? "" : ": " + message);
    if (reason.equals("InvalidImageName")) {
      return new Health.Broken(where + ": " + said);
    }
    var crashes = Fields.number(container, "restartCount");
    var crash = crash(container);
    if (crash.isPresent() && crashes >= CRASHES) {
      return new Health.Broken(where + " crashed " + crashes + " times: " + crash.get());
    }
    if (CONFIGURATION.contains(reason)) {
      var made = Fields.instant(pod, "metadata", "creationTimestamp").orElse(now);
      return now.isBefore(made.plus(PATIENCE))
          ? new Health.Slow(where + ": " + said)
          : new Health.Broken(where + ": " + said);
    }
    if (PULLING.contains(reason)) {
      return new Health.Slow(where + ": " + said);
    }
    return crash.isPresent() && crashes > 0
        ? new Health.Slow(
            where + " crashed " + crashes + (crashes == 1 ? " time: " : " times: ") + crash.get())
        : new Health.Fine();
  }

  /// How a container ended that should not have; empty when it runs or ended well.
  private static Optional<String> crash(JsonNode container) {
    if (Fields.isTrue(container, "ready")) {
      return Optional.empty();
    }
    var looping = waiting(container).equals("CrashLoopBackOff");
    for (var state : List.of("state", "lastState")) {
      var ended = Fields.at(container, state, "terminated");
      if (ended.isObject() && (looping || Fields.number(ended, "exitCode") != 0)) {
        return Optional.of(
            Fields.text(ended, "reason") + ", exit code " + Fields.number(ended, "exitCode"));
      }
    }
    return Optional.empty();
  }
}
