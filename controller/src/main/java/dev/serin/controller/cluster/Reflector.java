package dev.serin.controller.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a [Store] like the server's: lists a kind once, then follows its watch, and lists again
/// only when the server cannot resume (410 Gone). Runs on a virtual thread of its own until closed.
final class Reflector implements AutoCloseable {

  /// What is followed.
  ///
  /// @param namespace empty for all namespaces
  /// @param labelSelector empty for every object
  /// @param fieldSelector empty for every object
  /// @param metadataOnly whether the server leaves out everything but the metadata
  record Scope(
      Kind kind,
      String namespace,
      String labelSelector,
      String fieldSelector,
      boolean metadataOnly) {}

  /// How far it is.
  sealed interface State {

    /// Nothing is known yet.
    record Filling() implements State {}

    /// The store is like the server's, or a little behind.
    record Synced() implements State {}

    /// The server does not know the kind (its definition is not installed).
    record NotServed() implements State {}

    /// The server does not let this process read the kind, or does not answer any more: what is
    /// stored, if anything, is old.
    record Failing(String reason) implements State {}
  }

  private static final Logger LOG = LoggerFactory.getLogger(Reflector.class);

  private static final int PAGE = 500;
  private static final Duration LIST_DEADLINE = Duration.ofSeconds(60);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  /// A watch that ends sooner, and told nothing, did not hold.
  private static final Duration HELD = Duration.ofSeconds(1);

  /// So many failures in a row, which take about a second, are more than a connection that broke:
  /// from then on what is stored is old.
  private static final int TOLERATED = 4;

  /// How soon a kind that is not served is looked for again when nothing tells of it sooner.
  private static final Duration NOT_SERVED_PAUSE = Duration.ofMinutes(5);

  /// The same while somebody does.
  private static final Duration TOLD_PAUSE = Duration.ofHours(6);

  private final Transport transport;
  private final Scope scope;
  private final Store store;
  private final Reachability reachability;
  private final Runnable onSynced;
  private final BooleanSupplier told;
  private final CountDownLatch firstAnswer = new CountDownLatch(1);
  private final Thread thread;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Semaphore pokes = new Semaphore(0);

  private volatile State state = new State.Filling();
  private volatile Runnable onState = () -> {};
  private volatile boolean gaveUp;
  private String version = "";
  private int failures;
  private String explained = "";

  /// @param onSynced called when the store becomes like the server's after somebody was told that
  ///   it is not
  /// @param told whether somebody calls [#poke] when a kind that is not served may be
  Reflector(
      Transport transport,
      Scope scope,
      Store store,
      Reachability reachability,
      Runnable onSynced,
      BooleanSupplier told) {
    this.transport = transport;
    this.scope = scope;
    this.store = store;
    this.reachability = reachability;
    this.onSynced = onSynced;
    this.told = told;
    this.thread = Thread.ofVirtual().name("watch " + scope.kind().plural()).unstarted(this::run);
  }

  /// From now on this is called after each change of the state.
  Reflector onState(Runnable listener) {
    onState = listener;
    return this;
  }

  Reflector start() {
    thread.start();
    return this;
  }

  State state() {
    return state;
  }

  /// Whether it still does its work, or was closed.
  boolean alive() {
    return thread.isAlive() || closed.get();
  }

  /// Waits until the first answer is there, whatever it is.
  ///
  /// @return the state after that time
  State await(Duration patience) throws InterruptedException {
    if (!firstAnswer.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      gaveUp = true;
    }
    return state;
  }

  /// Makes a reflector that waits try again now.
  void poke() {
    pokes.release();
  }

  /// Ends as soon as the connection is closed: a watch under way cannot be closed from another
  /// thread, the connection can.
  @Override
  public void close() {
    closed.set(true);
    pokes.release();
  }

  private void run() {
    while (!closed.get()) {
      try {
        if (version.isEmpty()) {
          list();
        } else {
          follow();
        }
      } catch (IOException e) {
        if (!closed.get()) {
          // One connection that breaks is everyday life.
          if (failures > 0) {
            reachability.failed(e);
          }
          pause(
              new State.Failing("the API server does not answer: " + e.getMessage()),
              Optional.empty());
        }
      } catch (RuntimeException e) {
        var failing = new State.Failing("internal error: " + e);
        if (!failing.reason().equals(explained)) {
          explained = failing.reason();
          LOG.error("watching {} failed and starts anew", scope.kind().plural(), e);
        }
        version = "";
        pause(failing, Optional.empty());
      }
    }
  }

  private void list() throws IOException {
    var objects = new ArrayList<ObjectNode>();
    var listVersion = "";
    var next = "";
    do {
      var path = path("limit=" + PAGE + (next.isEmpty() ? "" : "&continue=" + Paths.query(next)));
      var reply = transport.send(Call.get(path, accept("List"), LIST_DEADLINE));
      if (!reply.ok()) {
        refused(reply.code(), reply.message(), reply.retryAfter());
        return;
      }
      reachability.answered();
      collect(reply.body().path("items"), objects);
      listVersion = reply.body().path("metadata").path("resourceVersion").asText();
      next = reply.body().path("metadata").path("continue").asText();
    } while (!next.isEmpty());
    store.replace(objects, Json.version(listVersion));
    version = listVersion.isEmpty() ? "0" : listVersion;
    synced();
  }

  private void collect(JsonNode items, List<ObjectNode> into) {
    for (var item : items) {
      if (item instanceof ObjectNode object) {
        into.add(named(object));
      }
    }
  }

  private void follow() throws IOException {
    // Not all watches of all processes should end at the same time.
    var lasts = Duration.ofSeconds(ThreadLocalRandom.current().nextLong(300, 600));
    var path =
        path(
            "watch=true&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=%s"
                .formatted(lasts.toSeconds(), version));
    var deadline = lasts.plusSeconds(30);
    var began = System.nanoTime();
    try (var stream = transport.open(new Call("GET", path, "", "", accept(""), deadline))) {
      if (stream.code() != 200) {
        var message = new String(stream.body().readNBytes(4096), StandardCharsets.UTF_8);
        refused(stream.code(), message, stream.retryAfter());
        return;
      }
      reachability.answered();
      try {
        if (read(stream) == End.SAID_WHY) {
          return;
        }
      } finally {
        if (System.nanoTime() - began > HELD.toNanos()) {
          holds();
        }
      }
    }
    // Whoever answers and hangs up at once must not be asked without a pause.
    if (System.nanoTime() - began <= HELD.toNanos() && !closed.get()) {
      pause(new State.Failing("watches end as soon as they begin"), Optional.empty());
    }
  }

  private enum End {
    /// As every answer ends at some time.
    SILENT,
    /// The server told that the watch cannot go on, and what follows from that is done.
    SAID_WHY
  }

  private void holds() {
    failures = 0;
    explained = "";
  }

  private End read(Transport.Stream stream) throws IOException {
    try (var events = Json.MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(stream.body())) {
      while (events.hasNextValue()) {
        var event = events.nextValue();
        if (!(event.path("object") instanceof ObjectNode object)) {
          continue;
        }
        switch (event.path("type").asText()) {
          case "ADDED", "MODIFIED" -> store.put(named(object));
          case "DELETED" -> store.gone(object);
          case "ERROR" -> {
            refused(object.path("code").asInt(), object.path("message").asText(), Optional.empty());
            return End.SAID_WHY;
          }
          default -> {
            // A bookmark: only its version counts.
          }
        }
        version = object.path("metadata").path("resourceVersion").asText(version);
        holds();
        synced();
      }
    }
    return End.SILENT;
  }

  /// Answers other than 200.
  private void refused(int code, String message, Optional<Duration> retryAfter) {
    reachability.answered();
    switch (code) {
      case 410 -> {
        version = "";
        if (failures > 0) {
          pause(state, retryAfter);
        }
        failures++;
      }
      case 404 -> {
        version = "";
        if (state instanceof State.Synced && failures < TOLERATED) {
          // A proxy that has lost its way says the same; what was there is not gone for that.
          pause(new State.Failing("the API server answers 404: " + message), retryAfter);
        } else {
          store.clear();
          pause(
              new State.NotServed(),
              Optional.of(told.getAsBoolean() ? TOLD_PAUSE : NOT_SERVED_PAUSE));
        }
      }
      default -> {
        if (code == 400) {
          version = "";
        }
        pause(
            new State.Failing("the API server answers %d: %s".formatted(code, message)),
            retryAfter);
      }
    }
  }

  private void synced() {
    if (state instanceof State.Synced) {
      return;
    }
    var awaited = gaveUp || !(state instanceof State.Filling);
    gaveUp = false;
    state = new State.Synced();
    firstAnswer.countDown();
    onState.run();
    if (awaited) {
      onSynced.run();
    }
  }

  /// Waits before trying again, longer after each failure, unless somebody knows better.
  private void pause(State meanwhile, Optional<Duration> atLeast) {
    failures++;
    // One failure makes nothing untrue that is stored; many in a row do. Then everything is listed
    // anew, so that what is told next is true from its first moment.
    var old = failures > TOLERATED;
    if (!(state instanceof State.Synced) || meanwhile instanceof State.NotServed || old) {
      announce(meanwhile);
      state = meanwhile;
      version = "";
      firstAnswer.countDown();
      onState.run();
    }
    var factor = 1L << Math.min(failures - 1, 10);
    var longest = Math.min(FIRST_PAUSE.toMillis() * factor, LONGEST_PAUSE.toMillis());
    var millis = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
    millis = Math.max(millis, atLeast.map(Duration::toMillis).orElse(0L));
    try {
      var _ = pokes.tryAcquire(millis, TimeUnit.MILLISECONDS);
      pokes.drainPermits();
    } catch (InterruptedException e) {
      closed.set(true);
    }
  }

  private void announce(State next) {
    if (next instanceof State.Failing(var reason)
        && !reason.equals(explained)
        && !reachability.away()) {
      explained = reason;
      LOG.warn("{} cannot be watched: {}", scope.kind().plural(), reason);
    }
  }

  /// Items of lists come without kind and version; every object here carries its own.
  private ObjectNode named(ObjectNode object) {
    object.put("apiVersion", scope.kind().apiVersion());
    object.put("kind", scope.kind().kind());
    return Json.prune(object);
  }

  private String path(String query) {
    var selectors = new StringBuilder();
    if (!scope.labelSelector().isEmpty()) {
      selectors.append("&labelSelector=").append(Paths.query(scope.labelSelector()));
    }
    if (!scope.fieldSelector().isEmpty()) {
      selectors.append("&fieldSelector=").append(Paths.query(scope.fieldSelector()));
    }
    return Paths.collection(scope.kind(), scope.namespace()) + "?" + query + selectors;
  }

  private String accept(String suffix) {
    return scope.metadataOnly()
        ? "application/json;as=PartialObjectMetadata%s;g=meta.k8s.io;v=v1,%s"
            .formatted(suffix, Call.JSON)
        : Call.JSON;
  }
}
