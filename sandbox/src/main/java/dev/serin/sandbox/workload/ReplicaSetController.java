package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.DeleteOptions;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.LabelSelector;
import dev.serin.sandbox.api.Meta;
import java.util.ArrayList;
import java.util.List;

/// Keeps as many pods as a ReplicaSet wants.
final class ReplicaSetController extends Controller {

  ReplicaSetController(Surroundings surroundings) {
    super("replicaset-controller", surroundings);
  }

  @Override
  void start() {
    watch(Kind.REPLICA_SET, object -> wake(Key.of(object)));
    watch(Kind.POD, pod -> wakeOwner(pod, Kind.REPLICA_SET));
  }

  @Override
  void reconcile(Key key) {
    var found = api.find(Kind.REPLICA_SET, key.namespace(), key.name());
    if (found.isEmpty()) {
      return;
    }
    var object = found.get();
    var pods = pods(object);
    if (!Meta.terminating(object)) {
      pods = resize(object, pods);
    }
    int minReady = Json.at(object, "spec", "minReadySeconds").asInt();
    writeStatus(object, status(object, pods, minReady));
    wakeAt(key, Pods.nextAvailable(pods, minReady, now()));
  }

  /// @return the pods that are there afterwards
  private List<ObjectNode> resize(ObjectNode object, List<ObjectNode> pods) {
    var left = new ArrayList<>(pods);
    var active = pods.stream().filter(Pods::active).sorted(Pods.FIRST_TO_GO).toList();
    int missing = Json.at(object, "spec", "replicas").asInt(1) - active.size();
    for (int i = 0; i < missing; i++) {
      left.add(api.create(Pods.of(Json.at(object, "spec", "template"), object)));
    }
    for (int i = 0; i < -missing; i++) {
      var pod = active.get(i);
      api.delete(
          Kind.POD, Meta.namespace(pod), Meta.name(pod), DeleteOptions.onlyUid(Meta.uid(pod)));
      left.remove(pod);
    }
    return left;
  }

  private List<ObjectNode> pods(ObjectNode object) {
    var pods = new ArrayList<>(controlledBy(Kind.POD, Meta.uid(object)));
    if (pods.isEmpty() && !Meta.terminating(object)) {
      var selector = LabelSelector.from(Json.at(object, "spec", "selector"));
      for (ObjectNode pod : api.list(Kind.POD, Meta.namespace(object))) {
        if (Meta.controllerUid(pod).isEmpty() && selector.test(pod) && Pods.active(pod)) {
          var copy = pod.deepCopy();
          Json.list(Json.child(copy, "metadata"), "ownerReferences")
              .add(Meta.controllerReference(object));
          pods.add(api.update(copy));
        }
      }
    }
    return pods;
  }

  private ObjectNode status(ObjectNode object, List<ObjectNode> pods, int minReady) {
    var active = pods.stream().filter(Pods::active).toList();
    var labelled = Json.object();
    labelled.set("matchLabels", Json.at(object, "spec", "template", "metadata", "labels"));
    var labels = LabelSelector.from(labelled);
    var now = now();
    var status = Json.object().put("replicas", active.size());
    count(status, "fullyLabeledReplicas", active.stream().filter(labels).count());
    count(status, "readyReplicas", active.stream().filter(Pods::ready).count());
    count(
        status,
        "availableReplicas",
        active.stream().filter(pod -> Pods.available(pod, minReady, now)).count());
    status.put("terminatingReplicas", (int) pods.stream().filter(Meta::terminating).count());
    status.put("observedGeneration", Meta.generation(object));
    return status;
  }

  private static void count(ObjectNode status, String field, long value) {
    if (value > 0) {
      status.put(field, (int) value);
    }
  }
}
