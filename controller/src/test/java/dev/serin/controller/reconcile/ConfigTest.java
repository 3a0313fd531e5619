package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.controller.workload.Marks;
import dev.serin.judge.Verdict;
import dev.serin.revision.ConfigRef;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigTest {
  private static final ObjectRef SETTINGS = Kind.CONFIG_MAP.named("shop", "settings");
  private static final String MARK = "/spec/template/metadata/annotations/serin.dev~1config";

  private static final String MOUNTS =
      World.DEPLOYMENT_YAML.replace(
          "spec: {containers:",
          "spec: {volumes: [{name: v, configMap: {name: settings}}], containers:");

  private static World withEnvironment() {
    return new World()
        .with("{kind: ConfigMap, metadata: {name: settings}, data: {color: blue}}")
        .with(
            World.DEPLOYMENT_YAML.replace(
                "{name: web, image:",
                "{name: web, envFrom: [{configMapRef: {name: settings}}], image:"))
        .adopt(World.CANARY_YAML);
  }

  private static void paint(World world, String color) {
    world.cluster.change(
        SETTINGS,
        settings -> {
          ((ObjectNode) settings.path("data")).put("color", color);
          return settings;
        });
  }

  @Test
  void changedConfigStartsARolloutAndPromotionRollsThePods() {
    var world = withEnvironment();
    var template = world.target().path("spec").path("template");

    paint(world, "green");
    world.runTo("Succeeded");

    assertThat(world.weights).containsExactly(0, 10, 20, 30, 40, 50, 0);
    assertThat(world.target().at(MARK).asText()).isNotEmpty();
    assertThat(world.target().path("spec").path("template")).isNotEqualTo(template);
    assertThat(world.cluster.list(Kind.REPLICA_SET, "shop", Map.of())).hasSize(2);
  }

  @Test
  void rejectedConfigIsHeldAndComesToRestWhenItIsTakenBack() {
    var world = withEnvironment();
    world.verdict = _ -> Verdict.FAILED;
    paint(world, "green");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(1));
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isTrue();

    paint(world, "blue");
    world.runTo("Initialized");

    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isFalse();
    assertThat(world.target().at(MARK).isMissingNode()).isTrue();
  }

  @Test
  void abortDuringPromotionOfConfigAloneRollsThePodsBack() {
    var world = withEnvironment();
    world.deployments.stuck.add("web");
    paint(world, "green");
    world.runTo("Promoting");
    world.look();
    assertThat(world.target().at(MARK).asText()).isNotEmpty();

    world.with(
        "{kind: CanaryCommand, metadata: {name: stop}, spec: {canary: web, command: abort, by: j,"
            + " revision: "
            + world.status().path("revision").asText()
            + "}}");
    world.deployments.stuck.clear();
    world.runTo("Failed");
    world.run(Duration.ofMinutes(2));

    assertThat(world.phase()).isEqualTo("Failed");
    assertThat(world.target().at(MARK).isMissingNode()).isTrue();
    assertThat(world.weights).endsWith(0);
    paint(world, "red");
    world.runTo("Succeeded");
  }

  @Test
  void lostMarkIsPutBackWithoutRollingAnything() {
    var world = withEnvironment();
    paint(world, "green");
    world.runTo("Succeeded");
    var mark = world.target().at(MARK).asText();

    world.editTemplate(template -> ((ObjectNode) template.path("metadata")).remove("annotations"));
    world.run(Duration.ofMinutes(1));

    assertThat(world.phase()).isEqualTo("Succeeded");
    assertThat(world.target().at(MARK).asText()).isEqualTo(mark);
    assertThat(Fields.isTrue(world.target(), "spec", "paused")).isFalse();
    assertThat(world.cluster.list(Kind.REPLICA_SET, "shop", Map.of())).hasSize(2);
  }

  @Test
  void mountedConfigThatChangesUnderStableIsSaid() {
    var world =
        new World()
            .with("{kind: ConfigMap, metadata: {name: settings}, data: {color: blue}}")
            .with(MOUNTS)
            .adopt(World.CANARY_YAML);

    paint(world, "green");
    world.run(Duration.ofSeconds(5));

    assertThat(world.condition("ConfigIsolated")).isEqualTo("False");
    assertThat(world.message("ConfigIsolated")).contains("configmap/settings");
  }

  /// The rollback took the traffic back; what stable pods have mounted is still the new content.
  @Test
  void rollbackSaysThatMountedConfigWasNotReverted() {
    var world =
        new World()
            .with("{kind: ConfigMap, metadata: {name: settings}, data: {color: blue}}")
            .with(MOUNTS)
            .adopt(World.CANARY_YAML);
    world.verdict = _ -> Verdict.FAILED;

    paint(world, "green");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(5));

    assertThat(world.status().at("/history/0/reason").asText())
        .endsWith(
            "; the content of configmap/settings itself was not reverted, and stable pods"
                + " have it mounted");
    assertThat(world.condition("ConfigIsolated")).isEqualTo("False");
    assertThat(world.message("ConfigIsolated")).contains("configmap/settings");

    paint(world, "blue");
    world.runTo("Initialized");
    assertThat(world.condition("ConfigIsolated")).isEmpty();
  }

  @Test
  void rollbackOfConfigThatNobodyHasMountedSaysNothingOfIt() {
    var world = withEnvironment();
    world.verdict = _ -> Verdict.FAILED;

    paint(world, "green");
    world.runTo("Failed");

    assertThat(world.status().at("/history/0/reason").asText()).doesNotContain("reverted");
    assertThat(world.condition("ConfigIsolated")).isEmpty();
  }

  @Test
  void configThatIsNotTrackedStartsNothing() {
    var world =
        new World()
            .with(
                "{kind: ConfigMap, metadata: {name: settings, annotations:"
                    + " {serin.dev/config-tracking: disabled}}, data: {color: blue}}")
            .with(MOUNTS)
            .adopt(World.CANARY_YAML);

    paint(world, "green");
    world.run(Duration.ofMinutes(5));

    assertThat(world.phase()).isEqualTo("Initialized");
    assertThat(world.cluster.writes).isEmpty();
  }

  @Test
  void unreadableConfigStartsNothing() {
    var world = withEnvironment();
    world.cluster.unreadable(SETTINGS, "forbidden");

    world.run(Duration.ofMinutes(5));
    assertThat(world.phase()).isEqualTo("Initialized");
    world.cluster.remove(World.CANARY);
    world.run(Duration.ofMinutes(5));

    assertThat(world.phase()).isEqualTo("gone");
    assertThat(Fields.label(world.target(), Marks.CANARY)).isEmpty();
  }

  @Test
  void statusTellsThatASecretChangedAndNothingOfWhatIsInIt() {
    var ref = Kind.SECRET.named("shop", "database");
    var world =
        new World()
            .with(
                World.DEPLOYMENT_YAML.replace(
                    "{name: web, image:",
                    "{name: web, envFrom: [{secretRef: {name: database}}], image:"));
    world.cluster.put(
        ref, World.yaml("{kind: Secret, metadata: {name: database}, data: {password: b25l}}"));
    world.adopt(World.CANARY_YAML);

    var told = world.status().at("/trackedConfigs/secret~1database").asText();
    assertThat(told)
        .matches("[0-9a-f]{6}")
        .isNotEqualTo(ConfigRef.checksum(world.cluster.get(ref)).substring(0, 6));
    world.cluster.change(
        ref,
        secret -> {
          ((ObjectNode) secret.path("data")).put("password", "dHdv");
          return secret;
        });
    world.runTo("Succeeded");
    world.run(Duration.ofMinutes(2));
    assertThat(world.status().at("/trackedConfigs/secret~1database").asText())
        .matches("[0-9a-f]{6}")
        .isNotEqualTo(told);
  }
}
