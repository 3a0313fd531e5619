package dev.serin.sandbox.dataplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import dev.serin.sandbox.load.Call.Entrance;
import java.util.List;

/// The rules for the requests to some hosts, read from one object.
///
/// @param entrance where it counts
/// @param hosts exact names, `*.` and a suffix, or `*` for any
/// @param rules in the order in which they are asked; the first that matches decides
/// @param rank routes for the same host are asked in this order: what the API says of precedence
///   first, then age, then name
public record Route(Entrance entrance, List<String> hosts, List<Rule> rules, String rank) {

  public Route {
    hosts = List.copyOf(hosts);
    rules = List.copyOf(rules);
  }

  /// Older objects first, then by name.
  static String rank(ObjectNode object) {
    return Json.text(object, "metadata", "creationTimestamp")
        + "/"
        + Meta.namespace(object)
        + "/"
        + Meta.name(object);
  }
}
