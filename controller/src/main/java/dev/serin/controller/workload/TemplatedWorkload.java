package dev.serin.controller.workload;

import dev.serin.cluster.Cluster;
import dev.serin.cluster.Kind;
import dev.serin.parse.CanaryDeclaration;
import java.util.ArrayList;
import java.util.List;

/// Workloads whose pods follow a template, released in place: the user's own is stable, a
/// short-lived copy of it runs the new revision.
public final class TemplatedWorkload implements Workload {
  private final WorkloadKind kind;

  private TemplatedWorkload(WorkloadKind kind) {
    this.kind = kind;
  }

  /// One for each kind: Deployments, StatefulSets, DaemonSets.
  static List<Workload> all() {
    return Workloads.TEMPLATED.stream().<Workload>map(TemplatedWorkload::new).toList();
  }

  @Override
  public boolean drives(CanaryDeclaration.Target target) {
    return target.kind().equals(kind.kind().kind());
  }

  @Override
  public List<Kind> kinds() {
    var kinds =
        new ArrayList<>(
            List.of(
                kind.kind(),
                Kind.REPLICA_SET,
                Kind.POD,
                Kind.SERVICE,
                Kind.CONFIG_MAP,
                Kind.SECRET,
                Kind.PERSISTENT_VOLUME_CLAIM,
                Kind.POD_DISRUPTION_BUDGET,
                Kind.HORIZONTAL_POD_AUTOSCALER,
                Kind.SCALED_OBJECT,
                Kind.CONTROLLER_REVISION));
    kinds.addAll(Coverage.KINDS);
    kinds.addAll(Foreign.KINDS);
    return kinds.stream().distinct().toList();
  }

  @Override
  public Sight look(Subject subject, Cluster cluster) {
    return TemplatedSight.of(subject, Surroundings.read(kind, subject, cluster), cluster);
  }
}
