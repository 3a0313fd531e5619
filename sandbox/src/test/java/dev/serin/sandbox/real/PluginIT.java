package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `canary` as a plugin that a real kubectl finds in PATH.
class PluginIT {
  @AutoClose private static Stage stage;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("plugin");
    stage.grant("dev", "view");
    stage.run();
  }

  private static String kubectl(String... arguments) {
    var command = new ArrayList<>(List.of(stage.cluster.property("bin") + "/kubectl"));
    command.addAll(List.of(arguments));
    var path = Launcher.plugin().getParent() + ":" + System.getenv("PATH");
    return Program.start(
            command,
            "",
            Map.of(
                "PATH",
                path,
                "KUBECONFIG",
                stage.cluster.property("kubeconfig.dev"),
                "SERIN_JAVA_HOME",
                System.getProperty("java.home")))
        .await()
        .orFail()
        .output();
  }

  @Test
  void kubectlCanaryIsTheSameCommand() {
    var app = stage.app("web").deploy(1);
    app.adopt("interval: 10s, threshold: 3, stepWeights: [20, 50], metrics: " + App.SUCCESS_RATE);

    assertThat(kubectl("canary", "get", "-n", stage.namespace))
        .contains("NAME", "web", "Initialized");
    assertThat(kubectl("canary", "get", "web", "-n", stage.namespace, "-o", "name"))
        .isEqualToIgnoringNewLines("canary.serin.dev/web");
    assertThat(kubectl("canary", "wait", "--help")).contains("kubectl canary wait");
  }
}
