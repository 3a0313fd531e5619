package dev.serin.cluster;

/// A kind of Kubernetes object in one API version.
///
/// @param group API group, empty for the core group
/// @param version API version within the group, such as `v1`
/// @param kind name of the kind, such as `Deployment`
/// @param plural its name in URLs, such as `deployments`
/// @param namespaced whether its objects live in a namespace
public record Kind(String group, String version, String kind, String plural, boolean namespaced) {

  public static final Kind NAMESPACE = new Kind("", "v1", "Namespace", "namespaces", false);
  public static final Kind POD = new Kind("", "v1", "Pod", "pods", true);
  public static final Kind SERVICE = new Kind("", "v1", "Service", "services", true);
  public static final Kind CONFIG_MAP = new Kind("", "v1", "ConfigMap", "configmaps", true);
  public static final Kind SECRET = new Kind("", "v1", "Secret", "secrets", true);
  public static final Kind PERSISTENT_VOLUME_CLAIM =
      new Kind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true);
  public static final Kind EVENT = new Kind("", "v1", "Event", "events", true);
  public static final Kind DEPLOYMENT = new Kind("apps", "v1", "Deployment", "deployments", true);
  public static final Kind REPLICA_SET = new Kind("apps", "v1", "ReplicaSet", "replicasets", true);
  public static final Kind STATEFUL_SET =
      new Kind("apps", "v1", "StatefulSet", "statefulsets", true);
  public static final Kind DAEMON_SET = new Kind("apps", "v1", "DaemonSet", "daemonsets", true);
  public static final Kind CONTROLLER_REVISION =
      new Kind("apps", "v1", "ControllerRevision", "controllerrevisions", true);
  public static final Kind HORIZONTAL_POD_AUTOSCALER =
      new Kind("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true);
  public static final Kind SCALED_OBJECT =
      new Kind("keda.sh", "v1alpha1", "ScaledObject", "scaledobjects", true);
  public static final Kind POD_DISRUPTION_BUDGET =
      new Kind("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true);
  public static final Kind ENDPOINT_SLICE =
      new Kind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true);
  public static final Kind NETWORK_POLICY =
      new Kind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", true);
  public static final Kind CANARY = serin("Canary", "canaries");
  public static final Kind CANARY_COMMAND = serin("CanaryCommand", "canarycommands");
  public static final Kind METRIC_TEMPLATE = serin("MetricTemplate", "metrictemplates");
  public static final Kind ALERT_PROVIDER = serin("AlertProvider", "alertproviders");

  private static Kind serin(String kind, String plural) {
    return new Kind("serin.dev", "v1beta1", kind, plural, true);
  }

  /// `group/version`, or just the version for the core group.
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /// An object of this kind.
  public ObjectRef named(String namespace, String name) {
    return new ObjectRef(this, namespace, name);
  }
}
