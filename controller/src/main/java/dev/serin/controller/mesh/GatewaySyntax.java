package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.mesh.RouteRequest;
import dev.serin.rollout.RequestMatch;
import dev.serin.rollout.RequestMatch.Comparison;
import dev.serin.rollout.RequestMatch.Condition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The rules of an HTTPRoute or GRPCRoute. Defaults of the API are always written out, so that what
/// comes back from the server is what was sent.
///
/// @param grpc whether it is a GRPCRoute
record GatewaySyntax(RouteRequest request, boolean grpc) implements Syntax {
  private static final int MOST_RULES = 16;
  private static final int MOST_MATCHES_OF_RULE = 64;
  private static final int MOST_MATCHES = 128;

  @Override
  public String backends() {
    return "backendRefs";
  }

  @Override
  public boolean isStable(JsonNode backend) {
    return names(backend, request.apex());
  }

  @Override
  public boolean isCanary(JsonNode backend) {
    return names(backend, request.canaryService());
  }

  @Override
  public int unsetWeight() {
    return 1;
  }

  @Override
  public int greatestWeight() {
    return 1_000_000;
  }

  @Override
  public ObjectNode canaryLike(ObjectNode stable) {
    return stable.deepCopy().put("name", request.canaryService());
  }

  @Override
  public void setCookie(ObjectNode backend, String cookie) {
    var filters = backend.withArrayProperty("filters");
    var modifier =
        Json.objects(backend, "filters").stream()
            .filter(filter -> filter.path("type").asText().equals("ResponseHeaderModifier"))
            .findFirst()
            .orElseGet(() -> filters.addObject().put("type", "ResponseHeaderModifier"));
    modifier
        .withObjectProperty("responseHeaderModifier")
        .withArrayProperty("add")
        .addObject()
        .put("name", "Set-Cookie")
        .put("value", cookie);
  }

  @Override
  public List<ObjectNode> narrow(ObjectNode rule, List<RequestMatch> alternatives) {
    var present = Json.objects(rule, "matches");
    var narrowed = Json.array();
    for (var match : present.isEmpty() ? List.of(everything()) : present) {
      for (var alternative : alternatives) {
        narrowed.add(narrow(match, alternative));
      }
    }
    rule.set("matches", narrowed);
    return List.of(rule);
  }

  @Override
  public Set<String> asked(ObjectNode rule) {
    var asked = new HashSet<String>();
    for (var match : Json.objects(rule, "matches")) {
      Json.objects(match, "headers")
          .forEach(h -> asked.add("header " + h.path("name").asText().toLowerCase(Locale.ROOT)));
      Json.objects(match, "queryParams")
          .forEach(q -> asked.add("query parameter " + q.path("name").asText()));
    }
    return asked;
  }

  @Override
  public void mirror(ObjectNode rule, ObjectNode canary, int percent) {
    canary.remove(List.of("weight", "filters"));
    var mirror = Json.object();
    mirror.set("backendRef", canary);
    if (percent < 100) {
      mirror.put("percent", percent);
    }
    rule.withArrayProperty("filters")
        .addObject()
        .put("type", "RequestMirror")
        .set("requestMirror", mirror);
  }

  @Override
  public boolean mirrors(ObjectNode rule) {
    return Json.objects(rule, "filters").stream().anyMatch(this::mirrorsToCanary);
  }

  @Override
  public void unmirror(ObjectNode rule) {
    var filters = Json.objects(rule, "filters");
    var others = filters.stream().filter(filter -> !mirrorsToCanary(filter)).toList();
    if (others.isEmpty()) {
      rule.remove("filters");
    } else if (others.size() < filters.size()) {
      rule.set("filters", Json.array(others));
    }
  }

  @Override
  public List<String> obstacles(ArrayNode woven) {
    var obstacles = new ArrayList<String>();
    if (woven.size() > MOST_RULES) {
      obstacles.add(
          "the route would have %d rules; the Gateway API allows %d: use fewer, or another route for some"
              .formatted(woven.size(), MOST_RULES));
    }
    int all = 0;
    for (var rule : woven) {
      int matches = rule.path("matches").size();
      all += matches;
      if (matches > MOST_MATCHES_OF_RULE) {
        obstacles.add(
            "a rule would have %d matches; the Gateway API allows %d: use fewer in spec.analysis.match"
                .formatted(matches, MOST_MATCHES_OF_RULE));
      }
    }
    if (all > MOST_MATCHES) {
      obstacles.add(
          "the route would have %d matches; the Gateway API allows %d: use fewer in spec.analysis.match"
              .formatted(all, MOST_MATCHES));
    }
    return obstacles;
  }

  /// A match of all requests.
  private ObjectNode everything() {
    var match = Json.object();
    if (!grpc) {
      match.putObject("path").put("type", "PathPrefix").put("value", "/");
    }
    return match;
  }

  private static ObjectNode narrow(ObjectNode match, RequestMatch alternative) {
    var narrowed = match.deepCopy();
    for (var condition : alternative.conditions()) {
      switch (condition.source()) {
        case HEADER -> add(narrowed, "headers", condition.name(), condition);
        case COOKIE ->
            add(narrowed, "headers", "RegularExpression", "Cookie", Patterns.cookie(condition));
        case QUERY_PARAMETER -> add(narrowed, "queryParams", condition.name(), condition);
        case SOURCE_LABEL ->
            throw new IllegalArgumentException("the Gateway API knows no labels of callers");
      }
    }
    return narrowed;
  }

  private static void add(ObjectNode match, String list, String name, Condition condition) {
    if (condition.comparison() == Comparison.EXACT) {
      add(match, list, "Exact", name, condition.value());
    } else {
      add(match, list, "RegularExpression", name, Patterns.value(condition));
    }
  }

  private static void add(ObjectNode match, String list, String type, String name, String value) {
    match
        .withArrayProperty(list)
        .addObject()
        .put("type", type)
        .put("name", name)
        .put("value", value);
  }

  private boolean mirrorsToCanary(JsonNode filter) {
    return isCanary(filter.path("requestMirror").path("backendRef"));
  }

  private boolean names(JsonNode backend, String service) {
    return backend.path("name").asText().equals(service)
        && backend.path("kind").asText("Service").equals("Service")
        && backend.path("group").asText("").isEmpty()
        && backend.path("namespace").asText(request.namespace()).equals(request.namespace());
  }
}
