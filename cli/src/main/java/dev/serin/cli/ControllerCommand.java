package dev.serin.cli;

import dev.serin.alert.Severity;
import dev.serin.controller.ControllerProgram;
import dev.serin.controller.ControllerSettings;
import dev.serin.controller.Deciders;
import dev.serin.controller.cluster.Connection;
import dev.serin.controller.mesh.Meshes;
import dev.serin.controller.telemetry.LogFormat;
import dev.serin.parse.AlertSpec;
import dev.serin.parse.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs the controller.
@Command(
    name = "controller",
    description = "Runs the controller, in a cluster or beside it.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  canary controller --provider gatewayapi --metrics-server"
          + " http://prometheus.monitoring:9090",
      "  canary controller --kubeconfig serin.kubeconfig --leader-election=false --port 0",
      "",
      "The identity must be system:serviceaccount:serin:serin where the hold policy is installed:",
      "  kubectl -n serin create token serin"
    })
final class ControllerCommand implements Callable<Integer> {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "KUBECONFIG, ~/.kube/config or the pod's own account when not given.")
  private @Nullable String kubeconfig;

  @Option(
      names = "--context",
      paramLabel = "CONTEXT",
      description = "The context of the kubeconfig.")
  private @Nullable String context;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Drive only the Canaries of one namespace.")
  private String namespace = "";

  @Option(
      names = "--provider",
      paramLabel = "MESH",
      description = "The mesh of Canaries that name none, such as gatewayapi, istio.")
  private String provider = "";

  @Option(
      names = "--metrics-server",
      paramLabel = "URL",
      description = "The Prometheus of Canaries that name none.")
  private @Nullable URI metricsServer;

  @Option(
      names = "--metrics-server-secret",
      paramLabel = "NAMESPACE/NAME",
      description =
          "The Secret with its credentials (token, or username and password) and authorities"
              + " (ca.crt).")
  private @Nullable String metricsSecret;

  @Option(
      names = "--scrape-interval",
      paramLabel = "DURATION",
      converter = Durations.class,
      description =
          "How often metrics servers scrape; found out from their samples when not given.")
  private @Nullable Duration scrapeInterval;

  @Option(
      names = "--leader-election",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      arity = "0..1",
      paramLabel = "true|false",
      description = "Whether several processes agree which of them acts; true by default.")
  private boolean leaderElection = true;

  @Option(
      names = "--leader-election-namespace",
      paramLabel = "NAMESPACE",
      description = "Where the Lease lives; serin by default.")
  private String leaseNamespace = "serin";

  @Option(
      names = "--hold",
      paramLabel = "MODE",
      description = "How revisions are held: auto, policy, paused; auto by default.")
  private ControllerSettings.Hold hold = ControllerSettings.Hold.AUTO;

  @Option(
      names = "--commands-without-policy",
      description =
          "Follow commands although no policy checks who gives them: whoever may create a"
              + " CanaryCommand may give every command in any name.")
  private boolean commandsWithoutPolicy;

  @Option(
      names = "--interval-floor",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "The least analysis.interval that is accepted; 10s by default.")
  private Duration intervalFloor = Duration.ofSeconds(10);

  @Option(
      names = "--max-rollouts",
      paramLabel = "N",
      description = "Rollouts that may run at once; 0 for any number.")
  private int total;

  @Option(
      names = "--max-rollouts-per-namespace",
      paramLabel = "N",
      description = "The same for one namespace.")
  private int perNamespace;

  @Option(
      names = "--no-cross-namespace-refs",
      description =
          "Canaries may name no MetricTemplates and AlertProviders of other namespaces than their"
              + " own.")
  private boolean noCrossNamespaceRefs;

  @Option(
      names = "--alert-provider",
      paramLabel = "NAMESPACE/NAME",
      description = "The AlertProvider of Canaries that name none.")
  private @Nullable String alertProvider;

  @Option(
      names = "--alert-severity",
      paramLabel = "SEVERITY",
      description = "The least that it is told: info, warn, error; info by default.")
  private Severity alertSeverity = Severity.INFO;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Of /healthz, /readyz and /metrics; 8080 by default, 0 for any free one.")
  private int port = 8080;

  @Option(names = "--log-format", paramLabel = "FORMAT", description = "text or json.")
  private LogFormat logFormat = LogFormat.TEXT;

  @Option(names = "--debug", description = "Log everything.")
  private boolean debug;

  /// Refuses what no controller could work with.
  ///
  /// @param provider empty for none
  static void check(String provider, @Nullable URI metricsServer) {
    if (!provider.isEmpty() && Meshes.byName(provider).isEmpty()) {
      throw new UsageException(
          "--provider is '%s'; known are %s".formatted(provider, Meshes.names()));
    }
    if (metricsServer != null
        && !List.of("http", "https")
            .contains(Objects.requireNonNullElse(metricsServer.getScheme(), ""))) {
      throw new UsageException(
          "--metrics-server is '%s'; it has to be a URL such as http://prometheus.monitoring:9090"
              .formatted(metricsServer));
    }
  }

  /// Reads `NAMESPACE/NAME`.
  static ControllerSettings.SecretRef secret(String text) {
    try {
      return ControllerSettings.SecretRef.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException(Objects.requireNonNullElse(e.getMessage(), text));
    }
  }

  @Override
  public Integer call() throws IOException {
    check(provider, metricsServer);
    var settings =
        new ControllerSettings(
            new Connection.Kubeconfig(
                Optional.ofNullable(kubeconfig).map(Path::of), Optional.ofNullable(context)),
            namespace,
            provider,
            Optional.ofNullable(metricsServer),
            Optional.ofNullable(metricsSecret).map(ControllerCommand::secret),
            Optional.ofNullable(scrapeInterval),
            leaderElection
                ? Optional.of(new ControllerSettings.LeaseSettings(leaseNamespace, identity()))
                : Optional.empty(),
            hold,
            commandsWithoutPolicy
                ? ControllerSettings.Commands.ALWAYS
                : ControllerSettings.Commands.WITH_POLICY,
            intervalFloor,
            perNamespace,
            total,
            noCrossNamespaceRefs
                ? Settings.References.OWN_NAMESPACE
                : Settings.References.ANY_NAMESPACE,
            alert(),
            port,
            logFormat,
            debug);
    try {
      return ControllerProgram.run(settings, new Deciders());
    } catch (IllegalArgumentException e) {
      throw new UsageException(Objects.requireNonNullElse(e.getMessage(), "no usable kubeconfig"));
    }
  }

  private Optional<AlertSpec> alert() {
    if (alertProvider == null) {
      return Optional.empty();
    }
    var parts = alertProvider.split("/", -1);
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      throw new UsageException(
          "--alert-provider is '%s'; write it like serin/slack".formatted(alertProvider));
    }
    return Optional.of(new AlertSpec("controller", alertSeverity, parts[0], parts[1]));
  }

  /// Unlike that of any other process: the pod's name, or host and process.
  private static String identity() {
    try {
      return InetAddress.getLocalHost().getHostName() + "-" + ProcessHandle.current().pid();
    } catch (UnknownHostException e) {
      return "serin-" + ProcessHandle.current().pid();
    }
  }
}
