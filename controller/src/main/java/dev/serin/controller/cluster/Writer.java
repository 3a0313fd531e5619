package dev.serin.controller.cluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Change.Apply;
import dev.serin.cluster.Change.Create;
import dev.serin.cluster.Change.Delete;
import dev.serin.cluster.Change.Merge;
import dev.serin.cluster.Change.Patch;
import dev.serin.cluster.Change.Status;
import dev.serin.cluster.Written;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Sends changes and turns the server's answers into values.
final class Writer {

  /// The field manager of everything that is written.
  static final String MANAGER = "serin";

  private static final Duration DEADLINE = Duration.ofSeconds(15);

  /// Changes that may be under way at the same time; more would only queue in the server.
  private static final int CONCURRENT = 32;

  private static final Duration LONGEST_QUEUE = Duration.ofSeconds(30);

  private final Transport transport;
  private final InstantSource clock;
  private final Semaphore places = new Semaphore(CONCURRENT);
  private volatile Instant notBefore = Instant.EPOCH;

  Writer(Transport transport, InstantSource clock) {
    this.transport = transport;
    this.clock = clock;
  }

  Written write(Change change) {
    var now = clock.instant();
    if (now.isBefore(notBefore)) {
      return new Written.Unavailable(
          "the API server asked to be left alone", Optional.of(Duration.between(now, notBefore)));
    }
    try {
      if (!places.tryAcquire(LONGEST_QUEUE.toMillis(), TimeUnit.MILLISECONDS)) {
        return unavailable(
            "%d changes are already waiting for the API server".formatted(CONCURRENT));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unavailable("the controller stops");
    }
    try {
      return answer(change, transport.send(call(change)));
    } catch (IOException e) {
      return unavailable("the API server does not answer: " + e.getMessage());
    } finally {
      places.release();
    }
  }

  private static Call call(Change change) {
    var ref = change.ref();
    var path = Paths.of(ref);
    var manager = "?fieldManager=" + MANAGER;
    return switch (change) {
      case Create(var _, var object) ->
          Call.with(
              "POST",
              Paths.collection(ref.kind(), ref.namespace()) + manager,
              Call.JSON,
              Json.text(identified(change, object)),
              DEADLINE);
      case Apply(var _, var object) ->
          Call.with(
              "PATCH",
              path + manager + "&force=true",
              Call.APPLY,
              Json.text(identified(change, object)),
              DEADLINE);
      case Merge(var _, var patch) ->
          Call.with("PATCH", path + manager, Call.MERGE_PATCH, Json.text(patch), DEADLINE);
      case Patch(var _, var version, var operations) ->
          Call.with(
              "PATCH",
              path + manager,
              Call.JSON_PATCH,
              Json.text(conditional(version, operations)),
              DEADLINE);
      case Status(var _, var object) ->
          Call.with(
              "PUT",
              path + "/status" + manager,
              Call.JSON,
              Json.text(identified(change, object)),
              DEADLINE);
      case Delete(var _, var uid) ->
          Call.with("DELETE", path, Call.JSON, Json.text(deletion(uid)), DEADLINE);
    };
  }

  /// The object with the kind, name and namespace of its address, which the server insists on.
  private static ObjectNode identified(Change change, ObjectNode object) {
    var ref = change.ref();
    var whole = object.deepCopy();
    whole.put("apiVersion", ref.kind().apiVersion());
    whole.put("kind", ref.kind().kind());
    var metadata = whole.withObjectProperty("metadata");
    metadata.put("name", ref.name());
    if (ref.kind().namespaced()) {
      metadata.put("namespace", ref.namespace());
    }
    return whole;
  }

  /// The resourceVersion in the patched object is what the server compares, and answers 409 when it
  /// differs. A `test` would be answered by 422, like any patch that makes no sense.
  private static ArrayNode conditional(String version, ArrayNode operations) {
    var all = Json.MAPPER.createArrayNode();
    all.addObject()
        .put("op", "replace")
        .put("path", "/metadata/resourceVersion")
        .put("value", version);
    return all.addAll(operations);
  }

  private static ObjectNode deletion(String uid) {
    var options = Json.MAPPER.createObjectNode();
    options.put("apiVersion", "v1").put("kind", "DeleteOptions");
    options.put("propagationPolicy", "Background");
    options.putObject("preconditions").put("uid", uid);
    return options;
  }

  private Written answer(Change change, Transport.Reply reply) {
    if (reply.ok()) {
      return new Written.Done(
          reply.body() instanceof ObjectNode object ? object : Json.MAPPER.createObjectNode());
    }
    var reason = change.ref() + ": " + reply.message();
    return switch (reply.code()) {
      case 409 -> new Written.Conflict(reason);
      case 404, 410 -> new Written.Gone(reason);
      case 400, 403, 405, 413, 415, 422 -> new Written.Refused(reason);
      default -> {
        reply.retryAfter().ifPresent(pause -> notBefore = clock.instant().plus(shortened(pause)));
        yield new Written.Unavailable(
            change.ref() + ": the API server answers " + reply.code() + ": " + reply.message(),
            reply.retryAfter());
      }
    };
  }

  /// A proxy that asks for hours is not to be believed.
  private static Duration shortened(Duration pause) {
    var longest = Duration.ofSeconds(30);
    return pause.compareTo(longest) > 0 ? longest : pause;
  }

  private static Written unavailable(String reason) {
    return new Written.Unavailable(reason, Optional.empty());
  }
}
