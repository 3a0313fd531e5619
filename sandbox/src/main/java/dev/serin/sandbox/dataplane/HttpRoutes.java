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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads `HTTPRoute` of the Gateway API.
final class HttpRoutes {

  private record Ranked(Match match, Rule rule) {}

  /// Exact path, then the longest prefix, then method, then the number of headers, then of query
  /// parameters.
  private static final Comparator<Ranked> PRECEDENCE =
      Comparator.<Ranked>comparingInt(r -> r.match().path() instanceof Text.Exact ? 0 : 1)
          .thenComparingInt(r -> -length(r.match().path()))
          .thenComparingInt(r -> r.match().method().isPresent() ? 0 : 1)
          .thenComparingInt(r -> -r.match().headers().size())
          .thenComparingInt(r -> -r.match().query().size());

  private HttpRoutes() {}

  static List<Route> routes(ObjectNode object) {
    var namespace = Meta.namespace(object);
    var ranked = new ArrayList<Ranked>();
    for (JsonNode rule : Json.at(object, "spec", "rules")) {
      var backends = backends(rule, namespace);
      var mirrors = mirrors(rule, namespace);
      for (Match match : matches(rule)) {
        ranked.add(new Ranked(match, new Rule(List.of(match), backends, mirrors)));
      }
    }
    ranked.sort(PRECEDENCE);
    var rules = ranked.stream().map(Ranked::rule).toList();
    return List.of(
        new Route(Entrance.GATEWAY, hostNames(object), rules, Route.rank(object)),
        new Route(Entrance.MESH, services(object, namespace), rules, Route.rank(object)));
  }

  /// The hosts that it answers to at Gateways; none when it hangs on no Gateway.
  private static List<String> hostNames(ObjectNode object) {
    var parents = Json.at(object, "spec", "parentRefs");
    boolean gateway = false;
    for (JsonNode parent : parents) {
      gateway |= !isService(parent);
    }
    if (!gateway) {
      return List.of();
    }
    var names = new ArrayList<String>();
    Json.at(object, "spec", "hostnames").forEach(name -> names.add(name.asText()));
    return names.isEmpty() ? List.of("*") : names;
  }

  /// The Services that it hangs on.
  private static List<String> services(ObjectNode object, String namespace) {
    var names = new ArrayList<String>();
    for (JsonNode parent : Json.at(object, "spec", "parentRefs")) {
      if (isService(parent)) {
        names.add(
            ServiceHosts.canonical(
                parent.path("namespace").asText(namespace), parent.path("name").asText()));
      }
    }
    return names;
  }

  private static boolean isService(JsonNode parent) {
    return parent.path("kind").asText("Gateway").equals("Service");
  }

  private static List<Weighted> backends(JsonNode rule, String namespace) {
    var backends = new ArrayList<Weighted>();
    for (JsonNode ref : rule.path("backendRefs")) {
      backends.add(
          new Weighted(
              backend(ref, namespace), ref.path("weight").asDouble(1), responseHeaders(ref)));
    }
    return backends;
  }

  private static Backend backend(JsonNode ref, String namespace) {
    return new Backend(
        ref.path("namespace").asText(namespace),
        ref.path("name").asText(),
        ref.path("port").asInt(0));
  }

  private static Map<String, String> responseHeaders(JsonNode ref) {
    var headers = new HashMap<String, String>();
    for (JsonNode filter : ref.path("filters")) {
      for (String how : List.of("set", "add")) {
        for (JsonNode header : filter.path("responseHeaderModifier").path(how)) {
          headers.put(header.path("name").asText(), header.path("value").asText());
        }
      }
    }
    return headers;
  }

  private static List<Mirror> mirrors(JsonNode rule, String namespace) {
    var mirrors = new ArrayList<Mirror>();
    for (JsonNode filter : rule.path("filters")) {
      var mirror = filter.path("requestMirror");
      if (mirror.isObject()) {
        mirrors.add(new Mirror(backend(mirror.path("backendRef"), namespace), share(mirror)));
      }
    }
    return mirrors;
  }

  private static double share(JsonNode mirror) {
    if (mirror.has("percent")) {
      return mirror.path("percent").asDouble() / 100;
    }
    var fraction = mirror.path("fraction");
    return fraction.isObject()
        ? fraction.path("numerator").asDouble() / fraction.path("denominator").asDouble(100)
        : 1;
  }

  private static List<Match> matches(JsonNode rule) {
    var matches = new ArrayList<Match>();
    for (JsonNode match : rule.path("matches")) {
      matches.add(
          new Match(
              path(match.path("path")),
              Optional.of(match.path("method").asText("")).filter(m -> !m.isEmpty()),
              named(match.path("headers")),
              named(match.path("queryParams")),
              Map.of()));
    }
    return matches.isEmpty() ? List.of(Match.ANY) : matches;
  }

  private static Text path(JsonNode path) {
    var value = path.path("value").asText("/");
    return switch (path.path("type").asText("PathPrefix")) {
      case "Exact" -> new Text.Exact(value);
      case "RegularExpression" -> new Text.Regex(Pattern.compile(value));
      default -> new Text.PathPrefix(value);
    };
  }

  private static Map<String, Text> named(JsonNode conditions) {
    var named = new HashMap<String, Text>();
    for (JsonNode condition : conditions) {
      var value = condition.path("value").asText();
      named.put(
          condition.path("name").asText(),
          condition.path("type").asText("Exact").equals("RegularExpression")
              ? new Text.Regex(Pattern.compile(value))
              : new Text.Exact(value));
    }
    return named;
  }

  private static int length(Text path) {
    return switch (path) {
      case Text.Exact(var value) -> value.length();
      case Text.PathPrefix(var value) -> value.length();
      case Text.Prefix(var value) -> value.length();
      case Text.Regex(var value) -> value.pattern().length();
      case Text.Present() -> 0;
    };
  }
}
