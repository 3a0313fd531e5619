package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Fields;
import dev.serin.cluster.Written;
import dev.serin.judge.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The revision that comes after trouble: nothing that is left of the trouble keeps it from its
/// trial, or lets it pass without one.
class NextRevisionTest {

  private static World afterARejection() {
    var world = World.adopted();
    world.verdict = _ -> Verdict.FAILED;
    world.setImage("web:2");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(2));
    world.verdict = _ -> Verdict.PASSED;
    world.weights.clear();
    world.cluster.writes.clear();
    return world;
  }

  private static void assertTriedAndPromoted(World world, String image) {
    world.run(Duration.ofMinutes(10));
    assertThat(world.phase()).isEqualTo("Succeeded");
    assertThat(world.weights).containsSubsequence(10, 20, 30, 40, 50).endsWith(0);
    assertThat(world.target().at("/spec/template/spec/containers/0/image").asText())
        .isEqualTo(image);
  }

  @Test
  void revisionAfterARejectedOneIsTriedWhicheverWriteFails() {
    var undisturbed = afterARejection();
    undisturbed.setImage("web:3");
    assertTriedAndPromoted(undisturbed, "web:3");
    int writes = undisturbed.cluster.writes.size();

    for (int write = 1; write <= writes; write++) {
      var world = afterARejection();
      if (write % 2 == 0) {
        world.cluster.crashAfter(write);
      } else {
        refuse(world, write);
      }
      world.setImage("web:3");
      assertTriedAndPromoted(world, "web:3");
    }
    assertThat(writes).isGreaterThan(10);
  }

  private static void refuse(World world, int write) {
    var count = new int[1];
    world.cluster.failing(
        _ ->
            ++count[0] == write
                ? Optional.of(new Written.Unavailable("time-out", Optional.empty()))
                : Optional.empty());
  }

  @Test
  void revisionAfterARejectedOneIsTriedThoughNothingIsReadyWhenItComes() {
    var world = afterARejection();
    world.mesh.working = false;
    world.deployments.broken.add("web:1");
    world.cluster.unreadable(World.TARGET, "the cache is not filled");

    world.setImage("web:3");
    world.run(Duration.ofMinutes(3));
    world.cluster.readable(World.TARGET);
    world.run(Duration.ofMinutes(3));
    world.restart();
    world.deployments.broken.clear();
    world.run(Duration.ofMinutes(3));
    world.mesh.working = true;

    assertTriedAndPromoted(world, "web:3");
  }

  @Test
  void revisionThatRepairsAStalledPromotionIsTriedAndPromoted() {
    var world = World.adopted();
    world.deployments.stuck.add("web");
    world.setImage("web:2");
    world.runTo("PromotionFailed");
    world.run(Duration.ofMinutes(2));
    assertThat(world.weights).endsWith(100);
    world.deployments.stuck.clear();
    world.weights.clear();

    world.setImage("web:3");

    assertTriedAndPromoted(world, "web:3");
  }

  @Test
  void stalledPromotionWhoseStableIsDeadKeepsItsTrafficWhenAnotherRevisionComes() {
    var world = World.adopted();
    world.deployments.stuck.add("web");
    world.setImage("web:2");
    world.runTo("PromotionFailed");
    world.run(Duration.ofMinutes(2));
    world.deployments.broken.add("web:1");
    world.weights.clear();

    world.setImage("web:3");
    world.run(Duration.ofHours(1));

    assertThat(world.weights).containsExactly(100);
    assertThat(Fields.number(world.cluster.get(World.COPY), "status", "availableReplicas"))
        .isEqualTo(2);
    assertThat(world.status().path("waitingFor").asText()).contains("canary abort");
  }

  @Test
  void revisionThatRepairsADeadStableIsPromoted() {
    var world = World.adopted();
    world.deployments.broken.add("web:1");
    world.run(Duration.ofMinutes(5));

    world.setImage("web:2");
    world.run(Duration.ofMinutes(20));

    assertThat(world.phase()).isEqualTo("Succeeded");
    assertThat(world.weights).contains(100).endsWith(0);
    assertThat(Fields.number(world.target(), "status", "availableReplicas")).isEqualTo(2);
  }

  @Test
  void readinessIsWaitedForInFullHoweverLongTheCanaryWasAtRest() {
    var world = World.adopted();
    world.run(Duration.ofDays(30));
    world.deployments.broken.add("web:2");
    var start = world.now;

    world.setImage("web:2");
    world.run(Duration.ofMinutes(9));
    assertThat(world.phase()).isEqualTo("Progressing");
    world.runTo("Failed");

    assertThat(Duration.between(start, world.now)).isEqualTo(Duration.ofMinutes(10));
  }
}
