package dev.serin.cli;

import dev.serin.controller.install.InstallManifests;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Prints what a cluster needs to run Serin.
@Command(
    name = "install",
    description = "Prints everything that a cluster needs, for kubectl apply -f -.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  canary install --image registry.example.com/serin:0.1.0 --provider gatewayapi | kubectl"
          + " apply -f -",
      "  canary install --crds-only | kubectl apply -f -",
      "  canary install --controller=false | kubectl apply -f -     the controller runs elsewhere"
    })
final class InstallCommand implements Callable<Integer> {
  @Option(names = "--image", paramLabel = "IMAGE", description = "The controller's image.")
  private @Nullable String image;

  @Option(names = "--crds-only", description = "Only the definitions of the custom resources.")
  private boolean crdsOnly;

  @Option(
      names = "--controller",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      arity = "0..1",
      paramLabel = "true|false",
      description = "Whether the controller's Deployment is among them; true by default.")
  private boolean controller = true;

  @Option(
      names = "--mutating-policies",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      arity = "0..1",
      paramLabel = "true|false",
      description = "Policies that take Kubernetes 1.36 or newer; true by default.")
  private boolean mutating = true;

  @Option(names = "--provider", paramLabel = "MESH", description = "As of canary controller.")
  private @Nullable String provider;

  @Option(names = "--metrics-server", paramLabel = "URL", description = "As of canary controller.")
  private @Nullable URI metricsServer;

  @Option(
      names = "--metrics-server-secret",
      paramLabel = "NAMESPACE/NAME",
      description = "As of canary controller.")
  private @Nullable String metricsSecret;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    ControllerCommand.check(provider == null ? "" : provider, metricsServer);
    var parts =
        crdsOnly
            ? InstallManifests.Parts.DEFINITIONS
            : controller ? InstallManifests.Parts.EVERYTHING : InstallManifests.Parts.NO_CONTROLLER;
    if (parts == InstallManifests.Parts.EVERYTHING && image == null) {
      throw new UsageException(
          "--image is missing; name the controller's image, or use --controller=false to run it"
              + " elsewhere");
    }
    List<String> arguments = new ArrayList<>();
    if (provider != null) {
      arguments.add("--provider=" + provider);
    }
    if (metricsServer != null) {
      arguments.add("--metrics-server=" + metricsServer);
    }
    if (metricsSecret != null) {
      arguments.add("--metrics-server-secret=" + ControllerCommand.secret(metricsSecret));
    }
    var text =
        InstallManifests.render(
            parts,
            mutating ? InstallManifests.Policies.MUTATING : InstallManifests.Policies.VALIDATING,
            image == null ? "" : image,
            arguments);
    if (spec != null) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
