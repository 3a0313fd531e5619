package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `canary wait` as a pipeline runs it: a process whose exit code says how the release ended.
class WaitIT {
  private static final String ANALYSIS = "threshold: 3, stepWeights: [20, 50], ";
  private static final String APPROVAL = ", approvals: [{name: boss, before: rollout}]";
  @AutoClose private static Stage stage;
  private static int count;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("wait");
    stage.grant("dev", "view");
    stage.run();
  }

  private static App app(String analysis, String... more) {
    return stage.app("web" + ++count).deploy(1).adopt(ANALYSIS + analysis, more);
  }

  private static Program waiting(App app, String... arguments) {
    return waiting("deployment/" + app.name, arguments);
  }

  private static Program waiting(String what, String... arguments) {
    var all = new ArrayList<>(List.of("wait", what, "-n", stage.namespace));
    all.addAll(List.of(arguments));
    return Launcher.start(stage.cluster.property("kubeconfig.dev"), all.toArray(new String[0]));
  }

  private static void awaitBound(Program waiting) {
    stage.cluster.await(
        "it knows the revision", App.SOON, () -> waiting.said().contains("revision "));
  }

  @Test
  void endsWith0WhenPromotedAndTellsTheStory() {
    var app = app("interval: 1s").setImage("sandbox/web:1.1");
    var ended = waiting(app).await();
    assertThat(ended.code()).as(ended.output()).isZero();
    assertThat(ended.output()).contains("promoted").contains("20 %").contains("50 %");
    assertThat(app.serving()).containsOnly("sandbox/web:1.1");
  }

  @Test
  void endsWith1WhenRolledBackAndWith4WhenRejectedBefore() {
    var app = app("interval: 60s").setImage("sandbox/web:1.1");
    var waiting = waiting(app);
    awaitBound(waiting);
    app.awaitTraffic(App.SOON);
    app.command("abort");
    assertThat(waiting.await().code()).isEqualTo(1);

    app.setImage("sandbox/web:1.0");
    app.awaitAtRest("Initialized", App.SOON);
    app.setImage("sandbox/web:1.1");
    var again = waiting(app).await();
    assertThat(again.code()).as(again.output()).isEqualTo(4);
  }

  @Test
  void endsWith2WhenAskedForNonsense() {
    assertThat(waiting("nonsense").await().code()).isEqualTo(2);
    assertThat(waiting("deployment/unknown").await().code()).isEqualTo(2);
  }

  @Test
  void endsWith3WhenAnotherRevisionComes() {
    var app = app("interval: 60s").setImage("sandbox/web:1.1");
    var waiting = waiting(app);
    awaitBound(waiting);
    app.setImage("sandbox/web:1.2");
    var ended = waiting.await();
    assertThat(ended.code()).as(ended.output()).isEqualTo(3);
  }

  @Test
  void endsWith5WhenTimeIsUpAndWith6WhenPeopleHaveToApprove() {
    var app = app("interval: 60s" + APPROVAL).setImage("sandbox/web:1.1");
    var patient = waiting(app, "--timeout", "6s");
    var ended = waiting(app, "--fail-on-approval").await();
    assertThat(ended.code()).as(ended.output()).isEqualTo(6);
    assertThat(ended.output()).contains("boss");
    assertThat(patient.await().code()).isEqualTo(5);
  }

  @Test
  void endsWith7WhenNobodyReleasesTheTarget() {
    var app = stage.app("web" + ++count).deploy(1);
    assertThat(waiting(app).await().code()).isEqualTo(7);
  }

  @Test
  void endsWith8WhenTheCanaryIsDeleted() {
    var app = app("interval: 60s").setImage("sandbox/web:1.1");
    var waiting = waiting(app);
    awaitBound(waiting);
    app.delete();
    var ended = waiting.await();
    assertThat(ended.code()).as(ended.output()).isEqualTo(8);
  }

  @Test
  void endsWith9WhenTheTargetCannotRunTheRevision() {
    var app = app("interval: 1s", "progressDeadlineSeconds: 15");
    stage.pods.holdBack(app.namespace, app.name);
    app.setImage("sandbox/web:1.1");
    var ended = waiting(app).await();
    assertThat(ended.code()).as(ended.output()).isEqualTo(9);
  }
}
