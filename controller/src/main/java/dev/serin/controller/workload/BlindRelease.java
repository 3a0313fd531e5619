package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lets go of workloads by their mark alone, when nothing is known any more of what their Canary
/// declared.
public final class BlindRelease {
  private BlindRelease() {}

  /// The changes that take mark and hold off everything that carries the mark of a Canary. A
  /// template that was held back is not let loose: the one of the stable revision is put back, as
  /// far as live pods, or records and what the Canary's status shows, tell which one that is.
  public static List<Change> of(Cluster cluster, JsonNode canary) {
    var mark = Map.of(Marks.CANARY, Marks.label(Fields.name(canary)));
    var reverts = !Fields.at(canary, "spec", "revertOnDeletion").equals(BooleanNode.FALSE);
    return Workloads.TEMPLATED.stream()
        .flatMap(
            kind ->
                cluster.list(kind.kind(), Fields.namespace(canary), mark).stream()
                    .filter(found -> Fields.label(found, Marks.ROLE).isEmpty())
                    .map(found -> leave(kind, found, reverts, canary, cluster)))
        .toList();
  }

  private static Change leave(
      WorkloadKind kind, ObjectNode target, boolean reverts, JsonNode canary, Cluster cluster) {
    var patch = new Operations();
    if (reverts && kind.isHeld(target)) {
      var carried = Templates.asDeclared(Fields.at(target, "spec", "template"));
      stable(kind, target, canary, cluster)
          .filter(template -> !template.equals(carried))
          .ifPresent(template -> patch.set("/spec/template", template));
    }
    kind.free(target, patch);
    patch.remove("/metadata/labels/" + Managed.escaped(Marks.CANARY));
    return patch.change(kind.ref(target), target);
  }

  private static Optional<ObjectNode> stable(
      WorkloadKind kind, JsonNode target, JsonNode canary, Cluster cluster) {
    return kind.remembers()
        ? kind.live(target, cluster)
            .map(live -> Templates.asDeclared(Fields.at(live, "spec", "template")))
        : recorded(target, canary, cluster);
  }

  /// The template of the revision that the status names as stable, as the newest record of this
  /// target has it.
  private static Optional<ObjectNode> recorded(JsonNode target, JsonNode canary, Cluster cluster) {
    var stable = Fields.text(canary, "status", "stableRevision");
    var records =
        Map.of(Marks.CANARY, Marks.label(Fields.name(canary)), Marks.ROLE, Marks.ROLE_RECORD);
    return cluster.list(Kind.CONTROLLER_REVISION, Fields.namespace(canary), records).stream()
        .flatMap(record -> RolloutRecord.read(record).stream())
        .filter(record -> record.targetUid().equals(Fields.uid(target)))
        .sorted(Comparator.comparingInt(RolloutRecord::number).reversed())
        .flatMap(record -> record.templateOf(stable).stream())
        .findFirst()
        .map(Templates::asDeclared);
  }
}
