package dev.serin.controller;

import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Read;
import dev.serin.controller.measure.EvidenceLoop;
import dev.serin.controller.measure.MeasuringDesk;
import dev.serin.controller.measure.ThresholdRunner;
import dev.serin.controller.measure.TrafficForecaster;
import dev.serin.controller.measure.TrendRunner;
import dev.serin.controller.mesh.Meshes;
import dev.serin.controller.outreach.Outreach;
import dev.serin.controller.reconcile.Announcer;
import dev.serin.controller.reconcile.CanaryReconciler;
import dev.serin.controller.reconcile.ReconcilerSettings;
import dev.serin.controller.reconcile.StrayCommands;
import dev.serin.controller.workload.HoldMode;
import dev.serin.controller.workload.Workloads;
import dev.serin.mesh.Mesh;
import dev.serin.metrics.MetricsProvider;
import dev.serin.metrics.providers.MetricsProviders;
import dev.serin.parse.Settings;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The deciding part of the controller, put together: one readable method.
public final class Deciders implements Assembly {
  private final Optional<MetricsProvider> standing;
  private final Announcer audience;

  /// Queries go to the servers that Canaries and settings name.
  public Deciders() {
    this(Optional.empty(), _ -> {});
  }

  private Deciders(Optional<MetricsProvider> standing, Announcer audience) {
    this.standing = standing;
    this.audience = audience;
  }

  /// Queries that name no server are answered by this one, in the same process.
  public static Deciders answeredBy(MetricsProvider provider) {
    return new Deciders(Optional.of(provider), _ -> {});
  }

  /// The same, and somebody in the same process hears everything that is told.
  public Deciders heardBy(Announcer listener) {
    return new Deciders(standing, listener);
  }

  @Override
  public Running assemble(Parts parts) {
    var settings = parts.settings();
    var parsing =
        Settings.of(settings.provider(), Meshes.all())
            .withIntervalFloor(settings.intervalFloor())
            .with(
                settings.namespace().isEmpty()
                    ? settings.references()
                    : Settings.References.OWN_NAMESPACE);
    var meshes =
        Meshes.all().stream().collect(Collectors.toUnmodifiableMap(Mesh::name, mesh -> mesh));
    var sources =
        new ClusterMetricSources(
            parts.cluster(),
            new MetricsProviders(parts.clock().withZone(ZoneOffset.UTC)),
            settings.metricsServer(),
            settings.metricsSecret(),
            standing);
    var evidence =
        new EvidenceLoop(
            parts.background(), meshes, sources, settings.scrapeInterval(), parts.wake());
    var outreach =
        new Outreach(
            parts.cluster(),
            new Outreach.Rules(parsing.references(), settings.alert()),
            parts.background(),
            parts.clock(),
            Thread::sleep,
            parts.events(),
            parts.metrics());
    var telling = new Telling(parts.events(), parts.metrics());
    var desk =
        new MeasuringDesk(
            parts.background(),
            List.of(
                new ThresholdRunner(parts.background(), meshes, sources),
                new TrendRunner(sources, parts.clock()),
                evidence),
            outreach.gatekeeper(),
            evidence,
            new TrafficForecaster(meshes, sources, settings.scrapeInterval()),
            parts.clock(),
            parts.wake());
    var reconciler =
        new CanaryReconciler(
            new dev.serin.controller.reconcile.Parts(
                parts.cluster(),
                Workloads.all(),
                meshes,
                desk,
                occasion -> {
                  telling.announce(occasion);
                  outreach.announce(occasion);
                  audience.announce(occasion);
                },
                parts.clock(),
                parts.steady(),
                parts.wake(),
                new ReconcilerSettings(
                    parsing,
                    () ->
                        parts.holdByPolicy().getAsBoolean()
                            ? HoldMode.ADMISSION_POLICY
                            : HoldMode.PAUSED,
                    () -> trust(parts),
                    settings.perNamespace(),
                    settings.total())));
    parts
        .background()
        .every(
            StrayCommands.PERIOD,
            () -> StrayCommands.answer(parts.cluster(), parts.clock().instant()));
    return new Deciding(parts, reconciler, outreach);
  }

  private static ReconcilerSettings.Trust trust(Parts parts) {
    return parts
        .commandsWithheld()
        .get()
        .<ReconcilerSettings.Trust>map(ReconcilerSettings.Trust.Withheld::new)
        .orElseGet(ReconcilerSettings.Trust.Given::new);
  }

  private record Deciding(Parts parts, CanaryReconciler reconciler, Outreach outreach)
      implements Running {

    @Override
    public Optional<Duration> reconcile(String namespace, String name) {
      if (!parts.metrics().knows(namespace, name)) {
        tellWhereItStands(namespace, name);
      }
      return reconciler.reconcile(namespace, name);
    }

    /// Of a Canary at rest nothing is decided that would tell it.
    private void tellWhereItStands(String namespace, String name) {
      if (parts.cluster().find(Kind.CANARY.named(namespace, name))
          instanceof Read.Found(var canary)) {
        var phase = Fields.text(canary, "status", "phase");
        if (!phase.isEmpty()) {
          var weight = Fields.number(canary, "status", "canaryWeight");
          parts.metrics().stands(namespace, name, phase, (int) weight);
        }
      }
    }

    @Override
    public void forget(String namespace, String name) {
      reconciler.gone(namespace, name);
    }

    @Override
    public void close() {
      outreach.close();
      parts.background().close();
      parts.metrics().standAside();
    }
  }
}
