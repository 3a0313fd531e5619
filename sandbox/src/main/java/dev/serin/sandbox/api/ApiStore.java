package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The heart of the sandbox: the objects of a cluster, one revision counter over all of them, and a
/// log of the last writes from which watches are served.
///
/// Synchronous and deterministic: with the same clock, seed and order of calls it holds the same
/// objects, names and UIDs. Safe for use from many threads; one write at a time.
///
/// Objects that it hands out are shared and must not be changed; copy them first.
public final class ApiStore {

  private static final int LOG_CAPACITY = 100_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final InstantSource clock;
  private final Identifiers identifiers;
  private final KindRegistry registry = new KindRegistry();
  private final Map<String, Table> tables = new HashMap<>();
  private final Map<String, TreeSet<Place>> dependents = new HashMap<>();
  private final Map<String, Place> places = new HashMap<>();
  private final EventLog log = new EventLog(LOG_CAPACITY);
  private final Faults faults = new Faults();
  private final List<Admission> admissions = new CopyOnWriteArrayList<>();
  private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
  private final AtomicInteger deliveries = new AtomicInteger();
  private long awake;
  private volatile Consumer<Duration> waiting = ApiStore::sleep;
  private volatile Authorizer authorizer = new RbacAuthorizer(this);

  /// Where an object is.
  private record Place(Kind kind, ObjectKey key) implements Comparable<Place> {

    @Override
    public int compareTo(Place other) {
      int byKind = Kinds.qualified(kind).compareTo(Kinds.qualified(other.kind));
      return byKind != 0 ? byKind : key.compareTo(other.key);
    }
  }

  /// Somebody in this process who is told of writes.
  private interface Watcher {

    /// What is to be told next, looked up under the lock; empty when nothing is.
    Optional<Runnable> next();
  }

  /// @param clock what time it is in the cluster
  /// @param seed of UIDs and generated names
  public ApiStore(InstantSource clock, long seed) {
    this.clock = clock;
    identifiers = new Identifiers(seed);
    BootObjects.createIn(this);
  }

  /// The API as a caller sees it.
  public ApiClient as(Caller caller) {
    return new ApiClient(this, caller);
  }

  /// Failures to inject into requests.
  public Faults faults() {
    return faults;
  }

  /// Adds a hook that sees every write after those added before.
  public void admit(Admission admission) {
    admissions.add(admission);
  }

  /// Replaces the roles stored in the cluster as the source of what callers may do.
  public void authorize(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  public Authorizer authorizer() {
    return authorizer;
  }

  /// Replaces how a delayed request waits; by default the calling thread sleeps.
  public void pauseBy(Consumer<Duration> waiting) {
    this.waiting = waiting;
  }

  void pause(Duration time) {
    waiting.accept(time);
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public Instant now() {
    return clock.instant();
  }

  /// The resourceVersion of the newest write.
  public long revision() {
    lock.lock();
    try {
      return log.revision();
    } finally {
      lock.unlock();
    }
  }

  /// Forgets the log up to now: a watch from an older resourceVersion is answered `410 Gone`.
  public void compact() {
    lock.lock();
    try {
      log.compact(log.revision());
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Whether a kind is served in this version.
  public boolean serves(Kind kind) {
    lock.lock();
    try {
      return registry.find(kind).isPresent();
    } finally {
      lock.unlock();
    }
  }

  /// The kind that objects with this `apiVersion` and `kind` are of; empty if it is not served.
  public Optional<Kind> kind(String apiVersion, String kind) {
    lock.lock();
    try {
      return registry.byName(apiVersion, kind);
    } finally {
      lock.unlock();
    }
  }

  /// The objects that name an owner with this UID, of all kinds.
  public List<ObjectNode> dependents(String ownerUid) {
    lock.lock();
    try {
      var found = new ArrayList<ObjectNode>();
      for (Place dependent : dependents.getOrDefault(ownerUid, new TreeSet<>())) {
        var object = table(dependent.kind()).get(dependent.key());
        if (object != null) {
          found.add(object);
        }
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  /// Watches in this process. Events come in order of their revision, one at a time, after the
  /// write that caused them, on the thread of a writer; a consumer may write itself, and the events
  /// of that follow when it has returned. An `ERROR` is the last event.
  public Watch watch(Kind kind, WatchOptions options, Consumer<WatchEvent> consumer) {
    lock.lock();
    try {
      var found = registry.require(kind);
      var cursor = new WatchCursor(this, found.stored(), found.version(), options);
      return tell(() -> cursor.poll().map(event -> () -> consumer.accept(event)));
    } finally {
      lock.unlock();
      deliver();
    }
  }

  /// Watches every write to come.
  Watch watchChanges(Consumer<Commit> consumer) {
    lock.lock();
    try {
      var next = new AtomicLong(log.revision() + 1);
      return tell(
          () -> {
            // Nobody in this process is so slow that the log forgets what it was not told yet.
            if (next.get() > log.revision()) {
              return Optional.empty();
            }
            var change = log.at(next.getAndIncrement());
            return Optional.of(() -> consumer.accept(change));
          });
    } finally {
      lock.unlock();
    }
  }

  private Watch tell(Watcher watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  /// Hands new events to the in-process watches. When a delivery is under way already, on this
  /// thread or another, that one goes on with them.
  void deliver() {
    if (watchers.isEmpty() || lock.isHeldByCurrentThread() || deliveries.getAndIncrement() != 0) {
      return;
    }
    int round;
    try {
      do {
        round = deliveries.get();
        while (deliverOnce()) {}
      } while (!deliveries.compareAndSet(round, 0));
    } catch (RuntimeException | Error e) {
      deliveries.set(0);
      throw e;
    }
  }

  private boolean deliverOnce() {
    boolean delivered = false;
    for (Watcher watcher : List.copyOf(watchers)) {
      Optional<Runnable> next;
      lock.lock();
      try {
        next = watchers.contains(watcher) ? watcher.next() : Optional.empty();
      } finally {
        lock.unlock();
      }
      if (next.isPresent()) {
        delivered = true;
        next.get().run();
      }
    }
    return delivered;
  }

  /// Waits until there is a revision behind a known one, the log was compacted to it, or the time
  /// is over. Called under the lock.
  void awaitGrowth(long known, Duration longest) throws InterruptedException {
    long left = longest.toNanos();
    long called = awake;
    while (left > 0 && called == awake && log.revision() <= known && log.resumableFrom() <= known) {
      left = grown.awaitNanos(left);
    }
  }

  /// Lets those who wait for growth look around.
  void wake() {
    lock.lock();
    try {
      awake++;
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean exists(StoredKind kind, ObjectKey key) {
    lock.lock();
    try {
      return table(kind).get(key) != null;
    } finally {
      lock.unlock();
    }
  }

  ReentrantLock lock() {
    return lock;
  }

  EventLog log() {
    return log;
  }

  KindRegistry registry() {
    return registry;
  }

  Identifiers identifiers() {
    return identifiers;
  }

  List<Admission> admissions() {
    return admissions;
  }

  Table table(StoredKind kind) {
    return tables.computeIfAbsent(kind.qualified(), k -> new Table());
  }

  private Table table(Kind kind) {
    return tables.computeIfAbsent(Kinds.qualified(kind), k -> new Table());
  }

  Collection<ObjectNode> objects(Kind kind) {
    return table(kind).candidates("", LabelSelector.EVERYTHING);
  }

  /// The object with a UID; empty where there is none.
  Optional<ObjectNode> byUid(String uid) {
    lock.lock();
    try {
      return Optional.ofNullable(places.get(uid))
          .map(place -> table(place.kind()).get(place.key()));
    } finally {
      lock.unlock();
    }
  }

  /// All objects of a namespace.
  List<ObjectNode> inNamespace(String namespace) {
    lock.lock();
    try {
      var found = new ArrayList<ObjectNode>();
      for (StoredKind kind : registry.all()) {
        if (kind.namespaced()) {
          found.addAll(table(kind).candidates(namespace, LabelSelector.EVERYTHING));
        }
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  /// Looks a kind up in its tables under the lock, and shows what is found in the asked version.
  Optional<ObjectNode> inVersion(Kind kind, Function<StoredKind, Optional<ObjectNode>> lookup) {
    lock.lock();
    try {
      return registry
          .find(kind)
          .flatMap(
              served ->
                  lookup
                      .apply(served.stored())
                      .map(object -> served.stored().in(served.version(), object)));
    } finally {
      lock.unlock();
    }
  }

  /// An object of a kind in one of its versions.
  ObjectNode as(Kind kind, StoredKind stored, ObjectNode object) {
    return stored.in(registry.require(kind).version(), object);
  }

  void forEachObject(BiConsumer<StoredKind, ObjectNode> action) {
    lock.lock();
    try {
      for (StoredKind kind : registry.all()) {
        table(kind)
            .candidates("", LabelSelector.EVERYTHING)
            .forEach(object -> action.accept(kind, object));
      }
    } finally {
      lock.unlock();
    }
  }

  /// The served versions of a kind; none when it is not served.
  List<Kind> versionsOf(String group, String plural) {
    lock.lock();
    try {
      return registry.all().stream()
          .filter(kind -> kind.group().equals(group) && kind.plural().equals(plural))
          .flatMap(kind -> kind.versions().stream())
          .map(StoredKind.Version::kind)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /// Removes a namespace that is empty.
  void removeNamespace(String namespace) {
    lock.lock();
    try {
      var key = new ObjectKey("", namespace);
      var present = table(Kind.NAMESPACE).get(key);
      if (present != null) {
        remove(registry.require(Kind.NAMESPACE).stored(), key, present, present);
      }
    } finally {
      lock.unlock();
      deliver();
    }
  }

  @Nullable ObjectNode find(Kind kind, String namespace, String name) {
    return table(kind).get(new ObjectKey(namespace, name));
  }

  /// Stores an object under the next revision. The object must not be changed afterwards.
  void put(StoredKind kind, ObjectKey key, @Nullable ObjectNode before, ObjectNode after) {
    long revision = log.revision() + 1;
    Meta.of(after).put("resourceVersion", Long.toString(revision));
    table(kind).put(key, after);
    reindexOwners(kind, key, before, after);
    places.put(Meta.uid(after), new Place(kind.versions().getFirst().kind(), key));
    commit(new Commit(revision, kind, key, before, after, false));
  }

  /// Removes an object.
  ///
  /// @return its last form, with the revision of the deletion
  ObjectNode remove(StoredKind kind, ObjectKey key, ObjectNode before, ObjectNode last) {
    long revision = log.revision() + 1;
    var gone = Revisions.at(last, revision);
    table(kind).remove(key);
    reindexOwners(kind, key, before, null);
    places.remove(Meta.uid(before));
    commit(new Commit(revision, kind, key, before, gone, true));
    return gone;
  }

  private void commit(Commit change) {
    log.add(change);
    if (change.kind().plural().equals(Kinds.CUSTOM_RESOURCE_DEFINITION.plural())) {
      registry.definitionChanged(change.after(), change.deleted());
    }
    grown.signalAll();
  }

  private void reindexOwners(
      StoredKind kind, ObjectKey key, @Nullable ObjectNode before, @Nullable ObjectNode after) {
    var old = before == null ? null : before.path("metadata").path("ownerReferences");
    var current = after == null ? null : after.path("metadata").path("ownerReferences");
    if (old != null && old.equals(current)) {
      return;
    }
    var dependent = new Place(kind.versions().getFirst().kind(), key);
    if (old != null) {
      old.forEach(
          owner ->
              dependents.computeIfPresent(
                  owner.path("uid").asText(),
                  (uid, all) -> {
                    all.remove(dependent);
                    return all.isEmpty() ? null : all;
                  }));
    }
    if (current != null) {
      current.forEach(
          owner ->
              dependents
                  .computeIfAbsent(owner.path("uid").asText(), uid -> new TreeSet<>())
                  .add(dependent));
    }
  }

  static ObjectRef ref(Kind kind, ObjectKey key) {
    return new ObjectRef(kind, key.namespace(), key.name());
  }
}
