package dev.serin.controller;

import dev.serin.controller.cluster.Connection;
import dev.serin.controller.telemetry.LogFormat;
import dev.serin.parse.AlertSpec;
import dev.serin.parse.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// How a controller runs: the flags of `canary controller`.
///
/// @param connection how to find the API server
/// @param namespace the only one whose Canaries are driven; empty for all
/// @param provider the mesh of Canaries that name none; empty when each has to name one
/// @param metricsServer the Prometheus of Canaries that name none
/// @param metricsSecret the Secret with credentials and authorities for that Prometheus
/// @param scrapeInterval how often metrics servers scrape; empty to find out from their samples
/// @param election whether several processes agree which of them acts
/// @param hold how new revisions are held back
/// @param commands when commands of people are followed
/// @param intervalFloor the least `analysis.interval` that is accepted
/// @param perNamespace rollouts that may run at once in one namespace; 0 for any number
/// @param total rollouts that may run at once; 0 for any number
/// @param references whether Canaries may name templates and alert providers of other namespaces
/// @param alert who is told of Canaries that name nobody; empty for nobody
/// @param port of `/healthz`, `/readyz` and `/metrics`; 0 for any free one
/// @param logFormat how log lines look
/// @param debug whether to log everything
public record ControllerSettings(
    Connection connection,
    String namespace,
    String provider,
    Optional<URI> metricsServer,
    Optional<SecretRef> metricsSecret,
    Optional<Duration> scrapeInterval,
    Optional<LeaseSettings> election,
    Hold hold,
    Commands commands,
    Duration intervalFloor,
    int perNamespace,
    int total,
    Settings.References references,
    Optional<AlertSpec> alert,
    int port,
    LogFormat logFormat,
    boolean debug) {

  /// Settings without credentials for the Prometheus of Canaries that name none, by which Canaries
  /// may name what they like, and nobody is told of those that name nobody.
  public ControllerSettings(
      Connection connection,
      String namespace,
      String provider,
      Optional<URI> metricsServer,
      Optional<Duration> scrapeInterval,
      Optional<LeaseSettings> election,
      Hold hold,
      Commands commands,
      Duration intervalFloor,
      int perNamespace,
      int total,
      int port,
      LogFormat logFormat,
      boolean debug) {
    this(
        connection,
        namespace,
        provider,
        metricsServer,
        Optional.empty(),
        scrapeInterval,
        election,
        hold,
        commands,
        intervalFloor,
        perNamespace,
        total,
        Settings.References.ANY_NAMESPACE,
        Optional.empty(),
        port,
        logFormat,
        debug);
  }

  /// A Secret of the cluster.
  public record SecretRef(String namespace, String name) {

    /// Reads `NAMESPACE/NAME`.
    ///
    /// @throws IllegalArgumentException when it is written otherwise
    public static SecretRef parse(String text) {
      var parts = text.split("/", -1);
      if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
        throw new IllegalArgumentException(
            "--metrics-server-secret is '%s'; write NAMESPACE/NAME, such as monitoring/prometheus"
                .formatted(text));
      }
      return new SecretRef(parts[0], parts[1]);
    }

    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  /// Where the processes agree.
  ///
  /// @param namespace of the Lease
  /// @param identity of this process, unlike that of any other
  public record LeaseSettings(String namespace, String identity) {}

  /// How new revisions are held back.
  public enum Hold {
    /// By the admission policy where it is installed, else by pausing.
    AUTO,
    /// By the admission policy; without it the controller does not start.
    POLICY,
    /// By pausing targets, also at rest.
    PAUSED
  }

  /// When commands of people are followed.
  public enum Commands {
    /// While the API server checks who may give which.
    WITH_POLICY,
    /// Always: whoever may create a CanaryCommand may give every command, in any name.
    ALWAYS
  }

  /// The settings of a controller without flags.
  public static ControllerSettings standard(Connection connection) {
    return new ControllerSettings(
        connection,
        "",
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Hold.AUTO,
        Commands.WITH_POLICY,
        Duration.ofSeconds(10),
        0,
        0,
        Settings.References.ANY_NAMESPACE,
        Optional.empty(),
        8080,
        LogFormat.TEXT,
        false);
  }
}
