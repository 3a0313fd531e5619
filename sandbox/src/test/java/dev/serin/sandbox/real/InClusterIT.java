package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `canary controller` as a pod runs it: nothing but what a kubelet gives to a container says where
/// the API server is and who asks.
class InClusterIT {
  private static final String PLAN = "interval: 10s, threshold: 3, stepWeights: [20, 50]";
  @AutoClose private static Stage stage;

  @TempDir private Path account;
  @TempDir private Path home;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("in-cluster");
    letLead();
  }

  /// The lease of its own namespace, since others use that of Serin's.
  private static void letLead() {
    stage.cluster.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: leader, namespace: SPACE}
        rules:
        - {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [create]}
        - {apiGroups: [coordination.k8s.io], resources: [leases], resourceNames: [serin], verbs: [get, update]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: leader, namespace: SPACE}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: leader}
        subjects: [{kind: ServiceAccount, name: serin, namespace: serin}]
        """
            .replace("SPACE", stage.namespace));
    stage.cluster.await(
        "Serin's account may lead here", App.SOON, () -> may("create") && may("update"));
  }

  private static boolean may(String verb) {
    return stage
            .cluster
            .kubectl("serin", "", "-n", stage.namespace, "auth", "can-i", verb, "leases/serin")
            .code()
        == 0;
  }

  /// What a kubelet writes into a container and sets there; the client looks for the files
  /// elsewhere when it is told to.
  private Map<String, String> pod() throws IOException {
    var server = URI.create(stage.cluster.property("server"));
    var authority = Files.readString(Path.of(stage.cluster.property("ca")));
    return Map.of(
        "KUBERNETES_SERVICE_HOST",
        server.getHost(),
        "KUBERNETES_SERVICE_PORT",
        Integer.toString(server.getPort()),
        "KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN",
        file("token", stage.cluster.token()),
        "KUBERNETES_CERTS_CA_FILE",
        file("ca.crt", authority),
        "KUBENAMESPACE",
        file("namespace", "serin"),
        "HOME",
        home.toString(),
        // Nothing is made in the background while others wait for the machine.
        "SERIN_AOT",
        "off");
  }

  private String file(String name, String content) throws IOException {
    return Files.writeString(account.resolve(name), content).toString();
  }

  @Test
  void thePodsOwnAccountIsEnoughToLeadAndToAdoptACanary() throws IOException {
    var app = stage.app("web").deploy(1);
    int port = ControllerProcess.freePort();
    var controller =
        Launcher.startWithNothingElse(
            pod(),
            "controller",
            "--namespace",
            stage.namespace,
            "--leader-election-namespace",
            stage.namespace,
            "--provider",
            "gatewayapi",
            "--port",
            Integer.toString(port));
    try {
      stage.cluster.await(
          () -> "the controller is ready; it says: " + controller.said(),
          Duration.ofSeconds(60),
          () -> {
            assertThat(controller.isRunning()).as(controller.said()).isTrue();
            return ControllerProcess.isReady(port);
          });
      assertThat(controller.said()).contains("as system:serviceaccount:serin:serin");

      app.adopt(PLAN);
      assertThat(leader()).isNotEmpty();
      app.delete();
    } finally {
      controller.kill();
    }
  }

  private static String leader() {
    return stage
        .cluster
        .get("/apis/coordination.k8s.io/v1/namespaces/%s/leases/serin".formatted(stage.namespace))
        .at("/spec/holderIdentity")
        .asText();
  }
}
