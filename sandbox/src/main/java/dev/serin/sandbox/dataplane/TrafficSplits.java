package dev.serin.sandbox.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import dev.serin.sandbox.dataplane.Rule.Backend;
import dev.serin.sandbox.dataplane.Rule.Match;
import dev.serin.sandbox.dataplane.Rule.Weighted;
import dev.serin.sandbox.load.Call.Entrance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads `TrafficSplit` of SMI, in all of its versions: weights are numbers or quantities such as
/// `900m`. A split that is limited by route groups applies to no request here: groups are not read.
final class TrafficSplits {

  private TrafficSplits() {}

  static List<Route> routes(ObjectNode object) {
    var namespace = Meta.namespace(object);
    var backends = new ArrayList<Weighted>();
    for (JsonNode backend : Json.at(object, "spec", "backends")) {
      backends.add(
          new Weighted(
              new Backend(namespace, backend.path("service").asText(), 0),
              weight(backend.path("weight")),
              Map.of()));
    }
    var rules =
        Json.at(object, "spec", "matches").isEmpty()
            ? List.of(new Rule(List.of(Match.ANY), backends, List.of()))
            : List.<Rule>of();
    return List.of(
        new Route(
            Entrance.MESH,
            List.of(ServiceHosts.canonical(namespace, Json.text(object, "spec", "service"))),
            rules,
            Route.rank(object)));
  }

  private static double weight(JsonNode weight) {
    var text = weight.asText("0");
    return text.endsWith("m")
        ? Double.parseDouble(text.substring(0, text.length() - 1)) / 1000
        : Double.parseDouble(text);
  }
}
