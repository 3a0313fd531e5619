package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.controller.workload.Marks;
import dev.serin.mesh.BuiltInQueries;
import dev.serin.mesh.Capability;
import dev.serin.mesh.Mesh;
import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteStatus;
import dev.serin.rollout.TrafficSplit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A mesh whose route is one number, followed as soon as a test lets it be.
final class FakeMesh implements Mesh {
  static final Kind ROUTE = new Kind("fake.dev", "v1", "Route", "routes", true);

  /// Whether its control plane answers.
  boolean working = true;

  /// How long its data plane may lag behind.
  Duration settle = Duration.ZERO;

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.values());
  }

  @Override
  public List<Kind> kinds() {
    return List.of(ROUTE);
  }

  @Override
  public List<ObjectRef> reads(RouteRequest request) {
    return List.of(ref(request));
  }

  private static ObjectRef ref(RouteRequest request) {
    return ROUTE.named(request.namespace(), request.apex());
  }

  @Override
  public RouteStatus status(RouteRequest request, Map<ObjectRef, Read> seen) {
    return switch (read(request, seen)) {
      case Read.Found(var route) -> status(route);
      case Read.Absent _ -> new RouteStatus.Absent();
      case Read.NotServed _ -> new RouteStatus.Unfit(List.of("fake.dev is not installed"));
      case Read.Unknown(var reason) -> new RouteStatus.Unknown(reason);
    };
  }

  private RouteStatus status(ObjectNode route) {
    int canary = (int) Fields.number(route, "spec", "canary");
    if (canary < 0) {
      return new RouteStatus.Drifted("somebody edited it", true);
    }
    var split = TrafficSplit.toCanary(canary);
    return working
        ? new RouteStatus.Accepted(split, Optional.of("fake"), settle)
        : new RouteStatus.Pending(split, "the control plane does not answer");
  }

  private static Read read(RouteRequest request, Map<ObjectRef, Read> seen) {
    return seen.getOrDefault(ref(request), new Read.Unknown("not read"));
  }

  @Override
  public List<String> unable(RouteRequest request, TrafficSplit split, Map<ObjectRef, Read> seen) {
    return List.of();
  }

  @Override
  public List<Change> route(RouteRequest request, TrafficSplit split, Map<ObjectRef, Read> seen) {
    return switch (read(request, seen)) {
      case Read.Absent _ -> {
        var route = Fields.bare(ref(request));
        ((ObjectNode) route.get("metadata")).putArray("ownerReferences").add(request.owner());
        route.withObject("/metadata/labels").put(Marks.MANAGED_BY, Marks.MANAGER);
        route.putObject("spec").put("canary", split.canary());
        yield List.of(new Change.Create(ref(request), route));
      }
      case Read.Found(var route) when Fields.number(route, "spec", "canary") != split.canary() -> {
        var patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").put("resourceVersion", Fields.resourceVersion(route));
        patch.putObject("spec").put("canary", split.canary());
        yield List.of(new Change.Merge(ref(request), patch));
      }
      case Read.Found _, Read.NotServed _, Read.Unknown _ -> List.of();
    };
  }

  @Override
  public List<Change> letGo(RouteRequest request, Map<ObjectRef, Read> seen) {
    return read(request, seen) instanceof Read.Found(var route)
        ? List.of(new Change.Delete(ref(request), Fields.uid(route)))
        : List.of();
  }

  @Override
  public BuiltInQueries queries(RouteRequest.Protocol protocol) {
    return new BuiltInQueries(List.of(), Map.of());
  }
}
