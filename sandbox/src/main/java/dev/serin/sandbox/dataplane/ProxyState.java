package dev.serin.sandbox.dataplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.ApiClient;
import dev.serin.sandbox.api.ApiStore;
import dev.serin.sandbox.api.Caller;
import dev.serin.sandbox.api.Kinds;
import dev.serin.sandbox.api.Watch;
import dev.serin.sandbox.api.WatchOptions;
import dev.serin.sandbox.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// What the proxies know: routes and endpoints as the API holds them, a moment later. The moment is
/// what it takes a control plane to push them.
public final class ProxyState implements AutoCloseable {

  /// Kinds of routes, each in the versions that may be served, the best first.
  private static final List<List<Kind>> ROUTES =
      List.of(
          versions(RoutingTable.HTTP_ROUTE, "v1", "v1beta1"),
          versions(RoutingTable.VIRTUAL_SERVICE, "v1", "v1beta1", "v1alpha3"),
          versions(RoutingTable.TRAFFIC_SPLIT, "v1alpha4", "v1alpha3", "v1alpha2", "v1alpha1"));

  private final ApiStore store;
  private final ApiClient api;
  private final Scheduler scheduler;
  private final Duration routeDelay;
  private final Duration endpointDelay;
  private final List<Watch> watches = new ArrayList<>();
  private final Map<Integer, Kind> watchedRoutes = new LinkedHashMap<>();
  private final List<Runnable> beforeChange = new CopyOnWriteArrayList<>();
  private volatile RoutingTable routes = RoutingTable.EMPTY;
  private volatile Endpoints endpoints = Endpoints.EMPTY;
  private boolean routesDue;
  private boolean endpointsDue;
  private boolean cutOff;

  /// @param routeDelay from a change of a route until the proxies follow it
  /// @param endpointDelay from a change of an endpoint until the proxies know it
  public ProxyState(
      ApiStore store, Scheduler scheduler, Duration routeDelay, Duration endpointDelay) {
    this.store = store;
    this.scheduler = scheduler;
    this.routeDelay = routeDelay;
    this.endpointDelay = endpointDelay;
    api = store.as(Caller.system("proxy"));
    watches.add(watch(Kind.SERVICE, this::endpointsChanged));
    watches.add(watch(Kinds.ENDPOINT_SLICE, this::endpointsChanged));
    watches.add(watch(Kinds.CUSTOM_RESOURCE_DEFINITION, this::watchRoutes));
    watchRoutes();
  }

  public RoutingTable routes() {
    return routes;
  }

  public Endpoints endpoints() {
    return endpoints;
  }

  /// Called on the scheduler right before the proxies follow a change, while all is as before.
  public void beforeChange(Runnable listener) {
    beforeChange.add(listener);
  }

  /// Cuts the proxies off from their control plane: they go on with what they know.
  public synchronized void cutOff() {
    cutOff = true;
  }

  /// Ends [#cutOff()]: the proxies follow what the API says now.
  public void reconnect() {
    synchronized (this) {
      cutOff = false;
    }
    routesChanged();
    endpointsChanged();
  }

  private Watch watch(Kind kind, Runnable changed) {
    return api.watch(kind, WatchOptions.all(), _ -> changed.run());
  }

  /// Definitions may come after this was started.
  private void watchRoutes() {
    for (int i = 0; i < ROUTES.size(); i++) {
      var served = ROUTES.get(i).stream().filter(store::serves).findFirst();
      if (served.isPresent() && remember(i, served.get())) {
        var watch = watch(served.get(), this::routesChanged);
        synchronized (this) {
          watches.add(watch);
        }
      }
    }
  }

  private synchronized boolean remember(int index, Kind kind) {
    return watchedRoutes.putIfAbsent(index, kind) == null;
  }

  private void routesChanged() {
    synchronized (this) {
      if (routesDue || cutOff) {
        return;
      }
      routesDue = true;
    }
    scheduler.after(routeDelay, this::followRoutes);
  }

  private void followRoutes() {
    List<Kind> kinds;
    synchronized (this) {
      routesDue = false;
      if (cutOff) {
        return;
      }
      kinds = List.copyOf(watchedRoutes.values());
    }
    var objects = new ArrayList<ObjectNode>();
    kinds.forEach(kind -> objects.addAll(api.list(kind, "")));
    var table = RoutingTable.from(objects);
    beforeChange.forEach(Runnable::run);
    routes = table;
  }

  private void endpointsChanged() {
    synchronized (this) {
      if (endpointsDue || cutOff) {
        return;
      }
      endpointsDue = true;
    }
    scheduler.after(endpointDelay, this::followEndpoints);
  }

  private void followEndpoints() {
    synchronized (this) {
      endpointsDue = false;
      if (cutOff) {
        return;
      }
    }
    var known = Endpoints.from(api.list(Kind.SERVICE, ""), api.list(Kinds.ENDPOINT_SLICE, ""));
    beforeChange.forEach(Runnable::run);
    endpoints = known;
  }

  private static List<Kind> versions(Kind kind, String... versions) {
    var all = new ArrayList<Kind>();
    for (String version : versions) {
      all.add(new Kind(kind.group(), version, kind.kind(), kind.plural(), kind.namespaced()));
    }
    return all;
  }

  @Override
  public synchronized void close() {
    watches.forEach(Watch::close);
  }
}
