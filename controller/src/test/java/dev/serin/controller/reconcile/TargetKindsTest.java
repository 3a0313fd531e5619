package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.controller.workload.Marks;
import dev.serin.judge.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Targets that are no Deployments.
class TargetKindsTest {
  private static final Duration WHILE = Duration.ofMinutes(10);

  private static String canary(String apiVersion, String kind) {
    return World.CANARY_YAML.replace(
        "{apiVersion: apps/v1, kind: Deployment, name: web}",
        "{apiVersion: %s, kind: %s, name: web}".formatted(apiVersion, kind));
  }

  private static String set(String kind) {
    return World.DEPLOYMENT_YAML
        .replace("kind: Deployment", "kind: " + kind)
        .replaceAll("  strategy: .*\n", "");
  }

  private static void setImage(World world, ObjectRef target, String image) {
    world.cluster.change(
        target,
        object -> {
          ((ObjectNode) object.at("/spec/template/spec/containers/0")).put("image", image);
          return object;
        });
  }

  private static String carried(World world, ObjectRef target) {
    return world.cluster.get(target).at("/spec/template/spec/containers/0/image").asText();
  }

  private static void forgetTheState(World world) {
    world.cluster.change(
        World.CANARY,
        canary -> {
          canary.withObject("/status/state").put("is", "Levitating");
          return canary;
        });
  }

  @Nested
  class OfStatefulSet {
    private final ObjectRef target = Kind.STATEFUL_SET.named("shop", "web");
    private final ObjectRef copy = Kind.STATEFUL_SET.named("shop", "web-canary");
    private final World world =
        new World().with(set("StatefulSet")).adopt(canary("apps/v1", "StatefulSet"));

    private String running() {
      return world.sets.image(world.cluster.get(target));
    }

    @Test
    void isHeldAtRestAndSaysWhatCannotBePromised() {
      assertThat(world.phase()).isEqualTo("Initialized");
      assertThat(
              world.cluster.get(target).at("/spec/updateStrategy/rollingUpdate/partition").asInt())
          .isEqualTo(Integer.MAX_VALUE);
      assertThat(world.message("Warnings")).contains("partition").contains("volumes");
    }

    @Test
    void goodRevisionIsPromoted() {
      setImage(world, target, "web:2");
      world.run(Duration.ofSeconds(15));
      assertThat(running()).as("held while the revision is tried").isEqualTo("web:1");
      assertThat(world.cluster.get(copy).at("/spec/serviceName").asText()).isEqualTo("web-canary");
      assertThat(
              world.cluster.get(copy).at("/spec/persistentVolumeClaimRetentionPolicy/whenDeleted"))
          .hasToString("\"Delete\"");

      world.runTo("Succeeded");
      world.run(WHILE);

      assertThat(running()).isEqualTo("web:2");
      assertThat(world.weights).startsWith(0, 10).endsWith(0);
      assertThat(world.cluster.has(copy)).isFalse();
      assertThat(
              world.cluster.get(target).at("/spec/updateStrategy/rollingUpdate/partition").asInt())
          .as("held again")
          .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void badRevisionNeverReachesItsPods() {
      world.verdict = _ -> Verdict.FAILED;

      setImage(world, target, "web:2");
      world.runTo("Failed");
      world.run(WHILE);

      assertThat(running()).isEqualTo("web:1");
      assertThat(world.cluster.has(copy)).isFalse();
    }

    @Test
    void stableTemplateIsRememberedWhereNothingElseRemembersIt() {
      setImage(world, target, "web:2");
      setImage(world, target, "web:3");
      world.run(Duration.ofSeconds(15));

      world.cluster.remove(World.CANARY);
      world.run(WHILE);

      assertThat(world.phase()).isEqualTo("gone");
      assertThat(world.cluster.get(target).at("/spec/template/spec/containers/0/image").asText())
          .as("an unproven template goes back on letting go")
          .isEqualTo("web:1");
      assertThat(
              Fields.number(
                  world.cluster.get(target),
                  "spec",
                  "updateStrategy",
                  "rollingUpdate",
                  "partition"))
          .isZero();
    }

    @Test
    void unprovenTemplateIsNotLetLooseWhenTheStateCannotBeRead() {
      world.verdict = _ -> Verdict.FAILED;
      setImage(world, target, "web:2");
      world.runTo("Failed");
      world.run(WHILE);

      forgetTheState(world);
      world.cluster.remove(World.CANARY);
      world.run(WHILE);

      assertThat(world.phase()).isEqualTo("gone");
      assertThat(carried(world, target)).isEqualTo("web:1");
      assertThat(running()).isEqualTo("web:1");
    }

    @Test
    void promotedTemplateStaysWhenTheStateCannotBeRead() {
      setImage(world, target, "web:2");
      world.runTo("Succeeded");
      world.run(WHILE);

      forgetTheState(world);
      world.cluster.remove(World.CANARY);
      world.run(WHILE);

      assertThat(world.phase()).isEqualTo("gone");
      assertThat(carried(world, target)).isEqualTo("web:2");
      assertThat(running()).isEqualTo("web:2");
    }

    @Test
    void partitionOfSomebodyElseIsRefused() {
      var other =
          new World()
              .with(
                  set("StatefulSet")
                      .replace(
                          "  replicas: 2\n",
                          """
                            replicas: 2
                            updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 1}}
                          """))
              .adopt(canary("apps/v1", "StatefulSet"));

      assertThat(other.message("Stalled")).contains("partition 1").contains("set it to 0");
    }
  }

  @Nested
  class OfDaemonSet {
    private final ObjectRef target = Kind.DAEMON_SET.named("shop", "web");
    private final ObjectRef copy = Kind.DAEMON_SET.named("shop", "web-canary");
    private final World world =
        new World()
            .with(set("DaemonSet").replace("  replicas: 2\n", ""))
            .adopt(canary("apps/v1", "DaemonSet"));

    private String running() {
      return world.sets.image(world.cluster.get(target));
    }

    @Test
    void goodRevisionIsPromoted() {
      assertThat(world.phase()).isEqualTo("Initialized");
      assertThat(world.message("Warnings")).contains("OnDelete");

      setImage(world, target, "web:2");
      world.run(Duration.ofSeconds(15));
      assertThat(running()).isEqualTo("web:1");
      assertThat(world.cluster.has(copy)).isTrue();
      world.runTo("Succeeded");
      world.run(WHILE);

      assertThat(running()).isEqualTo("web:2");
      assertThat(world.cluster.has(copy)).isFalse();
      assertThat(world.cluster.get(target).at("/spec/updateStrategy/type").asText())
          .isEqualTo("OnDelete");
    }

    @Test
    void badRevisionNeverReachesItsPods() {
      world.verdict = _ -> Verdict.FAILED;

      setImage(world, target, "web:2");
      world.runTo("Failed");
      world.run(WHILE);

      assertThat(running()).isEqualTo("web:1");
    }

    @Test
    void unprovenTemplateIsNotLetLooseWhenTheStateCannotBeRead() {
      setImage(world, target, "web:2");
      world.run(Duration.ofSeconds(15));

      forgetTheState(world);
      world.cluster.remove(World.CANARY);
      world.run(WHILE);

      assertThat(world.phase()).isEqualTo("gone");
      assertThat(carried(world, target)).isEqualTo("web:1");
    }

    @Test
    void lettingGoGivesTheUpdateStrategyBack() {
      setImage(world, target, "web:2");
      world.run(Duration.ofSeconds(15));

      world.cluster.remove(World.CANARY);
      world.run(WHILE);

      assertThat(world.cluster.get(target).at("/spec/updateStrategy/type").asText())
          .isEqualTo("RollingUpdate");
      assertThat(running()).isEqualTo("web:1");
      assertThat(Fields.label(world.cluster.get(target), Marks.CANARY)).isEmpty();
    }
  }

  @Nested
  class OfService {
    private static final String SERVICE =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: NAME}
        spec: {selector: {app: web, version: VERSION}, ports: [{name: http, port: 80}]}
        """;

    private final ObjectRef target = Kind.SERVICE.named("shop", "web");
    private final ObjectRef beside = Kind.SERVICE.named("shop", "web-canary");
    private final World world = start();

    private World start() {
      var started = new World();
      started.endpoints.ready.put("1", 2);
      started.endpoints.ready.put("2", 2);
      return started
          .with(SERVICE.replace("NAME", "web").replace("VERSION", "1"))
          .with(SERVICE.replace("NAME", "web-canary").replace("VERSION", "1"))
          .adopt(canary("v1", "Service"));
    }

    private void release(String version) {
      world.cluster.change(
          beside,
          service -> {
            service.withObject("/spec/selector").put("version", version);
            return service;
          });
    }

    private String selected() {
      return world.cluster.get(target).at("/spec/selector/version").asText();
    }

    @Test
    void promotionMovesTheSelector() {
      assertThat(world.phase()).isEqualTo("Initialized");

      release("2");
      world.run(Duration.ofSeconds(15));
      assertThat(selected()).as("stable stays while the revision is tried").isEqualTo("1");
      world.runTo("Succeeded");
      world.run(WHILE);

      assertThat(selected()).isEqualTo("2");
      assertThat(world.weights).containsExactly(0, 10, 20, 30, 40, 50, 100, 0);
      assertThat(world.cluster.has(beside)).as("nobody's Service is deleted").isTrue();
    }

    @Test
    void badRevisionLeavesTheSelectorAlone() {
      world.verdict = _ -> Verdict.FAILED;

      release("2");
      world.runTo("Failed");
      world.run(WHILE);

      assertThat(selected()).isEqualTo("1");
      assertThat(world.weights).endsWith(0);
    }

    @Test
    void pairWithoutReadyPodsGetsNoTraffic() {
      world.endpoints.ready.put("2", 0);

      release("2");
      world.run(Duration.ofMinutes(2));

      assertThat(world.phase()).isEqualTo("Progressing");
      assertThat(world.weights).isSubsetOf(0);
    }

    @Test
    void podsThatAreStillListedForTheFormerSelectorGetNoTraffic() {
      world.endpoints.ready.put("2", 0);
      world.endpoints.late = true;

      release("2");
      world.run(Duration.ofSeconds(5));
      assertThat(world.phase()).isEqualTo("Progressing");
      world.endpoints.late = false;
      world.run(Duration.ofMinutes(2));
      assertThat(world.weights).isSubsetOf(0);

      world.endpoints.ready.put("2", 2);
      world.runTo("Succeeded");
      assertThat(selected()).isEqualTo("2");
    }

    @Test
    void revisionOfTheSamePodsIsTriedWhenTheirListHasStood() {
      world.endpoints.late = true;

      release("2");

      world.runTo("Succeeded");
      assertThat(selected()).isEqualTo("2");
    }

    @Test
    void missingCanaryServiceIsAskedFor() {
      var other = new World();
      other.endpoints.ready.put("1", 2);
      other
          .with(SERVICE.replace("NAME", "web").replace("VERSION", "1"))
          .adopt(canary("v1", "Service"));

      assertThat(other.message("Stalled")).contains("Service web-canary does not exist; make it");

      other.with(SERVICE.replace("NAME", "web-canary").replace("VERSION", "1"));
      other.runTo("Initialized");
    }

    @Test
    void sameSelectorIsANewRevisionWhenItsOwnerSaysSo() {
      world.cluster.change(
          beside,
          service -> {
            service.withObject("/metadata/annotations").put(Marks.REVISION, "1.1");
            return service;
          });
      world.runTo("Progressing");
      world.runTo("Succeeded");

      assertThat(Fields.annotation(world.cluster.get(target), Marks.REVISION)).contains("1.1");
    }

    @Test
    void selectorThatSomebodyPutBackIsToldAndNotFoughtOver() {
      release("2");
      world.runTo("Succeeded");
      world.run(WHILE);

      world.cluster.change(
          target,
          service -> {
            service.withObject("/spec/selector").put("version", "1");
            return service;
          });
      world.run(WHILE);

      assertThat(selected()).isEqualTo("1");
      assertThat(world.message("Warnings")).contains("not what was promoted");
    }
  }
}
