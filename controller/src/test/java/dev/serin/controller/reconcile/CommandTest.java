package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.gate.GateAnswer;
import dev.serin.judge.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {
  private static final String APPROVED =
      World.CANARY_YAML
          + "    approvals: [{name: lead, before: promotion}, {name: start, before: rollout}]\n";

  private static void command(World world, String name, String verb, String more) {
    world.with(
        """
        kind: CanaryCommand
        metadata: {name: %s}
        spec: {canary: web, command: %s, revision: %s, by: jane%s}
        """
            .formatted(name, verb, world.status().path("revision").asText(), more));
  }

  private static String answer(World world, String name) {
    var command = world.cluster.get(Kind.CANARY_COMMAND.named("shop", name));
    return Fields.text(command, "status", "answer")
        + ": "
        + Fields.text(command, "status", "message");
  }

  @Test
  void abortTakesTheTrafficBack() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(25));

    command(world, "stop", "abort", ", reason: too slow");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(1));

    assertThat(world.weights).endsWith(30, 0);
    assertThat(answer(world, "stop")).isEqualTo("Accepted: aborted by jane: too slow");
    assertThat(world.status().path("history").path(0).path("by").asText()).isEqualTo("jane");
  }

  @Test
  void abortDuringPromotionTakesTheTargetBack() {
    var world = World.adopted();
    world.deployments.stuck.add("web");
    world.setImage("web:2");
    world.runTo("Promoting");
    world.look();

    command(world, "stop", "abort", "");
    world.deployments.stuck.clear();
    world.runTo("Failed");
    world.run(Duration.ofMinutes(2));

    assertThat(world.target().at("/spec/template/spec/containers/0/image").asText())
        .isEqualTo("web:1");
    assertThat(world.toldKinds()).contains("Reverting", "RolledBack");
    assertThat(world.weights).endsWith(0);
    assertThat(world.cluster.has(World.COPY)).isFalse();
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isFalse();
    assertThat(world.status().at("/history/0/by").asText()).isEqualTo("jane");
    var told = world.told.stream().filter(one -> one.outcome().isPresent()).toList();
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().by()).contains("jane");
  }

  @Test
  void historySaysWhoPromotedThoughTheTargetRollsLater() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(5));

    command(world, "ship", "promote", ", reason: hotfix");
    world.runTo("Succeeded");

    assertThat(world.status().at("/history/0/by").asText()).isEqualTo("jane");
    assertThat(world.status().at("/history/0/reason").asText())
        .isEqualTo("promoted by jane: hotfix");
  }

  @Test
  void approvalsLetARolloutStartAndPromote() {
    var world = World.adopted(APPROVED);
    world.setImage("web:2");
    world.run(Duration.ofMinutes(5));
    assertThat(world.phase()).isEqualTo("Waiting");

    command(world, "go", "approve", ", gate: start");
    world.runTo("WaitingPromotion");
    command(world, "ship", "approve", ", gate: lead");
    world.runTo("Succeeded");

    assertThat(answer(world, "go")).startsWith("Accepted");
    assertThat(answer(world, "ship")).startsWith("Accepted");
  }

  @Test
  void openGatesAreShown() {
    var world = World.adopted(APPROVED);
    world.setImage("web:2");
    world.run(Duration.ofMinutes(1));

    var gate = world.status().path("gates").path(1);
    assertThat(gate.path("name").asText()).isEqualTo("start");
    assertThat(gate.path("state").asText()).isEqualTo("Closed");
    assertThat(world.status().path("waitingFor").asText()).contains("start");
  }

  @Test
  void commandAboutAnotherRevisionIsRefused() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(5));
    var former = world.status().path("revision").asText();
    world.setImage("web:3");
    world.run(Duration.ofSeconds(1));
    command(world, "stop", "abort", "");
    world.cluster.change(
        Kind.CANARY_COMMAND.named("shop", "stop"),
        command -> {
          command.withObject("/spec").put("revision", former);
          return command;
        });
    world.runTo("Succeeded");

    assertThat(answer(world, "stop")).startsWith("Refused").contains("it is about revision");
  }

  @Test
  void wordThatIsNoCommandIsRefused() {
    var world = World.adopted();

    command(world, "odd", "explode", "");
    world.run(Duration.ofSeconds(1));

    assertThat(answer(world, "odd")).startsWith("Refused: spec.command is 'explode'; known are");
  }

  @Test
  void withoutAnybodyWhoChecksThemCommandsAreRefused() {
    var world = World.adopted();
    world.trust = new ReconcilerSettings.Trust.Withheld("the admission policies are missing");
    world.setImage("web:2");
    world.run(Duration.ofSeconds(5));

    command(world, "stop", "abort", "");
    world.runTo("Succeeded");

    assertThat(answer(world, "stop")).isEqualTo("Refused: the admission policies are missing");
  }

  @Test
  void twoAtOnceAreAnsweredOneAfterTheOther() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(5));

    command(world, "a", "pause", "");
    command(world, "b", "resume", "");
    world.runTo("Succeeded");

    assertThat(answer(world, "a")).startsWith("Accepted");
    assertThat(answer(world, "b")).startsWith("Accepted");
  }

  @Test
  void commandWhoseAnswerWasLostInACrashActsOnce() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(5));
    command(world, "stop", "abort", "");
    var crash = new boolean[] {true};
    world.cluster.failing(
        change -> {
          if (change instanceof Change.Status(var ref, _)
              && ref.kind().equals(Kind.CANARY_COMMAND)
              && crash[0]) {
            crash[0] = false;
            throw new FakeCluster.Crash();
          }
          return Optional.empty();
        });

    world.run(Duration.ofMinutes(5));

    assertThat(world.toldKinds()).containsOnlyOnce("RolledBack");
    assertThat(answer(world, "stop")).startsWith("Accepted").contains("aborted by jane");
  }

  @Test
  void commandThatComesBackAfterItWasCollectedIsNotFollowedAgain() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(5));
    command(world, "stop", "abort", "");
    var again = world.cluster.get(Kind.CANARY_COMMAND.named("shop", "stop")).deepCopy();
    world.run(Duration.ofDays(2));
    assertThat(world.cluster.has(Kind.CANARY_COMMAND.named("shop", "stop"))).isFalse();
    command(world, "more", "retry", "");
    world.runTo("Succeeded");

    again.remove("status");
    world.cluster.put(Kind.CANARY_COMMAND.named("shop", "stop"), again);
    world.run(Duration.ofMinutes(1));

    assertThat(answer(world, "stop")).startsWith("Accepted: already done");
    assertThat(world.phase()).isEqualTo("Succeeded");
  }

  @Test
  void commandIsRememberedHoweverManyFollow() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(5));
    command(world, "stop", "abort", "");
    var again = world.cluster.get(Kind.CANARY_COMMAND.named("shop", "stop")).deepCopy();
    world.runTo("Failed");
    for (int i = 0; i < 40; i++) {
      command(world, "odd-" + i, "resume", "");
      world.run(Duration.ofSeconds(1));
    }
    world.run(Duration.ofDays(2));
    command(world, "more", "retry", "");
    world.run(Duration.ofSeconds(5));

    again.remove("status");
    world.cluster.put(Kind.CANARY_COMMAND.named("shop", "stop"), again);
    world.runTo("Succeeded");

    assertThat(answer(world, "stop")).startsWith("Accepted: already done");
  }

  @Test
  void commandsGoWithTheirCanary() {
    var world = World.adopted();
    command(world, "odd", "resume", "");
    world.run(Duration.ofSeconds(1));

    world.cluster.remove(World.CANARY);
    world.run(Duration.ofMinutes(5));

    assertThat(world.phase()).isEqualTo("gone");
    assertThat(world.cluster.has(Kind.CANARY_COMMAND.named("shop", "odd"))).isFalse();
  }

  @Test
  void commandForACanaryThatNeverWasIsRefusedAndCollected() {
    var world = World.adopted();
    world.with(
        """
        kind: CanaryCommand
        metadata: {name: lost}
        spec: {canary: wbe, command: promote, revision: abc, by: jane}
        """);
    command(world, "known", "abort", "");

    var later = world.now.plusSeconds(10);
    StrayCommands.answer(world.cluster, later);

    assertThat(answer(world, "lost"))
        .isEqualTo("Refused: spec.canary is 'wbe'; there is no such Canary in namespace shop");
    assertThat(answer(world, "known")).as("its Canary answers").isEqualTo(": ");

    StrayCommands.answer(world.cluster, later.plus(Commands.KEPT));
    assertThat(world.cluster.has(Kind.CANARY_COMMAND.named("shop", "lost"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"    stepWeight: -10\n", "  provider: nonesuch\n"})
  void commandForACanaryThatCannotBeDrivenIsRefusedAndCollected(String wrong) {
    var world = new World();
    world.with(World.DEPLOYMENT_YAML).with(World.CANARY_YAML + wrong);
    command(world, "vain", "promote", "");
    world.run(Duration.ofSeconds(1));

    assertThat(world.phase()).isNotEqualTo("Initialized");
    assertThat(answer(world, "vain")).startsWith("Refused: the Canary cannot be driven: spec.");

    world.run(Commands.KEPT.plusSeconds(1));
    assertThat(world.cluster.has(Kind.CANARY_COMMAND.named("shop", "vain"))).isFalse();
  }

  @Test
  void commandThatIsFasterThanItsCanaryWaitsForIt() {
    var world = new World();
    world.with(
        """
        kind: CanaryCommand
        metadata: {name: early}
        spec: {canary: web, command: promote, revision: abc, by: jane}
        """);

    StrayCommands.answer(world.cluster, world.now.plusSeconds(5));
    assertThat(answer(world, "early")).isEqualTo(": ");

    world.with(World.DEPLOYMENT_YAML).adopt(World.CANARY_YAML);
    StrayCommands.answer(world.cluster, world.now);
    assertThat(answer(world, "early")).doesNotContain("no such Canary");
  }

  @Test
  void eachStepIsApprovedAnewAndShownSo() {
    var world = World.adopted(World.CANARY_YAML + "    approvals: [{name: lead, before: step}]\n");
    world.setImage("web:2");
    world.run(Duration.ofMinutes(5));
    assertThat(world.status().path("canaryWeight").asInt()).isZero();
    assertThat(world.status().at("/gates/0/state").asText()).isEqualTo("Closed");
    assertThat(world.status().at("/gates/0/askedAt").asText()).isNotEmpty();

    command(world, "one", "approve", "");
    world.run(Duration.ofMinutes(5));

    assertThat(answer(world, "one"))
        .isEqualTo("Accepted: gate lead before step 1 of 5 (10 %) approved by jane");
    assertThat(world.weights).containsExactly(0, 10);
    assertThat(world.status().at("/gates/0/approvedBy").isEmpty()).isTrue();
    assertThat(world.status().at("/gates/0/askedAt").asText()).isNotEmpty();
  }

  @Test
  void undecidedAnalysisShowsWhoIsAsked() {
    var world =
        World.adopted(
            World.CANARY_YAML.replace("threshold: 2", "threshold: 2\n    onInconclusive: approve"));
    world.verdict = _ -> Verdict.UNDECIDED;
    world.setImage("web:2");
    world.runTo("WaitingPromotion");

    assertThat(world.status().at("/gates/0/name").asText()).isEqualTo("inconclusive");
    assertThat(world.status().at("/gates/0/state").asText()).isEqualTo("Closed");
    command(world, "ship", "approve", "");
    world.runTo("Succeeded");
    assertThat(answer(world, "ship")).contains("gate inconclusive approved by jane");
  }

  @Test
  void retryTriesARejectedRevisionAgain() {
    var world = World.adopted();
    world.verdict = _ -> Verdict.FAILED;
    world.setImage("web:2");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(1));
    world.verdict = _ -> Verdict.PASSED;

    command(world, "again", "retry", "");
    world.runTo("Succeeded");

    assertThat(world.status().path("history").path(0).path("number").asInt()).isEqualTo(2);
    assertThat(world.status().has("rejected")).isFalse();
  }

  @Test
  void closedWebhookKeepsARolloutWaitingAndIsAskedAgainWithoutHammering() {
    var world =
        World.adopted(
            World.CANARY_YAML
                + "    webhooks: [{name: may-i, type: confirm-rollout, url: \"http://x/\"}]\n");
    var asked = new int[1];
    world.gate =
        _ -> {
          asked[0]++;
          return new GateAnswer.Closed("not on Fridays");
        };

    world.setImage("web:2");
    world.run(Duration.ofSeconds(95));

    assertThat(world.phase()).isEqualTo("Waiting");
    assertThat(world.status().path("waitingFor").asText()).contains("not on Fridays");
    assertThat(asked[0]).isBetween(9, 11);
    world.gate = _ -> new GateAnswer.Open();
    world.runTo("Succeeded");
  }

  @Test
  void unreachableSmokeTestIsNoFailedCheck() {
    var world =
        World.adopted(
            World.CANARY_YAML
                + "    webhooks: [{name: smoke, type: pre-rollout, url: \"http://x/\"}]\n");
    world.gate = _ -> new GateAnswer.Unreachable("connection refused");

    world.setImage("web:2");
    world.run(Duration.ofMinutes(5));

    assertThat(world.phase()).isEqualTo("Progressing");
    assertThat(world.status().path("failedChecks").asInt()).isZero();
    assertThat(world.weights).containsExactly(0);
  }
}
