package dev.serin.controller;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Read;
import dev.serin.controller.cluster.ClusterSecrets;
import dev.serin.controller.cluster.ClusterSecrets.Data;
import dev.serin.controller.measure.MetricSources;
import dev.serin.metrics.Measurement;
import dev.serin.metrics.MetricsProvider;
import dev.serin.metrics.SampleProvider;
import dev.serin.metrics.Samples;
import dev.serin.metrics.providers.Built;
import dev.serin.metrics.providers.MetricsProviders;
import dev.serin.metrics.providers.ProviderSettings;
import dev.serin.parse.MetricsServer;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The systems that answer queries, as MetricTemplates and Secrets of the cluster describe them.
final class ClusterMetricSources implements MetricSources {
  private final Cluster cluster;
  private final ClusterSecrets secrets;
  private final MetricsProviders providers;
  private final Optional<URI> standard;
  private final Optional<ControllerSettings.SecretRef> standardSecret;
  private final Optional<MetricsProvider> standing;

  /// @param standard the Prometheus of Canaries that name none
  /// @param standardSecret its credentials and authorities
  /// @param standing answers instead of it, from within the process
  ClusterMetricSources(
      Cluster cluster,
      MetricsProviders providers,
      Optional<URI> standard,
      Optional<ControllerSettings.SecretRef> standardSecret,
      Optional<MetricsProvider> standing) {
    this.cluster = cluster;
    this.secrets = new ClusterSecrets(cluster);
    this.providers = providers;
    this.standard = standard;
    this.standardSecret = standardSecret;
    this.standing = standing;
  }

  @Override
  public Optional<MetricsProvider> prometheus(Optional<MetricsServer> server) {
    return server
        .map(this::prometheus)
        .or(() -> standing)
        .or(() -> standard.map(this::withoutOwnSecret));
  }

  private MetricsProvider prometheus(MetricsServer server) {
    return server
        .secret()
        .map(
            name ->
                prometheus(
                    server.address(),
                    "spec.metricsServerSecretRef",
                    secrets.of(server.namespace(), name)))
        .orElseGet(() -> withoutOwnSecret(server.address()));
  }

  private MetricsProvider withoutOwnSecret(URI address) {
    return prometheus(address, "--metrics-server-secret", credentials(address));
  }

  /// @param from where the Secret is named
  private MetricsProvider prometheus(URI address, String from, Data secret) {
    return switch (secret) {
      case Data.Missing(var reason) -> new Unable(from + ": " + reason);
      case Data.Held(var data) -> prometheus(address, data);
    };
  }

  private MetricsProvider prometheus(URI address, Map<String, String> secret) {
    var settings =
        new ProviderSettings(
            "prometheus", address, Map.of(), secret, false, ProviderSettings.TIMEOUT);
    return switch (providers.of(settings)) {
      case Built.Ready(var provider) -> provider;
      case Built.Unfit(var problems) ->
          new Unable("metrics server " + settings + ": " + String.join("; ", problems));
    };
  }

  /// What goes to a server that is not named with a Secret of its own: nothing, unless it is the
  /// controller's.
  private Data credentials(URI address) {
    return standardSecret
        .filter(_ -> standard.filter(address::equals).isPresent())
        .map(secret -> secrets.of(secret.namespace(), secret.name()))
        .orElseGet(() -> new Data.Held(Map.of()));
  }

  /// A server that cannot even be asked, and why.
  private record Unable(String reason) implements SampleProvider {
    @Override
    public Measurement query(String query) {
      return new Measurement.Unavailable(reason);
    }

    @Override
    public Measurement probe() {
      return new Measurement.Unavailable(reason);
    }

    @Override
    public Samples latest(String query) {
      return new Samples.Unavailable(reason);
    }

    @Override
    public Samples instant(String query, Instant time) {
      return new Samples.Unavailable(reason);
    }

    @Override
    public Samples range(String query, Instant start, Instant end, Duration step) {
      return new Samples.Unavailable(reason);
    }
  }

  @Override
  public Template template(String namespace, String name) {
    var label = "MetricTemplate " + namespace + "/" + name;
    return switch (cluster.find(Kind.METRIC_TEMPLATE.named(namespace, name))) {
      case Read.Found(var template) -> of(label, namespace, template);
      case Read.Absent _ -> new Template.Unusable(label + " does not exist; create it");
      case Read.NotServed _ ->
          new Template.Unusable("MetricTemplates are not installed; apply Serin's CRDs");
      case Read.Unknown(var reason) -> new Template.Unusable(label + " cannot be read: " + reason);
    };
  }

  private Template of(String label, String namespace, ObjectNode template) {
    var spec = template.path("spec");
    var said = spec.path("provider");
    var type = said.path("type").asText("prometheus");
    var address = said.path("address").asText();
    Optional<URI> server;
    try {
      server = address.isEmpty() ? standard : Optional.of(URI.create(address));
    } catch (IllegalArgumentException e) {
      return new Template.Unusable(
          label + ": spec.provider.address is '" + address + "', which is no URL");
    }
    if (server.isEmpty()) {
      return new Template.Unusable(
          label + ": spec.provider.address is missing, and the controller has no --metrics-server");
    }
    var secret = said.at("/secretRef/name").asText();
    Map<String, String> data;
    switch (secret.isEmpty() ? credentials(server.get()) : secrets.of(namespace, secret)) {
      case Data.Held(var found) -> data = found;
      case Data.Missing(var reason) -> {
        return new Template.Unusable(label + ": " + reason);
      }
    }
    var settings =
        new ProviderSettings(
            type,
            server.get(),
            headers(said.path("headers")),
            data,
            said.path("insecureSkipVerify").asBoolean(),
            ProviderSettings.TIMEOUT);
    return switch (providers.of(settings)) {
      case Built.Ready(var provider) -> new Template.Usable(provider, spec.path("query").asText());
      case Built.Unfit(var problems) ->
          new Template.Unusable(label + ": " + String.join("; ", problems));
    };
  }

  private static Map<String, List<String>> headers(JsonNode said) {
    var headers = new HashMap<String, List<String>>();
    said.properties()
        .forEach(
            header -> {
              var values = new ArrayList<String>();
              header.getValue().forEach(value -> values.add(value.asText()));
              headers.put(header.getKey(), List.copyOf(values));
            });
    return headers;
  }
}
