package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Written;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Sends changes in order, until one does not succeed.
final class Writes {
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration LATER = Duration.ofSeconds(1);
  private static final Duration REFUSED = Duration.ofSeconds(10);
  private static final int CONFLICTS = 4;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final Remembered memory;
  private final Supplier<Written> guard;
  private boolean guarded;
  private Optional<Duration> lookAgain = Optional.empty();
  private String trouble = "";

  /// @param guard makes sure that this process still may write; asked once, before the first change
  ///   that carries no resourceVersion
  Writes(Cluster cluster, Remembered memory, Supplier<Written> guard) {
    this.cluster = cluster;
    this.memory = memory;
    this.guard = guard;
  }

  /// Sends changes; what is gone already is as good as done.
  ///
  /// @return whether all succeeded, so that what comes after them may be done
  boolean all(List<Change> changes) {
    for (var change : changes) {
      if (!isConditional(change) && !guarded) {
        guarded = true;
        if (!succeeds(guard.get())) {
          return false;
        }
      }
      if (!succeeds(cluster.write(change))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isConditional(Change change) {
    return switch (change) {
      case Change.Create _ -> false;
      case Change.Apply(_, ObjectNode object) -> object.path("metadata").has("resourceVersion");
      case Change.Merge _, Change.Patch _, Change.Status _, Change.Delete _ -> true;
    };
  }

  private boolean succeeds(Written written) {
    return switch (written) {
      case Written.Done _, Written.Gone _ -> true;
      // Once is everyday life; again and again there is somebody whom a person has to talk to.
      case Written.Conflict(var reason) -> fails(memory.failures < CONFLICTS ? "" : reason, SOON);
      case Written.Refused(var reason) -> fails(reason, REFUSED);
      case Written.Unavailable(var reason, var retryAfter) ->
          fails(reason, retryAfter.orElse(LATER));
    };
  }

  private boolean fails(String reason, Duration pause) {
    if (trouble.isEmpty()) {
      trouble = reason;
    }
    var longer = pause.multipliedBy(1L << Math.min(memory.failures, 6));
    var bounded = longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
    lookAgain = Optional.of(bounded.compareTo(pause) < 0 ? pause : bounded);
    return false;
  }

  /// Takes note of how it went, for the next look.
  void close() {
    memory.trouble = trouble;
    memory.failures = lookAgain.isPresent() ? memory.failures + 1 : 0;
  }

  /// When to try again; empty when everything succeeded.
  Optional<Duration> lookAgain() {
    return lookAgain;
  }

  /// What a person may have to look at; empty when nothing.
  String trouble() {
    return trouble;
  }
}
