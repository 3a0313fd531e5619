package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.cluster.Written;
import dev.serin.controller.cluster.Dependencies;
import dev.serin.controller.cluster.Wakes;
import dev.serin.sandbox.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The sandbox as the port through which the controller sees a cluster: in the same process,
/// without HTTP, on a scheduler's time.
///
/// Reads cost no request and show the store as it was some time ago; what this process wrote itself
/// they show at once. Writes are requests of the caller, with all that can go wrong with them.
public final class SandboxCluster implements Cluster, AutoCloseable {

  private static final String MANAGER = "serin";

  private final ApiStore store;
  private final ApiClient api;
  private final Dependencies dependencies = new Dependencies();
  private final CachedView view;
  private final Watch watch;
  private Dependencies.@Nullable Run run;
  private @Nullable Wakes wakes;

  /// News that did not arrive; null while they do.
  private @Nullable List<Commit> missed;

  /// A process of the controller that starts now, with its caches filled.
  ///
  /// @param caller as whom it writes
  /// @param scheduler on which news arrive late
  /// @param staleness how late; zero is at once
  public SandboxCluster(ApiStore store, Caller caller, Scheduler scheduler, Duration staleness) {
    this.store = store;
    api = store.as(caller);
    view = new CachedView(store, staleness.isZero());
    watch =
        store.watchChanges(
            commit -> {
              if (staleness.isZero()) {
                learn(commit);
              } else {
                scheduler.after(staleness, () -> arrive(commit));
              }
            });
  }

  /// From now on changes wake Canaries.
  public void onChange(Wakes listener) {
    wakes = listener;
  }

  /// Runs a reconcile and remembers what it reads: whatever changes that wakes its Canary.
  public <T> T reading(ObjectRef canary, Supplier<T> reconcile) {
    var current = dependencies.begin(canary);
    run = current;
    try {
      return reconcile.get();
    } finally {
      run = null;
      dependencies.end(current);
    }
  }

  @Override
  public Read find(ObjectRef ref) {
    if (run != null) {
      dependencies.reads(run, ref);
    }
    if (!store.serves(ref.kind())) {
      return new Read.NotServed();
    }
    return view.get(ref.kind(), new ObjectKey(ref.namespace(), ref.name()))
        .<Read>map(Read.Found::new)
        .orElseGet(Read.Absent::new);
  }

  @Override
  public List<ObjectNode> list(Kind kind, String namespace, Map<String, String> labels) {
    if (run != null) {
      dependencies.reads(run, kind, namespace, labels);
    }
    return store.serves(kind) ? view.list(kind, namespace, labels) : List.of();
  }

  @Override
  public boolean serves(Kind kind) {
    if (run != null) {
      dependencies.reads(run, kind);
    }
    return store.serves(kind);
  }

  @Override
  public Written write(Change change) {
    var ref = change.ref();
    try {
      return switch (change) {
        case Change.Delete(var _, var uid) -> {
          var deleted =
              api.delete(ref.kind(), ref.namespace(), ref.name(), DeleteOptions.onlyUid(uid));
          learnOwn(ref.kind(), deleted.object(), deleted.gone());
          yield new Written.Done(deleted.object());
        }
        default -> {
          var object = send(change);
          learnOwn(ref.kind(), object, false);
          yield new Written.Done(object);
        }
      };
    } catch (ApiException e) {
      return answer(ref, e);
    }
  }

  private ObjectNode send(Change change) {
    var ref = change.ref();
    var options = WriteOptions.as(MANAGER);
    return switch (change) {
      case Change.Create(var _, var object) ->
          api.create(ref.kind(), ref.namespace(), identified(ref, object), options);
      case Change.Apply(var _, var object) ->
          patch(ref, new Patch.Apply(identified(ref, object)), options.forced());
      case Change.Merge(var _, var patch) -> patch(ref, new Patch.Merge(patch), options);
      case Change.Patch(var _, var version, var operations) ->
          patch(ref, new Patch.Operations(conditional(version, operations)), options);
      case Change.Status(var _, var object) ->
          api.update(
              ref.kind(),
              ref.namespace(),
              ref.name(),
              identified(ref, object),
              Subresource.STATUS,
              options);
      case Change.Delete _ -> throw new IllegalArgumentException("a deletion sends no object");
    };
  }

  private ObjectNode patch(ObjectRef ref, Patch patch, WriteOptions options) {
    return api.patch(ref.kind(), ref.namespace(), ref.name(), patch, Subresource.NONE, options);
  }

  private static ObjectNode identified(ObjectRef ref, ObjectNode object) {
    var whole = object.deepCopy();
    whole.put("apiVersion", ref.kind().apiVersion()).put("kind", ref.kind().kind());
    var metadata = Meta.of(whole).put("name", ref.name());
    if (ref.kind().namespaced()) {
      metadata.put("namespace", ref.namespace());
    }
    return whole;
  }

  private static ArrayNode conditional(String version, ArrayNode operations) {
    var all = Json.array();
    all.addObject()
        .put("op", "replace")
        .put("path", "/metadata/resourceVersion")
        .put("value", version);
    return all.addAll(operations);
  }

  private static Written answer(ObjectRef ref, ApiException refusal) {
    var status = refusal.status();
    var reason = ref + ": " + status.message();
    if (refusal.lost()) {
      return new Written.Unavailable("the API server does not answer", Optional.empty());
    }
    return switch (status.code()) {
      case 409 -> new Written.Conflict(reason);
      case 404, 410 -> new Written.Gone(reason);
      case 400, 403, 405, 413, 415, 422 -> new Written.Refused(reason);
      default ->
          new Written.Unavailable(
              ref + ": the API server answers " + status.code() + ": " + status.message(),
              status.retryAfterSeconds().map(Duration::ofSeconds));
    };
  }

  /// What a process wrote is news to it as well.
  private void learnOwn(Kind kind, ObjectNode object, boolean gone) {
    var before = view.get(kind, ObjectKey.of(object)).orElse(null);
    if (view.wrote(kind, object, gone)) {
      dependencies.concerned(kind, before, object).forEach(this::wake);
    }
  }

  /// No news arrive until [#reconnect] or [#relist].
  public void cutOff() {
    if (missed == null) {
      missed = new ArrayList<>();
    }
  }

  /// The watch goes on where it was cut off: all that was missed arrives, in its order.
  public void reconnect() {
    catchUp().forEach(this::learn);
  }

  /// The watch cannot go on where it was cut off, as after `410 Gone`: what there is now is listed
  /// anew, and what came and went meanwhile was never seen.
  public void relist() {
    var last = new LinkedHashMap<String, Commit>();
    for (Commit commit : catchUp()) {
      last.merge(
          commit.kind().qualified() + "/" + commit.key(),
          commit,
          (first, second) ->
              new Commit(
                  second.revision(),
                  second.kind(),
                  second.key(),
                  first.before(),
                  second.after(),
                  second.deleted()));
    }
    last.values().forEach(this::learn);
  }

  private List<Commit> catchUp() {
    var news = missed == null ? List.<Commit>of() : missed;
    missed = null;
    return news;
  }

  private void arrive(Commit commit) {
    if (missed == null) {
      learn(commit);
    } else {
      missed.add(commit);
    }
  }

  private void learn(Commit commit) {
    if (!view.learn(commit)) {
      return;
    }
    for (StoredKind.Version version : commit.kind().versions()) {
      var kind = version.kind();
      var concerned =
          dependencies.concerned(kind, commit.before(), commit.deleted() ? null : commit.after());
      concerned.forEach(this::wake);
      if (kind.equals(Kind.CANARY)) {
        canary(commit);
      }
    }
    if (commit.kind().rules() instanceof DefinitionRules) {
      var spec = commit.after().path("spec");
      store
          .versionsOf(Json.text(spec, "group"), Json.text(spec, "names", "plural"))
          .forEach(kind -> dependencies.of(kind).forEach(this::wake));
    }
  }

  private void canary(Commit commit) {
    var canary = Kind.CANARY.named(commit.key().namespace(), commit.key().name());
    if (commit.deleted()) {
      dependencies.forget(canary);
      if (wakes != null) {
        wakes.gone(canary);
      }
    } else if (commit.before() == null) {
      wake(canary);
    }
  }

  private void wake(ObjectRef canary) {
    if (wakes != null) {
      wakes.wake(canary);
    }
  }

  @Override
  public void close() {
    watch.close();
    wakes = null;
  }
}
