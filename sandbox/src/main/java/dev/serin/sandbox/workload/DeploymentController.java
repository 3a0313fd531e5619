package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.ApiException;
import dev.serin.sandbox.api.DeleteOptions;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import dev.serin.sandbox.workload.DeploymentSync.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Carries out what [DeploymentSync] decides.
final class DeploymentController extends Controller {

  /// ReplicaSets that nobody controls.
  private final Set<Key> orphans = ConcurrentHashMap.newKeySet();

  DeploymentController(Surroundings surroundings) {
    super("deployment-controller", surroundings);
  }

  @Override
  void start() {
    watch(Kind.DEPLOYMENT, object -> wake(Key.of(object)));
    watch(Kind.REPLICA_SET, this::replicaSetChanged);
    watch(Kind.POD, this::podChanged);
  }

  private void replicaSetChanged(ObjectNode replicaSet) {
    if (!Meta.controllerUid(replicaSet).isEmpty()) {
      orphans.remove(Key.of(replicaSet));
      wakeOwner(replicaSet, Kind.DEPLOYMENT);
      return;
    }
    orphans.add(Key.of(replicaSet));
    api.list(Kind.DEPLOYMENT, Meta.namespace(replicaSet)).stream()
        .filter(deployment -> new Deployment(deployment).selects(replicaSet))
        .forEach(deployment -> wake(Key.of(deployment)));
  }

  /// Only `Recreate` waits for pods themselves.
  private void podChanged(ObjectNode pod) {
    for (var owner : pod.path("metadata").path("ownerReferences")) {
      if (owner.path("kind").asText().equals("ReplicaSet")) {
        api.find(Kind.REPLICA_SET, Meta.namespace(pod), owner.path("name").asText())
            .ifPresent(rs -> wakeOwner(rs, Kind.DEPLOYMENT));
      }
    }
  }

  @Override
  void reconcile(Key key) {
    var found = api.find(Kind.DEPLOYMENT, key.namespace(), key.name());
    if (found.isEmpty()) {
      return;
    }
    var deployment = new Deployment(found.get());
    var owned = owned(deployment);
    var outcome = DeploymentSync.of(deployment, owned, oldPodsRun(deployment, owned), now());
    for (Change change : outcome.changes()) {
      switch (change) {
        case Change.Create(var rs) -> {
          if (!create(deployment, rs)) {
            return;
          }
        }
        case Change.Update(var rs) -> api.update(rs.object());
        case Change.Delete(var rs) ->
            api.delete(
                Kind.REPLICA_SET,
                key.namespace(),
                rs.name(),
                DeleteOptions.onlyUid(Meta.uid(rs.object())));
      }
    }
    writeRevision(deployment, outcome.revision());
    api.find(Kind.DEPLOYMENT, key.namespace(), key.name())
        .filter(o -> Meta.uid(o).equals(deployment.uid()))
        .ifPresent(o -> writeStatus(o, outcome.status()));
    wakeAt(key, outcome.lookAgain());
  }

  private void writeRevision(Deployment deployment, long revision) {
    var text = Long.toString(revision);
    if (revision > 0 && !Meta.annotation(deployment.object(), Annotations.REVISION).equals(text)) {
      api.edit(
          Kind.DEPLOYMENT,
          deployment.namespace(),
          deployment.name(),
          object ->
              Json.child(Json.child(object, "metadata"), "annotations")
                  .put(Annotations.REVISION, text));
    }
  }

  /// @return false when the name was taken by a stranger; another one is tried next time
  private boolean create(Deployment deployment, ReplicaSet rs) {
    try {
      api.create(rs.object());
      return true;
    } catch (ApiException e) {
      var there = api.find(Kind.REPLICA_SET, deployment.namespace(), rs.name());
      if (there.isEmpty()) {
        throw e;
      }
      if (Meta.controllerUid(there.get()).equals(deployment.uid())) {
        return true;
      }
      api.editStatus(
          Kind.DEPLOYMENT,
          deployment.namespace(),
          deployment.name(),
          object ->
              Json.child(object, "status").put("collisionCount", deployment.collisions() + 1));
      return false;
    }
  }

  /// Its ReplicaSets. It lets go of those that its selector does not select any more, and takes
  /// over those that it selects and nobody controls.
  private List<ReplicaSet> owned(Deployment deployment) {
    var controlled = controlledBy(Kind.REPLICA_SET, deployment.uid());
    if (Meta.terminating(deployment.object())) {
      return controlled.stream().filter(deployment::selects).map(ReplicaSet::new).toList();
    }
    var owned = new ArrayList<ReplicaSet>();
    for (ObjectNode object : controlled) {
      if (deployment.selects(object)) {
        owned.add(new ReplicaSet(object));
      } else {
        release(object, deployment);
      }
    }
    for (Key orphan : orphans) {
      if (orphan.namespace().equals(deployment.namespace())) {
        api.find(Kind.REPLICA_SET, orphan.namespace(), orphan.name())
            .filter(object -> Meta.controllerUid(object).isEmpty())
            .filter(object -> deployment.selects(object) && !Meta.terminating(object))
            .ifPresent(object -> owned.add(new ReplicaSet(adopt(object, deployment.object()))));
      }
    }
    return owned;
  }

  private void release(ObjectNode object, Deployment deployment) {
    var copy = object.deepCopy();
    var owners = Json.list(Json.child(copy, "metadata"), "ownerReferences");
    for (int i = owners.size() - 1; i >= 0; i--) {
      if (owners.get(i).path("uid").asText().equals(deployment.uid())) {
        owners.remove(i);
      }
    }
    api.update(copy);
  }

  private ObjectNode adopt(ObjectNode object, ObjectNode owner) {
    var copy = object.deepCopy();
    Json.list(Json.child(copy, "metadata"), "ownerReferences").add(Meta.controllerReference(owner));
    return api.update(copy);
  }

  private boolean oldPodsRun(Deployment deployment, List<ReplicaSet> owned) {
    if (!deployment.recreates()) {
      return false;
    }
    return owned.stream()
        .filter(rs -> !rs.runs(deployment.template()))
        .flatMap(rs -> controlledBy(Kind.POD, Meta.uid(rs.object())).stream())
        .anyMatch(pod -> !Pods.ended(pod));
  }
}
