package dev.serin.controller.mesh;

import dev.serin.mesh.Mesh;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The list of all meshes.
public final class Meshes {
  private static final List<Mesh> ALL =
      Stream.concat(Stream.of(new GatewayApi(), new Istio(), new Contour()), Smi.all().stream())
          .toList();

  private Meshes() {}

  /// All of them.
  public static List<Mesh> all() {
    return ALL;
  }

  /// The mesh that users write as this `spec.provider`, if there is one.
  public static Optional<Mesh> byName(String name) {
    return ALL.stream().filter(mesh -> mesh.name().equals(name)).findFirst();
  }

  /// All names, for the one who wrote a wrong one.
  public static List<String> names() {
    return ALL.stream().map(Mesh::name).toList();
  }
}
