package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Where nothing checks who gives commands, none is followed.
@Isolated
class WithoutPolicyIT {
  private static final String BINDING =
      "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/serin-commands";
  @AutoClose private static Stage stage;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("nopolicy");
    stage.run();
  }

  @Test
  void commandsAreRefusedWhileThePolicyIsAwayAndFollowedWhenItIsBack() {
    var app = stage.app("web").deploy(1);
    app.adopt("interval: 60s, threshold: 3, stepWeights: [20, 50]");
    app.setImage("sandbox/web:1.1");
    app.awaitTraffic(App.SOON);
    var binding = stage.cluster.get(BINDING).deepCopy();
    ((com.fasterxml.jackson.databind.node.ObjectNode) binding)
        .putObject("metadata")
        .put("name", "serin-commands")
        .putObject("labels")
        .put("app.kubernetes.io/name", "serin");
    stage.cluster.delete(BINDING);
    try {
      stage.cluster.await(
          "a command is refused",
          App.SOON,
          () -> {
            app.command("pause");
            return refused(app);
          });
      assertThat(app.phase()).isEqualTo("Progressing");
    } finally {
      stage.cluster.apply(binding.toString());
    }
    stage.cluster.await(
        "a command is followed",
        App.SOON,
        () -> {
          app.command("pause");
          Stage.pause(java.time.Duration.ofSeconds(1));
          return app.phase().equals("Paused");
        });
  }

  private static boolean refused(App app) {
    Stage.pause(java.time.Duration.ofSeconds(1));
    return stage
        .cluster
        .get("/apis/serin.dev/v1beta1/namespaces/" + app.namespace + "/canarycommands")
        .path("items")
        .toString()
        .contains("nothing checks who may give commands");
  }
}
