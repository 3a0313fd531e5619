package dev.serin.sandbox.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import dev.serin.sandbox.dataplane.Rule.Backend;
import dev.serin.sandbox.dataplane.Rule.Match;
import dev.serin.sandbox.dataplane.Rule.Mirror;
import dev.serin.sandbox.dataplane.Rule.Text;
import dev.serin.sandbox.dataplane.Rule.Weighted;
import dev.serin.sandbox.load.Call.Entrance;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads `VirtualService` of Istio: its HTTP routes, in the order they are written.
final class VirtualServices {

  private VirtualServices() {}

  static List<Route> routes(ObjectNode object) {
    var namespace = Meta.namespace(object);
    var rules = new ArrayList<Rule>();
    for (JsonNode http : Json.at(object, "spec", "http")) {
      rules.add(new Rule(matches(http), destinations(http, namespace), mirrors(http, namespace)));
    }
    var routes = new ArrayList<Route>();
    for (Entrance entrance : entrances(object)) {
      routes.add(new Route(entrance, hosts(object, namespace), rules, Route.rank(object)));
    }
    return routes;
  }

  /// Without gateways it counts in the mesh; `mesh` among them names the mesh.
  private static Set<Entrance> entrances(ObjectNode object) {
    var entrances = EnumSet.noneOf(Entrance.class);
    for (JsonNode gateway : Json.at(object, "spec", "gateways")) {
      entrances.add(gateway.asText().equals("mesh") ? Entrance.MESH : Entrance.GATEWAY);
    }
    return entrances.isEmpty() ? EnumSet.of(Entrance.MESH) : entrances;
  }

  private static List<String> hosts(ObjectNode object, String namespace) {
    var hosts = new ArrayList<String>();
    for (JsonNode node : Json.at(object, "spec", "hosts")) {
      var host = node.asText();
      hosts.add(host);
      ServiceHosts.parse(host, namespace)
          .map(s -> ServiceHosts.canonical(s.namespace(), s.service()))
          .filter(canonical -> !canonical.equals(host))
          .ifPresent(hosts::add);
    }
    return hosts;
  }

  private static List<Weighted> destinations(JsonNode http, String namespace) {
    var routes = http.path("route");
    var destinations = new ArrayList<Weighted>();
    for (JsonNode route : routes) {
      // A single destination needs no weight.
      double weight = routes.size() == 1 ? 1 : route.path("weight").asDouble(0);
      destinations.add(
          new Weighted(
              backend(route.path("destination"), namespace), weight, responseHeaders(route)));
    }
    return destinations;
  }

  private static Backend backend(JsonNode destination, String namespace) {
    var host = destination.path("host").asText();
    int port = destination.path("port").path("number").asInt(0);
    return ServiceHosts.parse(host, namespace)
        .map(s -> new Backend(s.namespace(), s.service(), port))
        .orElseGet(() -> new Backend(namespace, host, port));
  }

  private static Map<String, String> responseHeaders(JsonNode route) {
    var headers = new HashMap<String, String>();
    for (String how : List.of("set", "add")) {
      route
          .path("headers")
          .path("response")
          .path(how)
          .forEachEntry((name, value) -> headers.put(name, value.asText()));
    }
    return headers;
  }

  private static List<Mirror> mirrors(JsonNode http, String namespace) {
    var mirrors = new ArrayList<Mirror>();
    if (http.path("mirror").isObject()) {
      mirrors.add(
          new Mirror(
              backend(http.path("mirror"), namespace), percent(http.path("mirrorPercentage"))));
    }
    for (JsonNode mirror : http.path("mirrors")) {
      mirrors.add(
          new Mirror(
              backend(mirror.path("destination"), namespace), percent(mirror.path("percentage"))));
    }
    return mirrors;
  }

  private static double percent(JsonNode percentage) {
    return percentage.path("value").asDouble(100) / 100;
  }

  private static List<Match> matches(JsonNode http) {
    var matches = new ArrayList<Match>();
    for (JsonNode match : http.path("match")) {
      var source = new HashMap<String, String>();
      match.path("sourceLabels").forEachEntry((k, v) -> source.put(k, v.asText()));
      matches.add(
          new Match(
              match.has("uri") ? text(match.path("uri")) : new Text.Prefix("/"),
              Optional.of(match.path("method").path("exact").asText("")).filter(m -> !m.isEmpty()),
              named(match.path("headers")),
              named(match.path("queryParams")),
              source));
    }
    return matches.isEmpty() ? List.of(Match.ANY) : matches;
  }

  private static Map<String, Text> named(JsonNode conditions) {
    var named = new HashMap<String, Text>();
    conditions.forEachEntry((name, condition) -> named.put(name, text(condition)));
    return named;
  }

  private static Text text(JsonNode condition) {
    if (condition.has("exact")) {
      return new Text.Exact(condition.path("exact").asText());
    }
    if (condition.has("prefix")) {
      return new Text.Prefix(condition.path("prefix").asText());
    }
    return condition.has("regex")
        ? new Text.Regex(Pattern.compile(condition.path("regex").asText()))
        : new Text.Present();
  }
}
