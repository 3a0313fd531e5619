package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whatever people and tools do to a target whose new revision waits, only Serin releases it.
class HeldRevisionIT {
  @AutoClose private static Stage stage;
  private static int count;

  private App app;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("held");
    stage.grant("gitops", "edit");
    stage.run();
  }

  @BeforeEach
  void holdARevision() {
    app = stage.app("web" + ++count).deploy(2);
    app.adopt(
        "interval: 10s, threshold: 3, stepWeight: 50, maxWeight: 50,"
            + " approvals: [{name: boss, before: rollout}]");
    app.setImage("sandbox/web:1.1");
    assertThat(app.isHeld()).as("held in the very request").isTrue();
    app.awaitPhase("Waiting", App.SOON);
  }

  private Program.Ended kubectl(String input, String... arguments) {
    return stage.cluster.kubectl("gitops", input, arguments);
  }

  /// Waits until the Deployment controller has seen what there is.
  private void assertStillHeld() {
    stage.cluster.await(
        "the Deployment controller has looked",
        Duration.ofSeconds(20),
        () -> {
          var target = app.target();
          return target.at("/status/observedGeneration").asLong()
              == target.at("/metadata/generation").asLong();
        });
    assertThat(app.isHeld()).isTrue();
    assertThat(app.target().at("/metadata/labels/serin.dev~1canary").asText()).isEqualTo(app.name);
    assertThat(app.serving()).hasSize(2).containsOnly("sandbox/web:1.0");
    assertThat(app.phase()).isEqualTo("Waiting");
  }

  @Test
  void replaceDoesNotRelease() {
    // It reads before it writes, and is refused when the status changed meanwhile.
    stage.cluster.await(
        "the target is replaced",
        App.SOON,
        () ->
            kubectl(app.manifest(2, "sandbox/web:1.2"), "replace", "-f", "-")
                .output()
                .contains("replaced"));
    assertThat(app.image()).isEqualTo("sandbox/web:1.2");
    assertStillHeld();
  }

  @Test
  void aForcedApplyOfAGitOpsToolDoesNotRelease() {
    var manifest =
        app.manifest(2, "sandbox/web:1.2").replace("  replicas:", "  paused: false\n  replicas:");
    kubectl(
            manifest,
            "apply",
            "--server-side",
            "--force-conflicts",
            "--field-manager=gitops",
            "-f",
            "-")
        .orFail();
    assertThat(app.image()).isEqualTo("sandbox/web:1.2");
    assertStillHeld();
  }

  @Test
  void resumingTheRolloutDoesNotRelease() {
    var ended = kubectl("", "-n", app.namespace, "rollout", "resume", "deployment/" + app.name);
    assertThat(ended.output()).containsAnyOf("resumed", "unchanged", "not patched");
    assertStillHeld();
  }

  @Test
  void theMarkCannotBeTakenAway() {
    kubectl("", "-n", app.namespace, "label", "deployment", app.name, "serin.dev/canary-");
    assertStillHeld();
  }

  @Test
  void aHeldTargetCanBeScaled() {
    kubectl("", "-n", app.namespace, "scale", "deployment", app.name, "--replicas=3").orFail();
    stage.cluster.await("the target has a third pod", App.SOON, () -> app.serving().size() == 3);
    assertThat(app.serving()).containsOnly("sandbox/web:1.0");
    assertThat(app.isHeld()).isTrue();
  }

  @Test
  void brokenGlassReleases() {
    kubectl(
            "",
            "-n",
            app.namespace,
            "annotate",
            "deployment",
            app.name,
            "serin.dev/bypass=the house is on fire")
        .orFail();
    kubectl("", "-n", app.namespace, "rollout", "resume", "deployment/" + app.name).orFail();
    app.awaitPhase("Bypassed", App.SOON);
    stage.cluster.await(
        "the revision runs",
        App.SOON,
        () -> app.serving().stream().allMatch("sandbox/web:1.1"::equals));
  }
}
