package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.mesh.BuiltInQueries;
import dev.serin.mesh.Capability;
import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteRequest.Protocol;
import dev.serin.rollout.RequestMatch;
import dev.serin.rollout.RequestMatch.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Contour's own routing: an HTTPProxy.
final class Contour extends RouteMesh {
  static final Kind HTTP_PROXY =
      new Kind("projectcontour.io", "v1", "HTTPProxy", "httpproxies", true);

  /// Where Contour does not say for which generation it speaks.
  private static final Duration SETTLE = Duration.ofSeconds(10);

  @Override
  public String name() {
    return "contour";
  }

  /// Session affinity would need headers that are added; an HTTPProxy can only set them, and would
  /// so remove the cookies of the application.
  @Override
  public Set<Capability> capabilities() {
    return EnumSet.complementOf(EnumSet.of(Capability.AFFINITY, Capability.MATCH_SOURCE_LABEL));
  }

  @Override
  public List<Kind> kinds() {
    return List.of(HTTP_PROXY);
  }

  @Override
  public BuiltInQueries queries(Protocol protocol) {
    return Dialects.httpOnly(protocol, List.of(Dialects.CONTOUR));
  }

  @Override
  List<Kind> routeKinds() {
    return kinds();
  }

  @Override
  Kind generatedKind(RouteRequest request) {
    return HTTP_PROXY;
  }

  @Override
  String installation() {
    return "install Contour, version 1.26 or newer, or use provider gatewayapi";
  }

  @Override
  String rulesField() {
    return "routes";
  }

  /// Without a host it is a child that another HTTPProxy has to include.
  @Override
  ObjectNode frame(RouteRequest request) {
    var spec = Json.object().putNull("virtualhost");
    request.hosts().stream()
        .findFirst()
        .ifPresent(host -> spec.putObject("virtualhost").put("fqdn", host));
    return spec;
  }

  @Override
  ArrayNode plainRules(RouteRequest request) {
    var matches = Json.objects(request.raw(), "match");
    return (matches.isEmpty() ? List.of(Json.object()) : matches)
        .stream().map(match -> rule(request, match)).collect(Json.toArray());
  }

  @Override
  Weaving weaving(RouteRequest request) {
    return new RuleWeaving(new Routes(request));
  }

  @Override
  Acceptance acceptance(RouteRequest request, ObjectNode route) {
    var status = route.path("status");
    for (var condition : Json.objects(status, "conditions")) {
      if (condition.path("type").asText().equals("Valid")) {
        return valid(condition, route);
      }
    }
    return status.path("currentStatus").asText().equals("valid")
        ? new Acceptance.Taken(Optional.empty(), SETTLE)
        : new Acceptance.Waiting(
            "Contour says %s: %s"
                .formatted(
                    status.path("currentStatus").asText("nothing yet"),
                    status.path("description").asText("no description")));
  }

  private static Acceptance valid(ObjectNode condition, ObjectNode route) {
    long generation = route.path("metadata").path("generation").asLong();
    long observed = condition.path("observedGeneration").asLong(generation);
    if (observed < generation) {
      return new Acceptance.Waiting(
          "Contour speaks about generation %d, the HTTPProxy is at %d"
              .formatted(observed, generation));
    }
    if (!condition.path("status").asText().equals("True")) {
      var errors =
          Json.objects(condition, "errors").stream()
              .map(error -> error.path("message").asText())
              .toList();
      return new Acceptance.Waiting(
          "Contour says %s %s"
              .formatted(
                  condition.path("message").asText(), errors.isEmpty() ? "" : errors.toString()));
    }
    return new Acceptance.Taken(
        Optional.empty(), condition.has("observedGeneration") ? Duration.ZERO : SETTLE);
  }

  @Override
  List<String> refusals(RouteRequest request, Map<ObjectRef, Read> seen) {
    if (request.routeRef().isPresent()) {
      return List.of();
    }
    var refusals = new ArrayList<String>();
    if (request.hosts().size() > 1) {
      refusals.add(
          "spec.service.hosts is %s; an HTTPProxy has one: name one, or lend routes of your own"
              .formatted(request.hosts()));
    }
    for (var field :
        List.of("rewrite", "headers", "corsPolicy", "trafficPolicy", "mirror", "backendTimeout")) {
      if (request.raw().has(field)) {
        refusals.add(
            "spec.service.%s has no place in a generated HTTPProxy; write one yourself and lend it by spec.service.routeRef"
                .formatted(field));
      }
    }
    for (var match : Json.objects(request.raw(), "match")) {
      match
          .fieldNames()
          .forEachRemaining(
              field -> {
                if (!List.of("uri", "headers", "queryParams", "name").contains(field)) {
                  refusals.add(
                      "spec.service.match.%s has no place in an HTTPProxy; known are [uri, headers, queryParams]"
                          .formatted(field));
                }
              });
    }
    return refusals;
  }

  @Override
  boolean callersNeedRoute(ObjectNode route) {
    return true;
  }

  private static ObjectNode rule(RouteRequest request, ObjectNode match) {
    var rule = Json.object();
    var conditions = rule.putArray("conditions");
    match
        .path("uri")
        .propertyStream()
        .findFirst()
        .ifPresentOrElse(
            uri -> conditions.addObject().put(uri.getKey(), uri.getValue().asText()),
            () -> conditions.addObject().put("prefix", "/"));
    match
        .path("headers")
        .propertyStream()
        .forEach(header -> text(conditions, "header", header.getKey(), header.getValue()));
    match
        .path("queryParams")
        .propertyStream()
        .forEach(query -> text(conditions, "queryParameter", query.getKey(), query.getValue()));
    rule.putArray("services").addObject().put("name", request.apex()).put("port", request.port());
    request
        .timeout()
        .ifPresent(
            timeout -> rule.putObject("timeoutPolicy").put("response", Spans.words(timeout)));
    if (request.raw().get("retries") instanceof ObjectNode retries) {
      rule.set("retryPolicy", retryPolicy(retries));
    }
    return rule;
  }

  private static ObjectNode retryPolicy(ObjectNode retries) {
    var policy = Json.object().put("count", retries.path("attempts").asInt(1));
    if (retries.has("perTryTimeout")) {
      policy.set("perTryTimeout", retries.get("perTryTimeout"));
    }
    var on = retries.path("retryOn").asText("");
    if (!on.isEmpty()) {
      policy.set("retryOn", Json.strings(List.of(on.split("\\s*,\\s*"))));
    }
    return policy;
  }

  private static void text(ArrayNode conditions, String kind, String name, JsonNode text) {
    var condition = conditions.addObject().putObject(kind).put("name", name);
    if (text.has("exact")) {
      condition.put("exact", text.path("exact").asText());
    } else if (text.has("prefix")) {
      condition.put("regex", "^" + Patterns.quote(text.path("prefix").asText()) + ".*$");
    } else {
      condition.put("regex", text.path("regex").asText());
    }
  }

  /// The routes of an HTTPProxy. Conditions of a route hold all together, so each alternative is a
  /// route of its own.
  private record Routes(RouteRequest request) implements Syntax {

    @Override
    public String backends() {
      return "services";
    }

    @Override
    public boolean isStable(JsonNode backend) {
      return answers(backend) && backend.path("name").asText().equals(request.apex());
    }

    @Override
    public boolean isCanary(JsonNode backend) {
      return answers(backend) && backend.path("name").asText().equals(request.canaryService());
    }

    @Override
    public boolean answers(JsonNode backend) {
      return !backend.path("mirror").asBoolean();
    }

    @Override
    public int unsetWeight() {
      return 0;
    }

    @Override
    public int greatestWeight() {
      return Integer.MAX_VALUE;
    }

    @Override
    public ObjectNode canaryLike(ObjectNode stable) {
      return stable.deepCopy().put("name", request.canaryService());
    }

    @Override
    public void setCookie(ObjectNode backend, String cookie) {
      throw new IllegalArgumentException("an HTTPProxy cannot add a cookie");
    }

    @Override
    public List<ObjectNode> narrow(ObjectNode rule, List<RequestMatch> alternatives) {
      return alternatives.stream()
          .map(
              alternative -> {
                var narrowed = rule.deepCopy();
                var conditions = narrowed.withArrayProperty("conditions");
                alternative.conditions().forEach(condition -> add(conditions, condition));
                return narrowed;
              })
          .toList();
    }

    @Override
    public int narrowed(int alternatives) {
      return alternatives;
    }

    @Override
    public Set<String> asked(ObjectNode rule) {
      var asked = new HashSet<String>();
      for (var condition : Json.objects(rule, "conditions")) {
        if (condition.has("header")) {
          asked.add(
              "header " + condition.path("header").path("name").asText().toLowerCase(Locale.ROOT));
        }
        if (condition.has("queryParameter")) {
          asked.add("query parameter " + condition.path("queryParameter").path("name").asText());
        }
      }
      return asked;
    }

    @Override
    public void mirror(ObjectNode rule, ObjectNode canary, int percent) {
      rule.withArrayProperty(backends()).add(canary.put("mirror", true).put("weight", percent));
    }

    @Override
    public boolean mirrors(ObjectNode rule) {
      return Json.objects(rule, backends()).stream().anyMatch(this::mirrorsToCanary);
    }

    @Override
    public void unmirror(ObjectNode rule) {
      rule.set(
          backends(),
          Json.objects(rule, backends()).stream()
              .filter(backend -> !mirrorsToCanary(backend))
              .collect(Json.toArray()));
    }

    @Override
    public Optional<String> cannotMirror(ObjectNode rule) {
      return Json.objects(rule, backends()).stream().allMatch(this::answers)
          ? Optional.empty()
          : Optional.of(
              "a route of the HTTPProxy has a mirror already, and can have one only; take it away for the time of the rollout");
    }

    private boolean mirrorsToCanary(JsonNode backend) {
      return !answers(backend) && backend.path("name").asText().equals(request.canaryService());
    }

    private static void add(ArrayNode conditions, Condition condition) {
      switch (condition.source()) {
        case HEADER -> text(conditions, "header", condition);
        case QUERY_PARAMETER -> text(conditions, "queryParameter", condition);
        case COOKIE ->
            conditions
                .addObject()
                .putObject("header")
                .put("name", "cookie")
                .put("regex", Patterns.cookie(condition));
        case SOURCE_LABEL ->
            throw new IllegalArgumentException("an HTTPProxy knows no labels of callers");
      }
    }

    private static void text(ArrayNode conditions, String kind, Condition condition) {
      var text = conditions.addObject().putObject(kind).put("name", condition.name());
      switch (condition.comparison()) {
        case EXACT -> text.put("exact", condition.value());
        case PREFIX, REGEX -> text.put("regex", Patterns.value(condition));
      }
    }
  }
}
