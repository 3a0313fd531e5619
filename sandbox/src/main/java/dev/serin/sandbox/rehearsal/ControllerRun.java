package dev.serin.sandbox.rehearsal;

import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.controller.Assembly;
import dev.serin.controller.ControllerSettings;
import dev.serin.controller.Deciders;
import dev.serin.controller.cluster.Connection;
import dev.serin.controller.cluster.Wakes;
import dev.serin.controller.telemetry.ControllerMetrics;
import dev.serin.controller.telemetry.EventRecorder;
import dev.serin.controller.telemetry.LogFormat;
import dev.serin.controller.telemetry.Metrics;
import dev.serin.controller.workload.HoldMode;
import dev.serin.sandbox.Sandbox;
import dev.serin.sandbox.api.SandboxCluster;
import dev.serin.sandbox.time.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One process of the controller, from its start to its end or crash: what the event loop of a
/// cluster does, on a scheduler. One Canary is looked at one time at once, when something that it
/// read changed, when it asked to be looked at again, and after a surprise.
final class ControllerRun implements Wakes {

  /// How long a Canary rests after a surprise; it gets longer with each, as in a cluster.
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private static final int LONGEST_PAUSES = 10;

  private final Rehearsal rehearsal;
  private final Scheduler scheduler;
  private final SandboxCluster cluster;
  private final ScheduledBackground background;
  private final Metrics numbers = new Metrics();
  private final Assembly.Running deciding;
  private final Set<ObjectRef> queued = new HashSet<>();
  private final Map<ObjectRef, Scheduler.Scheduled> due = new HashMap<>();
  private final Map<ObjectRef, Integer> surprises = new HashMap<>();
  private boolean ended;

  ControllerRun(Rehearsal rehearsal, Sandbox sandbox, RehearsalOptions options) {
    this.rehearsal = rehearsal;
    scheduler = sandbox.scheduler();
    cluster = new SandboxCluster(sandbox.store(), Rehearsal.SERIN, scheduler, options.staleness());
    background = new ScheduledBackground(scheduler, rehearsal::clock, this::guarded);
    var port = options.around().apply(cluster);
    var metrics = new ControllerMetrics(numbers);
    deciding =
        Deciders.answeredBy(sandbox.metrics())
            .heardBy(rehearsal::heard)
            .assemble(
                new Assembly.Parts(
                    settings(options),
                    port,
                    rehearsal::clock,
                    scheduler,
                    () -> options.hold() == HoldMode.ADMISSION_POLICY,
                    Optional::empty,
                    (namespace, name) -> wake(Kind.CANARY.named(namespace, name)),
                    metrics,
                    new EventRecorder(port, background, metrics, "rehearsal"),
                    background));
  }

  private static ControllerSettings settings(RehearsalOptions options) {
    return new ControllerSettings(
        Connection.standard(),
        "",
        "gatewayapi",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        options.hold() == HoldMode.ADMISSION_POLICY
            ? ControllerSettings.Hold.POLICY
            : ControllerSettings.Hold.PAUSED,
        ControllerSettings.Commands.WITH_POLICY,
        Duration.ofSeconds(1),
        options.limits().perNamespace(),
        options.limits().total(),
        0,
        LogFormat.TEXT,
        false);
  }

  /// Begins to act: every Canary is looked at.
  void start() {
    cluster.onChange(this);
    cluster.list(Kind.CANARY, "", Map.of()).stream()
        .map(
            canary ->
                Kind.CANARY.named(
                    canary.at("/metadata/namespace").asText(),
                    canary.at("/metadata/name").asText()))
        .forEach(this::wake);
  }

  SandboxCluster cluster() {
    return cluster;
  }

  /// What the process publishes of itself.
  Metrics numbers() {
    return numbers;
  }

  @Override
  public void wake(ObjectRef canary) {
    if (!ended && queued.add(canary)) {
      scheduler.soon(() -> guarded(() -> look(canary)));
    }
  }

  @Override
  public void gone(ObjectRef canary) {
    queued.remove(canary);
    Optional.ofNullable(due.remove(canary)).ifPresent(Scheduler.Scheduled::cancel);
    deciding.forget(canary.namespace(), canary.name());
  }

  private void look(ObjectRef canary) {
    if (!queued.remove(canary)) {
      return;
    }
    Optional.ofNullable(due.remove(canary)).ifPresent(Scheduler.Scheduled::cancel);
    try {
      var again =
          cluster.reading(canary, () -> deciding.reconcile(canary.namespace(), canary.name()));
      surprises.remove(canary);
      again.ifPresent(delay -> lookAgain(canary, delay));
    } catch (RuntimeException surprise) {
      rehearsal.surprised(surprise);
      int times = Math.min(LONGEST_PAUSES, surprises.merge(canary, 1, Integer::sum));
      lookAgain(canary, FIRST_PAUSE.multipliedBy(1L << (times - 1)));
    }
  }

  private void lookAgain(ObjectRef canary, Duration delay) {
    due.put(canary, scheduler.after(delay, () -> wake(canary)));
  }

  private void guarded(Runnable work) {
    if (ended) {
      return;
    }
    try {
      work.run();
    } catch (RuntimeException surprise) {
      rehearsal.surprised(surprise);
    } catch (Crash crash) {
      rehearsal.crashed(this);
    }
  }

  /// Nothing of it happens any more.
  void end() {
    ended = true;
    due.values().forEach(Scheduler.Scheduled::cancel);
    background.close();
    deciding.close();
    cluster.close();
  }
}
