package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.controller.mesh.RouteMesh.Acceptance;
import dev.serin.mesh.BuiltInQueries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the controllers of a Gateway API route say of it. Every parent that the route names has to
/// have answered, and everybody who answered has to agree, for the route as it is now.
final class GatewayAcceptance {
  static final String LINKERD = "linkerd.io/policy-controller";

  /// Conditions that must be true: the first two must be there, the others only count when they
  /// are.
  private static final List<String> NEEDED = List.of("Accepted", "ResolvedRefs");

  private static final List<String> RESPECTED = List.of("ResolvedWaypoints", "Programmed");

  /// How long Linkerd's proxies may lag: its controller does not say for which generation it
  /// speaks, and does not write when only weights change.
  private static final Duration LINKERD_SETTLE = Duration.ofSeconds(5);

  /// The same for controllers of which nothing is known.
  private static final Duration UNKNOWN_SETTLE = Duration.ofSeconds(30);

  private final ObjectNode route;
  private final String namespace;
  private final long generation;

  private GatewayAcceptance(ObjectNode route) {
    this.route = route;
    this.namespace = route.path("metadata").path("namespace").asText();
    this.generation = route.path("metadata").path("generation").asLong();
  }

  static Acceptance of(ObjectNode route, BuiltInQueries queries) {
    return new GatewayAcceptance(route).read(queries);
  }

  /// The controllers that answered for a route.
  static List<String> controllers(ObjectNode route) {
    return answers(route).stream()
        .map(answer -> answer.path("controllerName").asText())
        .distinct()
        .toList();
  }

  private Acceptance read(BuiltInQueries queries) {
    var answers = new ArrayList<ObjectNode>();
    for (var parent : Json.objects(route.path("spec"), "parentRefs")) {
      var found =
          answers(route).stream()
              .filter(answer -> sameParent(parent, answer.path("parentRef")))
              .toList();
      if (found.isEmpty()) {
        return new Acceptance.Waiting(words(parent) + " has not answered yet");
      }
      answers.addAll(found);
    }
    if (answers.isEmpty()) {
      return new Acceptance.Waiting("the route has no parents");
    }
    for (var answer : answers) {
      var objection = objection(answer);
      if (objection.isPresent()) {
        return new Acceptance.Waiting(words(answer.path("parentRef")) + ": " + objection.get());
      }
    }
    var settle = answers.stream().map(this::settle).max(Duration::compareTo).orElseThrow();
    return new Acceptance.Taken(Optional.of(dialect(answers, queries)), settle);
  }

  /// What an answer says against the route, if anything.
  private Optional<String> objection(ObjectNode answer) {
    for (var type : NEEDED) {
      if (condition(answer, type).isMissingNode()) {
        return Optional.of("it has not said " + type);
      }
    }
    for (var condition : Json.objects(answer, "conditions")) {
      var type = condition.path("type").asText();
      boolean wanted = NEEDED.contains(type) || RESPECTED.contains(type);
      if (!wanted && !type.equals("PartiallyInvalid")) {
        continue;
      }
      if (condition.path("observedGeneration").asLong(generation) < generation) {
        return Optional.of(
            "%s is about generation %d, the route is at %d"
                .formatted(type, condition.path("observedGeneration").asLong(), generation));
      }
      boolean is = condition.path("status").asText().equals("True");
      if (is != wanted) {
        return Optional.of(
            "%s is %s (%s: %s)"
                .formatted(
                    type,
                    condition.path("status").asText(),
                    condition.path("reason").asText("no reason"),
                    condition.path("message").asText("no message")));
      }
    }
    return Optional.empty();
  }

  private Duration settle(ObjectNode answer) {
    if (NEEDED.stream().allMatch(type -> condition(answer, type).has("observedGeneration"))) {
      return Duration.ZERO;
    }
    return answer.path("controllerName").asText().equals(LINKERD) ? LINKERD_SETTLE : UNKNOWN_SETTLE;
  }

  private static String dialect(List<ObjectNode> answers, BuiltInQueries queries) {
    if (answers.stream().anyMatch(a -> !condition(a, "ResolvedWaypoints").isMissingNode())) {
      return Dialects.ISTIO_AMBIENT.name();
    }
    return answers.stream()
        .map(answer -> answer.path("controllerName").asText())
        .flatMap(controller -> queries.spokenBy(controller).stream())
        .findFirst()
        .map(BuiltInQueries.Dialect::name)
        .orElseGet(() -> answers.getFirst().path("controllerName").asText());
  }

  private static List<ObjectNode> answers(ObjectNode route) {
    return Json.objects(route.path("status"), "parents");
  }

  private static JsonNode condition(ObjectNode answer, String type) {
    return Json.objects(answer, "conditions").stream()
        .filter(condition -> condition.path("type").asText().equals(type))
        .map(JsonNode.class::cast)
        .findFirst()
        .orElseGet(com.fasterxml.jackson.databind.node.MissingNode::getInstance);
  }

  private boolean sameParent(JsonNode one, JsonNode other) {
    return group(one).equals(group(other))
        && kind(one).equals(kind(other))
        && one.path("namespace").asText(namespace).equals(other.path("namespace").asText(namespace))
        && one.path("name").equals(other.path("name"))
        && one.path("sectionName").asText("").equals(other.path("sectionName").asText(""))
        && one.path("port").asInt() == other.path("port").asInt();
  }

  private String words(JsonNode parent) {
    return kind(parent)
        + " "
        + parent.path("namespace").asText(namespace)
        + "/"
        + parent.path("name").asText();
  }

  private static String group(JsonNode parent) {
    var group = parent.path("group").asText("gateway.networking.k8s.io");
    return group.equals("core") ? "" : group;
  }

  private static String kind(JsonNode parent) {
    return parent.path("kind").asText("Gateway");
  }
}
