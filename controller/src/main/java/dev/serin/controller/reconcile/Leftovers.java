package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Read;
import dev.serin.controller.workload.Marks;
import dev.serin.rollout.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Routes that were made for a Canary under names that it does not use any more, because its spec
/// names another target or Service now. They would go on answering for its hosts. The former
/// canary's Service has no pods and goes with the Canary; the one that callers dialled stays, for
/// nobody knows who still does.
final class Leftovers {
  private Leftovers() {}

  /// Whether they can be told: nothing of a rollout is left, and callers have their new route.
  static boolean areKnown(View view) {
    return Standpoint.of(view.state()).trial().isEmpty()
        && view.seen().route() instanceof Seen.Route.Confirmed(var split)
        && !split.loadsCanary();
  }

  static List<Change> of(View view, ObjectNode canary, Cluster cluster) {
    var changes = new ArrayList<Change>();
    for (var kind : kinds(view)) {
      for (var object :
          cluster.list(
              kind, view.declared().namespace(), Map.of(Marks.MANAGED_BY, Marks.MANAGER))) {
        var ref = kind.named(Fields.namespace(object), Fields.name(object));
        if (Fields.isOwnedBy(object, Fields.uid(canary))
            && !view.route().objects().containsKey(ref)) {
          changes.add(new Change.Delete(ref, Fields.uid(object)));
        }
      }
    }
    return changes;
  }

  /// Only what the present route is read from: anything else would have to be watched first.
  private static Set<Kind> kinds(View view) {
    return view.route().objects().entrySet().stream()
        .filter(read -> read.getValue() instanceof Read.Found)
        .map(read -> read.getKey().kind())
        .filter(kind -> !kind.equals(Kind.SERVICE))
        .collect(Collectors.toSet());
  }
}
