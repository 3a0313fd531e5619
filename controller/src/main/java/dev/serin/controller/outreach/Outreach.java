package dev.serin.controller.outreach;

import dev.serin.cluster.Cluster;
import dev.serin.controller.measure.Gatekeeper;
import dev.serin.controller.reconcile.Announcer;
import dev.serin.controller.reconcile.Occasion;
import dev.serin.controller.telemetry.ControllerMetrics;
import dev.serin.controller.telemetry.EventRecorder;
import dev.serin.parse.AlertSpec;
import dev.serin.parse.Settings;
import dev.serin.webhooks.HookCaller;
import dev.serin.webhooks.Notifiers;
import dev.serin.webhooks.Waiting;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/// Everybody outside of the cluster who is asked or told.
public final class Outreach implements Announcer, AutoCloseable {
  /// Who may be told.
  ///
  /// @param references whether AlertProviders of other namespaces may be named
  /// @param alert who is told of Canaries that name nobody; empty for nobody
  public record Rules(Settings.References references, Optional<AlertSpec> alert) {}

  private static final Duration FAREWELL = Duration.ofSeconds(2);

  private final HookDesk desk;
  private final Outbox outbox;
  private final List<Announcer> announcers;

  /// @param background where everything is delivered
  /// @param clock of signatures
  /// @param waiting between two attempts
  public Outreach(
      Cluster cluster,
      Rules rules,
      Executor background,
      InstantSource clock,
      Waiting waiting,
      EventRecorder events,
      ControllerMetrics metrics) {
    this(
        cluster,
        new HookCaller(clock, waiting),
        new Notifiers(clock, waiting),
        rules,
        new Outbox(background, new Complaints(events, metrics), FAREWELL));
  }

  Outreach(Cluster cluster, HookCaller caller, Notifiers notifiers, Rules rules, Outbox outbox) {
    this.desk = new HookDesk(cluster, caller);
    this.outbox = outbox;
    this.announcers =
        List.of(
            new HookAnnouncer(desk, outbox), new AlertAnnouncer(cluster, notifiers, rules, outbox));
  }

  /// Asks webhooks.
  public Gatekeeper gatekeeper() {
    return desk;
  }

  /// Tells whoever the Canary names. Returns at once.
  @Override
  public void announce(Occasion occasion) {
    announcers.forEach(announcer -> announcer.announce(occasion));
  }

  @Override
  public void close() {
    outbox.close();
  }
}
