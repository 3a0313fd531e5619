package dev.serin.cluster;

/// The address of one Kubernetes object.
///
/// @param kind its kind
/// @param namespace its namespace, empty for cluster-wide kinds
/// @param name its name
public record ObjectRef(Kind kind, String namespace, String name) {

  @Override
  public String toString() {
    return kind.kind() + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
  }
}
