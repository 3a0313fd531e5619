package dev.serin.controller.reconcile;

import dev.serin.cluster.Change;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.mesh.Mesh;
import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteRequest.RouteRef;
import dev.serin.mesh.RouteStatus;
import dev.serin.parse.CanaryDeclaration;
import dev.serin.resource.CanaryStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The routes that split the traffic of a Canary before its spec named another provider, or another
/// route to borrow. Each gives back what was borrowed and deletes what was generated, once callers
/// have the present one.
///
/// The status names a route before it is written, and forgets it when nothing of it is left, so
/// that none is lost in between.
final class FormerRoutes {
  private final Parts parts;
  private final View view;
  private final CanaryStatus.RouteStatus present;
  private final List<CanaryStatus.RouteStatus> remembered;

  /// @param before the status as it is stored
  FormerRoutes(Parts parts, View view, CanaryStatus before) {
    this.parts = parts;
    this.view = view;
    this.present = made(view.declared());
    this.remembered = before.routes() == null ? List.of() : before.routes();
  }

  private static CanaryStatus.RouteStatus made(CanaryDeclaration declared) {
    var borrowed = declared.route().routeRef();
    return new CanaryStatus.RouteStatus(
        declared.provider(),
        borrowed.map(RouteRef::kind).orElse(null),
        borrowed.map(RouteRef::name).orElse(null));
  }

  /// What is worth remembering, the present route last.
  List<CanaryStatus.RouteStatus> routes() {
    var routes = new ArrayList<CanaryStatus.RouteStatus>();
    for (var route : remembered) {
      if (!route.equals(present) && !(mayGo() && isGone(route))) {
        routes.add(route);
      }
    }
    if (remembered.contains(present) || isWritten()) {
      routes.add(present);
    }
    return routes;
  }

  /// Whether the present route is written, or will be as soon as this is stored.
  private boolean isWritten() {
    return view.wanted().split().isPresent()
        && !(view.route().status() instanceof RouteStatus.Unfit);
  }

  /// Whether nobody depends on them any more.
  private boolean mayGo() {
    return Converger.hasLeft(view.state())
        || (view.wanted().split().isPresent() && Leftovers.areKnown(view));
  }

  private boolean isGone(CanaryStatus.RouteStatus route) {
    return former(route)
        .filter(former -> former.isKnown() && changes(former).isEmpty())
        .isPresent();
  }

  /// Lets go of them, if they may go.
  ///
  /// @return whether that is done, as far as is known
  boolean letGo(Writes writes) {
    if (!mayGo()) {
      return true;
    }
    var done = true;
    for (var route : remembered) {
      if (!route.equals(present)) {
        var former = former(route);
        done &= former.isEmpty() || (former.get().isKnown() && writes.all(changes(former.get())));
      }
    }
    return done;
  }

  /// Whether some wait for being let go, and may go.
  boolean areLeft() {
    return mayGo()
        && remembered.stream().anyMatch(route -> !route.equals(present) && !isGone(route));
  }

  /// What two routes share is the present one's.
  private List<Change> changes(Former former) {
    var shared = view.route().objects().keySet();
    return former.mesh.letGo(former.request, former.objects).stream()
        .filter(change -> shared.stream().noneMatch(ref -> isSame(ref, change.ref())))
        .toList();
  }

  /// A server may serve one object in several versions.
  private static boolean isSame(ObjectRef one, ObjectRef other) {
    return one.kind().group().equals(other.kind().group())
        && one.kind().plural().equals(other.kind().plural())
        && one.namespace().equals(other.namespace())
        && one.name().equals(other.name());
  }

  /// @param objects what its mesh wants to look at
  private record Former(Mesh mesh, RouteRequest request, Map<ObjectRef, Read> objects) {
    boolean isKnown() {
      return objects.values().stream().noneMatch(Read.Unknown.class::isInstance);
    }
  }

  /// Empty for a provider that this controller does not know, of which it made nothing.
  private Optional<Former> former(CanaryStatus.RouteStatus route) {
    var borrowed =
        route.kind() == null || route.name() == null
            ? Optional.<RouteRef>empty()
            : Optional.of(new RouteRef(route.kind(), route.name()));
    return Optional.ofNullable(route.provider())
        .flatMap(provider -> Optional.ofNullable(parts.meshes().get(provider)))
        .map(
            mesh -> {
              var request = view.route().request().by(borrowed);
              var objects = new LinkedHashMap<ObjectRef, Read>();
              mesh.reads(request).forEach(ref -> objects.put(ref, parts.cluster().find(ref)));
              return new Former(mesh, request, objects);
            });
  }
}
