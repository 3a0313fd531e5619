package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.mesh.RouteRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// The one rule of a generated HTTPRoute or GRPCRoute, from `spec.service` as the user wrote it.
final class GatewayRules {
  private final RouteRequest request;
  private final boolean grpc;
  private final List<String> problems = new ArrayList<>();

  private GatewayRules(RouteRequest request, boolean grpc) {
    this.request = request;
    this.grpc = grpc;
  }

  static ArrayNode plain(RouteRequest request, boolean grpc) {
    return Json.array().add(new GatewayRules(request, grpc).rule());
  }

  /// What of `spec.service` cannot be said in a route, each with its cure.
  static List<String> problems(RouteRequest request, boolean grpc) {
    var rules = new GatewayRules(request, grpc);
    rules.rule();
    for (var field : List.of("retries", "trafficPolicy", "corsPolicy")) {
      if (request.raw().has(field)) {
        rules.problems.add(
            "spec.service.%s has no place in a generated route; write it into a route of your own and lend that by spec.service.routeRef"
                .formatted(field));
      }
    }
    return rules.problems;
  }

  private ObjectNode rule() {
    var rule = Json.object();
    var matches = matches();
    if (!matches.isEmpty()) {
      rule.set("matches", matches);
    }
    var filters = filters();
    if (!filters.isEmpty()) {
      rule.set("filters", filters);
    }
    rule.putArray("backendRefs")
        .addObject()
        .put("group", "")
        .put("kind", "Service")
        .put("name", request.apex())
        .put("port", request.port())
        .put("weight", 1);
    timeouts(rule);
    return rule;
  }

  private ArrayNode matches() {
    var matches = Json.array();
    for (var wanted : Json.objects(request.raw(), "match")) {
      wanted
          .fieldNames()
          .forEachRemaining(
              field -> {
                if (!List.of("uri", "method", "headers", "queryParams", "name").contains(field)) {
                  problems.add(
                      "spec.service.match.%s has no place in a route; known are [uri, method, headers, queryParams]"
                          .formatted(field));
                }
              });
      matches.add(grpc ? grpcMatch(wanted) : httpMatch(wanted));
    }
    if (matches.isEmpty() && !grpc) {
      matches.addObject().putObject("path").put("type", "PathPrefix").put("value", "/");
    }
    return matches;
  }

  private ObjectNode httpMatch(ObjectNode wanted) {
    var match = Json.object();
    var path = match.putObject("path").put("type", "PathPrefix").put("value", "/");
    if (wanted.get("uri") instanceof ObjectNode uri) {
      uri.propertyStream()
          .findFirst()
          .ifPresent(
              condition ->
                  path.put(
                          "type",
                          switch (condition.getKey()) {
                            case "exact" -> "Exact";
                            case "prefix" -> "PathPrefix";
                            default -> "RegularExpression";
                          })
                      .put("value", condition.getValue().asText()));
    }
    if (wanted.path("method").has("exact")) {
      match.put("method", wanted.path("method").path("exact").asText());
    } else if (wanted.has("method")) {
      problems.add("spec.service.match.method can only be {exact: …} in a route");
    }
    conditions(wanted, match, "headers");
    conditions(wanted, match, "queryParams");
    return match;
  }

  private ObjectNode grpcMatch(ObjectNode wanted) {
    for (var field : List.of("uri", "method", "queryParams")) {
      if (wanted.has(field)) {
        problems.add(
            "spec.service.match.%s has no place in a GRPCRoute; use headers, or lend a route of your own by spec.service.routeRef"
                .formatted(field));
      }
    }
    var match = Json.object();
    conditions(wanted, match, "headers");
    return match;
  }

  private void conditions(ObjectNode wanted, ObjectNode match, String list) {
    var sorted = new TreeMap<String, JsonNode>();
    wanted.path(list).propertyStream().forEach(e -> sorted.put(e.getKey(), e.getValue()));
    sorted.forEach(
        (name, condition) -> {
          boolean exact = condition.has("exact");
          var value =
              exact
                  ? condition.path("exact").asText()
                  : condition.has("prefix")
                      ? "^" + Patterns.quote(condition.path("prefix").asText()) + ".*$"
                      : condition.path("regex").asText();
          match
              .withArrayProperty(list)
              .addObject()
              .put("type", exact ? "Exact" : "RegularExpression")
              .put("name", name)
              .put("value", value);
        });
  }

  private ArrayNode filters() {
    var filters = Json.array();
    var headers = request.raw().path("headers");
    modifier(headers.path("request"), "RequestHeaderModifier", "requestHeaderModifier", filters);
    modifier(headers.path("response"), "ResponseHeaderModifier", "responseHeaderModifier", filters);
    if (request.raw().get("rewrite") instanceof ObjectNode rewrite) {
      if (grpc) {
        problems.add("spec.service.rewrite has no place in a GRPCRoute; leave it out");
      } else {
        filters.addObject().put("type", "URLRewrite").set("urlRewrite", rewrite(rewrite));
      }
    }
    for (var mirror : Json.objects(request.raw(), "mirror")) {
      filters.addObject().put("type", "RequestMirror").set("requestMirror", mirror.deepCopy());
    }
    return filters;
  }

  private static ObjectNode rewrite(ObjectNode wanted) {
    var rewrite = Json.object();
    if (wanted.has("authority")) {
      rewrite.put("hostname", wanted.path("authority").asText());
    }
    if (wanted.has("uri")) {
      var uri = wanted.path("uri").asText();
      boolean prefix = wanted.path("type").asText().equals("ReplacePrefixMatch");
      rewrite
          .putObject("path")
          .put("type", prefix ? "ReplacePrefixMatch" : "ReplaceFullPath")
          .put(prefix ? "replacePrefixMatch" : "replaceFullPath", uri);
    }
    return rewrite;
  }

  private static void modifier(JsonNode wanted, String type, String field, ArrayNode filters) {
    var modifier = Json.object();
    for (var verb : List.of("add", "set")) {
      var sorted = new TreeMap<String, String>();
      wanted
          .path(verb)
          .propertyStream()
          .forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
      sorted.forEach(
          (name, value) ->
              modifier.withArrayProperty(verb).addObject().put("name", name).put("value", value));
    }
    if (!Json.list(wanted, "remove").isEmpty()) {
      modifier.set("remove", wanted.get("remove").deepCopy());
    }
    if (!modifier.isEmpty()) {
      filters.addObject().put("type", type).set(field, modifier);
    }
  }

  private void timeouts(ObjectNode rule) {
    var backend = Optional.ofNullable(request.raw().get("backendTimeout")).map(JsonNode::asText);
    if (request.timeout().isEmpty() && backend.isEmpty()) {
      return;
    }
    if (grpc) {
      problems.add("spec.service.timeout has no place in a GRPCRoute; leave it out");
      return;
    }
    var timeouts = rule.putObject("timeouts");
    request.timeout().ifPresent(timeout -> timeouts.put("request", Spans.words(timeout)));
    backend.ifPresent(timeout -> timeouts.put("backendRequest", timeout));
  }
}
