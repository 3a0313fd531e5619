package dev.serin.sandbox.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.controller.workload.Marks;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import dev.serin.sandbox.dataplane.RoutingTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What a rollout left behind: everything in the namespace that belongs to a user or that Serin
/// made, with what it says, and nothing that depends on when it happened.
///
/// Left out are pods and EndpointSlices, which have other names each time and follow from the
/// ReplicaSets, and events, which tell what happened on the way.
///
/// @param phase of the Canary; "" when it is gone
/// @param outcomes of its history, the newest first
/// @param commands what people commanded and were answered, the newest first: one that acted twice
///   is there twice
/// @param objects what the objects of the namespace are, by kind and name
record Ending(
    String phase, List<String> outcomes, List<String> commands, Map<String, JsonNode> objects) {

  private static final List<Kind> KINDS =
      List.of(
          Kind.DEPLOYMENT,
          Kind.REPLICA_SET,
          Kind.SERVICE,
          Kind.HORIZONTAL_POD_AUTOSCALER,
          Kind.POD_DISRUPTION_BUDGET,
          Kind.CONTROLLER_REVISION,
          RoutingTable.HTTP_ROUTE,
          RoutingTable.VIRTUAL_SERVICE,
          RoutingTable.TRAFFIC_SPLIT,
          new Kind("networking.istio.io", "v1", "DestinationRule", "destinationrules", true));

  static Ending of(Rehearsal rehearsal) {
    var api = rehearsal.sandbox().api();
    var objects = new TreeMap<String, JsonNode>();
    for (var kind : KINDS) {
      for (var object : api.list(kind, Play.NAMESPACE)) {
        objects.put(kind.kind() + " " + Meta.name(object), shown(object));
      }
    }
    return new Ending(
        rehearsal.phase(Play.NAMESPACE, Play.NAME),
        remembered(rehearsal, "history", "outcome"),
        remembered(rehearsal, "commands", "name", "answer"),
        objects);
  }

  /// Fields of each entry of a list in the status; none when the Canary is gone.
  private static List<String> remembered(Rehearsal rehearsal, String list, String... fields) {
    return rehearsal.canary(Play.NAMESPACE, Play.NAME).stream()
        .flatMap(canary -> canary.path("status").path(list).valueStream())
        .map(
            entry ->
                Stream.of(fields)
                    .map(field -> entry.path(field).asText())
                    .collect(Collectors.joining(" ")))
        .toList();
  }

  private static JsonNode shown(ObjectNode object) {
    var shown = Json.object();
    shown.set("labels", object.at("/metadata/labels"));
    shown.set("annotations", object.at("/metadata/annotations").deepCopy());
    shown.set("spec", object.path("spec").deepCopy());
    shown.set("data", object.path("data").deepCopy());
    if (shown.path("spec") instanceof ObjectNode service) {
      service.remove(List.of("clusterIP", "clusterIPs"));
    }
    // How often the hold of an autoscaler was tried tells what happened on the way.
    if (shown.path("annotations") instanceof ObjectNode noted && noted.has(Marks.AUTOSCALERS)) {
      var notes = noted.path(Marks.AUTOSCALERS).asText();
      noted.put(Marks.AUTOSCALERS, notes.replaceAll(",\"tried\":\\d+", ""));
    }
    // UIDs are other ones each time.
    if (shown.path("data") instanceof ObjectNode record) {
      record.remove(List.of("targetUid", "replicaSetUid"));
    }
    return Json.parse(Hook.anonymous(shown.toString()));
  }

  /// What is different in another ending, one line each.
  List<String> differences(Ending other) {
    var found = new ArrayList<String>();
    if (!phase.equals(other.phase) || !outcomes.equals(other.outcomes)) {
      found.add("%s %s is %s %s".formatted(phase, outcomes, other.phase, other.outcomes));
    }
    if (!commands.equals(other.commands)) {
      found.add("commands %s are %s".formatted(commands, other.commands));
    }
    var names = new TreeSet<>(objects.keySet());
    names.addAll(other.objects.keySet());
    for (var name : names) {
      var one = objects.get(name);
      var two = other.objects.get(name);
      if (!Objects.equals(one, two)) {
        found.add("%s:%n  %s%n is%n  %s".formatted(name, one, two));
      }
    }
    return found;
  }

  boolean has(String kindAndName) {
    return objects.containsKey(kindAndName);
  }

  JsonNode spec(String kindAndName) {
    return objects.getOrDefault(kindAndName, Json.object()).path("spec");
  }
}
