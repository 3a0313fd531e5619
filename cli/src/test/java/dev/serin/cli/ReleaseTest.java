package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Kind;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseTest {
  @TempDir private Path directory = Path.of("");

  private TestCluster cluster() {
    var cluster = new TestCluster(directory);
    cluster.namespace("other");
    cluster.canary("shop", "web");
    cluster.canary("shop", "api");
    cluster.canary("other", "web");
    return cluster;
  }

  private static int left(TestCluster cluster) {
    return cluster.admin.list(Kind.CANARY, "").size();
  }

  @Test
  void allMeansThoseOfTheNamespace() {
    try (var cluster = cluster()) {
      var run = cluster.run("release", "--all", "-n", "shop");
      assertThat(run.code()).isZero();
      assertThat(run.out()).contains("shop/api let go", "shop/web let go");
      assertThat(cluster.admin.list(Kind.CANARY, "other")).hasSize(1);
    }
  }

  @Test
  void theWholeClusterHasToBeAskedFor() {
    try (var cluster = cluster()) {
      assertThat(cluster.run("release", "--all", "-A").code()).isZero();
      assertThat(left(cluster)).isZero();
    }
  }

  @Test
  void contradictionsAreRefusedBeforeAnythingIsDone() {
    try (var cluster = cluster()) {
      assertThat(cluster.run("release", "web", "-A").err()).contains("-A is only for --all");
      assertThat(cluster.run("release", "--all", "-A", "-n", "shop").err())
          .contains("both -A and -n shop are given");
      assertThat(cluster.run("release").err()).contains("name one Canary, or say --all");
      assertThat(cluster.run("release", "web", "--all").code()).isEqualTo(2);
      assertThat(left(cluster)).isEqualTo(3);
    }
  }

  @Test
  void aPersonIsAsked() {
    try (var cluster = cluster()) {
      var no = cluster.run(new TestCluster.Answering(true, ""), "release", "--all");
      assertThat(no.code()).isEqualTo(1);
      assertThat(no.out()).contains("Nothing was done.");
      assertThat(left(cluster)).isEqualTo(3);
      assertThat(cluster.run(new TestCluster.Answering(true, ""), "release", "api", "--yes").code())
          .isZero();
      assertThat(cluster.run(new TestCluster.Answering(true, "y"), "release", "web").code())
          .isZero();
      assertThat(left(cluster)).isEqualTo(1);
    }
  }

  @Test
  void whatIsNotLetGoInTimeIsFiveAndSaysWhatItWaitsFor() {
    try (var cluster = cluster()) {
      cluster.admin.edit(
          Kind.CANARY,
          "shop",
          "web",
          canary ->
              canary.withObject("/metadata").putArray("finalizers").add("serin.dev/finalizer"));
      cluster.status(
          "shop", "web", "{phase: Terminating, waitingFor: traffic to be at the target}");
      var run = cluster.run("release", "web", "--timeout", "0");
      assertThat(run.code()).isEqualTo(5);
      assertThat(run.out())
          .contains("shop/web is not let go yet; it waits for traffic to be at the target");
    }
  }

  @Test
  void nothingToReleaseIsSaid() {
    try (var cluster = cluster()) {
      assertThat(cluster.run("release", "--all", "-n", "default").out())
          .isEqualTo("No canaries found in namespace default.\n");
      assertThat(cluster.run("release", "wbe").err()).contains("there is web, api");
    }
  }
}
