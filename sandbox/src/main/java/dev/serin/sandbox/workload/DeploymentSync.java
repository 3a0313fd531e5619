package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// One look of the Deployment controller at one Deployment: values in, values out. It does what
/// `pkg/controller/deployment` of Kubernetes does, step by step, because rollouts depend on its
/// steps: what a paused Deployment still does, how a rolling update trades old pods for new ones,
/// and what a return to an old template reuses.
final class DeploymentSync {

  /// A write to a ReplicaSet.
  sealed interface Change {

    record Create(ReplicaSet replicaSet) implements Change {}

    record Update(ReplicaSet replicaSet) implements Change {}

    record Delete(ReplicaSet replicaSet) implements Change {}
  }

  /// What is to be written.
  ///
  /// @param changes in order
  /// @param revision of the current template, for the Deployment's annotation; 0 while it has none
  /// @param status of the Deployment
  /// @param lookAgain when time alone changes the answer
  record Outcome(
      List<Change> changes, long revision, ObjectNode status, Optional<Instant> lookAgain) {}

  private final Instant now;
  private final boolean oldPodsRun;
  private final List<ReplicaSet> all;
  private final List<Change> changes = new ArrayList<>();
  private Deployment deployment;
  private long revision;

  /// @param owned its ReplicaSets
  /// @param oldPodsRun whether pods of templates before the current one have not ended yet
  private DeploymentSync(
      Deployment deployment, List<ReplicaSet> owned, boolean oldPodsRun, Instant now) {
    this.deployment = deployment;
    this.now = now;
    this.oldPodsRun = oldPodsRun;
    all = new ArrayList<>(owned);
    all.sort(ReplicaSet.OLDEST_FIRST);
    var noted = Meta.annotation(deployment.object(), Annotations.REVISION);
    revision = noted.isEmpty() ? 0 : Long.parseLong(noted);
  }

  static Outcome of(
      Deployment deployment, List<ReplicaSet> owned, boolean oldPodsRun, Instant now) {
    return new DeploymentSync(deployment, owned, oldPodsRun, now).run();
  }

  private Outcome run() {
    if (Meta.terminating(deployment.object())) {
      return outcome(DeploymentStatus.counted(deployment, all, current(), now));
    }
    workOnStatus(status -> DeploymentStatus.notePause(deployment, status, now));
    if (deployment.paused() || resized()) {
      noteCurrent();
      resize();
      if (deployment.paused()) {
        forgetOldRevisions();
      }
      return outcome(DeploymentStatus.counted(deployment, all, current(), now));
    }
    if (deployment.recreates()) {
      recreate();
    } else {
      roll();
    }
    var status = DeploymentStatus.counted(deployment, all, current(), now);
    DeploymentStatus.judgeProgress(deployment, status, current(), now);
    return outcome(status);
  }

  // ---- rolling update

  private void roll() {
    makeCurrent();
    if (growCurrent() || shrinkOld()) {
      return;
    }
    if (DeploymentStatus.complete(deployment, deployment.status())) {
      forgetOldRevisions();
    }
  }

  private boolean growCurrent() {
    var current = current().orElseThrow();
    if (current.replicas() == deployment.replicas()) {
      return false;
    }
    int wanted =
        current.replicas() > deployment.replicas()
            ? deployment.replicas()
            : sizeOfCurrent(current.replicas());
    return scale(current, wanted);
  }

  /// How large the current ReplicaSet may be now, given what the others hold.
  private int sizeOfCurrent(int size) {
    if (deployment.recreates()) {
      return deployment.replicas();
    }
    int room = deployment.replicas() + deployment.maxSurge() - replicas(all);
    return room <= 0 ? size : size + Math.min(room, deployment.replicas() - size);
  }

  private boolean shrinkOld() {
    var current = current().orElseThrow();
    var old = old();
    if (replicas(old) == 0) {
      return false;
    }
    int minAvailable = deployment.replicas() - deployment.maxUnavailable();
    int currentUnavailable = current.replicas() - current.available();
    int most = replicas(all) - minAvailable - currentUnavailable;
    if (most <= 0) {
      return false;
    }
    int shrunk = removeUnhealthy(most);
    int spare = all.stream().mapToInt(ReplicaSet::available).sum() - minAvailable;
    for (ReplicaSet rs : active(old())) {
      if (spare <= 0) {
        break;
      }
      int less = Math.min(rs.replicas(), spare);
      scale(rs, rs.replicas() - less);
      spare -= less;
      shrunk += less;
    }
    return shrunk > 0;
  }

  /// Takes away old pods that serve nobody; they are no loss.
  private int removeUnhealthy(int most) {
    int removed = 0;
    for (ReplicaSet rs : active(old())) {
      int unhealthy = rs.replicas() - rs.available();
      int less = Math.min(most - removed, unhealthy);
      if (less > 0) {
        scale(rs, rs.replicas() - less);
        removed += less;
      }
    }
    return removed;
  }

  // ---- recreate

  private void recreate() {
    noteCurrent();
    boolean shrunk = false;
    for (ReplicaSet rs : active(old())) {
      shrunk |= scale(rs, 0);
    }
    if (shrunk || oldPodsRun || old().stream().anyMatch(rs -> rs.actual() > 0)) {
      return;
    }
    makeCurrent();
    scale(current().orElseThrow(), deployment.replicas());
    if (DeploymentStatus.complete(deployment, deployment.status())) {
      forgetOldRevisions();
    }
  }

  // ---- size

  /// Whether the number of replicas changed since the ReplicaSets were scaled.
  private boolean resized() {
    return all.stream()
        .filter(ReplicaSet::active)
        .anyMatch(rs -> rs.desired() >= 0 && rs.desired() != deployment.replicas());
  }

  private void resize() {
    var active = active(all);
    if (active.size() <= 1) {
      onlyOrLatest(active).ifPresent(rs -> scale(rs, deployment.replicas()));
      return;
    }
    var current = current();
    if (current.filter(this::carriesAll).isPresent()) {
      for (ReplicaSet rs : active(old())) {
        scale(rs, 0);
      }
    } else if (!deployment.recreates()) {
      ProportionalScaling.sizes(deployment, active).forEach(this::resizeTo);
    }
  }

  private void resizeTo(String name, int size) {
    all.stream().filter(rs -> rs.name().equals(name)).findFirst().ifPresent(rs -> scale(rs, size));
  }

  private Optional<ReplicaSet> onlyOrLatest(List<ReplicaSet> active) {
    if (active.size() == 1) {
      return Optional.of(active.getFirst());
    }
    return current().or(() -> all.stream().max(ReplicaSet.OLDEST_FIRST));
  }

  private boolean carriesAll(ReplicaSet rs) {
    int replicas = deployment.replicas();
    return rs.replicas() == replicas && rs.desired() == replicas && rs.available() == replicas;
  }

  private boolean scale(ReplicaSet rs, int size) {
    if (rs.replicas() == size) {
      return false;
    }
    put(rs, rs.scaled(size, deployment));
    return true;
  }

  // ---- revisions

  /// The ReplicaSet of the template.
  private Optional<ReplicaSet> current() {
    return all.stream().filter(rs -> rs.runs(deployment.template())).findFirst();
  }

  private List<ReplicaSet> old() {
    var name = current().map(ReplicaSet::name).orElse("");
    return all.stream().filter(rs -> !rs.name().equals(name)).toList();
  }

  private void makeCurrent() {
    if (current().isPresent()) {
      noteCurrent();
      return;
    }
    revision = nextRevision();
    var made = new ReplicaSet(newReplicaSet());
    changes.add(new Change.Create(made));
    all.add(made);
    workOnStatus(
        status ->
            DeploymentStatus.noteReplicaSet(
                deployment,
                status,
                "NewReplicaSetCreated",
                "Created new replica set \"" + made.name() + "\"",
                now));
  }

  /// Brings the notes on the current ReplicaSet up to date: a template that was old is new again.
  private void noteCurrent() {
    var found = current();
    if (found.isEmpty()) {
      return;
    }
    var rs = found.get();
    var copy = rs.object().deepCopy();
    copyAnnotations(copy);
    long next = nextRevision();
    if (rs.revision() < next) {
      var annotations = Json.child(Json.child(copy, "metadata"), "annotations");
      if (rs.revision() > 0) {
        var history = new TreeSet<>(List.of(Long.toString(rs.revision())));
        var noted = annotations.path(Annotations.REVISION_HISTORY).asText("");
        if (!noted.isEmpty()) {
          history.addAll(List.of(noted.split(",", -1)));
        }
        annotations.put(Annotations.REVISION_HISTORY, String.join(",", history));
      }
      annotations.put(Annotations.REVISION, Long.toString(next));
    }
    if (rs.minReadySeconds() != deployment.minReadySeconds()) {
      Json.child(copy, "spec").put("minReadySeconds", deployment.minReadySeconds());
    }
    var noted = new ReplicaSet(copy);
    if (!copy.equals(rs.object())) {
      put(rs, noted);
    }
    revision = noted.revision();
    workOnStatus(
        status ->
            DeploymentStatus.noteReplicaSet(
                deployment,
                status,
                "FoundNewReplicaSet",
                "Found new replica set \"" + noted.name() + "\"",
                now));
  }

  private long nextRevision() {
    return 1 + old().stream().mapToLong(ReplicaSet::revision).max().orElse(0);
  }

  private ObjectNode newReplicaSet() {
    var template = TemplateHash.withoutHash(deployment.template());
    var hash = TemplateHash.of(template, deployment.collisions());
    var labels = Json.child(Json.child(template, "metadata"), "labels");
    labels.put(Annotations.POD_TEMPLATE_HASH, hash);
    var object = Json.object().put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
    var metadata = object.putObject("metadata");
    metadata
        .put("name", deployment.name() + "-" + hash)
        .put("namespace", deployment.namespace())
        .set("labels", labels.deepCopy());
    metadata.putArray("ownerReferences").add(Meta.controllerReference(deployment.object()));
    copyAnnotations(object);
    Json.child(metadata, "annotations").put(Annotations.REVISION, Long.toString(revision));
    ReplicaSet.noteSize(object, deployment);
    var spec = object.putObject("spec").put("replicas", sizeOfCurrent(0));
    if (deployment.minReadySeconds() > 0) {
      spec.put("minReadySeconds", deployment.minReadySeconds());
    }
    ObjectNode selector = deployment.selector().deepCopy();
    Json.child(selector, "matchLabels").put(Annotations.POD_TEMPLATE_HASH, hash);
    spec.set("selector", selector);
    spec.set("template", template);
    return object;
  }

  /// What people write on the Deployment is found on its ReplicaSets too.
  private void copyAnnotations(ObjectNode object) {
    var target = Json.child(Json.child(object, "metadata"), "annotations");
    Meta.annotations(deployment.object())
        .forEach(
            (key, value) -> {
              if (!key.equals(Annotations.LAST_APPLIED)
                  && !key.equals(Annotations.REVISION)
                  && !key.equals(Annotations.REVISION_HISTORY)
                  && !key.equals(Annotations.DESIRED_REPLICAS)
                  && !key.equals(Annotations.MAX_REPLICAS)) {
                target.put(key, value);
              }
            });
  }

  private void forgetOldRevisions() {
    var old =
        old().stream()
            .filter(rs -> !Meta.terminating(rs.object()))
            .sorted(ReplicaSet.LOWEST_REVISION_FIRST)
            .toList();
    int surplus = old.size() - deployment.revisionHistoryLimit();
    for (int i = 0; i < surplus; i++) {
      if (old.get(i).spent()) {
        changes.add(new Change.Delete(old.get(i)));
      }
    }
  }

  // ---- values

  private void put(ReplicaSet before, ReplicaSet after) {
    all.set(all.indexOf(before), after);
    changes.removeIf(c -> c instanceof Change.Update(var rs) && rs.name().equals(after.name()));
    changes.add(new Change.Update(after));
  }

  private void workOnStatus(java.util.function.Consumer<ObjectNode> work) {
    var copy = deployment.object().deepCopy();
    work.accept(Json.child(copy, "status"));
    deployment = new Deployment(copy);
  }

  private Outcome outcome(ObjectNode status) {
    return new Outcome(
        List.copyOf(changes), revision, status, DeploymentStatus.deadline(deployment, status));
  }

  private static List<ReplicaSet> active(List<ReplicaSet> replicaSets) {
    return replicaSets.stream().filter(ReplicaSet::active).toList();
  }

  private static int replicas(List<ReplicaSet> replicaSets) {
    return replicaSets.stream().mapToInt(ReplicaSet::replicas).sum();
  }
}
