package dev.serin.sandbox.kubelet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.workload.PodBehaviour;
import dev.serin.sandbox.workload.PodBehaviour.Fate;
import dev.serin.sandbox.workload.PodHost;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One pod from its node to its end, told as a story on a thread of its own.
final class PodLife implements Runnable {

  private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(2);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(60);

  /// What a life needs of the API server.
  interface Api {

    /// Binds a pod to a node.
    void bind(Pod pod);

    /// Merges into a pod's status.
    void status(Pod pod, ObjectNode status);

    /// Deletes a pod at once.
    void delete(Pod pod);
  }

  private final Pod pod;
  private final String ip;
  private final PodHost host;
  private final Api api;
  private final PodBehaviour behaviour;
  private final CountDownLatch ending = new CountDownLatch(1);
  private volatile Duration grace = Duration.ofSeconds(30);
  private int restarts;

  PodLife(Pod pod, String ip, PodHost host, Api api) {
    this.pod = pod;
    this.ip = ip;
    this.host = host;
    this.api = api;
    this.behaviour = PodBehaviour.of(container().getImage(), environment(container()));
  }

  /// The pod is told to end.
  void end(Duration within) {
    grace = within;
    ending.countDown();
  }

  @Override
  public void run() {
    try {
      live();
      ending.await();
      var serves = behaviour.shutdownDelay();
      Thread.sleep(serves.compareTo(grace) < 0 ? serves : grace);
      host.stop(uid());
      api.delete(pod);
    } catch (InterruptedException e) {
      host.crash(uid());
    }
  }

  private void live() throws InterruptedException {
    switch (behaviour.fate()) {
      case Fate.Unschedulable() ->
          report(
              status ->
                  condition(
                      status,
                      "PodScheduled",
                      false,
                      "Unschedulable",
                      "0/1 nodes are available: 1 Insufficient cpu."));
      case Fate.InvalidImage() ->
          waiting("InvalidImageName", "couldn't parse image name " + container().getImage());
      case Fate.CannotPull() -> {
        waiting("ErrImagePull", "not found: " + container().getImage());
        if (!endsWithin(Duration.ofSeconds(10))) {
          waiting("ImagePullBackOff", "Back-off pulling image " + container().getImage());
        }
      }
      case Fate.Crashes(var after) -> crashAgainAndAgain(after);
      case Fate.LosesReadiness(var after) -> {
        serve();
        if (!after.isZero() && getReady() && !endsWithin(after)) {
          report(status -> running(status, false));
        }
      }
      case Fate.Serves() -> {
        serve();
        getReady();
      }
    }
  }

  private void serve() {
    if (pod.getSpec().getNodeName() == null) {
      api.bind(pod);
    }
    host.start(
        new PodHost.Running(
            uid(),
            pod.getMetadata().getNamespace(),
            pod.getMetadata().getName(),
            ip,
            pod.getMetadata().getName(),
            version(),
            Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of()),
            ports(),
            behaviour));
    report(status -> running(status, false));
  }

  /// @return whether it did before it was told to end
  private boolean getReady() throws InterruptedException {
    if (endsWithin(behaviour.startDelay())) {
      return false;
    }
    report(status -> running(status, true));
    return true;
  }

  private void crashAgainAndAgain(Duration after) throws InterruptedException {
    for (var pause = FIRST_BACK_OFF; ending.getCount() > 0; pause = longer(pause)) {
      serve();
      if (after.isZero() ? endsWithin(behaviour.startDelay()) : !getReady() || endsWithin(after)) {
        return;
      }
      host.crash(uid());
      waiting(
          "CrashLoopBackOff",
          "back-off %ds restarting failed container".formatted(pause.toSeconds()));
      if (endsWithin(pause)) {
        return;
      }
      restarts++;
    }
  }

  private static Duration longer(Duration pause) {
    var twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : twice;
  }

  private boolean endsWithin(Duration time) throws InterruptedException {
    return ending.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  // ---- status

  private void waiting(String reason, String message) {
    if (pod.getSpec().getNodeName() == null && restarts == 0) {
      api.bind(pod);
    }
    report(
        status -> {
          status.put("phase", "Pending");
          ready(status, false);
          containers(
              status,
              false,
              state -> state.putObject("waiting").put("reason", reason).put("message", message));
        });
  }

  private void running(ObjectNode status, boolean ready) {
    status.put("phase", "Running");
    ready(status, ready);
    containers(status, ready, state -> state.putObject("running").put("startedAt", now()));
  }

  private void ready(ObjectNode status, boolean ready) {
    status.put("hostIP", "10.244.0.1").put("podIP", ip).put("startTime", now());
    status.putArray("podIPs").addObject().put("ip", ip);
    condition(status, "PodScheduled", true, "", "");
    condition(status, "Initialized", true, "", "");
    var reason = ready ? "" : "ContainersNotReady";
    condition(status, "ContainersReady", ready, reason, reason);
    condition(status, "Ready", ready, reason, reason);
  }

  private void containers(ObjectNode status, boolean ready, Consumer<ObjectNode> state) {
    var list = status.putArray("containerStatuses");
    for (var container : pod.getSpec().getContainers()) {
      var entry =
          list.addObject()
              .put("name", container.getName())
              .put("image", container.getImage())
              .put("imageID", container.getImage())
              .put("ready", ready)
              .put("started", ready)
              .put("restartCount", restarts);
      state.accept(entry.putObject("state"));
    }
  }

  private static void condition(
      ObjectNode status, String type, boolean value, String reason, String message) {
    var condition =
        status
            .withArrayProperty("conditions")
            .addObject()
            .put("type", type)
            .put("status", value ? "True" : "False")
            .put("lastTransitionTime", now());
    if (!reason.isEmpty()) {
      condition.put("reason", reason).put("message", message);
    }
  }

  private void report(Consumer<ObjectNode> change) {
    var status = Json.object();
    change.accept(status);
    api.status(pod, status);
  }

  private static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  // ---- what the pod says

  private Container container() {
    return pod.getSpec().getContainers().getFirst();
  }

  private static Map<String, String> environment(Container container) {
    var values = new HashMap<String, String>();
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValue() != null) {
        values.put(variable.getName(), variable.getValue());
      }
    }
    return values;
  }

  private List<PodHost.Port> ports() {
    return pod.getSpec().getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .map(PodLife::port)
        .toList();
  }

  private static PodHost.Port port(ContainerPort port) {
    return new PodHost.Port(
        Objects.requireNonNullElse(port.getName(), ""), port.getContainerPort());
  }

  private String version() {
    var image = container().getImage();
    var colon = image.lastIndexOf(':');
    return colon < 0 ? image : image.substring(colon + 1);
  }

  private String uid() {
    return pod.getMetadata().getUid();
  }
}
