package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Read;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Commands for Canaries that do not exist. No reconcile comes across them, and whoever waits for
/// an answer would wait for ever.
public final class StrayCommands {
  /// How often somebody should look for them; it costs no request.
  public static final Duration PERIOD = Duration.ofSeconds(10);

  /// A Canary that was created together with a command may be heard of a little later.
  private static final Duration GRACE = Duration.ofSeconds(10);

  private StrayCommands() {}

  /// Refuses those that are there, and deletes those that were refused long ago.
  public static void answer(Cluster cluster, Instant now) {
    cluster.list(Kind.CANARY_COMMAND, "", Map.of()).stream()
        .filter(command -> !Fields.isDeleting(command))
        .filter(command -> isStray(command, cluster))
        .flatMap(command -> changes(command, now))
        .forEach(cluster::write);
  }

  private static boolean isStray(ObjectNode command, Cluster cluster) {
    var canary =
        Kind.CANARY.named(Fields.namespace(command), Fields.text(command, "spec", "canary"));
    return cluster.find(canary) instanceof Read.Absent;
  }

  private static Stream<Change> changes(ObjectNode command, Instant now) {
    var created = Fields.instant(command, "metadata", "creationTimestamp").orElse(Instant.EPOCH);
    if (now.isBefore(created.plus(GRACE))) {
      return Stream.of();
    }
    var commands = new Commands(List.of(command), List.of());
    return Stream.concat(
        commands.refuse(why(command), now).stream(), commands.collect(now).stream());
  }

  private static String why(ObjectNode command) {
    return "spec.canary is '%s'; there is no such Canary in namespace %s"
        .formatted(Fields.text(command, "spec", "canary"), Fields.namespace(command));
  }
}
