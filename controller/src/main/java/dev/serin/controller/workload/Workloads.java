package dev.serin.controller.workload;

import java.util.ArrayList;
import java.util.List;

/// The kinds of targets that can be driven.
public final class Workloads {
  /// Those whose pods follow a template.
  static final List<WorkloadKind> TEMPLATED =
      List.of(new Deployments(), new StatefulSets(), new DaemonSets());

  private Workloads() {}

  /// All of them.
  public static List<Workload> all() {
    var all = new ArrayList<>(TemplatedWorkload.all());
    all.add(new ServiceWorkload());
    return List.copyOf(all);
  }
}
