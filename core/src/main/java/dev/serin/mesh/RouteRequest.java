package dev.serin.mesh;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a mesh has to know of a Canary to route its traffic.
///
/// @param canary name of the Canary; generated objects are owned by it
/// @param namespace of the Canary and everything it makes
/// @param owner the owner reference that generated objects carry
/// @param apex the Service that callers dial; its pods are the stable ones
/// @param canaryService the Service that selects the canary's pods
/// @param port of both Services that is routed
/// @param portName name of that port; empty when it has none
/// @param protocol of the traffic
/// @param hosts host names that the route answers to; empty for any
/// @param gateways parents of a generated route, or gateways of a VirtualService
/// @param routeRef a route of the user to borrow; empty to generate one
/// @param timeout per request; empty for the mesh's own
/// @param metadata labels and annotations to put on generated objects, under `labels` and
///   `annotations`
/// @param raw `spec.service` as the user wrote it, for settings of one mesh only (retries, headers,
///   cors, …)
/// @param rollout names the rollout under way, and no other of any Canary; empty while there is
///   none
public record RouteRequest(
    String canary,
    String namespace,
    ObjectNode owner,
    String apex,
    String canaryService,
    int port,
    String portName,
    Protocol protocol,
    List<String> hosts,
    List<GatewayRef> gateways,
    Optional<RouteRef> routeRef,
    Optional<Duration> timeout,
    Map<String, Map<String, String>> metadata,
    ObjectNode raw,
    String rollout) {

  /// What flows.
  public enum Protocol {
    HTTP,
    GRPC
  }

  /// The parent of a generated route.
  ///
  /// @param group API group; empty for a core Service
  /// @param kind `Gateway`, or `Service` for a mesh
  /// @param namespace empty for the Canary's own
  /// @param sectionName listener; empty for all
  /// @param port of the parent that is routed; 0 for all
  public record GatewayRef(
      String group, String kind, String namespace, String name, String sectionName, int port) {}

  /// A route of the user in the Canary's namespace.
  ///
  /// @param kind such as `HTTPRoute`
  public record RouteRef(String kind, String name) {}

  /// How often a mesh may send one request to a version before its answer counts: 1 where failed
  /// ones are not tried again. Counters of servers have each attempt.
  public int attempts() {
    return raw.get("retries") instanceof ObjectNode retries
        ? 1 + retries.path("attempts").asInt(1)
        : 1;
  }

  /// The same during another rollout.
  public RouteRequest during(String other) {
    return with(routeRef, other);
  }

  /// The same by another route.
  public RouteRequest by(Optional<RouteRef> other) {
    return with(other, rollout);
  }

  private RouteRequest with(Optional<RouteRef> routeRef, String rollout) {
    return new RouteRequest(
        canary,
        namespace,
        owner,
        apex,
        canaryService,
        port,
        portName,
        protocol,
        hosts,
        gateways,
        routeRef,
        timeout,
        metadata,
        raw,
        rollout);
  }
}
