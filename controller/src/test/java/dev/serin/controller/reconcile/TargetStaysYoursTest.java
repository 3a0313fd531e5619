package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Change;
import dev.serin.cluster.Kind;
import dev.serin.judge.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What of the user's objects is never touched, and that nothing is written while nothing changes.
class TargetStaysYoursTest {

  /// A way that a rollout goes.
  ///
  /// @param phase in which it stays
  record Way(String phase, Consumer<World> there) {
    @Override
    public String toString() {
      return phase;
    }

    World gone() {
      var world = World.adopted();
      there.accept(world);
      world.runTo(phase);
      return world;
    }
  }

  static List<Way> ways() {
    return List.of(
        new Way("Initialized", _ -> {}),
        new Way("Succeeded", world -> world.setImage("web:2")),
        new Way(
            "Failed",
            world -> {
              world.verdict = _ -> Verdict.FAILED;
              world.setImage("web:2");
            }),
        new Way(
            "PromotionFailed",
            world -> {
              world.deployments.stuck.add("web");
              world.setImage("web:2");
            }),
        new Way(
            "Paused",
            world -> {
              world.setImage("web:2");
              world.run(Duration.ofSeconds(15));
              world.cluster.change(
                  World.CANARY,
                  canary -> {
                    canary.withObject("/spec").put("suspend", true);
                    return canary;
                  });
            }));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void nothingIsWrittenOnceARolloutCameToRest(Way way) {
    var world = way.gone();
    world.run(Duration.ofMinutes(5));
    world.cluster.writes.clear();

    world.run(Duration.ofMinutes(30));

    // In a pause traffic is still measured, and what was measured is shown.
    assertThat(world.cluster.writes)
        .filteredOn(change -> !(way.phase().equals("Paused") && change instanceof Change.Status))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void targetIsNeverScaledNotEvenByTheDeletionOfItsCanary(Way way) {
    var world = way.gone();
    world.cluster.remove(World.CANARY);
    world.run(Duration.ofMinutes(10));

    assertThat(world.phase()).isEqualTo("gone");
    assertThat(world.target().at("/spec/replicas").asInt()).isEqualTo(2);
    assertThat(world.cluster.writes)
        .filteredOn(change -> change.ref().equals(World.TARGET))
        .isNotEmpty()
        .noneMatch(change -> change.toString().contains("replicas"));
  }

  @Test
  void scaleThatSomebodyElseChoseStays() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    world.cluster.change(
        World.TARGET,
        target -> {
          target.withObject("/spec").put("replicas", 5);
          return target;
        });
    world.runTo("Succeeded");

    assertThat(world.target().at("/spec/replicas").asInt()).isEqualTo(5);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void autoscalersAndConfigurationAreNeverCopied(Way way) {
    var world = new World().with(World.DEPLOYMENT_YAML);
    world.with("{kind: ConfigMap, metadata: {name: settings}, data: {color: blue}}");
    world.with(
        """
        kind: HorizontalPodAutoscaler
        metadata: {name: web, labels: {team: shop}}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
          minReplicas: 2
          maxReplicas: 4
        """);
    world.adopt(World.CANARY_YAML);
    way.there().accept(world);
    world.runTo(way.phase());

    assertThat(world.cluster.list(Kind.HORIZONTAL_POD_AUTOSCALER, "shop", Map.of())).hasSize(1);
    assertThat(world.cluster.list(Kind.CONFIG_MAP, "shop", Map.of())).hasSize(1);
    assertThat(world.cluster.writes)
        .noneMatch(
            change ->
                change.ref().kind().equals(Kind.CONFIG_MAP)
                    || change.ref().kind().equals(Kind.SECRET)
                    || (change.ref().kind().equals(Kind.HORIZONTAL_POD_AUTOSCALER)
                        && change instanceof Change.Create));
  }
}
