package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.ApiClient;
import dev.serin.sandbox.api.ApiException;
import dev.serin.sandbox.api.ApiStore;
import dev.serin.sandbox.api.Caller;
import dev.serin.sandbox.api.Meta;
import dev.serin.sandbox.api.Watch;
import dev.serin.sandbox.api.WatchOptions;
import dev.serin.sandbox.time.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// A part of the control plane that makes objects so, one at a time, a moment after something about
/// them changed. Its work runs on the scheduler only.
abstract class Controller implements AutoCloseable {

  private static final Duration RETRY = Duration.ofMillis(200);

  /// What controllers work with.
  ///
  /// @param reaction from a change to the look at it; positive, so that virtual time goes on
  record Surroundings(ApiStore store, Scheduler scheduler, Duration reaction) {}

  /// Which object.
  ///
  /// @param namespace "" for none
  record Key(String namespace, String name) {

    static Key of(ObjectNode object) {
      return new Key(Meta.namespace(object), Meta.name(object));
    }
  }

  private record Alarm(Instant at, Scheduler.Scheduled scheduled) {}

  final ApiStore store;
  final ApiClient api;
  final Scheduler scheduler;
  private final Duration reaction;
  private final Set<Key> due = new LinkedHashSet<>();
  private final Map<Key, Alarm> alarms = new HashMap<>();
  private final List<Watch> watches = new ArrayList<>();
  private boolean woken;

  /// @param name such as `deployment-controller`; whom the API server sees
  Controller(String name, Surroundings surroundings) {
    store = surroundings.store();
    api = store.as(Caller.system(name));
    scheduler = surroundings.scheduler();
    reaction = surroundings.reaction();
  }

  /// Begins to watch.
  abstract void start();

  /// Makes one object so.
  abstract void reconcile(Key key);

  Instant now() {
    return scheduler.instant();
  }

  /// Tells the handler of each object that is there, changes or goes.
  void watch(Kind kind, Consumer<ObjectNode> handler) {
    watches.add(
        api.watch(
            kind,
            WatchOptions.all(),
            event -> {
              switch (event.type()) {
                case ADDED, MODIFIED, DELETED -> handler.accept(event.object());
                case BOOKMARK, ERROR -> {}
              }
            }));
  }

  /// Looks at an object soon. Safe from any thread.
  void wake(Key key) {
    synchronized (due) {
      due.add(key);
      if (woken) {
        return;
      }
      woken = true;
    }
    scheduler.after(reaction, this::work);
  }

  /// Looks at the object that controls this one soon.
  void wakeOwner(ObjectNode object, Kind kind) {
    object
        .path("metadata")
        .path("ownerReferences")
        .forEach(
            owner -> {
              if (owner.path("controller").asBoolean()
                  && owner.path("kind").asText().equals(kind.kind())) {
                wake(new Key(Meta.namespace(object), owner.path("name").asText()));
              }
            });
  }

  /// Looks at an object at an instant, unless something changes before; replaces what was wished
  /// for it before.
  void wakeAt(Key key, Optional<Instant> at) {
    var alarm = alarms.get(key);
    if (alarm != null) {
      if (at.isPresent() && alarm.at().equals(at.get())) {
        return;
      }
      alarm.scheduled().cancel();
      alarms.remove(key);
    }
    at.ifPresent(
        instant ->
            alarms.put(
                key,
                new Alarm(
                    instant,
                    scheduler.schedule(
                        instant,
                        () -> {
                          alarms.remove(key);
                          wake(key);
                        }))));
  }

  private void work() {
    List<Key> keys;
    synchronized (due) {
      keys = List.copyOf(due);
      due.clear();
      woken = false;
    }
    for (Key key : keys) {
      try {
        reconcile(key);
      } catch (ApiException e) {
        scheduler.after(RETRY, () -> wake(key));
      }
    }
  }

  /// The objects of a kind that are controlled by the one with this UID.
  List<ObjectNode> controlledBy(Kind kind, String uid) {
    return store.dependents(uid).stream()
        .filter(o -> o.path("kind").asText().equals(kind.kind()))
        .filter(o -> Meta.controllerUid(o).equals(uid))
        .toList();
  }

  /// Writes a status if it differs from what is there.
  void writeStatus(ObjectNode object, ObjectNode status) {
    if (!status.equals(object.path("status"))) {
      var copy = object.deepCopy();
      copy.set("status", status);
      api.updateStatus(copy);
    }
  }

  @Override
  public void close() {
    watches.forEach(Watch::close);
  }
}
