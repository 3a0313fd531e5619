package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.mesh.BuiltInQueries;
import dev.serin.mesh.Capability;
import dev.serin.mesh.Mesh;
import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteRequest.Protocol;
import dev.serin.mesh.RouteStatus;
import dev.serin.rollout.TrafficSplit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The Service Mesh Interface: a TrafficSplit in one of its four versions. The specification is
/// archived; it is here for meshes that have not moved on (Linkerd's SMI extension, Open Service
/// Mesh). Weights only.
final class Smi extends RouteMesh {
  private static final List<String> VERSIONS =
      List.of("v1alpha1", "v1alpha2", "v1alpha3", "v1alpha4");

  /// Nobody says that a split was taken.
  private static final Duration SETTLE = Duration.ofSeconds(10);

  private final String version;

  private Smi(String version) {
    this.version = version;
  }

  /// One mesh for each version, `smi:v1alpha1` and so on, and `smi` for the newest that is served.
  static List<Mesh> all() {
    var all = VERSIONS.stream().<Mesh>map(Smi::new).toList();
    return Stream.concat(Stream.of(new Newest(all)), all.stream()).toList();
  }

  static Kind trafficSplit(String version) {
    return new Kind("split.smi-spec.io", version, "TrafficSplit", "trafficsplits", true);
  }

  @Override
  public String name() {
    return "smi:" + version;
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of();
  }

  @Override
  public List<Kind> kinds() {
    return List.of(trafficSplit(version));
  }

  @Override
  public BuiltInQueries queries(Protocol protocol) {
    return new BuiltInQueries(
        List.of(Dialects.LINKERD_INBOUND, Dialects.OSM, Dialects.ISTIO), Map.of());
  }

  @Override
  List<Kind> routeKinds() {
    return kinds();
  }

  @Override
  Kind generatedKind(RouteRequest request) {
    return trafficSplit(version);
  }

  @Override
  String installation() {
    return "install a mesh that serves it, or use provider gatewayapi";
  }

  @Override
  String rulesField() {
    return "backends";
  }

  @Override
  ObjectNode frame(RouteRequest request) {
    return Json.object().put("service", request.apex());
  }

  @Override
  ArrayNode plainRules(RouteRequest request) {
    return Json.array().add(Json.object().put("service", request.apex()).put("weight", 1));
  }

  @Override
  Weaving weaving(RouteRequest request) {
    return new SmiWeaving(request);
  }

  @Override
  Acceptance acceptance(RouteRequest request, ObjectNode route) {
    return new Acceptance.Taken(Optional.empty(), SETTLE);
  }

  @Override
  List<String> refusals(RouteRequest request, Map<ObjectRef, Read> seen) {
    if (request.routeRef().isPresent()) {
      return List.of();
    }
    return List.of("match", "rewrite", "headers", "retries", "timeout", "corsPolicy").stream()
        .filter(field -> request.raw().has(field))
        .map("spec.service.%s has no place in a TrafficSplit; leave it out"::formatted)
        .toList();
  }

  @Override
  boolean callersNeedRoute(ObjectNode route) {
    return false;
  }

  /// The newest version that the cluster serves.
  ///
  /// @param versions oldest first
  private record Newest(List<Mesh> versions) implements Mesh {

    @Override
    public String name() {
      return "smi";
    }

    @Override
    public Set<Capability> capabilities() {
      return versions.getLast().capabilities();
    }

    @Override
    public List<Kind> kinds() {
      return versions.stream().flatMap(mesh -> mesh.kinds().stream()).toList();
    }

    @Override
    public List<ObjectRef> reads(RouteRequest request) {
      return versions.reversed().stream().flatMap(mesh -> mesh.reads(request).stream()).toList();
    }

    @Override
    public RouteStatus status(RouteRequest request, Map<ObjectRef, Read> seen) {
      return served(request, seen).status(request, seen);
    }

    @Override
    public List<String> unable(
        RouteRequest request, TrafficSplit split, Map<ObjectRef, Read> seen) {
      return served(request, seen).unable(request, split, seen);
    }

    @Override
    public List<Change> route(RouteRequest request, TrafficSplit split, Map<ObjectRef, Read> seen) {
      return served(request, seen).route(request, split, seen);
    }

    @Override
    public List<Change> letGo(RouteRequest request, Map<ObjectRef, Read> seen) {
      return served(request, seen).letGo(request, seen);
    }

    @Override
    public BuiltInQueries queries(Protocol protocol) {
      return versions.getLast().queries(protocol);
    }

    /// Until all can be told, the version that cannot: it will not write anything.
    private Mesh served(RouteRequest request, Map<ObjectRef, Read> seen) {
      return newest(request, seen, Read.Unknown.class::isInstance)
          .or(() -> newest(request, seen, read -> !(read instanceof Read.NotServed)))
          .orElse(versions.getLast());
    }

    private Optional<Mesh> newest(
        RouteRequest request, Map<ObjectRef, Read> seen, Predicate<Read> is) {
      return versions.reversed().stream()
          .filter(
              mesh ->
                  mesh.reads(request).stream().allMatch(ref -> is.test(RouteMesh.read(ref, seen))))
          .findFirst();
    }
  }
}
