package dev.serin.controller.workload;

import dev.serin.cluster.Cluster;
import dev.serin.cluster.Kind;
import dev.serin.parse.CanaryDeclaration;
import java.util.List;

/// Two Services whose pods somebody else runs: the one that callers dial is stable, the one beside
/// it is the canary. A revision is what the canary's Service selects; to promote it is to let the
/// stable Service select the same.
public final class ServiceWorkload implements Workload {

  @Override
  public boolean drives(CanaryDeclaration.Target target) {
    return target.kind().equals(Kind.SERVICE.kind());
  }

  @Override
  public List<Kind> kinds() {
    return List.of(Kind.SERVICE, Kind.ENDPOINT_SLICE, Kind.CONTROLLER_REVISION);
  }

  @Override
  public Sight look(Subject subject, Cluster cluster) {
    return ServiceSight.of(subject, cluster);
  }
}
