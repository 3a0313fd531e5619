package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Written;
import dev.serin.judge.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RouteTest {

  @Test
  void adoptionEndsWhenCallersHaveTheirRoute() {
    var world = new World().with(World.DEPLOYMENT_YAML);
    var refused = new AtomicBoolean(true);
    world.cluster.failing(
        change ->
            refused.get() && change.ref().equals(World.ROUTE)
                ? Optional.of(new Written.Refused("not today"))
                : Optional.empty());

    world.adopt(World.CANARY_YAML);
    assertThat(world.phase()).isEqualTo("Initializing");
    assertThat(world.status().at("/waitingFor").asText())
        .isEqualTo("the route to be accepted: not today");
    assertThat(world.condition("Ready")).isEqualTo("False");

    refused.set(false);
    world.runTo("Initialized");
    assertThat(world.cluster.has(World.ROUTE)).isTrue();
  }

  @Test
  void stepBeginsWhenTheDataPlaneHasHadItsTime() {
    var world = World.adopted();
    world.mesh.settle = Duration.ofSeconds(15);

    world.setImage("web:2");
    world.run(Duration.ofSeconds(14));
    assertThat(world.toldKinds()).doesNotContain("StepStarted");
    world.run(Duration.ofSeconds(2));

    assertThat(world.toldKinds()).contains("StepStarted");
  }

  @Test
  void restartDoesNotStartAStepAnewBecauseOfTheSettleTime() {
    var world = World.adopted();
    world.mesh.settle = Duration.ofSeconds(15);
    world.setImage("web:2");
    world.run(Duration.ofSeconds(20));

    world.restart();
    world.run(Duration.ofSeconds(1));

    assertThat(world.status().at("/state/in/is").asText()).isEqualTo("Holding");
    assertThat(world.toldKinds()).containsOnlyOnce("StepStarted");
  }

  @Test
  void controlPlaneThatIsDownHoldsTheStepAndDeletesNothing() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    world.verdict = _ -> Verdict.FAILED;
    world.mesh.working = false;

    world.run(Duration.ofHours(3));
    assertThat(world.cluster.has(World.COPY)).isTrue();

    world.mesh.working = true;
    world.runTo("Failed");
    world.run(Duration.ofMinutes(2));
    assertThat(world.cluster.has(World.COPY)).isFalse();
  }

  @Test
  void routeThatSomebodyDeletedIsMadeAgain() {
    var world = World.adopted();

    world.cluster.remove(World.ROUTE);
    world.run(Duration.ofSeconds(1));

    assertThat(world.cluster.has(World.ROUTE)).isTrue();
    assertThat(world.phase()).isEqualTo("Initialized");
  }

  @Test
  void returnToAFormerStableRevisionSkipsTheSteps() {
    var world =
        World.adopted(
            World.CANARY_YAML.replace(
                "  service:", "  rollbackWindow: {revisions: 1}\n  service:"));
    world.setImage("web:2");
    world.runTo("Succeeded");
    world.weights.clear();

    world.setImage("web:1");
    world.run(Duration.ofSeconds(1));
    world.runTo("Succeeded");

    assertThat(world.weights).containsExactly(0);
    assertThat(world.status().at("/history/0/reason").asText()).isEqualTo("it was stable before");
  }

  @Test
  void returnBeyondTheWindowTakesAllSteps() {
    var world =
        World.adopted(
            World.CANARY_YAML.replace(
                "  service:", "  rollbackWindow: {revisions: 1}\n  service:"));
    world.setImage("web:2");
    world.runTo("Succeeded");
    world.setImage("web:3");
    world.run(Duration.ofSeconds(1));
    world.runTo("Succeeded");
    world.weights.clear();

    world.setImage("web:1");
    world.run(Duration.ofSeconds(1));
    world.runTo("Succeeded");

    assertThat(world.weights).contains(10, 50);
  }
}
