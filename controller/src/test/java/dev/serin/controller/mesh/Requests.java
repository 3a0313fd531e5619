package dev.serin.controller.mesh;

import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteRequest.GatewayRef;
import dev.serin.mesh.RouteRequest.Protocol;
import dev.serin.mesh.RouteRequest.RouteRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The Canary `shop` in namespace `shop`, on port 8080.
final class Requests {

  private Requests() {}

  static RouteRequest with(List<String> hosts, List<GatewayRef> gateways, String raw) {
    var owner =
        Json.object()
            .put("apiVersion", "serin.dev/v1beta1")
            .put("kind", "Canary")
            .put("name", "shop")
            .put("uid", "uid-1")
            .put("controller", true)
            .put("blockOwnerDeletion", true);
    return new RouteRequest(
        "shop",
        "shop",
        owner,
        "shop",
        "shop-canary",
        8080,
        "http",
        Protocol.HTTP,
        hosts,
        gateways,
        Optional.empty(),
        Optional.empty(),
        Map.of("labels", Map.of("team", "checkout")),
        MeshContract.yaml(raw),
        "uid-1/1");
  }

  static RouteRequest borrowing(RouteRequest r, RouteRef borrowed) {
    return new RouteRequest(
        r.canary(),
        r.namespace(),
        r.owner(),
        r.apex(),
        r.canaryService(),
        r.port(),
        r.portName(),
        r.protocol(),
        r.hosts(),
        r.gateways(),
        Optional.of(borrowed),
        r.timeout(),
        r.metadata(),
        r.raw(),
        r.rollout());
  }

  static RouteRequest onPort(RouteRequest r, int port) {
    return new RouteRequest(
        r.canary(),
        r.namespace(),
        r.owner(),
        r.apex(),
        r.canaryService(),
        port,
        r.portName(),
        r.protocol(),
        r.hosts(),
        r.gateways(),
        r.routeRef(),
        r.timeout(),
        r.metadata(),
        r.raw(),
        r.rollout());
  }

  static RouteRequest of(RouteRequest r, String apex) {
    return new RouteRequest(
        r.canary(),
        r.namespace(),
        r.owner(),
        apex,
        apex + "-canary",
        r.port(),
        r.portName(),
        r.protocol(),
        r.hosts(),
        r.gateways(),
        r.routeRef(),
        r.timeout(),
        r.metadata(),
        r.raw(),
        r.rollout());
  }

  static RouteRequest grpc(RouteRequest r) {
    return new RouteRequest(
        r.canary(),
        r.namespace(),
        r.owner(),
        r.apex(),
        r.canaryService(),
        r.port(),
        "grpc",
        Protocol.GRPC,
        r.hosts(),
        r.gateways(),
        r.routeRef(),
        r.timeout(),
        r.metadata(),
        r.raw(),
        r.rollout());
  }
}
