package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import java.util.ArrayList;
import java.util.List;

/// The record of an adoption: what the target ran then. Only kinds have one of which nothing else
/// remembers the template that live pods run.
final class Baseline {
  /// Comes before the first rollout, and goes with it.
  static final int NUMBER = 0;

  private Baseline() {}

  /// The changes after which the template of the stable revision is remembered; none while the
  /// target carries another one, and when a record has it already.
  static List<Change> changes(Subject subject, Surroundings around, Templated templated) {
    var target = around.target().found();
    var stable = subject.stable().filter(templated.revision()::equals);
    if (around.kind().remembers()
        || target.isEmpty()
        || stable.isEmpty()
        || templated.recorded(stable.get()).isPresent()) {
      return List.of();
    }
    var template = Templates.asDeclared(Fields.at(target.get(), "spec", "template"));
    var record =
        new RolloutRecord(
            NUMBER,
            stable.get(),
            stable.get(),
            template,
            template,
            templated.digest(),
            Fields.uid(target.get()),
            "",
            around.kind().replicas(target.get()),
            JsonNodeFactory.instance.objectNode());
    var ref = RolloutRecord.ref(subject.namespace(), subject.name(), NUMBER);
    var changes = new ArrayList<Change>();
    around.baseline().ifPresent(old -> changes.add(new Change.Delete(ref, Fields.uid(old))));
    changes.add(
        new Change.Create(
            ref,
            record.object(
                subject.namespace(), subject.name(), subject.declared().route().owner())));
    return changes;
  }
}
