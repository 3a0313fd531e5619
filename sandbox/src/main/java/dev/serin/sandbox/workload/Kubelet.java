package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.DeleteOptions;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Kinds;
import dev.serin.sandbox.api.Meta;
import dev.serin.sandbox.time.Scheduler.Scheduled;
import dev.serin.sandbox.workload.PodBehaviour.Fate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Scheduler and nodes of the cluster: binds pods, runs them as their [PodBehaviour] says, reports
/// their status, ends them with grace.
final class Kubelet extends Controller {

  private static final Duration CONFIG_RETRY = Duration.ofSeconds(5);
  private static final Duration PULL_BACK_OFF = Duration.ofSeconds(10);
  private static final Duration FIRST_CRASH_BACK_OFF = Duration.ofSeconds(10);
  private static final Duration LONGEST_CRASH_BACK_OFF = Duration.ofMinutes(5);

  /// A pod that was bound.
  private static final class Life {
    final String uid;
    final String ip;
    int restarts;
    Duration backOff = FIRST_CRASH_BACK_OFF;
    boolean ending;
    Scheduled next = () -> {};

    Life(String uid, String ip) {
      this.uid = uid;
      this.ip = ip;
    }
  }

  private final PodHost host;
  private final int nodes;
  private final PodEnvironment environment;
  private final Map<Key, Life> lives = new HashMap<>();
  private int addresses;

  Kubelet(Surroundings surroundings, PodHost host, int nodes) {
    super("kubelet", surroundings);
    this.host = host;
    this.nodes = nodes;
    environment = new PodEnvironment(api);
  }

  static String nodeName(int number) {
    return "node-" + number;
  }

  @Override
  void start() {
    for (int i = 1; i <= nodes; i++) {
      var node = Json.object().put("apiVersion", "v1").put("kind", "Node");
      node.putObject("metadata")
          .put("name", nodeName(i))
          .putObject("labels")
          .put("kubernetes.io/hostname", nodeName(i));
      api.create(node);
      api.editStatus(
          Kinds.NODE,
          "",
          nodeName(i),
          object ->
              Json.list(Json.child(object, "status"), "conditions")
                  .addObject()
                  .put("type", "Ready")
                  .put("status", "True")
                  .put("reason", "KubeletReady"));
    }
    watch(Kind.POD, pod -> wake(Key.of(pod)));
  }

  @Override
  void reconcile(Key key) {
    var pod = api.find(Kind.POD, key.namespace(), key.name());
    var life = lives.get(key);
    if (life != null && pod.filter(p -> Meta.uid(p).equals(life.uid)).isEmpty()) {
      end(key, life);
    }
    if (pod.isEmpty()) {
      return;
    }
    var known = lives.get(key);
    if (Meta.terminating(pod.get())) {
      if (known == null) {
        delete(pod.get());
      } else if (!known.ending) {
        terminate(pod.get(), known);
      }
    } else if (known == null && !Pods.ended(pod.get())) {
      begin(key, pod.get());
    }
  }

  // ---- start

  private void begin(Key key, ObjectNode pod) {
    var life = new Life(Meta.uid(pod), nextAddress());
    lives.put(key, life);
    if (behaviour(pod).fate() instanceof Fate.Unschedulable) {
      edit(
          key,
          life,
          status ->
              new PodStatus(status, now())
                  .condition(
                      "PodScheduled",
                      false,
                      "Unschedulable",
                      "0/%d nodes are available: %d Insufficient cpu.".formatted(nodes, nodes)));
      return;
    }
    if (Json.text(pod, "spec", "nodeName").isEmpty()) {
      api.edit(
          Kind.POD,
          key.namespace(),
          key.name(),
          object -> Json.child(object, "spec").put("nodeName", nodeName(1 + addresses % nodes)));
    }
    run(key, life);
  }

  /// Starts the container, or says why it cannot be started.
  private void run(Key key, Life life) {
    var found = current(key, life);
    if (found.isEmpty()) {
      return;
    }
    var pod = found.get();
    var missing = environment.missing(pod);
    if (missing.isPresent()) {
      waiting(key, life, "CreateContainerConfigError", missing.get());
      life.next = scheduler.after(CONFIG_RETRY, () -> run(key, life));
      return;
    }
    var behaviour = behaviour(pod);
    switch (behaviour.fate()) {
      case Fate.InvalidImage() ->
          waiting(
              key,
              life,
              "InvalidImageName",
              "Failed to apply default image tag \"%s\": couldn't parse image name"
                  .formatted(image(pod)));
      case Fate.CannotPull() -> cannotPull(key, life, image(pod));
      case Fate.Unschedulable() -> {}
      case Fate.Crashes(var after) when after.isZero() -> {
        running(key, life, pod);
        life.next = scheduler.after(behaviour.startDelay(), () -> crash(key, life));
      }
      case Fate.LosesReadiness(var after) when after.isZero() -> serve(key, life, pod, behaviour);
      case Fate.Crashes _, Fate.LosesReadiness _, Fate.Serves() -> {
        serve(key, life, pod, behaviour);
        life.next = scheduler.after(behaviour.startDelay(), () -> ready(key, life, behaviour));
      }
    }
  }

  private void serve(Key key, Life life, ObjectNode pod, PodBehaviour behaviour) {
    host.start(environment.running(pod, life.ip, owner(pod), behaviour));
    running(key, life, pod);
  }

  private void running(Key key, Life life, ObjectNode pod) {
    edit(
        key,
        life,
        status -> new PodStatus(status, now()).bound(life.ip).running(pod, life.restarts));
  }

  private void ready(Key key, Life life, PodBehaviour behaviour) {
    edit(key, life, status -> new PodStatus(status, now()).ready(true));
    switch (behaviour.fate()) {
      case Fate.Crashes(var after) -> life.next = scheduler.after(after, () -> crash(key, life));
      case Fate.LosesReadiness(var after) ->
          life.next =
              scheduler.after(
                  after, () -> edit(key, life, s -> new PodStatus(s, now()).ready(false)));
      case Fate.Serves(), Fate.CannotPull(), Fate.InvalidImage(), Fate.Unschedulable() -> {}
    }
  }

  private void crash(Key key, Life life) {
    host.crash(life.uid);
    var pod = current(key, life);
    if (pod.isEmpty()) {
      return;
    }
    edit(
        key,
        life,
        status -> new PodStatus(status, now()).crashed(pod.get(), life.restarts, life.backOff));
    var pause = life.backOff;
    life.backOff =
        pause.multipliedBy(2).compareTo(LONGEST_CRASH_BACK_OFF) > 0
            ? LONGEST_CRASH_BACK_OFF
            : pause.multipliedBy(2);
    life.next =
        scheduler.after(
            pause,
            () -> {
              life.restarts++;
              run(key, life);
            });
  }

  private void cannotPull(Key key, Life life, String image) {
    waiting(
        key,
        life,
        "ErrImagePull",
        "failed to pull and unpack image \"%s\": not found".formatted(image));
    life.next =
        scheduler.after(
            PULL_BACK_OFF,
            () ->
                waiting(
                    key,
                    life,
                    "ImagePullBackOff",
                    "Back-off pulling image \"%s\"".formatted(image)));
  }

  private void waiting(Key key, Life life, String reason, String message) {
    current(key, life)
        .ifPresent(
            pod ->
                edit(
                    key,
                    life,
                    status ->
                        new PodStatus(status, now())
                            .bound(life.ip)
                            .waiting(pod, reason, message, life.restarts)));
  }

  // ---- end

  private void terminate(ObjectNode pod, Life life) {
    life.ending = true;
    life.next.cancel();
    var grace =
        Duration.ofSeconds(Json.at(pod, "metadata", "deletionGracePeriodSeconds").asLong(0));
    var serves = behaviour(pod).shutdownDelay();
    life.next =
        scheduler.after(
            serves.compareTo(grace) < 0 ? serves : grace,
            () -> {
              host.stop(life.uid);
              delete(pod);
            });
  }

  private void delete(ObjectNode pod) {
    api.find(Kind.POD, Meta.namespace(pod), Meta.name(pod))
        .filter(p -> Meta.uid(p).equals(Meta.uid(pod)))
        .ifPresent(
            p ->
                api.delete(
                    Kind.POD,
                    Meta.namespace(p),
                    Meta.name(p),
                    DeleteOptions.onlyUid(Meta.uid(p)).graceSeconds(0)));
  }

  private void end(Key key, Life life) {
    life.next.cancel();
    host.stop(life.uid);
    lives.remove(key);
  }

  // ---- values

  private PodBehaviour behaviour(ObjectNode pod) {
    return PodBehaviour.of(image(pod), environment.of(pod));
  }

  private static String image(ObjectNode pod) {
    return Json.at(pod, "spec", "containers").path(0).path("image").asText("");
  }

  /// Name of the workload that a pod is of.
  private String owner(ObjectNode pod) {
    for (var owner : pod.path("metadata").path("ownerReferences")) {
      var name = owner.path("name").asText();
      if (owner.path("kind").asText().equals("ReplicaSet")) {
        return api.find(Kind.REPLICA_SET, Meta.namespace(pod), name)
            .map(rs -> rs.path("metadata").path("ownerReferences").path(0).path("name").asText())
            .filter(deployment -> !deployment.isEmpty())
            .orElse(name);
      }
      return name;
    }
    return Meta.name(pod);
  }

  private Optional<ObjectNode> current(Key key, Life life) {
    return api.find(Kind.POD, key.namespace(), key.name())
        .filter(pod -> Meta.uid(pod).equals(life.uid));
  }

  private void edit(Key key, Life life, java.util.function.Consumer<ObjectNode> change) {
    if (current(key, life).isPresent()) {
      api.editStatus(
          Kind.POD,
          key.namespace(),
          key.name(),
          object -> change.accept(Json.child(object, "status")));
    }
  }

  private String nextAddress() {
    int n = ++addresses;
    return "10.244.%d.%d".formatted(1 + n / 250, 1 + n % 250);
  }
}
