package dev.serin.sandbox.workload;

import static dev.serin.sandbox.workload.Manifests.deployment;
import static dev.serin.sandbox.workload.Manifests.image;
import static dev.serin.sandbox.workload.Manifests.spec;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.LabelSelector;
import dev.serin.sandbox.api.Meta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What rollouts rely on in a Deployment. The same cases run against the simulator and against the
/// controllers of a real control plane.
public abstract class DeploymentContract {

  private static final String NAME = "web";
  private static final String V1 = "sandbox/web:1.0";
  private static final String V2 = "sandbox/web:2.0";
  private static final String BROKEN = "sandbox/web:not-ready";

  private static final Duration WHILE = Duration.ofSeconds(2);

  private World world;

  /// A world of its own, where pods run: with the tag `not-ready` they never get ready.
  protected abstract World open();

  @BeforeEach
  void openWorld() {
    world = open();
  }

  @AfterEach
  void closeWorld() {
    world.close();
  }

  @Test
  void makesAReplicaSetNamedAfterTheTemplate() {
    start(2);

    var rs = only(replicaSets());
    var hash = Meta.label(rs, "pod-template-hash");
    assertThat(Meta.name(rs)).isEqualTo(NAME + "-" + hash);
    assertThat(hash).matches("[bcdfghjklmnpqrstvwxz2456789]+");
    assertThat(Json.text(rs, "spec", "selector", "matchLabels", "pod-template-hash"))
        .isEqualTo(hash);
    assertThat(Json.text(rs, "spec", "template", "metadata", "labels", "pod-template-hash"))
        .isEqualTo(hash);
    assertThat(Meta.controllerUid(rs)).isEqualTo(Meta.uid(web()));
    assertThat(Meta.annotation(rs, "deployment.kubernetes.io/revision")).isEqualTo("1");
    assertThat(Meta.annotation(rs, "deployment.kubernetes.io/desired-replicas")).isEqualTo("2");
    assertThat(Meta.annotation(rs, "deployment.kubernetes.io/max-replicas")).isEqualTo("3");
    assertThat(pods())
        .hasSize(2)
        .allSatisfy(pod -> assertThat(Meta.name(pod)).startsWith(Meta.name(rs) + "-"))
        .allSatisfy(pod -> assertThat(Meta.label(pod, "pod-template-hash")).isEqualTo(hash))
        .allSatisfy(pod -> assertThat(Meta.controllerUid(pod)).isEqualTo(Meta.uid(rs)));
  }

  @Test
  void countsItsPodsInItsStatus() {
    start(2);

    var status = web().path("status");
    assertThat(status.path("observedGeneration").asLong()).isEqualTo(Meta.generation(web()));
    assertThat(counts(status)).isEqualTo("replicas 2, updated 2, ready 2, available 2, missing 0");
    assertThat(status.path("terminatingReplicas").isInt()).isTrue();
    assertThat(Meta.annotation(web(), "deployment.kubernetes.io/revision")).isEqualTo("1");
    assertThat(condition("Available")).isEqualTo("True MinimumReplicasAvailable");
    assertThat(condition("Progressing")).isEqualTo("True NewReplicaSetAvailable");
  }

  @Test
  void aRolloutNeverHasMorePodsThanSurgeAllowsNorFewerAvailableThanWanted() {
    start(4, d -> strategy(d, "1", "1"));

    change(d -> image(d, V2));
    var worst = new int[] {Integer.MAX_VALUE, 0};
    world.await(
        "rolled out",
        () -> {
          var status = web().path("status");
          if (upToDate(status)) {
            worst[0] = Math.min(worst[0], status.path("availableReplicas").asInt());
            worst[1] =
                Math.max(
                    worst[1],
                    replicaSets().stream()
                        .mapToInt(rs -> Json.at(rs, "spec", "replicas").asInt())
                        .sum());
          }
          return complete();
        });

    assertThat(worst[0]).isGreaterThanOrEqualTo(3);
    assertThat(worst[1]).isLessThanOrEqualTo(5);
    assertThat(images()).containsExactly(V2, V2, V2, V2);
    assertThat(replicaSets()).hasSize(2);
    assertThat(Meta.annotation(web(), "deployment.kubernetes.io/revision")).isEqualTo("2");
  }

  @Test
  void aTemplateThatNeverGetsReadyStopsTheRolloutWhileTheOldPodsServe() {
    start(4, d -> strategy(d, "1", "1"));

    change(d -> image(d, BROKEN));
    world.await("two pods of the new template", () -> sizes().equals("3 of 1.0, 2 of not-ready"));
    world.idle(WHILE);

    assertThat(sizes()).isEqualTo("3 of 1.0, 2 of not-ready");
    assertThat(web().path("status").path("availableReplicas").asInt()).isEqualTo(3);
  }

  @Test
  void whilePausedANewTemplateMakesNoReplicaSet() {
    start(2);
    pause();

    change(d -> image(d, V2));
    awaitObserved();
    world.idle(WHILE);

    assertThat(replicaSets()).hasSize(1);
    assertThat(images()).containsExactly(V1, V1);
    assertThat(condition("Progressing")).isEqualTo("Unknown DeploymentPaused");
    assertThat(counts(web().path("status")))
        .isEqualTo("replicas 2, updated 0, ready 2, available 2, missing 0");
    assertThat(Meta.annotation(web(), "deployment.kubernetes.io/revision")).isEqualTo("1");
  }

  @Test
  void pausedAndChangedInOneWriteMakesNoReplicaSet() {
    start(2);

    change(
        d -> {
          image(d, V2);
          spec(d).put("paused", true);
        });
    awaitObserved();
    world.idle(WHILE);

    assertThat(replicaSets()).hasSize(1);
    assertThat(images()).containsExactly(V1, V1);
  }

  @Test
  void whilePausedItStillScalesWithTheLiveTemplate() {
    start(2);
    pause();
    change(d -> image(d, V2));
    awaitObserved();

    change(d -> spec(d).put("replicas", 4));
    world.await("four pods", () -> readyPods() == 4);
    assertThat(images()).containsExactly(V1, V1, V1, V1);

    change(d -> spec(d).put("replicas", 1));
    world.await("one pod", () -> pods().size() == 1);
    assertThat(images()).containsExactly(V1);
  }

  @Test
  void whilePausedItScalesToZeroAndBackWithTheLiveTemplate() {
    start(2);
    pause();
    change(d -> image(d, V2));
    change(d -> spec(d).put("replicas", 0));
    world.await("no pods", () -> pods().isEmpty());

    change(d -> spec(d).put("replicas", 2));
    world.await("two pods", () -> readyPods() == 2);

    assertThat(images()).containsExactly(V1, V1);
    assertThat(replicaSets()).hasSize(1);
  }

  @Test
  void whilePausedALostPodIsReplacedWithTheLiveTemplate() {
    start(2);
    pause();
    change(d -> image(d, V2));
    awaitObserved();

    var lost = Meta.name(pods().getFirst());
    world.delete(Kind.POD, lost);
    world.await(
        "another pod",
        () -> readyPods() == 2 && pods().stream().noneMatch(p -> Meta.name(p).equals(lost)));

    assertThat(images()).containsExactly(V1, V1);
  }

  @Test
  void pausedInTheMiddleOfARolloutItKeepsBothAndScalesThemInProportion() {
    start(4, d -> strategy(d, "2", "0"));
    change(d -> image(d, BROKEN));
    world.await("both", () -> sizes().equals("4 of 1.0, 2 of not-ready"));
    pause();

    change(d -> spec(d).put("replicas", 10));
    world.await("grown", () -> sizes().equals("8 of 1.0, 4 of not-ready"));
    world.idle(WHILE);

    assertThat(sizes()).isEqualTo("8 of 1.0, 4 of not-ready");
  }

  @Test
  void resumedItRollsOutTheWaitingTemplate() {
    start(2);
    pause();
    change(d -> image(d, V2));
    awaitObserved();

    change(d -> spec(d).remove("paused"));
    world.await("rolled out", this::complete);

    assertThat(images()).containsExactly(V2, V2);
    assertThat(condition("Progressing")).isEqualTo("True NewReplicaSetAvailable");
  }

  @Test
  void aReturnToAnOldTemplateReusesItsReplicaSet() {
    start(2);
    var first = Meta.name(only(replicaSets()));
    change(d -> image(d, V2));
    world.await("rolled out", this::complete);

    change(d -> image(d, V1));
    world.await("rolled back", this::complete);

    assertThat(replicaSets()).hasSize(2);
    var rs = world.find(Kind.REPLICA_SET, first).orElseThrow();
    assertThat(Json.at(rs, "spec", "replicas").asInt()).isEqualTo(2);
    assertThat(Meta.annotation(rs, "deployment.kubernetes.io/revision")).isEqualTo("3");
    assertThat(Meta.annotation(rs, "deployment.kubernetes.io/revision-history")).isEqualTo("1");
    assertThat(images()).containsExactly(V1, V1);
  }

  @Test
  void recreateEndsAllOldPodsBeforeItStartsNewOnes() {
    start(
        2,
        d -> {
          var strategy = spec(d).putObject("strategy");
          strategy.put("type", "Recreate");
        });

    change(d -> image(d, V2));
    var mixed = new ArrayList<List<String>>();
    world.await(
        "rolled out",
        () -> {
          var images = images();
          if (images.contains(V1) && images.contains(V2)) {
            mixed.add(images);
          }
          return complete();
        });

    assertThat(mixed).isEmpty();
    assertThat(images()).containsExactly(V2, V2);
  }

  @Test
  void keepsNoMoreOldReplicaSetsThanItsLimit() {
    start(1, d -> spec(d).put("revisionHistoryLimit", 1));

    for (int version = 2; version <= 4; version++) {
      var image = "sandbox/web:" + version + ".0";
      change(d -> image(d, image));
      world.await("rolled out", this::complete);
    }

    world.await("cleaned up", () -> replicaSets().size() == 2);
    world.idle(WHILE);
    assertThat(replicaSets())
        .extracting(rs -> Meta.annotation(rs, "deployment.kubernetes.io/revision"))
        .containsExactlyInAnyOrder("3", "4");
  }

  @Test
  void aReadyPodCountsAsAvailableOnlyAfterTheMinimumTime() {
    world.create(
        change(deployment(world.namespace(), NAME, 1, V1), d -> spec(d).put("minReadySeconds", 4)));
    world.await("ready", () -> web().path("status").path("readyReplicas").asInt() == 1);

    assertThat(web().path("status").path("availableReplicas").asInt()).isZero();
    world.await("available", () -> web().path("status").path("availableReplicas").asInt() == 1);
  }

  @Test
  void withoutProgressUntilTheDeadlineTheConditionSaysSo() {
    start(1, d -> spec(d).put("progressDeadlineSeconds", 3));

    change(d -> image(d, BROKEN));
    world.await(
        "deadline", () -> condition("Progressing").equals("False ProgressDeadlineExceeded"));

    assertThat(condition("Available")).isEqualTo("True MinimumReplicasAvailable");
  }

  @Test
  void aChangeOfScaleAloneKeepsTheRevision() {
    start(1);

    change(d -> spec(d).put("replicas", 3));
    world.await("three", () -> complete() && readyPods() == 3);

    assertThat(replicaSets()).hasSize(1);
    assertThat(Meta.annotation(web(), "deployment.kubernetes.io/revision")).isEqualTo("1");
    assertThat(Meta.annotation(only(replicaSets()), "deployment.kubernetes.io/desired-replicas"))
        .isEqualTo("3");
  }

  @Test
  void annotationsOfTheDeploymentAreCopiedToTheReplicaSet() {
    start(1);

    change(
        d -> Json.child(Json.child(d, "metadata"), "annotations").put("example.com/ticket", "42"));
    world.await(
        "copied", () -> Meta.annotation(only(replicaSets()), "example.com/ticket").equals("42"));
  }

  @Test
  void whatItOwnsGoesWithIt() {
    start(2);
    var budget = Json.object().put("apiVersion", "policy/v1").put("kind", "PodDisruptionBudget");
    var metadata =
        budget.putObject("metadata").put("name", NAME).put("namespace", world.namespace());
    var owner = metadata.putArray("ownerReferences").addObject();
    owner.put("apiVersion", "apps/v1").put("kind", "Deployment");
    owner.put("name", NAME).put("uid", Meta.uid(web()));
    budget.putObject("spec").put("minAvailable", 1);
    world.create(budget);

    world.delete(Kind.DEPLOYMENT, NAME);

    world.await(
        "nothing is left",
        () ->
            replicaSets().isEmpty()
                && world.list(Kind.POD).isEmpty()
                && world.find(Kind.POD_DISRUPTION_BUDGET, NAME).isEmpty());
  }

  @Test
  void aReplicaSetThatNobodyOwnsIsTakenOverWhenItIsSelected() {
    start(2);
    var rs = Meta.name(only(replicaSets()));

    world.edit(
        Kind.REPLICA_SET, rs, object -> Json.child(object, "metadata").remove("ownerReferences"));

    world.await(
        "taken over",
        () -> Meta.controllerUid(only(replicaSets())).equals(Meta.uid(web())) && complete());
    assertThat(images()).containsExactly(V1, V1);
  }

  @Test
  void aReplicaSetThatIsNotSelectedAnyMoreIsReplacedAndStaysWhenItGoes() {
    start(2);
    var rs = Meta.name(only(replicaSets()));

    world.edit(Kind.REPLICA_SET, rs, object -> Manifests.labels(object).put("app", "kept"));
    world.await("replaced", () -> replicaSets().size() == 2 && readyPods() == 4);
    world.delete(Kind.DEPLOYMENT, NAME);
    world.await("its own are gone", () -> replicaSets().size() == 1 && pods().size() == 2);
    world.idle(WHILE);

    var kept = only(replicaSets());
    assertThat(Meta.name(kept)).isEqualTo(rs);
    assertThat(Meta.controllerUid(kept)).isEmpty();
    assertThat(pods())
        .hasSize(2)
        .allSatisfy(pod -> assertThat(Meta.controllerUid(pod)).isEqualTo(Meta.uid(kept)));
  }

  // ---- helpers

  private void start(int replicas) {
    start(replicas, d -> {});
  }

  private void start(int replicas, Consumer<ObjectNode> change) {
    world.create(change(deployment(world.namespace(), NAME, replicas, V1), change));
    world.await("rolled out", this::complete);
  }

  private static ObjectNode change(ObjectNode object, Consumer<ObjectNode> change) {
    change.accept(object);
    return object;
  }

  private static void strategy(ObjectNode deployment, String surge, String unavailable) {
    var strategy = spec(deployment).putObject("strategy").put("type", "RollingUpdate");
    strategy
        .putObject("rollingUpdate")
        .put("maxSurge", Integer.parseInt(surge))
        .put("maxUnavailable", Integer.parseInt(unavailable));
  }

  private void change(Consumer<ObjectNode> change) {
    world.edit(Kind.DEPLOYMENT, NAME, change);
  }

  private void pause() {
    change(d -> spec(d).put("paused", true));
    world.await(
        "paused", () -> condition("Progressing").equals("Unknown DeploymentPaused") && observed());
  }

  private ObjectNode web() {
    return world.find(Kind.DEPLOYMENT, NAME).orElseThrow();
  }

  private boolean observed() {
    return upToDate(web().path("status"));
  }

  private boolean upToDate(JsonNode status) {
    return status.path("observedGeneration").asLong() >= Meta.generation(web());
  }

  private void awaitObserved() {
    world.await("observed", this::observed);
  }

  private boolean complete() {
    var status = web().path("status");
    int replicas = Json.at(web(), "spec", "replicas").asInt();
    return upToDate(status)
        && status.path("replicas").asInt() == replicas
        && status.path("updatedReplicas").asInt() == replicas
        && status.path("availableReplicas").asInt() == replicas
        && condition("Progressing").equals("True NewReplicaSetAvailable")
        && pods().size() == replicas;
  }

  private List<ObjectNode> replicaSets() {
    return world.list(Kind.REPLICA_SET);
  }

  private List<ObjectNode> pods() {
    return world.list(Kind.POD).stream()
        .filter(LabelSelector.of(java.util.Map.of("app", NAME)))
        .filter(pod -> !Meta.terminating(pod))
        .toList();
  }

  private long readyPods() {
    return pods().stream().filter(Pods::ready).count();
  }

  private List<String> images() {
    return pods().stream()
        .map(p -> Json.at(p, "spec", "containers").path(0).path("image").asText())
        .sorted()
        .toList();
  }

  /// Wanted sizes of the ReplicaSets that have pods, by tag.
  private String sizes() {
    return replicaSets().stream()
        .filter(rs -> Json.at(rs, "spec", "replicas").asInt() > 0)
        .map(
            rs ->
                Json.at(rs, "spec", "replicas").asInt()
                    + " of "
                    + Json.at(rs, "spec", "template", "spec", "containers")
                        .path(0)
                        .path("image")
                        .asText()
                        .replaceAll(".*:", ""))
        .sorted(java.util.Comparator.comparing(size -> size.replaceAll(".* ", "")))
        .collect(java.util.stream.Collectors.joining(", "));
  }

  private String condition(String type) {
    return Conditions.find(web().path("status"), type)
        .map(c -> c.path("status").asText() + " " + c.path("reason").asText())
        .orElse("");
  }

  private static String counts(JsonNode status) {
    return "replicas %d, updated %d, ready %d, available %d, missing %d"
        .formatted(
            status.path("replicas").asInt(),
            status.path("updatedReplicas").asInt(),
            status.path("readyReplicas").asInt(),
            status.path("availableReplicas").asInt(),
            status.path("unavailableReplicas").asInt());
  }

  private static ObjectNode only(List<ObjectNode> objects) {
    assertThat(objects).hasSize(1);
    return objects.getFirst();
  }
}
