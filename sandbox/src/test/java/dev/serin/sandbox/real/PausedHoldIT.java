package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// How revisions are held on older clusters: adopted Deployments are paused, also at rest, and the
/// policy `serin-held` refuses whatever would run a revision that is not proven.
@Execution(ExecutionMode.CONCURRENT)
class PausedHoldIT {
  private static final String PLAN = "interval: 1s, threshold: 3, stepWeights: [50]";
  @AutoClose private static Stage stage;

  @BeforeAll
  static void prepare() {
    stage = Stage.openWithoutHoldPolicy("paused");
    stage.grant("gitops", "edit");
    stage.run();
  }

  private static App adopted(String name) {
    var app = stage.app(name).deploy(2);
    var pods = app.pods();
    app.adopt(PLAN);
    stage.cluster.await(() -> app + " is held at rest", App.SOON, app::isHeld);
    assertThat(app.pods()).as("adoption changes no pod").isEqualTo(pods);
    assertThat(app.status().path("hold").asText()).isEqualTo("Paused");
    return app;
  }

  private static Program.Ended kubectl(App app, String... arguments) {
    var all = new String[arguments.length + 2];
    all[0] = "-n";
    all[1] = app.namespace;
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return stage.cluster.kubectl("gitops", "", all);
  }

  private static String cure(App app) {
    return "; wait for Serin, delete the Canary "
        + app.name
        + ", or annotate the Deployment with serin.dev/bypass: \"<reason>\"";
  }

  private static void assertRefused(App app, String words, Program.Ended ended) {
    assertThat(ended.code()).as(ended.output()).isNotZero();
    assertThat(ended.output()).contains("serin-held", words + cure(app));
  }

  @Test
  void atRestOnlyABrokenGlassLetsItGo() {
    var app = adopted("rest");
    assertRefused(
        app,
        "spec.paused is kept true by Serin while a new revision is not proven",
        kubectl(app, "rollout", "resume", "deployment/rest"));
    assertRefused(
        app,
        "label serin.dev/canary belongs to Serin",
        kubectl(app, "label", "deployment", "rest", "serin.dev/canary-"));
    assertThat(app.isHeld()).isTrue();

    kubectl(app, "annotate", "deployment", "rest", "serin.dev/bypass=hotfix 4711").orFail();
    kubectl(app, "rollout", "resume", "deployment/rest").orFail();
    kubectl(app, "set", "image", "deployment/rest", "web=sandbox/web:1.1").orFail();
    app.awaitPhase("Bypassed", App.SOON);
    stage.cluster.await(
        "what nobody tried runs",
        App.SOON,
        () -> app.serving().stream().allMatch("sandbox/web:1.1"::equals));
  }

  @Test
  void aReleaseIsPromotedAndItsTemplateCannotChangeMeanwhile() {
    var app = adopted("web");
    // Its new pods are those of the promotion; the canary's have another label.
    stage.pods.holdBack(app.namespace, app.name);
    kubectl(app, "set", "image", "deployment/web", "web=sandbox/web:1.1").orFail();
    app.awaitPhase("Promoting", App.SOON);
    stage.cluster.await(() -> app + " is released", App.SOON, () -> !app.isHeld());
    assertRefused(
        app,
        "spec.template cannot change while Serin promotes the revision before",
        kubectl(app, "set", "image", "deployment/web", "web=sandbox/web:1.2"));

    stage.pods.letGo(app.namespace, app.name);
    app.awaitAtRest("Succeeded", App.SOON);
    assertThat(app.serving()).hasSize(2).containsOnly("sandbox/web:1.1");
    assertThat(app.isHeld()).as("held at rest").isTrue();
  }
}
