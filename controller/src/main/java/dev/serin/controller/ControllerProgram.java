package dev.serin.controller;

import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.controller.background.Background;
import dev.serin.controller.background.SteadyClock;
import dev.serin.controller.background.ThreadedBackground;
import dev.serin.controller.cluster.Election;
import dev.serin.controller.cluster.EventLoop;
import dev.serin.controller.cluster.KubernetesCluster;
import dev.serin.controller.cluster.Wakes;
import dev.serin.controller.http.Endpoints;
import dev.serin.controller.mesh.Meshes;
import dev.serin.controller.telemetry.ControllerMetrics;
import dev.serin.controller.telemetry.EventRecorder;
import dev.serin.controller.telemetry.Logging;
import dev.serin.controller.telemetry.Metrics;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A controller that runs: `canary controller` in a cluster, or in one process with the sandbox.
public final class ControllerProgram implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ControllerProgram.class);

  /// Kinds without which nothing can be decided.
  static final List<Kind> ESSENTIAL =
      List.of(
          Kind.CANARY,
          Kind.CANARY_COMMAND,
          Kind.METRIC_TEMPLATE,
          Kind.ALERT_PROVIDER,
          Kind.DEPLOYMENT,
          Kind.REPLICA_SET,
          Kind.CONTROLLER_REVISION,
          Kind.POD,
          Kind.SERVICE,
          Kind.CONFIG_MAP,
          Kind.SECRET,
          Kind.HORIZONTAL_POD_AUTOSCALER,
          Kind.POD_DISRUPTION_BUDGET);

  private static final Set<String> RESTING = Set.of("Initialized", "Succeeded", "Failed");
  private static final int STARTS_PER_SECOND = 200;
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration AFTER_A_FAULT = Duration.ofSeconds(2);

  private final ControllerSettings settings;
  private final Assembly assembly;
  private final InstantSource clock = InstantSource.system();
  private final InstantSource steady = new SteadyClock();
  private final Background background = new ThreadedBackground();
  private final Metrics numbers = new Metrics();
  private final ControllerMetrics metrics = new ControllerMetrics(numbers);
  private final KubernetesCluster cluster;
  private final Endpoints endpoints;
  private final AtomicReference<Optional<Assembly.Running>> deciding =
      new AtomicReference<>(Optional.empty());
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  private volatile Optional<EventLoop> loop = Optional.empty();
  private volatile Optional<Policies> policies = Optional.empty();
  private volatile Optional<EventRecorder> events = Optional.empty();
  private volatile Optional<Election> election = Optional.empty();
  private volatile String waitsFor = "starting";
  private volatile Optional<String> refusal = Optional.empty();
  private volatile boolean closed;
  private volatile boolean begun;
  private final Thread thread = Thread.ofVirtual().name("controller").unstarted(this::run);

  private ControllerProgram(ControllerSettings settings, Assembly assembly) throws IOException {
    this.settings = settings;
    this.assembly = assembly;
    this.cluster =
        KubernetesCluster.connect(settings.connection(), settings.namespace(), metrics::apiRequest);
    this.endpoints = Endpoints.start(settings.port(), this::ill, this::unready, numbers);
    numbers.gauge("serin_leading", "1 while this process acts.", () -> leads() ? 1 : 0);
    numbers.gauge(
        "serin_reconciles_running",
        "Canaries that are looked at now.",
        () -> loop.map(EventLoop::running).orElse(0));
    numbers.gauge(
        "serin_watches_failing",
        "Kinds that cannot be watched, so that nothing is decided that depends on them.",
        () -> cluster.failing().size());
  }

  /// Starts a controller, and returns while it still gets to know the cluster.
  ///
  /// @throws IOException when the port cannot be had
  /// @throws IllegalArgumentException when there is no usable kubeconfig, or a setting is wrong
  public static ControllerProgram start(ControllerSettings settings, Assembly assembly)
      throws IOException {
    var known = Meshes.names();
    if (!settings.provider().isEmpty() && !known.contains(settings.provider())) {
      throw new IllegalArgumentException(
          "--provider is '%s'; known are %s".formatted(settings.provider(), known));
    }
    settings
        .metricsSecret()
        .filter(_ -> !settings.namespace().isEmpty())
        .filter(secret -> !secret.namespace().equals(settings.namespace()))
        .ifPresent(
            secret -> {
              throw new IllegalArgumentException(
                  "--metrics-server-secret is '%s', and with --namespace %s nothing else is read; put it there"
                      .formatted(secret, settings.namespace()));
            });
    var program = new ControllerProgram(settings, assembly);
    program.thread.start();
    return program;
  }

  /// Runs a controller until the process is told to stop.
  ///
  /// @return the exit code
  /// @throws IOException when the port cannot be had
  /// @throws IllegalArgumentException when there is no usable kubeconfig, or a setting is wrong
  public static int run(ControllerSettings settings, Assembly assembly) throws IOException {
    Logging.configure(settings.logFormat(), settings.debug());
    var program = start(settings, assembly);
    Runtime.getRuntime().addShutdownHook(new Thread(program::close, "stop"));
    try {
      var refusal = program.await();
      refusal.ifPresent(reason -> LOG.error("not started: {}", reason));
      return refusal.isPresent() ? 1 : 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /// Waits until the controller has ended.
  ///
  /// @return why it ended by itself; empty when it was closed
  public Optional<String> await() throws InterruptedException {
    ended.await();
    return refusal;
  }

  /// The port of `/healthz`, `/readyz` and `/metrics`.
  public int port() {
    return endpoints.port();
  }

  /// Why it cannot do its work now; empty when it can, or could if it led.
  public Optional<String> unready() {
    return waitsFor.isEmpty()
        ? cluster.missing(ESSENTIAL).or(() -> policies.flatMap(Policies::refusal))
        : Optional.of(waitsFor);
  }

  /// Why it should be started anew; empty while it is well.
  private Optional<String> ill() {
    return loop.flatMap(EventLoop::stuck)
        .map(canary -> canary + " is looked at without an end")
        .or(cluster::dead)
        .or(() -> dead("the controller did not start", begun || thread.isAlive()))
        .or(() -> dead("nobody looks after the lease", election.map(Election::alive).orElse(true)))
        .or(() -> dead("nobody watches policies", policies.map(Policies::alive).orElse(true)));
  }

  private Optional<String> dead(String what, boolean alive) {
    return alive || closed ? Optional.empty() : Optional.of(what + " any more; see the log");
  }

  private boolean leads() {
    if (closed || loop.isEmpty()) {
      return false;
    }
    return settings.election().isEmpty() || election.filter(Election::leading).isPresent();
  }

  private void run() {
    var explained = "";
    while (!begun && !closed) {
      try {
        begin();
      } catch (InterruptedException e) {
        close();
      } catch (RuntimeException e) {
        // Whatever it was may be over by the next time; a controller that gave up helps nobody.
        if (!e.toString().equals(explained) && !closed) {
          explained = e.toString();
          LOG.error("the controller did not start; trying again", e);
        }
        waitsFor = "a start without a fault: " + e;
        pause(AFTER_A_FAULT);
      } catch (LinkageError e) {
        fail(e);
      }
    }
  }

  /// Ends: what is broken in this program is so the next time as well.
  private void fail(LinkageError problem) {
    LOG.error("the controller cannot work", problem);
    refusal = Optional.of("the controller cannot work: " + problem);
    close();
  }

  /// Waits for as long, or until this is closed.
  private void pause(Duration length) {
    try {
      var _ = stopping.await(length.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin() throws InterruptedException {
    var identity = identity();
    var found = policies.orElseGet(() -> new Policies(settings, identity, cluster));
    policies = Optional.of(found);
    refusal = found.refusal();
    if (refusal.isPresent()) {
      close();
      return;
    }
    LOG.info("on {} as {}", cluster.server(), identity);
    cluster.watch(ESSENTIAL);
    awaitCaches();
    begin(identity, found);
  }

  private String identity() throws InterruptedException {
    while (true) {
      try {
        return cluster.identity();
      } catch (IOException e) {
        waitsFor("the API server %s: %s".formatted(cluster.server(), e.getMessage()));
        pause(PAUSE);
      }
    }
  }

  private void awaitCaches() throws InterruptedException {
    for (var missing = cluster.missing(ESSENTIAL);
        missing.isPresent();
        missing = cluster.missing(ESSENTIAL)) {
      waitsFor(missing.get());
      cluster.awaitNews();
    }
  }

  private void waitsFor(String what) throws InterruptedException {
    // Caches fill in some milliseconds; what takes longer is worth a word.
    if (!what.equals(waitsFor) && !what.endsWith("has not come yet")) {
      LOG.info("waiting for {}", what);
    }
    waitsFor = what;
    if (closed) {
      throw new InterruptedException();
    }
  }

  private void begin(String identity, Policies found) {
    cluster.writeOnlyWhile(this::leads);
    var reporter = settings.election().map(ControllerSettings.LeaseSettings::identity);
    var recorder = new EventRecorder(cluster, background, metrics, reporter.orElse(identity));
    var running =
        cluster.eventLoop(this::reconcile, new EventLoop.Settings(this::leads, STARTS_PER_SECOND));
    try {
      running.start(new Gone());
      if (keeps(running, recorder)) {
        found.onChange(this::lookAtAll);
        settings
            .election()
            .ifPresentOrElse(
                lease ->
                    stand(
                        cluster.election(
                            Election.Settings.standard(lease.namespace(), lease.identity()))),
                this::lead);
        begun = true;
        return;
      }
    } catch (RuntimeException e) {
      loop = Optional.empty();
      quietly(running::close);
      throw e;
    }
    quietly(running::close);
  }

  /// @return whether the program goes on, so that it closes them when it stops
  private synchronized boolean keeps(EventLoop running, EventRecorder recorder) {
    if (closed) {
      return false;
    }
    events = Optional.of(recorder);
    loop = Optional.of(running);
    waitsFor = "";
    return true;
  }

  private synchronized void stand(Election candidate) {
    if (!closed) {
      election = Optional.of(candidate);
      candidate.start(new Leadership());
    }
  }

  private void lead() {
    var deciders =
        assembly.assemble(
            new Assembly.Parts(
                settings,
                cluster,
                clock,
                steady,
                () -> policies.map(Policies::holdByPolicy).orElse(false),
                () -> policies.flatMap(Policies::commandsWithheld),
                (namespace, name) ->
                    loop.ifPresent(running -> running.wake(Kind.CANARY.named(namespace, name))),
                metrics,
                events.orElseThrow(),
                new ThreadedBackground()));
    deciding.getAndSet(Optional.of(deciders)).ifPresent(Assembly.Running::close);
    if (closed) {
      deciding.getAndSet(Optional.empty()).ifPresent(Assembly.Running::close);
      return;
    }
    LOG.info("leading: {} Canaries", cluster.canaries().size());
    lookAtAll();
  }

  private void lookAtAll() {
    loop.ifPresent(running -> running.runAll(this::isUnderWay));
  }

  private void step(String reason) {
    LOG.warn("not leading any more: {}", reason);
    deciding.getAndSet(Optional.empty()).ifPresent(Assembly.Running::close);
  }

  private boolean isUnderWay(ObjectRef canary) {
    return cluster
        .find(canary)
        .found()
        .map(object -> object.path("status").path("phase").asText())
        .filter(phase -> !RESTING.contains(phase))
        .isPresent();
  }

  private Optional<Duration> reconcile(String namespace, String name) {
    return deciding.get().flatMap(running -> running.reconcile(namespace, name));
  }

  /// Finishes what is under way, gives the lease back, and ends.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    waitsFor = "stopping";
    loop.ifPresent(running -> quietly(running::close));
    closed = true;
    stopping.countDown();
    deciding.getAndSet(Optional.empty()).ifPresent(running -> quietly(running::close));
    quietly(background::close);
    election.ifPresent(candidate -> quietly(candidate::close));
    policies.ifPresent(found -> quietly(found::close));
    quietly(cluster::close);
    quietly(endpoints::close);
    ended.countDown();
  }

  /// What cannot be closed must not keep the lease from being given back.
  private static void quietly(Runnable close) {
    try {
      close.run();
    } catch (RuntimeException e) {
      LOG.warn("while stopping", e);
    }
  }

  private final class Leadership implements Election.Listener {
    @Override
    public void started() {
      try {
        lead();
      } catch (LinkageError e) {
        // Closing waits for the thread of the election, which this is.
        Thread.ofVirtual().start(() -> fail(e));
      }
    }

    @Override
    public void stopped(String reason) {
      step(reason);
    }
  }

  private final class Gone implements Wakes {
    @Override
    public void wake(ObjectRef canary) {
      loop.ifPresent(running -> running.wake(canary));
    }

    @Override
    public void gone(ObjectRef canary) {
      metrics.forget(canary.namespace(), canary.name());
      deciding.get().ifPresent(running -> running.forget(canary.namespace(), canary.name()));
    }
  }
}
