package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.mesh.BuiltInQueries;
import dev.serin.mesh.Capability;
import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteRequest.GatewayRef;
import dev.serin.mesh.RouteRequest.Protocol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Gateway API: an HTTPRoute, or a GRPCRoute where gRPC flows. Its parents are Gateways, or
/// Services for the meshes that take those (Linkerd, Istio, Cilium, Kuma).
final class GatewayApi extends RouteMesh {
  private static final String GROUP = "gateway.networking.k8s.io";
  static final Kind HTTP_ROUTE = new Kind(GROUP, "v1", "HTTPRoute", "httproutes", true);
  static final Kind GRPC_ROUTE = new Kind(GROUP, "v1", "GRPCRoute", "grpcroutes", true);
  static final Kind SERVICE_PROFILE =
      new Kind("linkerd.io", "v1alpha2", "ServiceProfile", "serviceprofiles", true);

  /// What data planes cannot do although the API has a field for it: a mirror makes Linkerd ignore
  /// the whole route, and a filter on a backend makes that backend fail, or does nothing.
  private static final Map<String, Set<Capability>> LACKING =
      Map.of(
          GatewayAcceptance.LINKERD,
          EnumSet.of(Capability.MIRROR, Capability.MIRROR_PERCENT, Capability.AFFINITY),
          "gateway.nginx.org/nginx-gateway-controller",
          EnumSet.of(Capability.AFFINITY),
          "konghq.com/kic-gateway-controller",
          EnumSet.of(Capability.MIRROR, Capability.MIRROR_PERCENT, Capability.AFFINITY),
          "traefik.io/gateway-controller",
          EnumSet.of(Capability.MIRROR, Capability.MIRROR_PERCENT));

  @Override
  public String name() {
    return "gatewayapi";
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.complementOf(EnumSet.of(Capability.MATCH_SOURCE_LABEL));
  }

  @Override
  public List<Kind> kinds() {
    return List.of(HTTP_ROUTE, GRPC_ROUTE, SERVICE_PROFILE);
  }

  @Override
  public BuiltInQueries queries(Protocol protocol) {
    return Dialects.gatewayApi(protocol);
  }

  @Override
  Set<Capability> able(RouteRequest request, Map<ObjectRef, Read> seen) {
    var able = EnumSet.copyOf(capabilities());
    if (grpc(request)) {
      able.removeAll(EnumSet.of(Capability.MATCH_QUERY, Capability.AFFINITY));
    }
    read(route(request), seen)
        .found()
        .map(GatewayAcceptance::controllers)
        .orElseGet(List::of)
        .forEach(controller -> able.removeAll(LACKING.getOrDefault(controller, Set.of())));
    return able;
  }

  @Override
  List<Kind> routeKinds() {
    return List.of(HTTP_ROUTE, GRPC_ROUTE);
  }

  @Override
  Kind generatedKind(RouteRequest request) {
    return request.protocol() == Protocol.GRPC ? GRPC_ROUTE : HTTP_ROUTE;
  }

  @Override
  String installation() {
    return "install the Gateway API, version 1.1 or newer, with a controller for it";
  }

  @Override
  String rulesField() {
    return "rules";
  }

  @Override
  ObjectNode frame(RouteRequest request) {
    var spec = Json.object();
    spec.set(
        "parentRefs", parents(request).stream().map(GatewayApi::parent).collect(Json.toArray()));
    boolean anyHost = meshed(request) || request.hosts().isEmpty();
    spec.set("hostnames", anyHost ? spec.nullNode() : Json.strings(request.hosts()));
    return spec;
  }

  @Override
  ArrayNode plainRules(RouteRequest request) {
    return GatewayRules.plain(request, grpc(request));
  }

  @Override
  Weaving weaving(RouteRequest request) {
    return new RuleWeaving(new GatewaySyntax(request, grpc(request)));
  }

  @Override
  Acceptance acceptance(RouteRequest request, ObjectNode route) {
    return GatewayAcceptance.of(route, queries(request.protocol()));
  }

  @Override
  List<String> refusals(RouteRequest request, Map<ObjectRef, Read> seen) {
    var refusals = new ArrayList<String>();
    if (request.routeRef().isEmpty()) {
      if (parents(request).isEmpty()) {
        refusals.add(
            "spec.service.gatewayRefs is empty; name a Gateway, or for a mesh {group: core, kind: Service, name: %s}"
                .formatted(request.apex()));
      }
      refusals.addAll(GatewayRules.problems(request, grpc(request)));
    }
    for (var profile : alsoRead(request)) {
      if (read(profile, seen) instanceof Read.Found) {
        refusals.add("%s exists and makes Linkerd ignore the route; delete it".formatted(profile));
      }
    }
    return refusals;
  }

  @Override
  boolean callersNeedRoute(ObjectNode route) {
    return Json.objects(route.path("spec"), "parentRefs").stream()
        .anyMatch(parent -> !parent.path("kind").asText("Gateway").equals("Service"));
  }

  @Override
  List<ObjectRef> alsoRead(RouteRequest request) {
    return meshed(request)
        ? List.of(
            SERVICE_PROFILE.named(
                request.namespace(),
                "%s.%s.svc.cluster.local".formatted(request.apex(), request.namespace())))
        : List.of();
  }

  private boolean grpc(RouteRequest request) {
    return route(request).kind().equals(GRPC_ROUTE);
  }

  /// Istio's own gateways are named in the same list.
  private static List<GatewayRef> parents(RouteRequest request) {
    return request.gateways().stream().filter(ref -> !ref.group().equals(Istio.GROUP)).toList();
  }

  private static boolean meshed(RouteRequest request) {
    return parents(request).stream().anyMatch(GatewayApi::isService);
  }

  private static boolean isService(GatewayRef parent) {
    return parent.kind().equals("Service");
  }

  private static ObjectNode parent(GatewayRef ref) {
    var parent =
        Json.object()
            .put("group", ref.group().equals("core") ? "" : ref.group())
            .put("kind", ref.kind())
            .put("name", ref.name());
    if (!ref.namespace().isEmpty()) {
      parent.put("namespace", ref.namespace());
    }
    if (!ref.sectionName().isEmpty()) {
      parent.put("sectionName", ref.sectionName());
    }
    if (ref.port() > 0) {
      parent.put("port", ref.port());
    }
    return parent;
  }
}
