package dev.serin.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.telemetry.Dialect;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What kind of cluster a sandbox is.
///
/// @param seed of all chance: names, UIDs, traffic
/// @param nodes how many nodes there are, at least 1
/// @param scrapeInterval how often metrics are scraped
/// @param routeDelay from a change of a route until the proxies follow it
/// @param endpointDelay from a change of an endpoint until the proxies know it
/// @param acceptDelay from a change of a route until its status says that it is accepted
/// @param gatewayController `controllerName` of the Gateway, which tells how metrics are named
/// @param meshController `controllerName` of routes that hang on Services
/// @param dialects whose metrics are told
/// @param definitions CustomResourceDefinitions besides those of the meshes and KEDA
public record SandboxOptions(
    long seed,
    int nodes,
    Duration scrapeInterval,
    Duration routeDelay,
    Duration endpointDelay,
    Duration acceptDelay,
    String gatewayController,
    String meshController,
    Set<Dialect> dialects,
    List<ObjectNode> definitions) {

  /// A cluster with Contour as gateway and Linkerd as mesh, that also counts as Istio does.
  public static final SandboxOptions DEFAULT =
      new SandboxOptions(
          1,
          3,
          Duration.ofSeconds(2),
          Duration.ofMillis(500),
          Duration.ofMillis(100),
          Duration.ofMillis(300),
          "projectcontour.io/gateway-controller",
          "linkerd.io/policy-controller",
          Set.of(Dialect.CONTOUR, Dialect.ISTIO, Dialect.LINKERD),
          List.of());

  public SandboxOptions {
    dialects = Set.copyOf(dialects);
    definitions = List.copyOf(definitions);
  }

  public SandboxOptions seed(long seed) {
    return new SandboxOptions(
        seed,
        nodes,
        scrapeInterval,
        routeDelay,
        endpointDelay,
        acceptDelay,
        gatewayController,
        meshController,
        dialects,
        definitions);
  }

  public SandboxOptions scrapeInterval(Duration interval) {
    return new SandboxOptions(
        seed,
        nodes,
        interval,
        routeDelay,
        endpointDelay,
        acceptDelay,
        gatewayController,
        meshController,
        dialects,
        definitions);
  }

  /// How fast the data plane and its control plane follow the API.
  public SandboxOptions delays(Duration routes, Duration endpoints, Duration acceptance) {
    return new SandboxOptions(
        seed,
        nodes,
        scrapeInterval,
        routes,
        endpoints,
        acceptance,
        gatewayController,
        meshController,
        dialects,
        definitions);
  }

  /// Whose gateway and mesh this is.
  public SandboxOptions controllers(String gateway, String mesh, Set<Dialect> dialects) {
    return new SandboxOptions(
        seed,
        nodes,
        scrapeInterval,
        routeDelay,
        endpointDelay,
        acceptDelay,
        gateway,
        mesh,
        dialects,
        definitions);
  }

  public SandboxOptions definitions(List<ObjectNode> definitions) {
    return new SandboxOptions(
        seed,
        nodes,
        scrapeInterval,
        routeDelay,
        endpointDelay,
        acceptDelay,
        gatewayController,
        meshController,
        dialects,
        definitions);
  }
}
