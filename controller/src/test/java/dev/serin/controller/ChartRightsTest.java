package dev.serin.controller;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Kind;
import dev.serin.controller.cluster.AdmissionPolicy;
import dev.serin.controller.cluster.Election;
import dev.serin.controller.cluster.KubernetesCluster;
import dev.serin.controller.install.ChartRights;
import dev.serin.controller.install.ChartRights.Right;
import dev.serin.controller.mesh.Meshes;
import dev.serin.controller.workload.Workloads;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The chart lets the controller read what its code reads, and nothing more.
class ChartRightsTest {

  private static final Set<String> READS = Set.of("get", "list", "watch");
  private static final Set<String> WRITES = Set.of("create", "patch", "delete");

  @Test
  void everyKindThatIsReadMayBeReadAndNoOther() {
    var wanted =
        Stream.of(
                ControllerProgram.ESSENTIAL,
                Workloads.all().stream().flatMap(workload -> workload.kinds().stream()).toList(),
                meshes(),
                AdmissionPolicy.KINDS,
                List.of(KubernetesCluster.DEFINITION))
            .flatMap(List::stream)
            .flatMap(kind -> READS.stream().map(verb -> Right.of(kind, verb)))
            .collect(Collectors.toCollection(TreeSet::new));
    var given =
        ChartRights.all().stream()
            .filter(right -> READS.contains(right.verb()))
            .filter(right -> !right.resource().equals("leases"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(given).isEqualTo(wanted);
  }

  @Test
  void everyRightIsGivenOnce() {
    assertThat(ChartRights.repeated()).isEmpty();
  }

  @Test
  void eventsAreWrittenAndCountedUp() {
    assertThat(verbs(Kind.EVENT)).containsExactlyInAnyOrder("create", "patch");
  }

  @Test
  void whoeverLeadsMayTakeTheLease() {
    assertThat(verbs(Election.LEASE)).containsExactlyInAnyOrder("get", "create", "update");
  }

  @Test
  void configurationIsOnlyRead() {
    for (var kind : List.of(Kind.CONFIG_MAP, Kind.SECRET)) {
      assertThat(verbs(kind)).as(kind.plural()).isEqualTo(READS);
    }
  }

  @Test
  void routesAreMadeChangedAndDeletedOrOnlyRead() {
    for (var kind : meshes()) {
      var writes = verbs(kind);
      writes.removeAll(READS);
      assertThat(writes).as(kind.plural()).isIn(Set.of(), WRITES);
    }
  }

  @Test
  void copiesOfEveryKindOfTargetAreMadeChangedAndDeleted() {
    for (var kind : List.of(Kind.STATEFUL_SET, Kind.DAEMON_SET)) {
      assertThat(verbs(kind)).as(kind.plural()).isEqualTo(verbs(Kind.DEPLOYMENT));
    }
  }

  private static List<Kind> meshes() {
    return Meshes.all().stream().flatMap(mesh -> mesh.kinds().stream()).toList();
  }

  private static Set<String> verbs(Kind kind) {
    return ChartRights.all().stream()
        .filter(right -> right.equals(Right.of(kind, right.verb())))
        .map(Right::verb)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
