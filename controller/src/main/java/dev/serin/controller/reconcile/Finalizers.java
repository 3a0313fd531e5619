package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.ObjectRef;
import dev.serin.controller.workload.Marks;
import dev.serin.rollout.RolloutState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The finalizer that keeps a Canary until its target was let go.
final class Finalizers {
  /// How long a refused write may keep a Canary, after everything else had its time.
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private Finalizers() {}

  static boolean has(JsonNode canary) {
    return names(canary).contains(Marks.FINALIZER);
  }

  private static List<String> names(JsonNode canary) {
    return Fields.list(canary, "metadata", "finalizers").stream().map(JsonNode::asText).toList();
  }

  static Change add(ObjectRef ref, ObjectNode canary) {
    var patch = patch(canary);
    var finalizers = patch.withArray("/metadata/finalizers");
    names(canary).forEach(finalizers::add);
    finalizers.add(Marks.FINALIZER);
    return new Change.Merge(ref, patch);
  }

  static Change remove(ObjectRef ref, ObjectNode canary) {
    var patch = patch(canary);
    var finalizers = patch.withArray("/metadata/finalizers");
    names(canary).stream().filter(name -> !name.equals(Marks.FINALIZER)).forEach(finalizers::add);
    return new Change.Merge(ref, patch);
  }

  private static ObjectNode patch(ObjectNode canary) {
    var patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").put("resourceVersion", Fields.resourceVersion(canary));
    return patch;
  }

  /// Whether a Canary may go: everything is let go, or what is left has been refused for so long
  /// that nobody is helped by keeping it.
  static boolean mayGo(View view, boolean complete, Instant now) {
    var plan = view.declared().plan();
    return complete
        || (view.state() instanceof RolloutState.Terminating at
            && now.isAfter(
                at.since().plus(plan.progressDeadline()).plus(plan.drain()).plus(PATIENCE)));
  }
}
