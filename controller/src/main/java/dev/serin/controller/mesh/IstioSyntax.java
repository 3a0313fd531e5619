package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.mesh.RouteRequest;
import dev.serin.rollout.RequestMatch;
import dev.serin.rollout.RequestMatch.Comparison;
import dev.serin.rollout.RequestMatch.Condition;
import dev.serin.rollout.RequestMatch.Source;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The HTTP rules of a VirtualService.
record IstioSyntax(RouteRequest request) implements Syntax {

  @Override
  public String backends() {
    return "route";
  }

  @Override
  public boolean isStable(JsonNode backend) {
    return isService(host(backend), request.apex(), request.namespace());
  }

  @Override
  public boolean isCanary(JsonNode backend) {
    return isService(host(backend), request.canaryService(), request.namespace());
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
    var canary = stable.deepCopy();
    var destination = canary.withObjectProperty("destination");
    var domain = host(stable).substring(request.apex().length());
    // Subsets choose among pods of the Service by labels; the canary is a Service of its own.
    destination.put("host", request.canaryService() + domain).remove("subset");
    return canary;
  }

  @Override
  public void setCookie(ObjectNode backend, String cookie) {
    backend
        .withObjectProperty("headers")
        .withObjectProperty("response")
        .withObjectProperty("add")
        .put("Set-Cookie", cookie);
  }

  @Override
  public List<ObjectNode> narrow(ObjectNode rule, List<RequestMatch> alternatives) {
    var present = Json.objects(rule, "match");
    var narrowed = Json.array();
    for (var match : present.isEmpty() ? List.of(Json.object()) : present) {
      for (var alternative : alternatives) {
        var copy = match.deepCopy();
        copy.remove("name");
        alternative.conditions().forEach(condition -> add(copy, condition));
        narrowed.add(copy);
      }
    }
    rule.set("match", narrowed);
    return List.of(rule);
  }

  @Override
  public Set<String> asked(ObjectNode rule) {
    var asked = new HashSet<String>();
    for (var match : Json.objects(rule, "match")) {
      match
          .path("headers")
          .propertyStream()
          .forEach(h -> asked.add("header " + h.getKey().toLowerCase(Locale.ROOT)));
      match
          .path("queryParams")
          .propertyStream()
          .forEach(q -> asked.add("query parameter " + q.getKey()));
      match.path("sourceLabels").propertyStream().forEach(l -> asked.add("label " + l.getKey()));
    }
    return asked;
  }

  @Override
  public Optional<String> refused(Condition condition) {
    return condition.source() == Source.SOURCE_LABEL && condition.comparison() != Comparison.EXACT
        ? Optional.of(
            "label %s of callers can only be compared as a whole; use exact"
                .formatted(condition.name()))
        : Optional.empty();
  }

  @Override
  public void mirror(ObjectNode rule, ObjectNode canary, int percent) {
    var mirror = rule.withArrayProperty("mirrors").addObject();
    mirror.set("destination", canary.get("destination"));
    if (percent < 100) {
      mirror.putObject("percentage").put("value", percent);
    }
  }

  @Override
  public boolean mirrors(ObjectNode rule) {
    return Json.objects(rule, "mirrors").stream().anyMatch(this::isCanary);
  }

  @Override
  public void unmirror(ObjectNode rule) {
    var mirrors = Json.objects(rule, "mirrors");
    var others = mirrors.stream().filter(mirror -> !isCanary(mirror)).toList();
    if (others.isEmpty()) {
      rule.remove("mirrors");
    } else if (others.size() < mirrors.size()) {
      rule.set("mirrors", Json.array(others));
    }
  }

  @Override
  public Optional<String> cannotMirror(ObjectNode rule) {
    return rule.has("mirror")
        ? Optional.of(
            "a rule of the VirtualService has the field mirror, which excludes others; write it as an item of mirrors")
        : Optional.empty();
  }

  /// Whether a host is a Service, in any of the forms that Istio understands.
  static boolean isService(String host, String service, String namespace) {
    return host.equals(service)
        || host.equals(service + "." + namespace)
        || host.equals(service + "." + namespace + ".svc")
        || host.startsWith(service + "." + namespace + ".svc.");
  }

  private static String host(JsonNode backend) {
    return backend.path("destination").path("host").asText();
  }

  private static void add(ObjectNode match, Condition condition) {
    switch (condition.source()) {
      case HEADER ->
          text(match.withObjectProperty("headers").putObject(condition.name()), condition);
      case COOKIE ->
          match
              .withObjectProperty("headers")
              .putObject("cookie")
              .put("regex", Patterns.cookie(condition));
      case QUERY_PARAMETER ->
          text(match.withObjectProperty("queryParams").putObject(condition.name()), condition);
      case SOURCE_LABEL ->
          match.withObjectProperty("sourceLabels").put(condition.name(), condition.value());
    }
  }

  private static void text(ObjectNode match, Condition condition) {
    match.put(condition.comparison().name().toLowerCase(Locale.ROOT), condition.value());
  }
}
