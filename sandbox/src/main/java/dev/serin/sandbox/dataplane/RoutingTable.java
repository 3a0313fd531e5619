package dev.serin.sandbox.dataplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.dataplane.Rule.Backend;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Call.Entrance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All routes of a cluster, as the proxies of all meshes together would read them. Pure.
public final class RoutingTable {

  public static final Kind HTTP_ROUTE =
      new Kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", true);
  public static final Kind VIRTUAL_SERVICE =
      new Kind("networking.istio.io", "v1", "VirtualService", "virtualservices", true);
  public static final Kind TRAFFIC_SPLIT =
      new Kind("split.smi-spec.io", "v1alpha4", "TrafficSplit", "trafficsplits", true);

  /// A table without routes.
  public static final RoutingTable EMPTY = new RoutingTable(List.of());

  private final Map<Entrance, Map<String, List<Route>>> byHost = new EnumMap<>(Entrance.class);

  private RoutingTable(Collection<Route> routes) {
    routes.stream().sorted(Comparator.comparing(Route::rank)).forEach(this::add);
  }

  private void add(Route route) {
    var hosts = byHost.computeIfAbsent(route.entrance(), _ -> new HashMap<>());
    for (String host : route.hosts()) {
      hosts.computeIfAbsent(host, _ -> new ArrayList<>()).add(route);
    }
  }

  /// The table of these routes.
  public static RoutingTable of(Collection<Route> routes) {
    return new RoutingTable(routes);
  }

  /// The table of all objects that are routes; others are left out.
  public static RoutingTable from(Collection<ObjectNode> objects) {
    return new RoutingTable(objects.stream().flatMap(o -> routes(o).stream()).toList());
  }

  /// The routes that an object means; none for an object that is no route.
  public static List<Route> routes(ObjectNode object) {
    return switch (object.path("kind").asText()) {
      case "HTTPRoute" -> HttpRoutes.routes(object);
      case "VirtualService" -> VirtualServices.routes(object);
      case "TrafficSplit" -> TrafficSplits.routes(object);
      default -> List.of();
    };
  }

  /// Where a request goes.
  public sealed interface Way {

    /// A rule decides.
    record ByRule(Rule rule) implements Way {}

    /// No rule matches, and the caller in the mesh dialled a Service: there it goes.
    record Straight(Backend service) implements Way {}

    /// Nobody knows this host.
    record Nowhere() implements Way {}
  }

  /// Where a request goes: the most exact host that has a matching rule decides.
  public Way way(Call call) {
    var routes = byHost.getOrDefault(call.entrance(), Map.of());
    for (String host : candidates(call.host())) {
      for (Route route : routes.getOrDefault(host, List.of())) {
        for (Rule rule : route.rules()) {
          if (rule.matches().stream().anyMatch(match -> match.test(call))) {
            return new Way.ByRule(rule);
          }
        }
      }
    }
    return service(call.host())
        .filter(_ -> call.entrance() == Entrance.MESH)
        .<Way>map(Way.Straight::new)
        .orElseGet(Way.Nowhere::new);
  }

  /// The names under which a host is looked up, the most exact first.
  private static List<String> candidates(String host) {
    var names = new ArrayList<String>();
    names.add(host);
    service(host).ifPresent(s -> names.add(ServiceHosts.canonical(s.namespace(), s.service())));
    for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      names.add("*" + host.substring(dot));
    }
    names.add("*");
    return names;
  }

  private static Optional<Backend> service(String host) {
    return ServiceHosts.parse(host);
  }
}
