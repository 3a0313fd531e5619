package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.controller.reconcile.StatusDraft.Stall;
import dev.serin.resource.CanaryStatus;
import dev.serin.resource.ResourceJson;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.Seen;
import dev.serin.status.Conditions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Why nothing goes on though it should.
final class Stalls {
  private Stalls() {}

  /// @param trouble what went wrong when the wanted world was made last
  static Optional<Stall> of(View view, String trouble) {
    if (!trouble.isEmpty()) {
      return Optional.of(new Stall("WriteRefused", trouble));
    }
    var seen = view.seen();
    return switch (seen.target()) {
      case Seen.Target.Unfit(var problems) -> Optional.of(stall("TargetUnfit", problems));
      case Seen.Target.Missing _ when view.state() instanceof RolloutState.Initializing ->
          Optional.of(
              new Stall(
                  "TargetMissing",
                  view.declared().target().kind()
                      + " "
                      + view.declared().target().name()
                      + " does not exist; make it, or correct spec.targetRef"));
      case Seen.Target.Missing _, Seen.Target.Unknown _, Seen.Target.Present _ ->
          seen.route() instanceof Seen.Route.Unfit(var problems)
              ? Optional.of(stall("RouteUnfit", problems))
              : Optional.empty();
    };
  }

  private static Stall stall(String reason, List<String> problems) {
    return new Stall(reason, String.join("\n", problems));
  }

  /// The status of a Canary of which nothing can be understood: as it was, with the reason.
  static ObjectNode status(
      JsonNode canary,
      CanaryStatus before,
      String reason,
      String message,
      long generation,
      Instant now) {
    var status =
        Fields.at(canary, "status") instanceof ObjectNode stored
            ? stored.deepCopy()
            : ResourceJson.write(Blank.status());
    status.put("observedGeneration", generation);
    if (!status.has("phase")) {
      status.put("phase", "Initializing");
    }
    var conditions =
        Conditions.merge(
            before.conditions() == null ? List.of() : before.conditions(),
            Conditions.stalled(reason, message),
            generation,
            now);
    var array = status.putArray("conditions");
    conditions.forEach(condition -> array.add(ResourceJson.write(condition)));
    return status;
  }
}
