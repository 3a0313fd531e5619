package dev.serin.sandbox.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import dev.serin.sandbox.dataplane.Rule.Backend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which pods are behind which Service, as a proxy knows it. Pure.
public final class Endpoints {

  /// No Service at all.
  public static final Endpoints EMPTY = Endpoints.from(List.of(), List.of());

  /// Where one pod serves.
  ///
  /// @param ip address of the pod
  /// @param port that the Service's port leads to
  /// @param podUid which pod
  /// @param podName name of the pod
  public record Address(String ip, int port, String podUid, String podName) {}

  private record Port(String name, int number) {}

  private final Map<Backend, List<Address>> ready = new HashMap<>();

  private Endpoints() {}

  /// @param services all Services
  /// @param slices all EndpointSlices; only endpoints that are ready are taken from them
  public static Endpoints from(Collection<ObjectNode> services, Collection<ObjectNode> slices) {
    var endpoints = new Endpoints();
    var bySlice = new HashMap<String, List<ObjectNode>>();
    for (ObjectNode slice : slices) {
      var service = Meta.label(slice, "kubernetes.io/service-name");
      bySlice
          .computeIfAbsent(Meta.namespace(slice) + "/" + service, _ -> new ArrayList<>())
          .add(slice);
    }
    for (ObjectNode service : services) {
      var namespace = Meta.namespace(service);
      var name = Meta.name(service);
      var own = bySlice.getOrDefault(namespace + "/" + name, List.of());
      var ports = ports(service);
      for (Port port : ports) {
        var addresses = addresses(own, port.name());
        endpoints.ready.put(new Backend(namespace, name, port.number()), addresses);
        endpoints.ready.putIfAbsent(new Backend(namespace, name, 0), addresses);
      }
    }
    return endpoints;
  }

  /// The pods that are ready behind a port of a Service; empty where there is no such Service or
  /// port.
  public Optional<List<Address>> of(Backend backend) {
    return Optional.ofNullable(ready.get(backend));
  }

  private static List<Port> ports(ObjectNode service) {
    var ports = new ArrayList<Port>();
    for (JsonNode port : Json.at(service, "spec", "ports")) {
      ports.add(new Port(port.path("name").asText(""), port.path("port").asInt()));
    }
    return ports;
  }

  private static List<Address> addresses(List<ObjectNode> slices, String portName) {
    var addresses = new ArrayList<Address>();
    for (ObjectNode slice : slices) {
      for (JsonNode port : slice.path("ports")) {
        if (port.path("name").asText("").equals(portName)) {
          for (JsonNode endpoint : slice.path("endpoints")) {
            if (endpoint.path("conditions").path("ready").asBoolean(true)) {
              addresses.add(
                  new Address(
                      endpoint.path("addresses").path(0).asText(),
                      port.path("port").asInt(),
                      endpoint.path("targetRef").path("uid").asText(""),
                      endpoint.path("targetRef").path("name").asText("")));
            }
          }
        }
      }
    }
    return List.copyOf(addresses);
  }
}
