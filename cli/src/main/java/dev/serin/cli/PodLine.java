package dev.serin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// One pod: whether it serves, and if not, why.
///
/// @param name of the pod
/// @param ready whether it is ready
/// @param containers such as `1/2`
/// @param why it is not ready, in the kubelet's or the scheduler's words; empty when it is
/// @param restarts of all its containers
/// @param age such as `5m`
record PodLine(
    String name, boolean ready, String containers, String why, int restarts, String age) {

  static PodLine of(ObjectNode pod, Instant now) {
    var ready = condition(pod, "Ready").filter(each -> is(each, "True")).isPresent();
    long running = containers(pod).filter(each -> each.path("ready").asBoolean()).count();
    var all = Math.max(pod.at("/spec/containers").size(), (int) containers(pod).count());
    return new PodLine(
        pod.at("/metadata/name").asText(),
        ready,
        running + "/" + all,
        ready ? "" : why(pod),
        containers(pod).mapToInt(each -> each.path("restartCount").asInt()).sum(),
        CanaryTable.age(pod.at("/metadata/creationTimestamp").asText(), now));
  }

  private static Stream<JsonNode> containers(ObjectNode pod) {
    return stream(pod.at("/status/containerStatuses"));
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static Optional<JsonNode> condition(ObjectNode pod, String type) {
    return stream(pod.at("/status/conditions"))
        .filter(each -> each.path("type").asText().equals(type))
        .findFirst();
  }

  private static boolean is(JsonNode condition, String status) {
    return condition.path("status").asText().equals(status);
  }

  private static String why(ObjectNode pod) {
    if (pod.at("/metadata/deletionTimestamp").isTextual()) {
      return "terminating";
    }
    return Stream.concat(
            Stream.concat(stream(pod.at("/status/initContainerStatuses")), containers(pod))
                .flatMap(PodLine::stopped),
            Stream.concat(
                condition(pod, "PodScheduled").filter(each -> is(each, "False")).stream()
                    .map(PodLine::words),
                condition(pod, "Ready").filter(each -> is(each, "False")).stream()
                    .map(PodLine::words)))
        .filter(words -> !words.isEmpty())
        .findFirst()
        .orElseGet(() -> pod.at("/status/phase").asText("unknown"));
  }

  /// Why a container does not run; nothing of one that does, or that ended well.
  private static Stream<String> stopped(JsonNode container) {
    var state = container.path("state");
    if (state.has("waiting")) {
      return Stream.of(words(state.path("waiting")));
    }
    var ended = state.path("terminated");
    return ended.isMissingNode() || ended.path("exitCode").asInt() == 0
        ? Stream.empty()
        : Stream.of(
            "%s, exit code %d"
                .formatted(ended.path("reason").asText("ended"), ended.path("exitCode").asInt()));
  }

  private static String words(JsonNode said) {
    var reason = said.path("reason").asText();
    var message = said.path("message").asText();
    return message.isEmpty() ? reason : reason.isEmpty() ? message : reason + ": " + message;
  }

  String text(Paint paint) {
    var line =
        "%s %s  %s ready".formatted(ready ? paint.good("✔") : paint.bad("✖"), name, containers);
    return line
        + (why.isEmpty() ? "" : "  " + paint.bad(why))
        + (restarts == 0 ? "" : "  " + restarts + (restarts == 1 ? " restart" : " restarts"))
        + "  "
        + paint.faint(age);
  }
}
