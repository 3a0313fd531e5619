package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Who may do what, decided by the API server alone: the roles and policies of the chart.
class PeopleIT {
  @AutoClose private static Stage stage;
  private static int count;

  @BeforeAll
  static void prepare() {
    stage = Stage.open("people");
    stage.grant("approver", "serin-approver");
    // The roles of Kubernetes itself carry those of the chart.
    stage.grant("dev", "edit");
    stage.run();
  }

  private static App waitingForApproval() {
    var app = stage.app("web" + ++count).deploy(1);
    app.adopt(
        "interval: 60s, threshold: 3, stepWeights: [20, 50], approvals: [{name: boss, before:"
            + " rollout}]");
    app.setImage("sandbox/web:1.1");
    stage.cluster.await(
        () -> app + " waits for approval",
        App.SOON,
        () -> app.status().path("waitingFor").asText().contains("boss"));
    return app;
  }

  private static Program.Ended canary(String user, String verb, App app, String... more) {
    var arguments = new java.util.ArrayList<>(java.util.List.of(verb, app.name, "-n"));
    arguments.add(stage.namespace);
    arguments.addAll(java.util.List.of(more));
    return Launcher.start(
            stage.cluster.property("kubeconfig." + user), arguments.toArray(new String[0]))
        .await();
  }

  @Test
  void whoMayApproveMayApproveAndNothingElse() {
    var app = waitingForApproval();
    for (var verb : new String[] {"abort", "promote", "pause"}) {
      var refused = canary("approver", verb, app);
      assertThat(refused.code()).as(refused.output()).isNotZero();
      assertThat(refused.output())
          .contains("approver may not %s canaries in %s".formatted(verb, stage.namespace));
    }
    for (var object : new String[] {"canary.serin.dev", "deployment.apps"}) {
      var edit =
          stage.cluster.kubectl(
              "approver",
              "",
              "-n",
              stage.namespace,
              "patch",
              object,
              app.name,
              "--type=merge",
              "-p",
              "{\"spec\": {\"suspend\": true}}");
      assertThat(edit.code()).isNotZero();
      assertThat(edit.output()).contains("forbidden");
    }
    assertThat(app.phase()).isEqualTo("Waiting");

    canary("approver", "approve", app, "--reason", "looks good").orFail();
    app.awaitTraffic(App.SOON);
    assertThat(app.status().path("commands").toString())
        .contains("\"by\":\"approver\"")
        .contains("Accepted");
  }

  @Test
  void whoMayEditMayNotApprove() {
    var app = waitingForApproval();
    var refused = canary("dev", "approve", app);
    assertThat(refused.code()).as(refused.output()).isNotZero();
    assertThat(refused.output()).contains("dev may not approve canaries in " + stage.namespace);
    canary("dev", "abort", app, "--reason", "not today").orFail();
    app.awaitAtRest("Failed", App.SOON);
    assertThat(app.status().path("history").toString()).contains("\"by\":\"dev\"");
  }

  @Test
  void whoMayRejectEndsARolloutAtAGateAndNowhereElse() {
    var app = stage.app("web" + ++count).deploy(1);
    app.adopt(
        "interval: 10m, threshold: 3, stepWeights: [20, 50], approvals: [{name: boss, before:"
            + " step, step: 2, approvers: [approver]}]");
    app.setImage("sandbox/web:1.1");
    app.awaitTraffic(App.SOON);

    var unasked = canary("approver", "reject", app);
    assertThat(unasked.code()).as(unasked.output()).isEqualTo(1);
    assertThat(unasked.output()).contains("no gate is left to say no at");
    var early = canary("approver", "reject", app, "--gate", "boss");
    assertThat(early.code()).as(early.output()).isEqualTo(1);
    assertThat(app.phase()).isEqualTo("Progressing");

    stage.cluster.await(
        () -> app + " holds its first step and can be skipped",
        App.SOON,
        () -> canary("dev", "skip-step", app).code() == 0);
    stage.cluster.await(
        () -> app + " waits before its second step",
        App.SOON,
        () -> app.status().path("waitingFor").asText().contains("boss"));
    var past = canary("dev", "skip-step", app);
    assertThat(past.code()).as(past.output()).isEqualTo(1);
    assertThat(past.output()).contains("it waits for approval boss (0 of 1)");
    assertThat(app.weight()).isEqualTo(20);

    canary("approver", "reject", app, "--reason", "not staffed").orFail();
    app.awaitAtRest("Failed", App.SOON);
    assertThat(app.status().at("/history/0/by").asText()).isEqualTo("approver");
    assertThat(app.status().at("/history/0/reason").asText())
        .isEqualTo("gate boss rejected by approver: not staffed");
  }

  @Test
  void aStrangerMayNotEvenLook() {
    var app = waitingForApproval();
    var refused = canary("stranger", "approve", app);
    assertThat(refused.code()).as(refused.output()).isNotZero();
    assertThat(refused.output()).contains("stranger");
    assertThat(app.phase()).isEqualTo("Waiting");
  }

  @Test
  void nobodySpeaksForAnotherAndACommandNeverChanges() {
    var app = waitingForApproval();
    var command =
        """
        apiVersion: serin.dev/v1beta1
        kind: CanaryCommand
        metadata: {name: forged, namespace: %s}
        spec: {canary: %s, command: pause, revision: "%s", by: %s}
        """;
    var forged =
        stage
            .cluster
            .as("dev")
            .create(command.formatted(stage.namespace, app.name, app.revision(), "boss"));
    assertThat(forged.code()).isEqualTo(403);
    assertThat(forged.body().path("message").asText())
        .contains("spec.by is \"boss\"; nobody speaks for another");

    // About another revision, so that it is refused, and can be looked at for ever.
    var own =
        stage
            .cluster
            .as("dev")
            .create(command.formatted(stage.namespace, app.name, "another", "dev"));
    assertThat(own.code()).as("%s", own.body()).isEqualTo(201);
    var path = "/apis/serin.dev/v1beta1/namespaces/" + stage.namespace + "/canarycommands/forged";
    var changed =
        stage.cluster.call(
            "PATCH",
            path,
            "application/merge-patch+json",
            "{\"spec\": {\"revision\": \"%s\"}}".formatted(app.revision()));
    assertThat(changed.code()).isEqualTo(422);
    assertThat(changed.body().path("message").asText()).contains("a command never changes");
    stage.cluster.await(
        "it is refused",
        App.SOON,
        () -> stage.cluster.get(path).at("/status/answer").asText().equals("Refused"));
    assertThat(app.phase()).isEqualTo("Waiting");
  }
}
