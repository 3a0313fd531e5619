package dev.serin.controller.install;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Everything that a cluster needs to run Serin, as YAML for `kubectl apply -f -`. The files are
/// those of the Helm chart.
public final class InstallManifests {

  /// Where the files of the chart are on the class path.
  private static final String ROOT = "/dev/serin/install/";

  private static final List<String> DEFINITIONS =
      List.of("canary", "canarycommand", "metrictemplate", "alertprovider");

  private static final String NAMESPACE = "namespace";
  private static final String DEPLOYMENT = "deployment";
  private static final List<String> RIGHTS = List.of("account", "rbac", "roles");
  private static final List<String> POLICIES = List.of("held-policy", "command-policy");

  /// Those that take Kubernetes 1.36.
  private static final List<String> MUTATING_POLICIES =
      List.of("hold-policy", "hold-sets-policy", "command-by");

  /// What is to be installed.
  public enum Parts {
    /// All of it.
    EVERYTHING,
    /// All but the controller itself, which runs somewhere else.
    NO_CONTROLLER,
    /// Only the definitions of the custom resources.
    DEFINITIONS
  }

  /// What the cluster can do.
  public enum Policies {
    /// Policies that change requests, which takes Kubernetes 1.36 or newer.
    MUTATING,
    /// Only policies that refuse requests.
    VALIDATING
  }

  private InstallManifests() {}

  /// Writes the manifests.
  ///
  /// @param image of the controller; not used where no controller is installed
  /// @param arguments further flags of the controller
  public static String render(
      Parts parts, Policies policies, String image, List<String> arguments) {
    var texts = new ArrayList<String>();
    if (parts != Parts.DEFINITIONS) {
      texts.add(manifest(NAMESPACE));
    }
    DEFINITIONS.forEach(name -> texts.add(read("crds/" + name)));
    if (parts != Parts.DEFINITIONS) {
      RIGHTS.forEach(name -> texts.add(manifest(name)));
      POLICIES.forEach(name -> texts.add(manifest(name)));
      if (policies == Policies.MUTATING) {
        MUTATING_POLICIES.forEach(name -> texts.add(manifest(name)));
      }
    }
    if (parts == Parts.EVERYTHING) {
      texts.add(deployment(image, arguments));
    }
    return String.join("---\n", texts);
  }

  private static String deployment(String image, List<String> arguments) {
    var lines =
        arguments.stream()
            .map(argument -> "            - " + quoted(argument) + "\n")
            .collect(Collectors.joining());
    return manifest(DEPLOYMENT)
        .replace("image: serin:latest", "image: " + quoted(image))
        .replace("            # more arguments\n", lines);
  }

  /// As a YAML string, whatever is in it.
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static String manifest(String name) {
    return read("manifests/" + name);
  }

  private static String read(String name) {
    var path = ROOT + name + ".yaml";
    try (InputStream file = InstallManifests.class.getResourceAsStream(path)) {
      if (file == null) {
        throw new IllegalStateException(path + " is missing on the class path");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be read", e);
    }
  }
}
