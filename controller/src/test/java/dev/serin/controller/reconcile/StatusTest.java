package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.judge.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// What the status says is what is.
class StatusTest {

  @Test
  void weightOfTheStatusIsThatOfTheRouteInEveryPhase() {
    var world =
        World.adopted(
            World.CANARY_YAML.replace("threshold: 2", "threshold: 2\n    stepWeightPromotion: 20")
                + "    approvals: [{name: lead, before: promotion, timeout: 3m, onTimeout:"
                + " pass}]\n");
    var phases = new HashSet<String>();

    world.setImage("web:2");
    for (int second = 0; second < 600; second++) {
      world.run(Duration.ofSeconds(1));
      phases.add(world.phase());
      assertThat(world.status().path("canaryWeight").asInt())
          .as("%s", world.phase())
          .isEqualTo((int) Fields.number(world.cluster.get(World.ROUTE), "spec", "canary"));
    }

    assertThat(phases).contains("Progressing", "WaitingPromotion", "Succeeded");
  }

  @Test
  void failedChecksOfARolloutEndWithIt() {
    var world = World.adopted();
    var looks = new int[1];
    world.verdict = _ -> ++looks[0] == 2 ? Verdict.FAILED : Verdict.PASSED;

    world.setImage("web:2");
    world.run(Duration.ofSeconds(25));
    assertThat(world.status().path("failedChecks").asInt()).isEqualTo(1);
    world.runTo("Succeeded");

    assertThat(world.status().path("failedChecks").asInt()).isZero();
  }

  @Test
  void timesOfConditionsStayWhileTheConditionsDo() {
    var world = World.adopted();
    world.verdict = _ -> Verdict.FAILED;
    world.setImage("web:2");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(2));
    var conditions = world.status().path("conditions");

    world.run(Duration.ofHours(1));
    world.restart();
    world.run(Duration.ofHours(1));

    assertThat(world.status().path("conditions")).isEqualTo(conditions);
  }

  @Test
  void leavingIsNotToldAsBeginning() {
    var world = World.adopted();
    world.mesh.working = false;
    world.cluster.writes.clear();

    world.cluster.remove(World.CANARY);
    world.run(Duration.ofSeconds(5));

    var messages = new ArrayList<String>();
    for (var change : world.cluster.writes) {
      if (change instanceof Change.Status(_, var canary)) {
        messages.add(Fields.text(Fields.condition(canary, "Ready"), "message"));
      }
    }
    assertThat(messages)
        .isNotEmpty()
        .noneMatch(text -> text.toLowerCase(Locale.ROOT).contains("initiali"));
  }
}
