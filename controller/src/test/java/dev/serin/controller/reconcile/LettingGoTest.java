package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Written;
import dev.serin.controller.workload.HoldMode;
import dev.serin.controller.workload.Marks;
import dev.serin.judge.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LettingGoTest {
  private static final Duration WHILE = Duration.ofMinutes(20);

  /// Deletes the Canary and lets the target go its own way.
  private static void delete(World world) {
    world.cluster.remove(World.CANARY);
    world.run(WHILE);
    world.deployments.settle();
  }

  private static void assertLetGo(World world, String image) {
    assertThat(world.phase()).isEqualTo("gone");
    assertThat(Fields.label(world.target(), Marks.CANARY)).isEmpty();
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isFalse();
    assertThat(world.target().at("/spec/template/spec/containers/0/image").asText())
        .isEqualTo(image);
    assertThat(world.cluster.has(World.COPY)).isFalse();
    assertThat(world.cluster.has(World.ROUTE)).isFalse();
  }

  @Test
  void atRestOnlyMarkAndRouteGo() {
    var world = World.adopted();

    delete(world);

    assertLetGo(world, "web:1");
  }

  @ParameterizedTest
  @EnumSource(HoldMode.class)
  void holdIsLiftedInEitherMode(HoldMode hold) {
    var world = new World();
    world.hold = hold;
    world.with(World.DEPLOYMENT_YAML).adopt(World.CANARY_YAML);

    delete(world);

    assertLetGo(world, "web:1");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 5, 15, 25, 35, 45})
  void revisionOnTrialIsTakenBackAtAnyMoment(long seconds) {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(seconds));

    delete(world);

    assertLetGo(world, "web:1");
    if (seconds > 0) {
      assertThat(world.weights).endsWith(0);
    }
  }

  @Test
  void nothingElseDrivesACanaryThatLeaves() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    var revision = world.status().path("revision").asText();
    world.weights.clear();

    world.cluster.remove(World.CANARY);
    world.setImage("web:3");
    world.with(
        "{kind: CanaryCommand, metadata: {name: go}, spec: {canary: web, command: promote, by: j,"
            + " revision: "
            + revision
            + "}}");
    world.run(WHILE);

    assertThat(world.phase()).isEqualTo("gone");
    assertThat(world.weights.stream().filter(weight -> weight > 20)).isEmpty();
    assertThat(world.toldKinds()).doesNotContain("PromotionStarted", "Promoted");
    assertThat(world.cluster.has(World.ROUTE)).isFalse();
    assertThat(world.cluster.has(World.COPY)).isFalse();
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isFalse();
  }

  @Test
  void revisionThatIsBeingPromotedStays() {
    var world = World.adopted();
    world.setImage("web:2");
    world.runTo("Finalising");

    delete(world);

    assertLetGo(world, "web:2");
  }

  @Test
  void promotedRevisionStays() {
    var world = World.adopted();
    world.setImage("web:2");
    world.runTo("Succeeded");

    delete(world);

    assertLetGo(world, "web:2");
  }

  @Test
  void rejectedRevisionIsTakenBack() {
    var world = World.adopted();
    world.verdict = _ -> Verdict.FAILED;
    world.setImage("web:2");
    world.runTo("Failed");

    delete(world);

    assertLetGo(world, "web:1");
  }

  @Test
  void templateStaysWhenTheCanarySaysSo() {
    var world =
        World.adopted(
            World.CANARY_YAML.replace("  service:", "  revertOnDeletion: false\n  service:"));
    world.verdict = _ -> Verdict.FAILED;
    world.setImage("web:2");
    world.runTo("Failed");

    delete(world);

    assertLetGo(world, "web:2");
  }

  @Test
  void stalledPromotionIsTakenBack() {
    var world = World.adopted();
    world.deployments.stuck.add("web");
    world.setImage("web:2");
    world.runTo("PromotionFailed");
    world.deployments.stuck.clear();

    delete(world);

    assertLetGo(world, "web:1");
  }

  @Test
  void copyThatAloneServesIsLeftRunningWhenTheTargetIsGone() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    world.cluster.remove(World.TARGET);
    world.run(Duration.ofSeconds(1));

    world.cluster.remove(World.CANARY);
    world.run(WHILE);

    assertThat(world.phase()).isEqualTo("gone");
    assertThat(world.cluster.has(World.COPY)).isTrue();
    assertThat(world.toldKinds()).contains("Abandoned");
  }

  @Test
  void lostTargetHangsNothing() {
    var world = World.adopted();
    world.cluster.remove(World.TARGET);
    world.run(Duration.ofSeconds(1));

    world.cluster.remove(World.CANARY);
    world.run(Duration.ofMinutes(1));

    assertThat(world.phase()).isEqualTo("gone");
  }

  @Test
  void lostRouteAndCopyHangNothing() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    world.cluster.remove(World.CANARY);
    world.cluster.remove(World.ROUTE);
    world.cluster.remove(World.COPY);

    world.run(WHILE);

    assertLetGo(world, "web:1");
  }

  @Test
  void canaryThatMayStillHaveTrafficIsLeftRunning() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    world.mesh.working = false;

    world.cluster.remove(World.CANARY);
    world.run(Duration.ofHours(1));

    assertThat(world.phase()).isEqualTo("gone");
    assertThat(world.toldKinds()).contains("Abandoned");
    assertThat(world.cluster.has(World.COPY)).isTrue();
  }

  @Test
  void refusedWriteDoesNotHangForEver() {
    var world = World.adopted();
    world.cluster.failing(
        change ->
            change instanceof Change.Patch(var ref, _, _) && ref.equals(World.TARGET)
                ? Optional.of(new Written.Refused("a policy says no"))
                : Optional.empty());

    world.cluster.remove(World.CANARY);
    world.run(Duration.ofMinutes(5));
    assertThat(world.phase()).isEqualTo("Terminating");
    world.run(WHILE);

    assertThat(world.phase()).isEqualTo("gone");
  }

  @Test
  void invalidSpecDoesNotKeepATarget() {
    var world = World.adopted();
    world.cluster.change(
        World.CANARY,
        canary -> {
          ((ObjectNode) canary.path("spec")).putObject("analysis").put("interval", "soon");
          return canary;
        });

    delete(world);

    assertLetGo(world, "web:1");
  }

  @Test
  void specThatSaysNothingDoesNotKeepATarget() {
    var world = World.adopted();
    world.cluster.change(
        World.CANARY,
        canary -> {
          canary.putObject("spec");
          return canary;
        });

    world.cluster.remove(World.CANARY);
    world.run(WHILE);

    assertThat(world.phase()).isEqualTo("gone");
    assertThat(Fields.label(world.target(), Marks.CANARY)).isEmpty();
  }

  @Test
  void rejectedRevisionIsNotLetLooseByASpecThatSaysNothing() {
    var world = World.adopted();
    world.verdict = _ -> Verdict.FAILED;
    world.setImage("web:2");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(2));
    world.cluster.change(
        World.CANARY,
        canary -> {
          canary.putObject("spec");
          return canary;
        });

    world.cluster.remove(World.CANARY);
    world.run(WHILE);
    world.deployments.settle();

    assertThat(world.phase()).isEqualTo("gone");
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isFalse();
    assertThat(world.target().at("/spec/template/spec/containers/0/image").asText())
        .isEqualTo("web:1");
  }

  @Test
  void stateThatCannotBeReadDoesNotKeepATarget() {
    var world = World.adopted();
    world.cluster.change(
        World.CANARY,
        canary -> {
          canary.withObject("/status/state").put("is", "Levitating");
          return canary;
        });

    world.cluster.remove(World.CANARY);
    world.run(WHILE);

    assertThat(world.phase()).isEqualTo("gone");
    assertThat(Fields.label(world.target(), Marks.CANARY)).isEmpty();
  }

  @Test
  void whatCannotBeReadDoesNotKeepACanaryForEver() {
    var world = World.adopted();
    world.cluster.unlistable(Kind.CANARY_COMMAND, "canarycommands: answers 403: forbidden");

    world.cluster.remove(World.CANARY);
    world.run(Duration.ofMinutes(50));
    assertThat(world.phase()).isNotEqualTo("gone");
    world.run(Duration.ofMinutes(20));

    assertThat(world.phase()).isEqualTo("gone");
  }

  @Test
  void canaryThatNeverAdoptedLeavesTheUsersPauseAlone() {
    var world =
        new World()
            .with(World.DEPLOYMENT_YAML.replace("  replicas: 2", "  paused: true\n  replicas: 2"))
            .adopt(World.CANARY_YAML);

    world.cluster.remove(World.CANARY);
    world.run(WHILE);

    assertThat(world.phase()).isEqualTo("gone");
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isTrue();
  }
}
