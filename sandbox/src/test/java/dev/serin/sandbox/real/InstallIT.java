package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What `canary install` prints is taken by the API server as it is, every field of it.
class InstallIT {
  private final RealCluster cluster = RealCluster.open();

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everythingIsTaken(boolean mutating) {
    // A dry run makes no namespace, and no kind, for what comes after it in the same run.
    Stage.open("install");
    var manifests =
        print(
            "--image",
            "registry.example.com/serin:0.1.0",
            "--provider",
            "gatewayapi",
            "--metrics-server",
            "http://prometheus.monitoring:9090",
            "--metrics-server-secret",
            "monitoring/prometheus",
            "--mutating-policies=" + mutating);
    var documents = manifests.lines().filter(line -> line.startsWith("kind: ")).count();
    var answer = dryRun(manifests);
    assertThat(answer.lines().filter(line -> line.endsWith("(server dry run)")))
        .as(answer)
        .hasSize((int) documents);
    assertThat(answer)
        .contains("deployment.apps/serin created")
        .contains("validatingadmissionpolicy.admissionregistration.k8s.io/serin-held");
    assertThat(answer.contains("mutatingadmissionpolicy.")).isEqualTo(mutating);
    assertThat(answer).doesNotContainIgnoringCase("unknown field");
  }

  @Test
  void aFieldThatIsNoneWouldBeRefused() {
    var manifests = print("--crds-only").replaceFirst("\nspec:\n", "\nspec:\n  gruop: serin.dev\n");
    var ended = apply(manifests);
    assertThat(ended.code()).isNotZero();
    assertThat(ended.output()).contains("unknown field \"spec.gruop\"");
  }

  private String print(String... arguments) {
    var all = new String[arguments.length + 1];
    all[0] = "install";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Launcher.start(cluster.property("kubeconfig.admin"), all).await().orFail().output();
  }

  private String dryRun(String manifests) {
    return apply(manifests).orFail().output();
  }

  private Program.Ended apply(String manifests) {
    return cluster.kubectl(
        "admin", manifests, "apply", "--dry-run=server", "--validate=strict", "-f", "-");
  }
}
