package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.controller.workload.Marks;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdoptionTest {
  private static final String SERVICE =
      "{kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{name: http,"
          + " port: 80, targetPort: 8080, protocol: TCP}]}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'  replicas: 2' | '  revisionHistoryLimit: 0' | revisionHistoryLimit 0",
        "'  replicas: 2' | '  paused: true' | is paused, and only you know why",
        "matchLabels: {app: web} | 'matchExpressions: [{key: app, operator: Exists}]' | by no"
            + " label",
        "containerPort: 8080 | 'containerPort: 8080, hostPort: 80' | asks for hostPort 80",
        "'spec: {containers:' | 'spec: {hostNetwork: true, containers:' | hostNetwork",
        "'name: web, labels: {app: web}' | 'name: web, labels: {app: web}, ownerReferences:"
            + " [{apiVersion: flagger.app/v1beta1, kind: Canary, name: x, uid: u}]' | belongs to"
            + " flagger.app/Canary x",
      })
  void targetThatCannotBeDrivenIsLeftAlone(String from, String to, String problem) {
    var world = new World().with(World.DEPLOYMENT_YAML.replace(from, to)).adopt(World.CANARY_YAML);

    assertThat(world.phase()).isEqualTo("Initializing");
    assertThat(world.condition("Stalled")).isEqualTo("True");
    assertThat(world.message("Ready")).contains(problem);
    assertThat(Fields.label(world.target(), Marks.CANARY)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{kind: Service, metadata: {name: web}, spec: {selector: {app: other}}}' | does not select"
            + " the pods",
        "'{kind: Service, metadata: {name: web}, spec: {selector: {tier: front}}}' | would select"
            + " canary pods too",
        "'{kind: Service, metadata: {name: web-canary}, spec: {selector: {app: x}}}' | Service"
            + " web-canary exists and is not Serin",
        "'{kind: Deployment, metadata: {name: web-canary}, spec: {paused: true, template: {}}}' |"
            + " Deployment web-canary exists and is not Serin",
        "'{kind: HorizontalPodAutoscaler, metadata: {name: h}, spec: {scaleTargetRef: {kind:"
            + " Deployment, name: web-canary}}}' | scales the canary web-canary",
      })
  void whatStandsInTheWayIsNamed(String other, String problem) {
    var world =
        new World()
            .with(
                World.DEPLOYMENT_YAML.replace(
                    "{labels: {app: web}}", "{labels: {app: web, tier: front}}"))
            .with(other)
            .adopt(World.CANARY_YAML);

    assertThat(world.phase()).isEqualTo("Initializing");
    assertThat(world.message("Ready")).contains(problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "flagger.app/v1beta1 | Canary | canaries | targetRef",
        "argoproj.io/v1alpha1 | Rollout | rollouts | workloadRef",
        "rollouts.kruise.io/v1beta1 | Rollout | rollouts | workloadRef",
      })
  void targetThatAnotherControllerReleasesIsLeftAloneUntilThatOneLetsGo(
      String version, String name, String plural, String field) {
    var group = version.substring(0, version.indexOf('/'));
    var kind = new Kind(group, version.substring(group.length() + 1), name, plural, true);
    var other = kind.named("shop", "theirs");
    var world = new World().with(World.DEPLOYMENT_YAML);
    world.cluster.put(
        other,
        World.yaml(
            "{metadata: {name: theirs}, spec: {%s: {apiVersion: apps/v1, kind: Deployment, name: web}}}"
                .formatted(field)));
    world.cluster.put(
        kind.named("shop", "unrelated"),
        World.yaml(
            "{metadata: {name: unrelated}, spec: {%s: {kind: StatefulSet, name: web}}}"
                .formatted(field)));
    world.adopt(World.CANARY_YAML);

    assertThat(world.phase()).isEqualTo("Initializing");
    assertThat(world.condition("Stalled")).isEqualTo("True");
    assertThat(world.message("Ready"))
        .contains(
            "%s/%s theirs drives Deployment web too; delete it, or name another target"
                .formatted(group, name))
        .doesNotContain("unrelated");
    assertThat(Fields.label(world.target(), Marks.CANARY)).isEmpty();

    world.cluster.remove(other);
    world.runTo("Initialized");
  }

  @Test
  void allProblemsAreNamedTogether() {
    var world =
        new World()
            .with(
                World.DEPLOYMENT_YAML
                    .replace("  replicas: 2", "  revisionHistoryLimit: 0\n  paused: true")
                    .replace("containerPort: 8080", "containerPort: 8080, hostPort: 80"))
            .adopt(World.CANARY_YAML);

    assertThat(world.message("Ready").lines()).hasSize(3);
  }

  @Test
  void correctedTargetIsAdopted() {
    var world =
        new World()
            .with(World.DEPLOYMENT_YAML.replace("  replicas: 2", "  revisionHistoryLimit: 0"))
            .adopt(World.CANARY_YAML);

    world.cluster.change(
        World.TARGET,
        target -> {
          target.withObject("/spec").remove("revisionHistoryLimit");
          return target;
        });
    world.runTo("Initialized");

    assertThat(world.condition("Ready")).isEqualTo("True");
  }

  @Test
  void onlyTheServiceThatIsMissingIsMade() {
    var world = new World().with(World.DEPLOYMENT_YAML).with(SERVICE).adopt(World.CANARY_YAML);
    var apex = world.cluster.get(Kind.SERVICE.named("shop", "web"));
    var canary = world.cluster.get(Kind.SERVICE.named("shop", "web-canary"));

    assertThat(Fields.label(apex, Marks.ROLE)).isEmpty();
    assertThat(Fields.texts(canary, "spec", "selector")).isEqualTo(Map.of("app", "web-canary"));
    assertThat(canary.at("/spec/ports")).isEqualTo(apex.at("/spec/ports"));
  }

  @Test
  void serviceThatWasMissingOutlivesTheCanary() {
    var world = World.adopted();

    world.cluster.remove(World.CANARY);
    world.run(Duration.ofMinutes(5));

    assertThat(world.cluster.has(Kind.SERVICE.named("shop", "web"))).isTrue();
    assertThat(world.cluster.has(Kind.SERVICE.named("shop", "web-canary"))).isFalse();
  }

  @Test
  void driftOfTheCanaryServiceIsRepaired() {
    var world = World.adopted();
    var ref = Kind.SERVICE.named("shop", "web-canary");
    var ports = world.cluster.get(ref).at("/spec/ports");

    world.cluster.change(
        ref,
        service -> {
          service.withObject("/spec/selector").put("app", "evil");
          service.withObject("/spec").putArray("ports");
          return service;
        });
    world.run(Duration.ofSeconds(1));

    assertThat(world.cluster.get(ref).at("/spec/selector/app").asText()).isEqualTo("web-canary");
    assertThat(world.cluster.get(ref).at("/spec/ports")).isEqualTo(ports);
  }

  @Test
  void whatCoversOnlyOneOfTheVersionsIsAWarning() {
    var world =
        new World()
            .with(World.DEPLOYMENT_YAML)
            .with("{kind: Service, metadata: {name: metrics}, spec: {selector: {app: web}}}")
            .adopt(World.CANARY_YAML);

    assertThat(world.phase()).isEqualTo("Initialized");
    assertThat(world.status().path("warnings").path(0).asText())
        .isEqualTo("Service metrics selects the stable pods and not the canary's");
  }

  @Test
  void unsteadyTargetIsWaitedFor() {
    var world = new World();
    world.deployments.broken.add("web:1");
    world.with(World.DEPLOYMENT_YAML).adopt(World.CANARY_YAML);
    assertThat(world.phase()).isEqualTo("Initializing");
    assertThat(Fields.label(world.target(), Marks.CANARY)).isEmpty();

    world.deployments.broken.clear();
    world.runTo("Initialized");
  }

  private static final String WITH_VOLUME =
      World.DEPLOYMENT_YAML.replace(
          "spec: {containers:",
          "spec: {volumes: [{name: data, persistentVolumeClaim: {claimName: data}}], containers:");

  private static final ObjectRef CLAIM = Kind.PERSISTENT_VOLUME_CLAIM.named("shop", "data");

  @Test
  void volumeThatOneNodeCanMountIsRefused() {
    var world = new World().with(WITH_VOLUME);
    world.cluster.put(
        CLAIM,
        World.yaml(
            "{kind: PersistentVolumeClaim, metadata: {name: data},"
                + " spec: {accessModes: [ReadWriteOnce]}}"));

    world.adopt(World.CANARY_YAML);

    assertThat(world.message("Ready")).contains("PersistentVolumeClaim data", "ReadWriteMany");
    assertThat(Fields.label(world.target(), Marks.CANARY)).isEmpty();
  }

  @Test
  void volumeOfWhichNothingIsKnownIsNotTakenForAnother() {
    var world = new World().with(WITH_VOLUME);
    world.cluster.unreadable(CLAIM, "persistentvolumeclaims: answers 403: forbidden");

    world.adopt(World.CANARY_YAML);

    assertThat(world.message("Stalled")).contains("persistentvolumeclaims: answers 403");
    assertThat(Fields.label(world.target(), Marks.CANARY)).isEmpty();
  }

  @Test
  void budgetOfSomebodyElseInTheCanarysPlaceIsAWarning() {
    var world =
        World.adopted()
            .with(
                "{kind: PodDisruptionBudget, metadata: {name: web-canary}, spec: {minAvailable: 1,"
                    + " selector: {matchLabels: {app: other}}}}");

    world.setImage("web:2");
    world.run(Duration.ofSeconds(25));

    assertThat(world.status().path("warnings").toString())
        .contains("PodDisruptionBudget web-canary exists and is not Serin's");
    assertThat(world.condition("Stalled")).isEqualTo("False");
    world.runTo("Succeeded");
  }

  @Test
  void budgetOfSomebodyElseThatCoversTheCanaryIsEnough() {
    var world =
        new World()
            .with(World.DEPLOYMENT_YAML)
            .with(
                "{kind: PodDisruptionBudget, metadata: {name: all}, spec: {minAvailable: 1,"
                    + " selector: {}}}")
            .adopt(World.CANARY_YAML);

    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    assertThat(world.cluster.has(Kind.POD_DISRUPTION_BUDGET.named("shop", "web-canary"))).isFalse();
  }
}
