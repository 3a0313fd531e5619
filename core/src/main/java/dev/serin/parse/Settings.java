package dev.serin.parse;

import dev.serin.mesh.BuiltInQueries;
import dev.serin.mesh.Capability;
import dev.serin.mesh.Mesh;
import dev.serin.mesh.RouteRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What the process that parses a Canary adds to it.
///
/// @param provider the mesh of Canaries that name none
/// @param meshes every known mesh by name, with what a Canary may ask of it
/// @param intervalFloor the least `analysis.interval` that is accepted
/// @param references whether templates and alert providers of other namespaces may be used
/// @param unknownFields what a field that nobody knows means
public record Settings(
    String provider,
    Map<String, Known> meshes,
    Duration intervalFloor,
    References references,
    UnknownFields unknownFields) {

  public Settings {
    meshes = Map.copyOf(meshes);
  }

  /// Whether a Canary may use what other namespaces hold.
  public enum References {
    ANY_NAMESPACE,
    OWN_NAMESPACE
  }

  /// What a field that nobody knows means.
  public enum UnknownFields {
    /// Nothing; it may belong to a newer version. The API server has dropped misspelled ones.
    IGNORED,
    /// A mistake, as for a file that no API server has seen.
    REFUSED
  }

  /// What a Canary may ask of a mesh.
  ///
  /// @param capabilities beyond weights
  /// @param dialects of its built-in queries, by name
  public record Known(Set<Capability> capabilities, Set<String> dialects) {
    public Known {
      capabilities = Set.copyOf(capabilities);
      dialects = Set.copyOf(dialects);
    }

    static Known of(Mesh mesh) {
      return new Known(
          mesh.capabilities(),
          mesh.queries(RouteRequest.Protocol.HTTP).dialects().stream()
              .map(BuiltInQueries.Dialect::name)
              .collect(Collectors.toSet()));
    }
  }

  /// The settings of a controller without flags.
  ///
  /// @param provider the mesh of Canaries that name none; empty when each has to name one
  public static Settings of(String provider, Collection<? extends Mesh> meshes) {
    return new Settings(
        provider,
        meshes.stream().collect(Collectors.toMap(Mesh::name, Known::of)),
        Duration.ofSeconds(10),
        References.ANY_NAMESPACE,
        UnknownFields.IGNORED);
  }

  /// The same with another floor.
  public Settings withIntervalFloor(Duration floor) {
    return new Settings(provider, meshes, floor, references, unknownFields);
  }

  /// The same with another answer to references into other namespaces.
  public Settings with(References allowed) {
    return new Settings(provider, meshes, intervalFloor, allowed, unknownFields);
  }

  /// The same with another answer to unknown fields.
  public Settings with(UnknownFields meaning) {
    return new Settings(provider, meshes, intervalFloor, references, meaning);
  }
}
