package dev.serin.controller.workload;

import dev.serin.cluster.Names;

/// The labels, annotations and names by which objects are told apart. They are part of the public
/// contract: policies, dashboards and people rely on them.
public final class Marks {
  private Marks() {}

  /// Field manager of everything that the controller writes.
  public static final String MANAGER = "serin";

  /// Label of an adopted target, and of everything that was made for a Canary: its name. The hold
  /// policy is bound by it.
  public static final String CANARY = "serin.dev/canary";

  /// Label of what was made, and of canary pods: what it is for. A target has none.
  public static final String ROLE = "serin.dev/role";

  /// Value of [#ROLE] for the copy, its pods and what serves them.
  public static final String ROLE_CANARY = "canary";

  /// Value of [#ROLE] for a Service that was missing.
  public static final String ROLE_STABLE = "stable";

  /// Value of [#ROLE] for rollout records.
  public static final String ROLE_RECORD = "record";

  /// Annotation of the copy: the revision that it runs.
  public static final String REVISION = "serin.dev/revision";

  /// Annotation of the copy: the number of its rollout.
  public static final String ROLLOUT = "serin.dev/rollout";

  /// Annotation of a pod template: the checksum of the configuration that it was released with.
  public static final String CONFIG = "serin.dev/config";

  /// Annotation of a target: the glass is broken, for this reason.
  public static final String BYPASS = "serin.dev/bypass";

  /// Annotation of a rollout record: what autoscalers were like before they were held.
  public static final String AUTOSCALERS = "serin.dev/autoscalers";

  /// Annotation of an autoscaler that may not shrink its target for now.
  public static final String HELD = "serin.dev/held";

  /// Finalizer of a Canary.
  public static final String FINALIZER = "serin.dev/finalizer";

  /// The well-known label that names the tool behind an object.
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /// The name of a Canary as the value of a label.
  public static String label(String canary) {
    return Names.suffixed(canary, "");
  }
}
