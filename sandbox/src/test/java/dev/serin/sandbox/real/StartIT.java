package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// `canary controller` as documented: the launcher, a token of Serin's account, and the Canaries of
/// all namespaces.
@Isolated
class StartIT {
  private static final int CANARIES = 10;
  private static final String PLAN = "interval: 10s, threshold: 3, stepWeights: [20, 50]";

  /// Lists, and what the controller asks about itself and the server; not one for each Canary.
  private static final int FEW = 40;

  private static Stage stage;
  private static Stage elsewhere;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("start");
    elsewhere = Stage.open("start-too");
  }

  @AfterAll
  static void tidy() {
    if (stage != null) {
      try (var _ = stage.controller();
          var _ = elsewhere.controller()) {
        stage.close();
        elsewhere.close();
      }
    }
  }

  /// A kubeconfig with a token that the API server made for the account.
  private static Path kubeconfig() throws IOException {
    var file =
        Files.createTempFile(
            "serin",
            ".yaml",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: real
        clusters: [{name: real, cluster: {server: "%s", certificate-authority: "%s"}}]
        users: [{name: serin, user: {token: "%s"}}]
        contexts: [{name: real, context: {cluster: real, user: serin}}]
        """
            .formatted(
                stage.cluster.property("server"),
                stage.cluster.property("ca"),
                stage.cluster.token()));
    return file;
  }

  /// What was asked about the whole cluster and about the Canaries at rest: not what the one
  /// elsewhere takes, which is adopted as soon as it is seen.
  private static List<AuditLog.Entry> aboutTheResting(AuditLog audit) {
    return audit.entries().stream()
        .filter(entry -> !entry.isWatch())
        .filter(entry -> entry.namespace().isEmpty() || entry.namespace().equals(stage.namespace))
        .toList();
  }

  @Test
  void aTokenOfTheAccountIsEnoughAndTheControllerIsReadySoon() throws IOException {
    var apps = new ArrayList<App>();
    for (int i = 0; i < CANARIES; i++) {
      apps.add(stage.app("web" + i).deploy(1));
    }
    apps.forEach(app -> app.declare(PLAN));
    var kubeconfig = kubeconfig();
    try (var _ = stage.controller()) {
      apps.forEach(app -> app.awaitPhase("Initialized", App.SOON));
    }
    var far = elsewhere.app("far").deploy(1).declare(PLAN);
    Launcher.prepare("controller");

    int port = ControllerProcess.freePort();
    var audit = AuditLog.fromNow(stage.cluster);
    var began = Instant.now();
    var controller =
        Launcher.start(
            kubeconfig.toString(),
            "controller",
            "--provider",
            "gatewayapi",
            "--leader-election=false",
            "--interval-floor",
            "1s",
            "--port",
            Integer.toString(port));
    try {
      while (!ControllerProcess.isReady(port)) {
        assertThat(controller.isRunning()).as(controller.said()).isTrue();
        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(60));
        Stage.pause(Duration.ofMillis(20));
      }
      var took = Duration.between(began, Instant.now());
      var asked = aboutTheResting(audit);
      System.out.printf(
          "StartIT: ready after %d ms and %d requests with %d Canaries (aim: 3 s)%n",
          took.toMillis(), asked.size(), CANARIES);
      // How long it takes depends on what else the machine does; what it does in that time does
      // not. That it reads all at the same time is held by ControllerProgramTest.
      assertThat(asked).as("%s", AuditLog.summary(asked)).hasSizeBetween(13, FEW);
      assertThat(asked)
          .filteredOn(entry -> entry.isWrite() && !entry.namespace().isEmpty())
          .isEmpty();

      far.awaitPhase("Initialized", App.SOON);
      for (var app : List.of(apps.getFirst(), far)) {
        app.setImage("sandbox/web:1.1");
        app.awaitTraffic(App.SOON);
        app.command("promote");
      }
      for (var app : List.of(apps.getFirst(), far)) {
        app.awaitAtRest("Succeeded", App.SOON);
      }
    } finally {
      controller.kill();
      Files.delete(kubeconfig);
    }
  }
}
