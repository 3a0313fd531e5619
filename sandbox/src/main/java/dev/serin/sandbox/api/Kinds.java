package dev.serin.sandbox.api;

import dev.serin.cluster.Kind;

/// Kinds that the sandbox serves and [Kind] does not name.
public final class Kinds {

  public static final Kind NODE = new Kind("", "v1", "Node", "nodes", false);
  public static final Kind SERVICE_ACCOUNT =
      new Kind("", "v1", "ServiceAccount", "serviceaccounts", true);
  public static final Kind ENDPOINT_SLICE =
      new Kind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true);
  public static final Kind LEASE = new Kind("coordination.k8s.io", "v1", "Lease", "leases", true);
  public static final Kind SCALE = new Kind("autoscaling", "v1", "Scale", "scales", true);
  public static final Kind CUSTOM_RESOURCE_DEFINITION =
      new Kind(
          "apiextensions.k8s.io",
          "v1",
          "CustomResourceDefinition",
          "customresourcedefinitions",
          false);
  public static final Kind ROLE = rbac("Role", "roles", true);
  public static final Kind ROLE_BINDING = rbac("RoleBinding", "rolebindings", true);
  public static final Kind CLUSTER_ROLE = rbac("ClusterRole", "clusterroles", false);
  public static final Kind CLUSTER_ROLE_BINDING =
      rbac("ClusterRoleBinding", "clusterrolebindings", false);

  private Kinds() {}

  private static Kind rbac(String kind, String plural, boolean namespaced) {
    return new Kind("rbac.authorization.k8s.io", "v1", kind, plural, namespaced);
  }

  /// Plural and group as messages name them, e.g. `deployments.apps`.
  static String qualified(Kind kind) {
    return kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group();
  }
}
