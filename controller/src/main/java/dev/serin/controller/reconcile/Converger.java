package dev.serin.controller.reconcile;

import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Kind;
import dev.serin.controller.workload.Workload;
import dev.serin.controller.workload.Workload.Stage;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.Seen;
import dev.serin.rollout.Wanted;
import dev.serin.rollout.Withdrawal;
import java.util.List;

/// Makes the wanted world so, in a safe order: hold, services, grow, route, shrink, let go.
final class Converger {
  private Converger() {}

  /// @return whether nothing is left to be done
  static boolean converge(View view, FormerRoutes former, Cluster cluster, Writes writes) {
    var wanted = view.wanted();
    var traffic = traffic(view.seen().route());
    var sight = view.sight();
    var done =
        writes.all(sight.changes(Stage.HOLD, wanted, traffic))
            && writes.all(sight.changes(Stage.SERVICES, wanted, traffic))
            && writes.all(sight.changes(Stage.GROW, wanted, traffic))
            && writes.all(route(view, wanted))
            && (!hasLeft(view.state()) || former.letGo(writes))
            && writes.all(sight.changes(Stage.SHRINK, wanted, traffic))
            && writes.all(sight.changes(Stage.LET_GO, wanted, traffic));
    return done
        && writes.all(sight.changes(Stage.ASIDE, wanted, traffic))
        && writes.all(outdated(view, cluster));
  }

  private static Workload.Traffic traffic(Seen.Route route) {
    return switch (route) {
      case Seen.Route.Confirmed(var split) ->
          split.loadsCanary() ? Workload.Traffic.POSSIBLE : Workload.Traffic.NONE;
      case Seen.Route.Absent _ -> Workload.Traffic.NONE;
      case Seen.Route.Unconfirmed _, Seen.Route.Unfit _ -> Workload.Traffic.POSSIBLE;
    };
  }

  private static List<Change> route(View view, Wanted wanted) {
    var route = view.route();
    if (hasLeft(view.state())) {
      return route.mesh().letGo(route.request(), route.objects());
    }
    return wanted
        .split()
        .map(split -> route.mesh().route(route.request(), split, route.objects()))
        .orElse(List.of());
  }

  /// Whether a target is being let go and nothing of its canary is left.
  static boolean hasLeft(RolloutState state) {
    return state instanceof RolloutState.Terminating at
        && at.withdrawal() instanceof Withdrawal.Done;
  }

  private static List<Change> outdated(View view, Cluster cluster) {
    var canary = Kind.CANARY.named(view.declared().namespace(), view.declared().name());
    return Standpoint.of(view.state())
        .trial()
        .map(trial -> Records.outdated(cluster, canary, trial.number()))
        .orElse(List.of());
  }
}
