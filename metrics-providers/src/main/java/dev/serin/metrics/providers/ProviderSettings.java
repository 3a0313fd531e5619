package dev.serin.metrics.providers;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// How one system is reached.
///
/// @param type name of the kind of system, such as `prometheus`
/// @param address of its API; a path is kept, user and password in it are taken as credentials
/// @param headers sent with every request
/// @param secret the data of the Secret that a MetricTemplate names, decoded; empty for none. Each
///   kind of system says which keys it reads
/// @param insecureSkipVerify whether any TLS certificate will do
/// @param timeout for the answer to one query
public record ProviderSettings(
    String type,
    URI address,
    Map<String, List<String>> headers,
    Map<String, String> secret,
    boolean insecureSkipVerify,
    Duration timeout) {
  /// What is waited for an answer unless somebody says otherwise.
  public static final Duration TIMEOUT = Duration.ofSeconds(10);

  public ProviderSettings {
    headers = Map.copyOf(headers);
    secret = Map.copyOf(secret);
  }

  /// A Prometheus without credentials.
  public static ProviderSettings prometheus(URI address) {
    return new ProviderSettings("prometheus", address, Map.of(), Map.of(), false, TIMEOUT);
  }

  /// Without any credential.
  @Override
  public String toString() {
    return type + " at " + place();
  }

  /// Scheme, host, port and path of the address: what may be shown to people.
  String place() {
    if (address.getHost() == null) {
      return address.getScheme() == null ? "an address without scheme" : address.getScheme() + ":…";
    }
    var port = address.getPort() < 0 ? "" : ":" + address.getPort();
    return address.getScheme() + "://" + address.getHost() + port + address.getPath();
  }
}
