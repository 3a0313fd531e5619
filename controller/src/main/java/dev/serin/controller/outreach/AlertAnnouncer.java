package dev.serin.controller.outreach;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.alert.Alert;
import dev.serin.alert.Severity;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Read;
import dev.serin.controller.cluster.ClusterSecrets;
import dev.serin.controller.cluster.ClusterSecrets.Data;
import dev.serin.controller.reconcile.Announcer;
import dev.serin.controller.reconcile.Occasion;
import dev.serin.parse.AlertSpec;
import dev.serin.parse.Settings;
import dev.serin.webhooks.Built;
import dev.serin.webhooks.NotifierSettings;
import dev.serin.webhooks.Notifiers;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Tells people by the AlertProviders that a Canary names. A provider is looked up when there is
/// something to tell, so that a corrected one is good at once.
final class AlertAnnouncer implements Announcer {
  private final Cluster cluster;
  private final ClusterSecrets secrets;
  private final Notifiers notifiers;
  private final Outreach.Rules rules;
  private final Outbox outbox;

  AlertAnnouncer(Cluster cluster, Notifiers notifiers, Outreach.Rules rules, Outbox outbox) {
    this.cluster = cluster;
    this.secrets = new ClusterSecrets(cluster);
    this.notifiers = notifiers;
    this.rules = rules;
    this.outbox = outbox;
  }

  @Override
  public void announce(Occasion occasion) {
    Alerts.severity(occasion)
        .ifPresent(
            severity -> {
              var alert = Alerts.alert(occasion, severity);
              receivers(occasion, severity).values().forEach(to -> post(occasion, alert, to));
            });
  }

  /// Who is told, each provider once however many rules name it.
  private Map<String, AlertSpec> receivers(Occasion occasion, Severity severity) {
    var named = occasion.declared().alerts();
    var receivers = new TreeMap<String, AlertSpec>();
    for (var alert : named.isEmpty() ? rules.alert().stream().toList() : named) {
      if (alert.severity().compareTo(severity) <= 0) {
        receivers.putIfAbsent(label(alert), alert);
      }
    }
    return receivers;
  }

  private static String label(AlertSpec alert) {
    return "AlertProvider " + alert.providerNamespace() + "/" + alert.provider();
  }

  private void post(Occasion occasion, Alert alert, AlertSpec to) {
    outbox.post(new Parcel(Parcel.Kind.ALERT, label(to), occasion, () -> deliver(alert, to)));
  }

  private Optional<String> deliver(Alert alert, AlertSpec to) {
    if (rules.references() == Settings.References.OWN_NAMESPACE
        && !to.providerNamespace().equals(alert.namespace())
        && rules.alert().filter(to::equals).isEmpty()) {
      return Optional.of(
          "it is in another namespace than the Canary, which this controller does not allow; use"
              + " one of namespace "
              + alert.namespace());
    }
    return switch (cluster.find(Kind.ALERT_PROVIDER.named(to.providerNamespace(), to.provider()))) {
      case Read.Found(var provider) -> deliver(alert, Fields.at(provider, "spec"), to);
      case Read.Absent _ -> Optional.of("it does not exist; create it");
      case Read.NotServed _ -> Optional.of("AlertProviders are not installed; apply Serin's CRDs");
      case Read.Unknown(var reason) -> Optional.of("it cannot be read: " + reason);
    };
  }

  private Optional<String> deliver(Alert alert, JsonNode spec, AlertSpec to) {
    var secret = Fields.text(spec, "secretRef", "name");
    Map<String, String> values = Map.of();
    if (!secret.isEmpty()) {
      switch (secrets.of(to.providerNamespace(), secret)) {
        case Data.Held(var held) -> values = held;
        case Data.Missing(var problem) -> {
          return Optional.of(problem);
        }
      }
    }
    var settings =
        new NotifierSettings(
            Fields.text(spec, "type"),
            Fields.text(spec, "address"),
            Fields.text(spec, "channel"),
            Fields.text(spec, "username"),
            Fields.text(spec, "proxy"),
            values);
    return switch (notifiers.of(settings)) {
      case Built.Ready(var notifier) -> notifier.tell(alert);
      case Built.Unfit(var problems) -> Optional.of(String.join("; ", problems));
    };
  }
}
