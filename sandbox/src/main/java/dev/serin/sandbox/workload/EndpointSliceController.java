package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Kinds;
import dev.serin.sandbox.api.LabelSelector;
import dev.serin.sandbox.api.Meta;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Lists the pods that each Service selects, at most a hundred to a slice.
final class EndpointSliceController extends Controller {

  private static final int SLICE = 100;
  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  EndpointSliceController(Surroundings surroundings) {
    super("endpointslice-controller", surroundings);
  }

  @Override
  void start() {
    watch(Kind.SERVICE, service -> wake(Key.of(service)));
    watch(Kinds.ENDPOINT_SLICE, slice -> wakeOwner(slice, Kind.SERVICE));
    watch(Kind.POD, this::podChanged);
  }

  /// Services that select the pod now, and those that still list it from before.
  private void podChanged(ObjectNode pod) {
    for (ObjectNode service : api.list(Kind.SERVICE, Meta.namespace(pod))) {
      if (selects(service, pod)) {
        wake(Key.of(service));
      }
    }
    for (ObjectNode slice : api.list(Kinds.ENDPOINT_SLICE, Meta.namespace(pod))) {
      if (lists(slice, pod)) {
        wakeOwner(slice, Kind.SERVICE);
      }
    }
  }

  @Override
  void reconcile(Key key) {
    var found = api.find(Kind.SERVICE, key.namespace(), key.name());
    if (found.isEmpty() || Json.at(found.get(), "spec", "selector").isEmpty()) {
      return;
    }
    var service = found.get();
    var pods =
        api.list(Kind.POD, key.namespace()).stream()
            .filter(pod -> selects(service, pod))
            .filter(pod -> !Pods.ended(pod))
            .filter(pod -> !Json.text(pod, "status", "podIP").isEmpty())
            .sorted(Comparator.comparing(Meta::name))
            .toList();
    var slices = new ArrayList<>(controlledBy(Kinds.ENDPOINT_SLICE, Meta.uid(service)));
    slices.sort(Comparator.comparing(Meta::name));
    int needed = Math.max(1, (pods.size() + SLICE - 1) / SLICE);
    for (int i = 0; i < needed; i++) {
      var part = pods.subList(i * SLICE, Math.min(pods.size(), (i + 1) * SLICE));
      if (i < slices.size()) {
        replace(slices.get(i), service, part);
      } else {
        api.create(slice(service, part));
      }
    }
    for (int i = needed; i < slices.size(); i++) {
      api.delete(Kinds.ENDPOINT_SLICE, key.namespace(), Meta.name(slices.get(i)));
    }
  }

  private void replace(ObjectNode slice, ObjectNode service, List<ObjectNode> pods) {
    var endpoints = endpoints(pods);
    var ports = ports(service, pods);
    if (!slice.path("endpoints").equals(endpoints) || !slice.path("ports").equals(ports)) {
      var copy = slice.deepCopy();
      copy.set("endpoints", endpoints);
      copy.set("ports", ports);
      api.update(copy);
    }
  }

  private static ObjectNode slice(ObjectNode service, List<ObjectNode> pods) {
    var slice =
        Json.object()
            .put("apiVersion", "discovery.k8s.io/v1")
            .put("kind", "EndpointSlice")
            .put("addressType", "IPv4");
    var metadata = slice.putObject("metadata");
    metadata
        .put("generateName", Meta.name(service) + "-")
        .put("namespace", Meta.namespace(service));
    metadata
        .putObject("labels")
        .put(SERVICE_NAME, Meta.name(service))
        .put("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
    metadata.putArray("ownerReferences").add(Meta.controllerReference(service));
    slice.set("endpoints", endpoints(pods));
    slice.set("ports", ports(service, pods));
    return slice;
  }

  private static ArrayNode endpoints(List<ObjectNode> pods) {
    var endpoints = Json.array();
    for (ObjectNode pod : pods) {
      boolean ready = Pods.ready(pod);
      boolean terminating = Meta.terminating(pod);
      var endpoint = endpoints.addObject();
      endpoint.putArray("addresses").add(Json.text(pod, "status", "podIP"));
      endpoint
          .putObject("conditions")
          .put("ready", ready && !terminating)
          .put("serving", ready)
          .put("terminating", terminating);
      endpoint
          .put("nodeName", Json.text(pod, "spec", "nodeName"))
          .putObject("targetRef")
          .put("kind", "Pod")
          .put("name", Meta.name(pod))
          .put("namespace", Meta.namespace(pod))
          .put("uid", Meta.uid(pod));
    }
    return endpoints;
  }

  private static ArrayNode ports(ObjectNode service, List<ObjectNode> pods) {
    var ports = Json.array();
    for (JsonNode port : Json.at(service, "spec", "ports")) {
      int target = target(port, pods);
      if (target > 0) {
        ports
            .addObject()
            .put("name", port.path("name").asText(""))
            .put("port", target)
            .put("protocol", port.path("protocol").asText("TCP"));
      }
    }
    return ports;
  }

  /// The port of the pods behind a port of the Service; 0 when they have none of that name.
  private static int target(JsonNode port, List<ObjectNode> pods) {
    var target = port.path("targetPort");
    if (target.isNumber()) {
      return target.asInt();
    }
    var name = target.asText("");
    if (name.isEmpty()) {
      return port.path("port").asInt();
    }
    for (ObjectNode pod : pods) {
      for (JsonNode container : Json.at(pod, "spec", "containers")) {
        for (JsonNode candidate : container.path("ports")) {
          if (candidate.path("name").asText().equals(name)) {
            return candidate.path("containerPort").asInt();
          }
        }
      }
    }
    return 0;
  }

  private static boolean lists(ObjectNode slice, ObjectNode pod) {
    return slice
        .path("endpoints")
        .valueStream()
        .anyMatch(endpoint -> Json.text(endpoint, "targetRef", "uid").equals(Meta.uid(pod)));
  }

  private static boolean selects(ObjectNode service, ObjectNode pod) {
    var selector = Json.at(service, "spec", "selector");
    if (selector.isEmpty()) {
      return false;
    }
    var labels = Json.object();
    labels.set("matchLabels", selector);
    return LabelSelector.from(labels).test(pod);
  }
}
