package dev.serin.controller.cluster;

import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.UnreadableException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs reconciles: one at a time per Canary, at once when something it read changed, at the latest
/// when it asked to be run again, and again after a failure. JOSDK does the queueing.
public final class EventLoop implements AutoCloseable {

  /// What is run.
  @FunctionalInterface
  public interface Reconcile {

    /// Looks at one Canary, decides, and carries out.
    ///
    /// @return when time alone could change something; empty when only an event can
    Optional<Duration> reconcile(String namespace, String name);
  }

  /// @param mayRun whether this process leads; while not, events are taken note of and nothing runs
  /// @param startsPerSecond how many Canaries are first looked at in a second after this process
  ///   began to lead, so that not all of them ask others for something at the same time
  public record Settings(BooleanSupplier mayRun, int startsPerSecond) {}

  private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);

  /// Even a Canary of which nothing is heard is looked at that often, in memory.
  private static final Duration LONGEST_REST = Duration.ofMinutes(10);

  private static final Duration GRACE = Duration.ofSeconds(10);

  /// All that a reconcile waits for has deadlines; together they are far shorter.
  private static final Duration STUCK = Duration.ofMinutes(10);

  private final KubernetesCluster cluster;
  private final Reconcile reconcile;
  private final Settings settings;
  private final Operator operator;
  private final SimpleInboundEventSource<CanaryResource> wakes =
      new SimpleInboundEventSource<>("wakes");
  private final Map<ObjectRef, Long> running = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /// @param client gives JOSDK the client that it works with
  EventLoop(
      Consumer<ConfigurationServiceOverrider> client,
      KubernetesCluster cluster,
      Reconcile reconcile,
      String namespace,
      Settings settings) {
    this.cluster = cluster;
    this.reconcile = reconcile;
    this.settings = settings;
    this.operator =
        new Operator(
            overrider -> {
              client.accept(overrider);
              overrider
                  .withExecutorService(Executors.newVirtualThreadPerTaskExecutor())
                  .withResourceCloner(new NoClone())
                  .withStopOnInformerErrorDuringStartup(false)
                  .withUseSSAToPatchPrimaryResource(false)
                  .withReconciliationTerminationTimeout(GRACE);
            });
    operator.register(new Entry(), overrider -> configure(overrider, namespace));
  }

  private static void configure(
      ControllerConfigurationOverrider<CanaryResource> overrider, String namespace) {
    var retry =
        new GenericRetry()
            .setInitialInterval(1_000)
            .setIntervalMultiplier(1.5)
            .setMaxInterval(60_000)
            .setMaxAttempts(-1);
    overrider
        .withGenerationAware(false)
        // Changes of Canaries wake through the cluster's own watch, which knows our own writes.
        .withOnUpdateFilter((_, _) -> false)
        .withRetry(retry)
        .withReconciliationMaxInterval(LONGEST_REST)
        .withInformerListLimit(500L)
        .settingNamespace(namespace.isEmpty() ? Constants.WATCH_ALL_NAMESPACES : namespace);
  }

  /// Starts, and returns when all Canaries are known.
  ///
  /// @param wakes told of what changed; should wake the Canaries here
  public void start(Wakes wakes) {
    cluster.onChange(wakes);
    operator.start();
  }

  /// Runs every Canary once, in an order and at a pace that spreads the work: those whose rollout
  /// is under way first.
  ///
  /// @param urgent whether a Canary should come before the others
  public void runAll(Predicate<ObjectRef> urgent) {
    Thread.ofVirtual().name("first look").start(() -> spread(urgent));
  }

  private void spread(Predicate<ObjectRef> urgent) {
    var all = cluster.canaries();
    var first = all.stream().filter(urgent).toList();
    first.forEach(this::wake);
    var others = all.stream().filter(canary -> !first.contains(canary)).toList();
    for (int i = 0; i < others.size() && !closed && settings.mayRun().getAsBoolean(); i++) {
      wake(others.get(i));
      if ((i + 1) % Math.max(1, settings.startsPerSecond() / 10) == 0 && !pause()) {
        return;
      }
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(100);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /// Runs the Canary's reconcile soon, once however often this is called.
  public void wake(ObjectRef canary) {
    wakes.propagateEvent(new ResourceID(canary.name(), canary.namespace()));
  }

  /// Reconciles that run now.
  public int running() {
    return running.size();
  }

  /// A Canary whose reconcile does not come to an end; empty when there is none.
  public Optional<ObjectRef> stuck() {
    var now = System.nanoTime();
    return running.entrySet().stream()
        .filter(entry -> now - entry.getValue() > STUCK.toNanos())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /// Lets running reconciles finish, and starts no more.
  @Override
  public void close() {
    closed = true;
    operator.stop();
  }

  @ControllerConfiguration(name = "canary")
  private final class Entry implements Reconciler<CanaryResource> {

    @Override
    public List<EventSource<?, CanaryResource>> prepareEventSources(
        EventSourceContext<CanaryResource> context) {
      return List.of(wakes);
    }

    @Override
    public UpdateControl<CanaryResource> reconcile(
        CanaryResource resource, Context<CanaryResource> context) {
      if (closed || !settings.mayRun().getAsBoolean()) {
        return UpdateControl.noUpdate();
      }
      var metadata = resource.getMetadata();
      var canary = Kind.CANARY.named(metadata.getNamespace(), metadata.getName());
      running.put(canary, System.nanoTime());
      try {
        var lookAgain =
            cluster.reading(canary, () -> reconcile.reconcile(canary.namespace(), canary.name()));
        return UpdateControl.<CanaryResource>noUpdate()
            .rescheduleAfter(lookAgain.orElseGet(EventLoop::rest));
      } catch (UnreadableException e) {
        LOG.warn("{}/{}: {}; looking again", canary.namespace(), canary.name(), e.getMessage());
        return UpdateControl.<CanaryResource>noUpdate().rescheduleAfter(Duration.ofSeconds(5));
      } finally {
        running.remove(canary);
      }
    }

    @Override
    public ErrorStatusUpdateControl<CanaryResource> updateErrorStatus(
        CanaryResource resource, Context<CanaryResource> context, Exception e) {
      return ErrorStatusUpdateControl.noStatusUpdate();
    }
  }

  private static Duration rest() {
    var longest = LONGEST_REST.toMillis();
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest));
  }

  /// Nobody changes a resource here.
  private static final class NoClone implements Cloner {
    @Override
    public <R extends HasMetadata> R clone(R object) {
      return object;
    }
  }
}
