package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.cluster.Written;
import dev.serin.controller.workload.Marks;
import dev.serin.controller.workload.RolloutRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rollout records of a Canary.
final class Records {
  private Records() {}

  /// Every record that there is.
  static List<ObjectNode> all(Cluster cluster, ObjectRef canary) {
    return cluster.list(
        Kind.CONTROLLER_REVISION,
        canary.namespace(),
        Map.of(Marks.CANARY, Marks.label(canary.name()), Marks.ROLE, Marks.ROLE_RECORD));
  }

  /// Writes the record of a rollout, unless the same was written before a crash. What the rollout
  /// before it still has to put back is this one's to put back.
  ///
  /// @param owner owner reference to the Canary
  static Written write(Cluster cluster, ObjectRef canary, RolloutRecord record, JsonNode owner) {
    var ref = RolloutRecord.ref(canary.namespace(), canary.name(), record.number());
    if (cluster.find(ref) instanceof Read.Found(var there)) {
      if (RolloutRecord.read(there).filter(record::equals).isPresent()) {
        return new Written.Done(there);
      }
      cluster.write(new Change.Delete(ref, Fields.uid(there)));
    }
    var object = record.object(canary.namespace(), canary.name(), owner);
    owed(cluster, canary, record.number())
        .ifPresent(
            notes -> object.withObject("/metadata/annotations").put(Marks.AUTOSCALERS, notes));
    return cluster.write(new Change.Create(ref, object));
  }

  /// What autoscalers were like before the latest rollout that has not given them back.
  private static Optional<String> owed(Cluster cluster, ObjectRef canary, int number) {
    return all(cluster, canary).stream()
        .filter(record -> Fields.number(record, "revision") < number)
        .sorted(
            Comparator.comparingLong((ObjectNode record) -> Fields.number(record, "revision"))
                .reversed())
        .flatMap(record -> Fields.annotation(record, Marks.AUTOSCALERS).stream())
        .findFirst();
  }

  /// The changes that delete the records of rollouts before this one, which nobody needs any more.
  static List<Change> outdated(Cluster cluster, ObjectRef canary, int number) {
    return all(cluster, canary).stream()
        .filter(record -> Fields.number(record, "revision") < number)
        .<Change>map(
            record ->
                new Change.Delete(
                    Kind.CONTROLLER_REVISION.named(canary.namespace(), Fields.name(record)),
                    Fields.uid(record)))
        .toList();
  }
}
