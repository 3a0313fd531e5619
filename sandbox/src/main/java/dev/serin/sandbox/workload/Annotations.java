package dev.serin.sandbox.workload;

/// Annotations and labels with which the controllers keep their notes.
final class Annotations {

  static final String POD_TEMPLATE_HASH = "pod-template-hash";
  static final String REVISION = "deployment.kubernetes.io/revision";
  static final String REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
  static final String DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
  static final String MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";
  static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  static final String DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
  static final String CONTROLLER_REVISION_HASH = "controller-revision-hash";

  private Annotations() {}
}
