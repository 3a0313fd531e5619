package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Other controllers that release workloads. Two that drive one target would undo each other.
final class Foreign {
  private static final Kind FLAGGER =
      new Kind("flagger.app", "v1beta1", "Canary", "canaries", true);
  private static final Kind ARGO = new Kind("argoproj.io", "v1alpha1", "Rollout", "rollouts", true);
  private static final Kind KRUISE =
      new Kind("rollouts.kruise.io", "v1beta1", "Rollout", "rollouts", true);

  /// Their kinds, which are looked at where they are installed.
  static final List<Kind> KINDS = List.of(FLAGGER, ARGO, KRUISE);

  private Foreign() {}

  /// Who else drives a workload, each with a cure.
  static List<String> drivers(Cluster cluster, WorkloadKind workload, JsonNode target) {
    var drivers = new ArrayList<String>();
    var namespace = Fields.namespace(target);
    var name = Fields.name(target);
    for (var kind : KINDS) {
      if (!cluster.serves(kind)) {
        continue;
      }
      for (var object : cluster.list(kind, namespace, Map.of())) {
        if (drives(kind, object, workload, name)) {
          drivers.add(
              "%s/%s %s drives %s too; delete it, or name another target"
                  .formatted(
                      kind.group(), kind.kind(), Fields.name(object), workload.words(target)));
        }
      }
    }
    for (var owner : Fields.list(target, "metadata", "ownerReferences")) {
      var group = Fields.text(owner, "apiVersion").replaceAll("/.*", "");
      if (KINDS.stream().anyMatch(kind -> kind.group().equals(group))) {
        drivers.add(
            "%s belongs to %s/%s %s; name a %s of yours as the target"
                .formatted(
                    workload.words(target),
                    group,
                    Fields.text(owner, "kind"),
                    Fields.text(owner, "name"),
                    workload.kind().kind()));
      }
    }
    return drivers;
  }

  private static boolean drives(Kind kind, JsonNode object, WorkloadKind workload, String name) {
    var ref =
        kind.equals(FLAGGER)
            ? Fields.at(object, "spec", "targetRef")
            : Fields.at(object, "spec", "workloadRef");
    return Fields.text(ref, "kind").equals(workload.kind().kind())
        && Fields.text(ref, "name").equals(name);
  }
}
