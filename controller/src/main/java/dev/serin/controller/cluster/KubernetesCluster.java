package dev.serin.controller.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.cluster.UnreadableException;
import dev.serin.cluster.Written;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A Kubernetes API server. Kinds are watched from the moment that somebody asks for them, and all
/// reads but those of ConfigMap and Secret contents are answered from memory.
///
/// What a reconcile reads inside of [#reading] is remembered, and its Canary is woken when any of
/// it changes.
public final class KubernetesCluster implements Cluster, AutoCloseable {

  /// Label on everything that Serin makes or marks for a Canary, with the Canary's name.
  static final String CANARY_LABEL = "serin.dev/canary";

  /// Told of when a kind is installed or removed.
  public static final Kind DEFINITION =
      new Kind(
          "apiextensions.k8s.io",
          "v1",
          "CustomResourceDefinition",
          "customresourcedefinitions",
          false);

  /// Of these only what Serin made is watched.
  private static final Map<Kind, String> SELECTORS =
      Map.of(Kind.POD, "serin.dev/role=canary", Kind.CONTROLLER_REVISION, CANARY_LABEL);

  private static final Set<Kind> METADATA_ONLY = Set.of(Kind.CONFIG_MAP, Kind.SECRET);

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final ScopedValue<Dependencies.Run> RUN = ScopedValue.newInstance();

  private record Watched(Store store, Reflector reflector) {}

  private final KubernetesClient client;
  private final Transport transport;
  private final String namespace;
  private final Reachability reachability;
  private final Dependencies dependencies = new Dependencies();
  private final Payloads payloads;
  private final Discovery discovery;
  private final Writer writer;
  private final Map<Kind, Watched> watched = new ConcurrentHashMap<>();
  private final Reflector definitions;
  private final AtomicBoolean definitionsWatched = new AtomicBoolean();
  private final Set<String> definitionsToCheck = new HashSet<>();
  private final Semaphore news = new Semaphore(0);
  private volatile BooleanSupplier mayWrite = () -> true;
  private volatile @Nullable Wakes wakes;

  /// Connects to the server. Nothing is asked before the first read.
  ///
  /// @param namespace the only one that is read; empty for all
  /// @param meter told of every request
  /// @throws IllegalArgumentException when there is no usable kubeconfig, in words for people
  public static KubernetesCluster connect(
      Connection connection, String namespace, RequestMeter meter) {
    return new KubernetesCluster(Clients.of(connection, meter).build(), namespace);
  }

  private KubernetesCluster(KubernetesClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
    this.transport = new HttpTransport(client.getHttpClient(), client.getMasterUrl());
    var clock = InstantSource.system();
    this.reachability = new Reachability(transport.server(), clock);
    this.payloads = new Payloads(transport);
    this.discovery = new Discovery(transport, clock, this::hearsOfDefinitions);
    this.writer = new Writer(transport, clock);
    this.definitions =
        new Reflector(
            transport,
            new Reflector.Scope(DEFINITION, "", "", "", true),
            new Store(this::definitionChanged),
            reachability,
            () -> {},
            () -> false);
  }

  /// Whether this process is told when a kind is installed.
  private boolean hearsOfDefinitions() {
    return definitions.state() instanceof Reflector.State.Synced;
  }

  /// The address of the server, for messages.
  public String server() {
    return transport.server();
  }

  /// The namespace that the connection names, `default` when it names none.
  public String currentNamespace() {
    return Optional.ofNullable(client.getNamespace()).orElse("default");
  }

  /// From now on changes wake Canaries.
  public void onChange(Wakes listener) {
    wakes = listener;
  }

  /// From now on nothing is written while this says no.
  public void writeOnlyWhile(BooleanSupplier allowed) {
    mayWrite = allowed;
  }

  /// Starts to watch these kinds before somebody asks for them.
  public void watch(List<Kind> kinds) {
    if (definitionsWatched.compareAndSet(false, true)) {
      definitions.start();
    }
    kinds.forEach(this::watched);
  }

  /// Why reads of these kinds cannot be answered yet; empty when they can.
  public Optional<String> missing(List<Kind> kinds) {
    for (var kind : kinds) {
      switch (watched(kind).reflector().state()) {
        case Reflector.State.Synced() -> {}
        case Reflector.State.Filling() -> {
          return Optional.of("the list of " + kind.plural() + " has not come yet");
        }
        case Reflector.State.NotServed() -> {
          return Optional.of(notInstalled(kind));
        }
        case Reflector.State.Failing(var reason) -> {
          return Optional.of(kind.plural() + ": " + reason);
        }
      }
    }
    return Optional.empty();
  }

  /// Waits until [#missing] may have another answer than when this was called last, or this is
  /// closed.
  public void awaitNews() throws InterruptedException {
    news.acquire();
    news.drainPermits();
  }

  /// Kinds of which what is known is old, or nothing, because their watches do not hold.
  public List<Kind> failing() {
    return watched.entrySet().stream()
        .filter(entry -> entry.getValue().reflector().state() instanceof Reflector.State.Failing)
        .map(Map.Entry::getKey)
        .toList();
  }

  /// A watch that nobody keeps up any more; empty when there is none.
  public Optional<String> dead() {
    return watched.entrySet().stream()
        .filter(entry -> !entry.getValue().reflector().alive())
        .map(entry -> "nobody watches " + entry.getKey().plural() + " any more")
        .findFirst();
  }

  /// Runs a reconcile and remembers what it reads.
  public <T> T reading(ObjectRef canary, Supplier<T> reconcile) {
    var run = dependencies.begin(canary);
    var result = ScopedValue.where(RUN, run).call(reconcile::get);
    dependencies.end(run);
    return result;
  }

  /// All Canaries that are known.
  public List<ObjectRef> canaries() {
    return watched(Kind.CANARY).store().list("", Map.of()).stream()
        .map(canary -> Kind.CANARY.named(Json.namespace(canary), Json.name(canary)))
        .toList();
  }

  @Override
  public Read find(ObjectRef ref) {
    if (RUN.isBound()) {
      dependencies.reads(RUN.get(), ref);
    }
    var of = watched(ref.kind());
    return switch (settled(of.reflector())) {
      case Reflector.State.Synced() ->
          of.store()
              .get(ref.namespace(), ref.name())
              .<Read>map(object -> whole(ref, object))
              .orElseGet(Read.Absent::new);
      case Reflector.State.NotServed() -> new Read.NotServed();
      case Reflector.State.Filling() ->
          new Read.Unknown("the list of " + ref.kind().plural() + " has not come yet");
      case Reflector.State.Failing(var reason) ->
          new Read.Unknown(ref.kind().plural() + ": " + reason);
    };
  }

  private Read whole(ObjectRef ref, ObjectNode object) {
    return METADATA_ONLY.contains(ref.kind()) ? payloads.read(ref, object) : new Read.Found(object);
  }

  /// ConfigMaps and Secrets come with their metadata only.
  ///
  /// @throws UnreadableException when it is not known what there is
  @Override
  public List<ObjectNode> list(Kind kind, String inNamespace, Map<String, String> labels) {
    if (RUN.isBound()) {
      dependencies.reads(RUN.get(), kind, inNamespace, labels);
    }
    var of = watched(kind);
    return switch (settled(of.reflector())) {
      case Reflector.State.Synced() -> of.store().list(inNamespace, labels);
      case Reflector.State.NotServed() -> List.of();
      case Reflector.State.Filling() ->
          throw new UnreadableException(
              "the list of " + kind.plural() + " did not come in " + PATIENCE.toSeconds() + " s");
      case Reflector.State.Failing(var reason) ->
          throw new UnreadableException(kind.plural() + ": " + reason);
    };
  }

  /// @throws UnreadableException when the server does not say
  @Override
  public boolean serves(Kind kind) {
    if (RUN.isBound()) {
      dependencies.reads(RUN.get(), kind);
    }
    return discovery.serves(kind);
  }

  @Override
  public Written write(Change change) {
    if (!mayWrite.getAsBoolean()) {
      return new Written.Unavailable("this process does not lead", Optional.empty());
    }
    var written = writer.write(change);
    if (written instanceof Written.Done(var object)) {
      return stored(change, object);
    }
    return written;
  }

  /// Keeps the answer, so that reads are not behind it.
  private Written stored(Change change, ObjectNode answer) {
    var ref = change.ref();
    var of = Optional.ofNullable(watched.get(ref.kind()));
    var deletes = change instanceof Change.Delete;
    // Something deleted is still there while finalizers or its grace period hold it.
    var exists = !deletes || answer.path("metadata").hasNonNull("deletionTimestamp");
    if (exists && answer.path("kind").asText().equals(ref.kind().kind())) {
      Json.prune(answer);
      if (!METADATA_ONLY.contains(ref.kind())) {
        of.ifPresent(kind -> kind.store().put(answer));
      }
      return new Written.Done(answer);
    }
    var last =
        of.flatMap(kind -> kind.store().get(ref.namespace(), ref.name()))
            .orElseGet(Json.MAPPER::createObjectNode);
    if (change instanceof Change.Delete(var _, var uid)) {
      of.ifPresent(kind -> kind.store().deleted(ref.namespace(), ref.name(), uid));
    }
    return new Written.Done(last);
  }

  /// The user name under which the server knows this process.
  ///
  /// @throws IOException when it does not say
  public String identity() throws IOException {
    var review =
        Json.MAPPER
            .createObjectNode()
            .put("apiVersion", "authentication.k8s.io/v1")
            .put("kind", "SelfSubjectReview");
    var reply =
        transport.send(
            Call.with(
                "POST",
                "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                Call.JSON,
                Json.text(review),
                PATIENCE));
    if (!reply.ok()) {
      throw new IOException(reply.message());
    }
    return reply.body().path("status").path("userInfo").path("username").asText();
  }

  /// The policy that holds new revisions back.
  public AdmissionPolicy holdPolicy() {
    return AdmissionPolicy.mutating("serin-hold", transport, reachability);
  }

  /// The policy that checks who may command what.
  public AdmissionPolicy commandPolicy() {
    return AdmissionPolicy.validating("serin-commands", transport, reachability);
  }

  /// A candidate for the lease that says which of several processes may write.
  public Election election(Election.Settings settings) {
    return new Election(transport, settings, InstantSource.system());
  }

  /// The event loop of JOSDK on this server.
  public EventLoop eventLoop(EventLoop.Reconcile reconcile, EventLoop.Settings settings) {
    return new EventLoop(
        josdk -> josdk.withKubernetesClient(client).withCloseClientOnStop(false),
        this,
        reconcile,
        namespace,
        settings);
  }

  @Override
  public void close() {
    definitions.close();
    watched.values().forEach(kind -> kind.reflector().close());
    news.release();
    client.close();
  }

  private Watched watched(Kind kind) {
    return watched.computeIfAbsent(kind, this::begin);
  }

  private Watched begin(Kind kind) {
    var store = new Store((before, after) -> changed(kind, before, after));
    var scope =
        new Reflector.Scope(
            kind,
            kind.namespaced() ? namespace : "",
            SELECTORS.getOrDefault(kind, ""),
            "",
            METADATA_ONLY.contains(kind));
    var reflector =
        new Reflector(
            transport,
            scope,
            store,
            reachability,
            () -> dependencies.of(kind).forEach(this::wake),
            this::hearsOfDefinitions);
    return new Watched(store, reflector.onState(news::release).start());
  }

  private static Reflector.State settled(Reflector reflector) {
    try {
      return reflector.state() instanceof Reflector.State.Filling
          ? reflector.await(PATIENCE)
          : reflector.state();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreadableException("the controller stops");
    }
  }

  private void changed(Kind kind, @Nullable ObjectNode before, @Nullable ObjectNode after) {
    if (METADATA_ONLY.contains(kind) && after == null && before != null) {
      payloads.forget(kind.named(Json.namespace(before), Json.name(before)));
    }
    if (kind.equals(Kind.CANARY)) {
      canaryChanged(before, after);
    } else {
      dependencies.concerned(kind, before, after).forEach(this::wake);
    }
  }

  private void canaryChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
    if (after != null) {
      var concerned = dependencies.concerned(Kind.CANARY, before, after);
      // Whether or not anybody has looked at it yet.
      if (!Dependencies.isSameButStatus(before, after)) {
        concerned.add(Kind.CANARY.named(Json.namespace(after), Json.name(after)));
      }
      concerned.forEach(this::wake);
    } else if (before != null) {
      var canary = Kind.CANARY.named(Json.namespace(before), Json.name(before));
      dependencies.forget(canary);
      dependencies.concerned(Kind.CANARY, before, null).forEach(this::wake);
      Optional.ofNullable(wakes).ifPresent(listener -> listener.gone(canary));
    }
  }

  private void wake(ObjectRef canary) {
    Optional.ofNullable(wakes).ifPresent(listener -> listener.wake(canary));
  }

  private static String notInstalled(Kind kind) {
    return "the API server does not know %s %s; install its resource definition"
        .formatted(kind.apiVersion(), kind.kind());
  }

  /// A definition was installed, changed or removed.
  private void definitionChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
    var definition = after == null ? before : after;
    if (definition == null) {
      return;
    }
    var name = Json.name(definition);
    var group = name.substring(name.indexOf('.') + 1);
    // A list of all definitions says nothing new of a group whose kinds are known to be there.
    if (!(definitions.state() instanceof Reflector.State.Synced) && !isMissed(group)) {
      return;
    }
    synchronized (definitionsToCheck) {
      if (!definitionsToCheck.add(group)) {
        return;
      }
    }
    Thread.ofVirtual().name("definitions of " + group).start(() -> recheck(group));
  }

  /// Whether a kind of the group was asked for and not found, or is being asked for: the answer may
  /// be older than the definition.
  private boolean isMissed(String group) {
    return discovery.misses(group)
        || watched.entrySet().stream()
            .filter(of -> of.getKey().group().equals(group))
            .anyMatch(of -> !(of.getValue().reflector().state() instanceof Reflector.State.Synced));
  }

  /// The server serves a kind some moments after it stored the definition.
  private void recheck(String group) {
    try {
      var believed = new HashMap<Kind, Boolean>();
      Stream.concat(dependencies.kinds().stream(), watched.keySet().stream())
          .filter(kind -> kind.group().equals(group))
          .forEach(kind -> believed.put(kind, believedServed(kind)));
      for (var pause : List.of(200, 500, 1000, 3000)) {
        Thread.sleep(pause);
        discovery.forget(group);
        believed.replaceAll(this::lookAgain);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      synchronized (definitionsToCheck) {
        definitionsToCheck.remove(group);
      }
    }
  }

  private boolean believedServed(Kind kind) {
    var of = watched.get(kind);
    return of == null
        ? discovery.believedServed(kind)
        : !(of.reflector().state() instanceof Reflector.State.NotServed);
  }

  private boolean lookAgain(Kind kind, boolean believed) {
    try {
      var served = discovery.serves(kind);
      // A watch may have been answered after it was believed to be served.
      var late = served && !believedServed(kind);
      if (served != believed || late) {
        Optional.ofNullable(watched.get(kind)).ifPresent(of -> of.reflector().poke());
        dependencies.of(kind).forEach(this::wake);
      }
      return served;
    } catch (UnreadableException e) {
      return believed;
    }
  }
}
