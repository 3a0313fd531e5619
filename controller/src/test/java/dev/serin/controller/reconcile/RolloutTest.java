package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.controller.workload.HoldMode;
import dev.serin.controller.workload.Marks;
import dev.serin.judge.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutTest {
  private static final Duration WHILE = Duration.ofMinutes(10);

  @Test
  void adoptionTouchesNoPod() {
    var world = new World().with(World.DEPLOYMENT_YAML);
    world.deployments.settle();
    var template = world.target().path("spec").path("template");

    world.adopt(World.CANARY_YAML);

    assertThat(world.phase()).isEqualTo("Initialized");
    assertThat(world.condition("Ready")).isEqualTo("True");
    assertThat(world.target().path("spec").path("template")).isEqualTo(template);
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isFalse();
    assertThat(Fields.label(world.target(), Marks.CANARY)).isEqualTo("web");
  }

  @Test
  void nothingIsWrittenAtRest() {
    var world = World.adopted();

    world.run(Duration.ofMinutes(10));

    assertThat(world.cluster.writes).isEmpty();
  }

  @Test
  void goodRevisionIsPromotedStepByStep() {
    var world = World.adopted();

    world.setImage("web:2");
    world.runTo("Succeeded");

    assertThat(world.weights).containsExactly(0, 10, 20, 30, 40, 50, 0);
    assertThat(world.cluster.has(World.COPY)).isFalse();
    assertThat(world.condition("Promoted")).isEqualTo("True");
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isFalse();
    assertThat(world.toldKinds())
        .startsWith("NewRevision", "RolloutStarted")
        .endsWith("PromotionStarted", "Promoted", "Succeeded");
  }

  @Test
  void fiveStepsWithOneReplicaCostFewWrites() {
    var world =
        new World()
            .with(World.DEPLOYMENT_YAML.replace("replicas: 2", "replicas: 1"))
            .adopt(World.CANARY_YAML);

    world.setImage("web:2");
    world.runTo("Succeeded");

    var events = world.told.size();
    assertThat(world.cluster.writes.size() + events).isLessThanOrEqualTo(45);
  }

  @Test
  void canaryHasThePodsForAWeightBeforeItGetsIt() {
    var world =
        new World()
            .with(World.DEPLOYMENT_YAML.replace("replicas: 2", "replicas: 10"))
            .adopt(World.CANARY_YAML);
    world.cluster.failing(
        change -> {
          if (change instanceof Change.Merge(var ref, var patch) && ref.equals(World.ROUTE)) {
            int weight = patch.path("spec").path("canary").asInt();
            var ready =
                world.cluster.has(World.COPY)
                    ? Fields.number(world.cluster.get(World.COPY), "status", "availableReplicas")
                    : 0;
            assertThat(ready).isGreaterThanOrEqualTo(weight / 10);
          }
          return Optional.empty();
        });

    world.setImage("web:2");
    world.runTo("Succeeded");

    assertThat(world.weights).contains(50);
  }

  /// A number that is smaller than the one before takes pods, but only from traffic that the data
  /// plane gave to those that stay.
  @Test
  void stepWithFewerPodsTakesThemOnceItsSplitIsConfirmed() {
    var world =
        new World()
            .with(World.DEPLOYMENT_YAML)
            .adopt(
                World.CANARY_YAML.replace(
                    "stepWeights: [10, 20, 30, 40, 50]",
                    "steps: [{setReplicas: 3}, {setWeight: 50}, {pause: {duration: 10s}},"
                        + " {setReplicas: 1}, {setWeight: 20}, {pause: {duration: 10s}}]"));
    world.cluster.failing(
        change -> {
          if (change instanceof Change.Merge(var ref, var patch)
              && ref.equals(World.ROUTE)
              && patch.at("/spec/canary").asInt() == 20) {
            world.mesh.working = false;
          }
          return Optional.empty();
        });

    world.setImage("web:2");
    world.run(Duration.ofSeconds(30));
    assertThat(world.weights).endsWith(20);
    assertThat(podsOfCanary(world)).as("while the data plane may still send half").isEqualTo(3);

    world.mesh.working = true;
    world.run(Duration.ofSeconds(5));
    assertThat(podsOfCanary(world)).isEqualTo(1);

    world.runTo("Succeeded");
    assertThat(world.weights).containsSubsequence(50, 20);
  }

  private static long podsOfCanary(World world) {
    return Fields.number(world.cluster.get(World.COPY), "spec", "replicas");
  }

  @Test
  void badRevisionIsRolledBackAndHeld() {
    var world = World.adopted();
    world.verdict = _ -> Verdict.FAILED;

    world.setImage("web:2");
    world.runTo("Failed");
    world.run(WHILE);

    assertThat(world.weights).containsExactly(0, 10, 0);
    assertThat(world.cluster.has(World.COPY)).isFalse();
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isTrue();
    assertThat(world.message("Ready")).contains("2 of 2 failed checks");
    assertThat(world.status().path("rejected").path(0).asText())
        .isEqualTo(world.status().path("revision").asText());
  }

  @Test
  void rejectedRevisionThatComesBackIsNotTriedAgain() {
    var world = World.adopted();
    world.verdict = _ -> Verdict.FAILED;
    world.setImage("web:2");
    world.runTo("Failed");
    world.run(WHILE);
    world.setImage("web:1");
    world.runTo("Initialized");
    world.verdict = _ -> Verdict.PASSED;

    world.setImage("web:2");
    world.run(WHILE);

    assertThat(world.phase()).isEqualTo("Failed");
    assertThat(world.toldKinds()).endsWith("RejectedAgain");
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isTrue();
  }

  @Test
  void returnToStableEndsTheRolloutAsReverted() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    world.setImage("web:1");
    world.run(WHILE);

    assertThat(world.phase()).isEqualTo("Initialized");
    assertThat(world.status().path("history").path(0).path("outcome").asText())
        .isEqualTo("Reverted");
    assertThat(world.condition("Promoted")).isEqualTo("False");
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isFalse();
    assertThat(world.cluster.has(World.COPY)).isFalse();
  }

  @Test
  void newerRevisionReplacesTheOneOnTrial() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    world.setImage("web:3");
    world.runTo("Succeeded");

    assertThat(world.weights).containsExactly(0, 10, 20, 0, 10, 20, 30, 40, 50, 0);
    assertThat(world.status().path("history").path(1).path("outcome").asText())
        .isEqualTo("Superseded");
    assertThat(world.target().path("spec").path("template").toString()).contains("web:3");
  }

  @Test
  void editedWeightIsPutBack() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    world.cluster.change(
        World.ROUTE,
        route -> {
          route.withObject("/spec").put("canary", 90);
          return route;
        });
    world.look();

    assertThat(Fields.number(world.cluster.get(World.ROUTE), "spec", "canary")).isEqualTo(20);
  }

  @Test
  void deletedCanaryCopyIsMadeAgainAndItsStepStartsAnew() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    world.cluster.remove(World.COPY);
    world.runTo("Succeeded");

    assertThat(world.toldKinds()).contains("CanaryNotReady");
    assertThat(world.weights).containsExactly(0, 10, 20, 0, 20, 30, 40, 50, 0);
  }

  @Test
  void copyThatSomebodyEditedGetsNoTraffic() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    world.cluster.change(
        World.COPY,
        copy -> {
          ((ObjectNode) copy.at("/spec/template/spec/containers/0")).put("image", "evil:1");
          return copy;
        });
    world.runTo("Succeeded");

    assertThat(world.toldKinds()).contains("CanaryNotReady");
    assertThat(world.target().path("spec").path("template").toString()).doesNotContain("evil");
  }

  @Test
  void canaryThatCannotStartFailsWithTheReasonOfItsPods() {
    var world = World.adopted();
    world.deployments.broken.add("web:2");
    world.with(
        """
        kind: Pod
        metadata:
          name: web-canary-1
          labels: {serin.dev/canary: web, serin.dev/role: canary}
        status:
          containerStatuses:
          - {name: web, restartCount: 4, ready: false,
             state: {waiting: {reason: CrashLoopBackOff}},
             lastState: {terminated: {exitCode: 1, reason: Error}}}
        """);

    world.setImage("web:2");
    world.runTo("Failed");

    assertThat(world.message("Ready"))
        .contains("container web of pod web-canary-1 crashed 4 times");
    assertThat(world.weights).containsExactly(0);
  }

  @Test
  void canaryThatStaysUnreadyFailsAtTheDeadline() {
    var world = World.adopted();
    world.deployments.broken.add("web:2");
    var start = world.now;

    world.setImage("web:2");
    world.runTo("Failed");

    assertThat(Duration.between(start, world.now)).isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void targetThatCannotRunWhatTheCanaryProvedLeavesTheTrafficThere() {
    var world = World.adopted();
    world.deployments.stuck.add("web");

    world.setImage("web:2");
    world.runTo("PromotionFailed");
    world.run(Duration.ofMinutes(1));

    assertThat(world.weights).endsWith(100);
    assertThat(Fields.number(world.cluster.get(World.COPY), "spec", "replicas")).isEqualTo(2);
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isTrue();
  }

  @Test
  void targetThatCannotKeepItsShareWhileItRollsGivesAllTrafficToTheCanaryFirst() {
    var world =
        new World()
            .with(
                World.DEPLOYMENT_YAML.replace(
                    "{type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}",
                    "{type: Recreate}"))
            .adopt(World.CANARY_YAML);

    world.setImage("web:2");
    world.runTo("Succeeded");

    assertThat(world.weights).containsExactly(0, 10, 20, 30, 40, 50, 100, 0);
  }

  @Test
  void nothingStartsAtZeroReplicas() {
    var world = World.adopted();
    world.cluster.change(
        World.TARGET,
        target -> {
          target.withObject("/spec").put("replicas", 0);
          return target;
        });

    world.setImage("web:2");
    world.run(WHILE);

    assertThat(world.phase()).isEqualTo("Waiting");
    assertThat(world.status().path("waitingFor").asText()).contains("ScaledToZero");
    assertThat(world.cluster.has(World.COPY)).isFalse();
  }

  @Test
  void withoutAnAdmissionPolicyTheTargetIsPausedAtRest() {
    var world = new World();
    world.hold = HoldMode.PAUSED;
    world.with(World.DEPLOYMENT_YAML).adopt(World.CANARY_YAML);
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isTrue();

    world.setImage("web:2");
    world.runTo("Succeeded");
    world.run(WHILE);

    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isTrue();
    assertThat(world.target().path("status").path("updatedReplicas").asInt()).isEqualTo(2);
    assertThat(world.status().path("hold").asText()).isEqualTo("Paused");
  }

  private static void pause(World world) {
    world.cluster.change(
        World.TARGET,
        target -> {
          target.withObject("/spec").put("paused", true);
          return target;
        });
  }

  @Test
  void pauseOfTheStableTemplateIsLiftedAtRestAndTold() {
    var world = World.adopted();

    pause(world);
    world.run(WHILE);

    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isFalse();
    assertThat(world.toldKinds()).containsExactly("PauseLifted");
    world.restart();
    world.run(WHILE);
    assertThat(world.toldKinds()).containsExactly("PauseLifted");

    pause(world);
    world.run(WHILE);
    assertThat(world.toldKinds()).containsExactly("PauseLifted", "PauseLifted");
  }

  /// The hold of a revision that was taken back is lifted, too, but nobody paused anything.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void holdThatIsOverIsNotToldAsAPause(boolean crash) {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    var crashes = new boolean[] {crash};
    world.cluster.failing(
        change -> {
          if (crashes[0]
              && change.ref().equals(World.TARGET)
              && world.phase().equals("Initialized")) {
            crashes[0] = false;
            throw new FakeCluster.Crash();
          }
          return Optional.empty();
        });

    world.setImage("web:1");
    world.runTo("Initialized");
    world.run(WHILE);

    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isFalse();
    assertThat(crashes[0]).isFalse();
    assertThat(world.toldKinds()).contains("Reverted").doesNotContain("PauseLifted");
  }

  @Test
  void brokenGlassStopsEverythingUntilItIsTakenAway() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    world.cluster.change(
        World.TARGET,
        target -> {
          target.withObject("/metadata/annotations").put(Marks.BYPASS, "incident 7");
          target.withObject("/spec").remove("paused");
          return target;
        });
    world.runTo("Bypassed");
    world.cluster.writes.clear();
    world.run(WHILE);
    assertThat(world.cluster.writes).isEmpty();
    assertThat(world.weights).endsWith(20);

    world.cluster.change(
        World.TARGET,
        target -> {
          target.withObject("/metadata/annotations").remove(Marks.BYPASS);
          return target;
        });
    world.runTo("Initialized");
    world.run(WHILE);

    assertThat(world.weights).endsWith(0);
    assertThat(world.cluster.has(World.COPY)).isFalse();
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isFalse();
  }

  @Test
  void targetThatIsMadeAgainIsAdoptedAnew() {
    var world = World.adopted();

    world.cluster.remove(World.TARGET);
    world.run(Duration.ofMinutes(1));
    world.with(World.DEPLOYMENT_YAML.replace("web:1", "web:7"));
    world.run(Duration.ofMinutes(1));

    assertThat(world.phase()).isEqualTo("Initialized");
    assertThat(world.status().path("target").path("uid").asText())
        .isEqualTo(Fields.uid(world.target()));
    assertThat(Fields.label(world.target(), Marks.CANARY)).isEqualTo("web");
  }

  @Test
  void targetThatIsMadeAgainInTheMiddleKeepsTheTrafficWhereItIsServed() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    world.cluster.remove(World.TARGET);
    world.run(Duration.ofMinutes(1));
    assertThat(world.weights).endsWith(20);
    assertThat(world.cluster.has(World.COPY)).isTrue();
    world.with(World.DEPLOYMENT_YAML);
    world.run(WHILE);

    assertThat(world.phase()).isEqualTo("Initialized");
    assertThat(world.weights).endsWith(0);
    assertThat(world.cluster.has(World.COPY)).isFalse();
  }

  @Test
  void anotherTargetInTheSpecLetsTheFormerGo() {
    var world = World.adopted();
    world.with(
        World.DEPLOYMENT_YAML
            .replace("name: web, labels: {app: web}", "name: api, labels: {app: api}")
            .replace("app: web", "app: api"));

    world.cluster.change(
        World.CANARY,
        canary -> {
          ((ObjectNode) canary.at("/spec/targetRef")).put("name", "api");
          return canary;
        });
    world.run(Duration.ofMinutes(1));

    assertThat(Fields.label(world.target(), Marks.CANARY)).isEmpty();
    assertThat(Fields.label(world.cluster.get(Kind.DEPLOYMENT.named("shop", "api")), Marks.CANARY))
        .isEqualTo("web");
  }

  @Test
  void budgetProtectsTheCanaryWhileItHasTraffic() {
    var world = World.adopted();
    var budget = Kind.POD_DISRUPTION_BUDGET.named("shop", "web-canary");

    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    assertThat(world.cluster.has(budget)).isTrue();
    world.runTo("Succeeded");
    world.run(Duration.ofMinutes(1));

    assertThat(world.cluster.has(budget)).isFalse();
  }
}
