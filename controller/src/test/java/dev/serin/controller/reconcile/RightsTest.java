package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Kind;
import dev.serin.controller.install.ChartRights;
import dev.serin.controller.install.ChartRights.Right;
import dev.serin.controller.mesh.Meshes;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Everything that is written in a long life of one Canary takes the rights of the chart, and all
/// of them. That nothing takes more is seen to by the cluster of every test here.
class RightsTest {
  private static final Set<String> READS = Set.of("get", "list", "watch");
  private static final Set<String> OTHERS =
      Set.of("events", "leases", "statefulsets", "daemonsets");

  @Test
  void aLongLifeTakesAllRightsThatTheChartGives() {
    var world =
        new World()
            .with(World.DEPLOYMENT_YAML)
            .with(
                """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: web}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                  minReplicas: 1
                  maxReplicas: 9
                """);
    world.cluster.put(
        Kind.SCALED_OBJECT.named("shop", "web"),
        World.yaml(
            """
            apiVersion: keda.sh/v1alpha1
            kind: ScaledObject
            metadata: {name: web}
            spec: {scaleTargetRef: {name: web}}
            """));
    world.adopt(World.CANARY_YAML);
    world.with(
        """
        kind: CanaryCommand
        metadata: {name: stop}
        spec: {canary: web, command: abort, revision: none, by: jane}
        """);
    release(world, "web:2");
    world.cluster.change(
        Kind.SERVICE.named("shop", "web-canary"),
        service -> {
          service.withObject("/spec/selector").put("app", "somebody");
          return service;
        });
    release(world, "web:3");
    world.run(Duration.ofDays(2));
    world.cluster.remove(World.CANARY);
    world.run(Duration.ofHours(2));

    assertThat(world.phase()).isEqualTo("gone");
    assertThat(writes(world.cluster.rights)).isEqualTo(given());
  }

  private static void release(World world, String image) {
    world.setImage(image);
    world.runTo("Succeeded");
    world.run(Duration.ofMinutes(5));
  }

  /// Without what only the event recorder, the election, meshes and targets of other kinds write.
  private static Set<Right> given() {
    var meshes =
        Meshes.all().stream()
            .flatMap(mesh -> mesh.kinds().stream())
            .map(Kind::group)
            .collect(Collectors.toSet());
    return writes(ChartRights.all()).stream()
        .filter(right -> !meshes.contains(right.group()))
        .filter(right -> !OTHERS.contains(right.resource()))
        // Takes no request: the API server asks for it when an object is made that blocks the
        // deletion of its owner.
        .filter(right -> !right.resource().equals("canaries/finalizers"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Right> writes(Set<Right> rights) {
    return rights.stream()
        .filter(right -> !READS.contains(right.verb()))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
