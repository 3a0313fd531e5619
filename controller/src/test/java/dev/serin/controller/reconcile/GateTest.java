package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.gate.GateAnswer;
import dev.serin.rollout.Announcement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// People and systems that a rollout waits for, from the Canary to its end.
class GateTest {

  private static World behind(String gates) {
    return World.adopted(World.CANARY_YAML + "    " + gates + "\n");
  }

  private static String hook(String name, String type, String more) {
    return "{name: %s, type: %s, url: \"http://x/\"%s}".formatted(name, type, more);
  }

  private static void tell(World world, String name, String verb, String by, String gate) {
    world.with(
        """
        kind: CanaryCommand
        metadata: {name: %s}
        spec: {canary: web, command: %s, revision: %s, by: %s, gate: %s}
        """
            .formatted(name, verb, world.status().path("revision").asText(), by, gate));
    world.run(Duration.ofSeconds(5));
  }

  private static String answer(World world, String name) {
    return Fields.text(
        world.cluster.get(Kind.CANARY_COMMAND.named("shop", name)), "status", "answer");
  }

  private static String shown(World world, String gate, String field) {
    for (var one : world.status().path("gates")) {
      if (one.path("name").asText().equals(gate)) {
        return one.path(field).asText();
      }
    }
    return "not shown";
  }

  @Test
  void soManyDifferentPeopleHaveToApprove() {
    var world =
        behind(
            "approvals: [{name: leads, before: promotion, required: 2,"
                + " approvers: [ann, bob, cid]}]");
    world.setImage("web:2");
    world.runTo("WaitingPromotion");

    tell(world, "a", "approve", "ann", "leads");
    tell(world, "b", "approve", "ann", "leads");
    world.run(Duration.ofMinutes(5));
    assertThat(world.phase()).isEqualTo("WaitingPromotion");
    assertThat(world.status().path("waitingFor").asText()).contains("leads", "1 of 2");

    tell(world, "c", "approve", "bob", "leads");
    world.runTo("Succeeded");
  }

  @Test
  void strangerMayNeitherApproveNorReject() {
    var world = behind("approvals: [{name: lead, before: promotion, approvers: [ann]}]");
    world.setImage("web:2");
    world.runTo("WaitingPromotion");

    tell(world, "a", "approve", "eve", "lead");
    tell(world, "b", "reject", "eve", "lead");
    world.run(Duration.ofMinutes(1));

    assertThat(answer(world, "a")).isEqualTo("Refused");
    assertThat(answer(world, "b")).isEqualTo("Refused");
    assertThat(world.phase()).isEqualTo("WaitingPromotion");
  }

  @ParameterizedTest
  @CsvSource({"rollout,Waiting", "promotion,WaitingPromotion"})
  void approverWhoSaysNoRejectsTheRevision(String point, String phase) {
    var world = behind("approvals: [{name: lead, before: " + point + ", approvers: [ann]}]");
    world.setImage("web:2");
    world.runTo(phase);
    world.run(Duration.ofSeconds(15));

    tell(world, "no", "reject", "ann", "lead");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(1));

    assertThat(world.weights).endsWith(0);
    assertThat(world.cluster.has(World.COPY)).isFalse();
    assertThat(world.status().path("history").path(0).path("by").asText()).isEqualTo("ann");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rollout", "step", "promotion"})
  void approvalThatNobodyGivesInTimeRollsBack(String point) {
    var world = behind("approvals: [{name: lead, before: " + point + ", timeout: 5m}]");
    world.setImage("web:2");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(1));

    assertThat(world.message("Ready")).contains("lead").contains("5 min");
    assertThat(world.weights).endsWith(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rollout", "step", "promotion"})
  void approvalThatMayPassAfterItsTimeDoes(String point) {
    var world =
        behind("approvals: [{name: lead, before: " + point + ", timeout: 5m, onTimeout: pass}]");
    var start = world.now;
    world.setImage("web:2");
    world.runTo("Succeeded");

    assertThat(Duration.between(start, world.now)).isGreaterThan(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @CsvSource({
    "confirm-rollout,rollback,Failed",
    "confirm-rollout,pass,Succeeded",
    "confirm-traffic-increase,rollback,Failed",
    "confirm-traffic-increase,pass,Succeeded",
    "confirm-promotion,rollback,Failed",
    "confirm-promotion,pass,Succeeded"
  })
  void webhookThatStaysClosedMeansWhatItsTimeoutSays(String type, String onTimeout, String end) {
    var world =
        behind(
            "webhooks: [" + hook("may-i", type, ", deadline: 5m, onTimeout: " + onTimeout) + "]");
    world.gate = _ -> new GateAnswer.Closed("no");
    var start = world.now;
    world.setImage("web:2");
    world.runTo(end);

    assertThat(Duration.between(start, world.now)).isGreaterThanOrEqualTo(Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @CsvSource({"rollback,Failed", "pass,Succeeded"})
  void checkBeforeTheFirstTrafficThatNobodyAnswersMeansWhatItsTimeoutSays(
      String onTimeout, String end) {
    var world =
        behind(
            "webhooks: ["
                + hook("smoke", "pre-rollout", ", deadline: 5m, onTimeout: " + onTimeout)
                + "]");
    world.gate = _ -> new GateAnswer.Unreachable("http://far cannot be reached");
    world.setImage("web:2");
    world.run(Duration.ofMinutes(4));
    assertThat(world.phase()).isEqualTo("Progressing");
    assertThat(world.weights).as("no traffic before its deadline").containsOnly(0);

    world.run(Duration.ofMinutes(2));
    assertThat(world.weights.stream().anyMatch(weight -> weight > 0))
        .as("traffic after its deadline")
        .isEqualTo(onTimeout.equals("pass"));
    world.runTo(end);
    assertThat(world.status().path("failedChecks").asInt()).isZero();
    if (onTimeout.equals("rollback")) {
      assertThat(world.message("Ready")).contains("smoke", "5 min");
    }
  }

  @Test
  void promotionWaitsForAClosedWebhookAndGoesOnWhenItOpens() {
    var world = behind("webhooks: [" + hook("may-i", "confirm-promotion", "") + "]");
    world.gate = _ -> new GateAnswer.Closed("not on Fridays");
    world.setImage("web:2");
    world.runTo("WaitingPromotion");
    world.run(Duration.ofMinutes(5));

    assertThat(world.phase()).isEqualTo("WaitingPromotion");
    assertThat(world.status().path("waitingFor").asText()).contains("may-i: not on Fridays");
    assertThat(shown(world, "may-i", "state")).isEqualTo("Closed");
    assertThat(shown(world, "may-i", "reason")).isEqualTo("not on Fridays");
    assertThat(world.weights).endsWith(50);

    world.gate = _ -> new GateAnswer.Open();
    world.runTo("Succeeded");
  }

  @ParameterizedTest
  @ValueSource(strings = {"confirm-rollout", "confirm-traffic-increase", "confirm-promotion"})
  void closedGateIsToldOnceHoweverLongItStaysClosed(String type) {
    var world = behind("webhooks: [" + hook("may-i", type, "") + "]");
    world.gate = _ -> new GateAnswer.Closed("not on Fridays");
    world.setImage("web:2");
    world.run(Duration.ofMinutes(30));

    var told =
        world.told.stream()
            .filter(occasion -> occasion.gate().isPresent())
            .map(occasion -> occasion.announcement().text())
            .toList();
    assertThat(told).containsExactly("gate may-i keeps the rollout waiting: not on Fridays");
  }

  @ParameterizedTest
  @ValueSource(strings = {"confirm-rollout", "pre-rollout", "confirm-promotion"})
  void gateForWhichNobodyAnswersIsToldOnce(String type) {
    var world = behind("webhooks: [" + hook("far", type, "") + "]");
    world.gate = _ -> new GateAnswer.Unreachable("http://far cannot be reached");
    world.setImage("web:2");
    world.run(Duration.ofMinutes(30));

    assertThat(world.told)
        .filteredOn(occasion -> occasion.gate().isPresent())
        .extracting(occasion -> occasion.announcement().text())
        .containsExactly("gate far keeps the rollout waiting: http://far cannot be reached");
  }

  @Test
  void gateThatOpensAtOnceIsNotToldAsClosed() {
    var world = behind("webhooks: [" + hook("may-i", "confirm-traffic-increase", "") + "]");
    world.setImage("web:2");
    world.runTo("Succeeded");

    assertThat(world.told).allMatch(occasion -> occasion.gate().isEmpty());
  }

  @Test
  void closedGateIsAskedOnceAnIntervalAndNoMore() {
    var world =
        behind(
            "webhooks: ["
                + hook("start", "confirm-rollout", "")
                + ", "
                + hook("undo", "rollback", "")
                + "]");
    var asked = new HashMap<String, Integer>();
    world.gate =
        name -> {
          asked.merge(name, 1, Integer::sum);
          return new GateAnswer.Closed("no");
        };
    world.setImage("web:2");
    world.run(Duration.ofMinutes(10));

    assertThat(asked.get("start")).isBetween(55, 85);
    assertThat(asked).doesNotContainKey("undo");
  }

  /// Each phase of a rollout in which a canary lives, by what keeps the rollout there.
  private static final Map<String, String> PHASES =
      Map.of(
          "Scaling",
          "",
          "Gated",
          ", " + hook("raise", "confirm-traffic-increase", ""),
          "Holding",
          "",
          "WaitingPromotion",
          ", " + hook("ship", "confirm-promotion", ""));

  @ParameterizedTest
  @ValueSource(strings = {"Scaling", "Gated", "Holding", "WaitingPromotion"})
  void rollbackHookIsHeardInEveryPhaseInWhichACanaryLives(String phase) {
    var world = behind("webhooks: [" + hook("undo", "rollback", "") + PHASES.get(phase) + "]");
    if (phase.equals("Scaling")) {
      world.deployments.broken.add("web:2");
    }
    world.gate = _ -> new GateAnswer.Closed("no");
    world.setImage("web:2");
    if (phase.equals("WaitingPromotion")) {
      world.runTo(phase);
    }
    world.run(Duration.ofSeconds(15));
    assertThat(world.status().at("/state").toString()).contains(phase);

    world.gate = name -> name.equals("undo") ? new GateAnswer.Open() : new GateAnswer.Closed("no");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(1));

    assertThat(world.message("Ready")).contains("undo");
    assertThat(world.weights).endsWith(0);
    assertThat(world.cluster.has(World.COPY)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pause", "suspend"})
  void rollbackHookIsHeardInAPause(String how) {
    var world = behind("webhooks: [" + hook("undo", "rollback", "") + "]");
    world.gate = _ -> new GateAnswer.Closed("no");
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    if (how.equals("pause")) {
      tell(world, "stop", "pause", "ann", "");
    } else {
      world.cluster.change(
          World.CANARY,
          canary -> {
            canary.withObject("/spec").put("suspend", true);
            return canary;
          });
    }
    world.run(Duration.ofMinutes(5));
    assertThat(world.phase()).isEqualTo("Paused");
    assertThat(world.weights).endsWith(20);

    world.gate = _ -> new GateAnswer.Open();
    world.runTo("Failed");
    world.run(Duration.ofMinutes(1));

    assertThat(world.message("Ready")).contains("undo");
    assertThat(world.weights).endsWith(0);
    assertThat(world.cluster.has(World.COPY)).isFalse();
  }

  @Test
  void rollbackHookIsHeardWhileTheTargetRolls() {
    var world = behind("webhooks: [" + hook("undo", "rollback", "") + "]");
    world.gate = _ -> new GateAnswer.Closed("no");
    world.deployments.stuck.add("web");
    world.setImage("web:2");
    world.runTo("Promoting");
    world.run(Duration.ofSeconds(15));

    world.gate = _ -> new GateAnswer.Open();
    world.runTo("Reverting");
    world.deployments.stuck.clear();
    world.runTo("Failed");
    world.run(Duration.ofMinutes(1));

    assertThat(world.weights).endsWith(0);
    assertThat(world.target().at("/spec/template/spec/containers/0/image").asText())
        .isEqualTo("web:1");
  }

  @Test
  void rollbackHookThatSaysNoEndsNothing() {
    var world = behind("webhooks: [" + hook("undo", "rollback", "") + "]");
    world.gate = _ -> new GateAnswer.Closed("all is well");
    world.setImage("web:2");
    world.runTo("Succeeded");
    assertThat(world.told).allMatch(occasion -> occasion.gate().isEmpty());
  }

  @Test
  void checkThatSaysNoFailsTheRollout() {
    var world = behind("webhooks: [" + hook("smoke", "pre-rollout", "") + "]");
    world.gate = _ -> new GateAnswer.Closed("answered 500: 3 tests failed");
    world.setImage("web:2");
    world.runTo("Failed");

    assertThat(world.message("Ready")).contains("smoke", "3 tests failed");
    assertThat(world.weights).containsExactly(0);
  }

  @Test
  void hookThatSaysNoInARoundIsAFailedCheckAndSoManyRollBack() {
    var world = behind("webhooks: [" + hook("smoke", "rollout", "") + "]");
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    assertThat(world.weights).endsWith(20);

    world.gate = _ -> new GateAnswer.Closed("answered 500: 3 tests failed");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(1));

    assertThat(world.told)
        .extracting(occasion -> occasion.announcement().text())
        .contains("failed check 1 of 2: smoke: said no: answered 500: 3 tests failed")
        .last(InstanceOfAssertFactories.STRING)
        .endsWith("rejected: 2 of 2 failed checks: smoke: said no: answered 500: 3 tests failed");
    assertThat(world.status().at("/history/0/checks/0/verdict").asText()).isEqualTo("FAILED");
    assertThat(world.weights).endsWith(0);
    assertThat(world.cluster.has(World.COPY)).isFalse();
  }

  @Test
  void hookThatSaysNoOnceAndThenYesCostsOneFailedCheck() {
    var world = behind("webhooks: [" + hook("smoke", "rollout", "") + "]");
    var asked = new AtomicInteger();
    world.gate =
        _ ->
            asked.incrementAndGet() == 1
                ? new GateAnswer.Closed("warming up")
                : new GateAnswer.Open();
    world.setImage("web:2");
    world.runTo("Succeeded");

    assertThat(world.told)
        .filteredOn(occasion -> occasion.announcement().kind() == Announcement.Kind.CheckFailed)
        .extracting(occasion -> occasion.announcement().text())
        .containsExactly("failed check 1 of 2: smoke: said no: warming up");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "confirm-rollout",
        "pre-rollout",
        "rollout",
        "confirm-traffic-increase",
        "confirm-promotion"
      })
  void hookWhoseServerIsDownIsShownAndRecoveredFrom(String type) {
    var world = behind("webhooks: [" + hook("far", type, "") + "]");
    world.gate = _ -> new GateAnswer.Unreachable("http://far cannot be reached");
    world.setImage("web:2");
    world.run(Duration.ofMinutes(10));

    assertThat(world.phase()).isIn("Waiting", "Progressing", "WaitingPromotion");
    assertThat(world.status().path("failedChecks").asInt()).isZero();
    assertThat(world.status().toString()).contains("http://far cannot be reached");
    assertThat(world.status().path("waitingFor").asText()).contains("far");

    world.gate = _ -> new GateAnswer.Open();
    world.runTo("Succeeded");
  }

  @Test
  void rollbackHookWhoseServerIsDownStopsNothing() {
    var world = behind("webhooks: [" + hook("undo", "rollback", "") + "]");
    world.gate = _ -> new GateAnswer.Unreachable("http://far cannot be reached");
    world.setImage("web:2");
    world.runTo("Succeeded");
  }
}
