package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cli.TestCluster.Installed;
import dev.serin.cluster.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GetTest {
  private final TestCluster cluster;

  GetTest(@TempDir Path directory) {
    cluster = new TestCluster(directory);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void theNamespaceOfTheContextIsMeantUnlessAnotherIsNamed() {
    cluster.namespace("other");
    cluster.canary("shop", "web");
    cluster.canary("other", "api");
    assertThat(cluster.run("get").out()).contains("web").doesNotContain("api");
    assertThat(cluster.run("get", "-n", "other").out()).contains("api").doesNotContain("web");
    assertThat(cluster.run("get", "--context", "other").out()).contains("api");
    assertThat(cluster.run("get", "-A").out()).contains("NAMESPACE", "web", "api");
  }

  @Test
  void everyFormatOfKubectlIsThere() {
    cluster.canary("shop", "web");
    cluster.status("shop", "web", "{phase: Waiting, waitingFor: the night}");
    assertThat(cluster.run("get", "-o", "wide").out())
        .contains("WAITING FOR", "the night", "gatewayapi", "Deployment/web");
    assertThat(cluster.run("get", "-o", "name").out()).isEqualTo("canary.serin.dev/web\n");
    assertThat(cluster.run("get", "-o", "json").out())
        .contains("\"kind\" : \"List\"", "\"phase\" : \"Waiting\"");
    assertThat(cluster.run("get", "web", "-o", "yaml").out())
        .startsWith("apiVersion: serin.dev/v1beta1\n")
        .contains("phase: Waiting");
    assertThat(cluster.run("get", "web", "-o", "wide").out()).contains("WAITING FOR");
    assertThat(cluster.run("get", "web", "-o", "name").out()).isEqualTo("canary.serin.dev/web\n");
  }

  @Test
  void whatIsPrintedAsYamlIsTheObjectAgain() {
    cluster.canary("shop", "web");
    cluster.status("shop", "web", "{phase: Waiting, revision: '77', waitingFor: '1.0'}");
    assertThat(TestCluster.objects(cluster.run("get", "web", "-o", "yaml").out()))
        .as("text that looks like a number is still text")
        .containsExactly(cluster.admin.get(Kind.CANARY, "shop", "web"));
  }

  @Test
  void watchShowsEveryChangeOnceUntilTheCanaryIsGone() {
    cluster.canary("shop", "web");
    cluster.status("shop", "web", "{phase: Waiting, waitingFor: the night}");
    var watching = cluster.start("get", "web", "-o", "wide", "--watch");
    watching.awaitOutput("the night");

    cluster.status("shop", "web", "{phase: Progressing, waitingFor: its pods}");
    watching.awaitOutput("its pods");
    cluster.admin.delete(Kind.CANARY, "shop", "web");

    var run = watching.ended();
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).containsOnlyOnce("the night").containsOnlyOnce("its pods");
    assertThat(run.err()).contains("there is no Canary shop/web");
  }

  @Test
  void anUnknownFormatNamesTheKnownOnes() {
    var run = cluster.run("get", "-o", "xml");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--output", "'xml' is none of json, yaml, wide, name");
  }

  @Test
  void noCanariesIsSaidAndIsNoError() {
    var run = cluster.run("get");
    assertThat(run.code()).isZero();
    assertThat(run.out()).isEqualTo("No canaries found in namespace shop.\n");
  }

  @Test
  void anUnknownCanaryNamesThoseNear() {
    cluster.canary("shop", "web");
    cluster.canary("shop", "payments");
    var run = cluster.run("get", "payment");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo("canary: there is no Canary shop/payment; there is payments, web\n");
    assertThat(cluster.run("get", "x", "-n", "default").err())
        .contains(
            "there is no Canary default/x; the namespace has none, `canary get -A` lists all");
  }

  @Test
  void aNameMayBeWrittenAsKubectlPrintsIt() {
    cluster.canary("shop", "web");
    assertThat(cluster.run("get", "canary.serin.dev/web", "-o", "name").code()).isZero();
    assertThat(cluster.run("get", "cn/web", "-o", "name").code()).isZero();
  }

  @Test
  void podsAreShownByNameWithWhyTheyAreNotReady() {
    cluster.canary("shop", "web");
    cluster.create(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web-good, namespace: shop, labels: {app: web}}
        spec: {containers: [{name: app, image: "sandbox/web:1.0"}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: web-bad, namespace: shop, labels: {app: web}}
        spec: {containers: [{name: app, image: "sandbox/web:1.0"}]}
        """);
    podStatus(
        "web-good",
        "{conditions: [{type: Ready, status: 'True'}], containerStatuses: [{name: app, ready:"
            + " true}]}");
    podStatus(
        "web-bad",
        """
        conditions: [{type: Ready, status: 'False', reason: ContainersNotReady}]
        containerStatuses:
          - name: app
            ready: false
            restartCount: 3
            state: {waiting: {reason: CrashLoopBackOff, message: back-off 40s}}
        """);
    assertThat(cluster.run("get", "web").out())
        .contains("Deployment web (stable)")
        .contains("✖ web-bad  0/1 ready  CrashLoopBackOff: back-off 40s  3 restarts")
        .contains("✔ web-good  1/1 ready");
  }

  private void podStatus(String name, String yaml) {
    cluster.admin.editStatus(
        Kind.POD, "shop", name, pod -> pod.set("status", TestCluster.objects(yaml).getFirst()));
  }

  @Test
  void whoMayNotSeePodsSeesTheRest() {
    cluster.canary("shop", "web");
    cluster.status("shop", "web", "{phase: Succeeded, waitingFor: nothing}");
    var run = cluster.run("get", "web", "--context", "viewer");
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains(
            "Succeeded", "pods not shown: vic may not get deployments.apps in namespace shop");
  }

  @Test
  void whoMayNotIsToldWhichVerbOnWhat() {
    var run = cluster.run("get", "--context", "nobody");
    assertThat(run.code()).isEqualTo(8);
    assertThat(run.err())
        .isEqualTo(
            "canary: nick may not list canaries.serin.dev in namespace shop; it takes a role with"
                + " verb list on canaries.serin.dev\n");
  }

  @Test
  void anUnreachableClusterIsOneSentence() {
    var run = cluster.run("get", "--context", "away");
    assertThat(run.code()).isEqualTo(8);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err())
        .startsWith("canary: the API server http://127.0.0.1:1 cannot be reached: ");
  }

  @Test
  void unknownCredentialsAreOneSentence() {
    var run = cluster.run("get", "--context", "stranger");
    assertThat(run.code()).isEqualTo(8);
    assertThat(run.err()).contains("does not know you; log in again, or choose another --context");
  }

  @Test
  void anUnknownContextNamesTheKnownOnes() {
    var run = cluster.run("get", "--context", "prod");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("--context is 'prod'", "[away, here, nobody, other, stranger, viewer]");
  }

  @Test
  void aKubeconfigThatIsNotThereIsNamed() {
    var run = cluster.run("get", "--kubeconfig", "/does/not/exist");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--kubeconfig is '/does/not/exist', which is not a file");
  }

  @Test
  void aClusterWithoutSerinSaysHowToInstallIt(@TempDir Path other) {
    try (var bare = new TestCluster(other, Installed.NOTHING)) {
      var run = bare.run("get");
      assertThat(run.code()).isEqualTo(8);
      assertThat(run.err()).contains("does not know canaries.serin.dev; install Serin");
    }
  }

  @Test
  void allNamespacesAndANameContradictEachOther() {
    assertThat(cluster.run("get", "web", "-A").code()).isEqualTo(2);
  }

  @Test
  void historyIsATableOrTheObjectsButHasNoNames() {
    cluster.canary("shop", "web");
    assertThat(cluster.run("history", "web").out()).isEqualTo("No rollout has ended yet.\n");
    assertThat(cluster.run("history", "web", "-o", "json").out()).isEqualTo("[ ]\n");
    cluster.status(
        "shop",
        "web",
        """
        history:
          - {number: 2, revision: r2, outcome: RolledBack, reason: too slow, by: ann,
             startedAt: "2026-01-01T00:00:00Z", endedAt: "2026-01-01T00:05:00Z", durationSeconds: 300}
        """);
    assertThat(cluster.run("history", "web").out())
        .contains("ROLLOUT   REVISION   OUTCOME", "RolledBack   5m", "ann   too slow");
    assertThat(cluster.run("history", "web", "-o", "wide").out())
        .contains("STARTED AT", "2026-01-01T00:05:00Z");
    assertThat(cluster.run("history", "web", "-o", "yaml").out()).contains("outcome: RolledBack");
    var named = cluster.run("history", "web", "-o", "name");
    assertThat(named.code()).isEqualTo(2);
    assertThat(named.err()).contains("'name' is none of json, yaml, wide");
  }
}
