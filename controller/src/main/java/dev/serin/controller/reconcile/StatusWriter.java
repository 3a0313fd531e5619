package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Written;
import dev.serin.resource.CanaryStatus;
import dev.serin.resource.ResourceJson;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a Canary's status: what was decided at once, what is only worth seeing at most once per
/// interval, what is there already never. Always with the resourceVersion that the decision saw.
final class StatusWriter {
  private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
  private static final Duration CONFLICT = Duration.ofMillis(200);
  private static final Duration UNAVAILABLE = Duration.ofSeconds(1);
  private static final Duration REFUSED = Duration.ofSeconds(30);

  /// How long something that nobody decided has to last to be worth a write.
  private static final Duration LASTING = Duration.ofSeconds(5);

  /// Times that count down in a text are no news.
  private static final Pattern COUNTDOWN = Pattern.compile("\\d+ (s|min|h) more");

  private static final Comparator<JsonNode> VALUES =
      (one, other) -> {
        if (one.isNumber() && other.isNumber()) {
          return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
      };

  private final Cluster cluster;
  private final Remembered memory;
  private final ObjectRef ref;
  private boolean written;

  StatusWriter(Cluster cluster, Remembered memory, ObjectRef ref) {
    this.cluster = cluster;
    this.memory = memory;
    this.ref = ref;
  }

  /// What became of a status.
  sealed interface Result {
    /// @param canary as the server stored it
    record Stored(ObjectNode canary) implements Result {}

    /// It is there already.
    record Same() implements Result {}

    /// @param left how long until it may be written
    record Postponed(Duration left) implements Result {}

    /// It is not known to be stored; what was decided is void.
    ///
    /// @param pause how long to leave the server alone
    record Failed(Duration pause) implements Result {}
  }

  /// Writes a status if there is reason to.
  ///
  /// @param decided whether something was decided, so that the rest of the world depends on it
  /// @param steady now, by the steady clock
  Result write(
      ObjectNode canary, CanaryStatus status, boolean decided, Duration interval, Instant steady) {
    var wanted = ResourceJson.write(status);
    var stored = Fields.at(canary, "status");
    if (isSame(wanted, stored)) {
      memory.newsSince = Optional.empty();
      return new Result.Same();
    }
    if (!decided) {
      if (isSame(wanted, memory.sent) || isSame(timeless(wanted), timeless(stored))) {
        memory.newsSince = Optional.empty();
        return new Result.Same();
      }
      var until = later(memory.sentAt.plus(interval), news(steady).plus(LASTING));
      if (steady.isBefore(until)) {
        return new Result.Postponed(Duration.between(steady, until));
      }
    }
    return send(canary, wanted, steady);
  }

  private Instant news(Instant steady) {
    if (memory.newsSince.isEmpty()) {
      memory.newsSince = Optional.of(steady);
    }
    return memory.newsSince.get();
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /// Writes a status that says why nothing can be done.
  ///
  /// @param steady now, by the steady clock
  Result writeStalled(ObjectNode canary, ObjectNode status, Instant steady) {
    return isSame(status, Fields.at(canary, "status")) || isSame(status, memory.sent)
        ? new Result.Same()
        : send(canary, status, steady);
  }

  private static boolean isSame(JsonNode one, JsonNode other) {
    return one.equals(VALUES, other);
  }

  private static JsonNode timeless(JsonNode status) {
    if (!(status.deepCopy() instanceof ObjectNode copy)) {
      return status;
    }
    copy.put("waitingFor", timeless(Fields.text(copy, "waitingFor")));
    for (var condition : Fields.list(copy, "conditions")) {
      if (condition instanceof ObjectNode fields) {
        fields.put("message", timeless(Fields.text(fields, "message")));
      }
    }
    return copy;
  }

  private static String timeless(String text) {
    return COUNTDOWN.matcher(text).replaceAll("more");
  }

  private Result send(ObjectNode canary, ObjectNode status, Instant steady) {
    ObjectNode copy = canary.deepCopy();
    copy.set("status", status);
    return switch (cluster.write(new Change.Status(ref, copy))) {
      case Written.Done(var stored) -> {
        memory.sent = status;
        memory.sentAt = steady;
        memory.newsSince = Optional.empty();
        memory.warned = "";
        written = true;
        yield new Result.Stored(stored);
      }
      case Written.Conflict _ -> new Result.Failed(CONFLICT);
      case Written.Gone _ -> new Result.Failed(UNAVAILABLE);
      case Written.Refused(var reason) -> {
        memory.trouble = reason;
        warn(memory, ref, "the status cannot be written, so nothing goes on: " + reason);
        yield new Result.Failed(REFUSED);
      }
      case Written.Unavailable(_, var retryAfter) ->
          new Result.Failed(retryAfter.orElse(UNAVAILABLE));
    };
  }

  /// Logs once what no status can tell.
  static void warn(Remembered memory, ObjectRef canary, String what) {
    if (!what.equals(memory.warned)) {
      memory.warned = what;
      LOG.warn("{}/{}: {}", canary.namespace(), canary.name(), what);
    }
  }

  /// Makes sure that nobody else has decided meanwhile: writes what is there already, unless
  /// something was written just now.
  Written confirm(ObjectNode canary) {
    return written ? new Written.Done(canary) : cluster.write(new Change.Status(ref, canary));
  }
}
