package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.gate.GateAnswer;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// From the last step to rest: whatever happens meanwhile, the promotion comes to its end, and only
/// what was analysed is released.
class PromotionTest {
  private static final String IN_STEPS =
      World.CANARY_YAML.replace("threshold: 2", "threshold: 2\n    stepWeightPromotion: 20");

  private static World promoting(String phase) {
    var world = World.adopted(IN_STEPS);
    world.setImage("web:2");
    world.runTo(phase);
    return world;
  }

  private static void assertPromoted(World world) {
    world.run(Duration.ofMinutes(20));
    assertThat(world.phase()).isEqualTo("Succeeded");
    assertThat(world.condition("Promoted")).isEqualTo("True");
    assertThat(world.weights).endsWith(0);
    assertThat(world.cluster.has(World.COPY)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "Promoting,0",
    "Promoting,37",
    "Promoting,100",
    "Promoting,-1",
    "Finalising,0",
    "Finalising,37",
    "Finalising,100",
    "Finalising,-1"
  })
  void promotionEndsWhateverSomebodyMakesOfTheRoute(String phase, int weight) {
    var world = promoting(phase);

    world.cluster.change(
        World.ROUTE,
        route -> {
          route.withObject("/spec").put("canary", weight);
          return route;
        });

    assertPromoted(world);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Promoting", "Finalising"})
  void promotionEndsThoughItsRouteIsDeleted(String phase) {
    var world = promoting(phase);

    world.cluster.remove(World.ROUTE);

    assertPromoted(world);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Promoting", "Finalising"})
  void canaryThatDiesDuringItsPromotionDoesNotTakeThePromotionWithIt(String phase) {
    var world = World.adopted(IN_STEPS);
    world.deployments.stuck.add("web");
    world.setImage("web:2");
    world.runTo("Promoting");
    if (phase.equals("Finalising")) {
      world.deployments.stuck.clear();
      world.runTo(phase);
    }
    world.weights.clear();

    world.cluster.change(
        World.COPY,
        copy -> {
          ((ObjectNode) copy.at("/spec/template/spec/containers/0")).put("image", "dead:1");
          return copy;
        });
    world.deployments.broken.add("dead:1");
    world.run(Duration.ofSeconds(30));
    assertThat(world.weights).contains(0);
    world.deployments.stuck.clear();

    assertPromoted(world);
    assertThat(world.status().at("/history/0/outcome").asText()).isEqualTo("Promoted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Promoting", "Finalising"})
  void historyCarriesWhatTheChecksSaidAlsoAfterARestart(String phase) {
    var world = World.adopted(IN_STEPS);
    world.deployments.stuck.add("web");
    world.setImage("web:2");
    world.runTo("Promoting");
    if (phase.equals("Finalising")) {
      world.deployments.stuck.clear();
      world.runTo(phase);
    }
    world.restart();
    world.deployments.stuck.clear();

    assertPromoted(world);
    assertThat(world.status().at("/history/0/reason").asText()).isEqualTo("every step passed");
    assertThat(world.status().at("/history/0/checks/0/name").asText())
        .isEqualTo("request-success-rate");
    assertThat(world.status().at("/history/0/checks/0/verdict").asText()).isEqualTo("PASSED");
  }

  @Test
  void templateThatIsPushedInTheMomentOfTheReleaseIsNotReleased() {
    var world = World.adopted();
    var pushed = new boolean[1];
    world.cluster.failing(
        change -> {
          if (!pushed[0]
              && change.ref().equals(World.TARGET)
              && world.phase().equals("Promoting")) {
            pushed[0] = true;
            world.setImage("web:3");
          }
          return Optional.empty();
        });

    world.setImage("web:2");
    world.runTo("Promoting");
    world.weights.clear();
    world.run(Duration.ofSeconds(30));

    assertThat(pushed[0]).isTrue();
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isTrue();
    assertThat(world.weights).endsWith(10);
    world.runTo("Succeeded");
    assertThat(world.weights).containsSubsequence(10, 20, 30, 40, 50).endsWith(0);
    assertThat(world.status().at("/history/1/outcome").asText()).isEqualTo("Superseded");
  }

  @ParameterizedTest
  @ValueSource(strings = {"confirm-promotion", "confirm-traffic-increase", "confirm-rollout"})
  void gateThatClosesOnceTheTargetRollsStopsNothing(String type) {
    var world =
        World.adopted(
            World.CANARY_YAML
                + "    webhooks: [{name: may-i, type: "
                + type
                + ", url: \"http://x/\"}]\n");
    world.deployments.stuck.add("web");
    world.setImage("web:2");
    world.runTo("Promoting");

    world.gate = _ -> new GateAnswer.Closed("too late");
    world.run(Duration.ofMinutes(1));
    assertThat(world.phase()).isEqualTo("Promoting");
    assertThat(world.weights).endsWith(50);
    world.deployments.stuck.clear();

    assertPromoted(world);
    assertThat(world.told).noneMatch(occasion -> occasion.gate().isPresent());
  }
}
