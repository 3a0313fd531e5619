package dev.serin.sandbox.kubelet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.workload.PodHost;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// The one node of a real control plane that has no kubelet: binds pods, runs them on a [PodHost]
/// as their images say, reports their status, and ends them with grace. A control plane of
/// `hack/real/cluster` needs one, its network namespace owns all addresses of 10.244.0.0/16.
public final class FakeKubelet implements AutoCloseable {

  private static final String NODE = "node-1";

  private final KubernetesClient client;
  private final PodHost host;
  private final Map<String, PodLife> lives = new ConcurrentHashMap<>();
  private final AtomicInteger addresses = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final SharedIndexInformer<Pod> pods;

  private FakeKubelet(KubernetesClient client, PodHost host) {
    this.client = client;
    this.host = host;
    makeNode();
    this.pods = client.pods().inAnyNamespace().inform(new Handler());
  }

  /// Starts to run pods.
  ///
  /// @param kubeconfig of a user who may do anything
  public static FakeKubelet start(Path kubeconfig, PodHost host) {
    var client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
            .build();
    return new FakeKubelet(client, host);
  }

  private void makeNode() {
    if (client.nodes().withName(NODE).get() == null) {
      var node =
          new NodeBuilder()
              .withNewMetadata()
              .withName(NODE)
              .addToLabels("kubernetes.io/hostname", NODE)
              .endMetadata()
              .build();
      client.resource(node).create();
    }
    var status = Json.object();
    status
        .putObject("status")
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", "True")
        .put("reason", "KubeletReady");
    client
        .nodes()
        .withName(NODE)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), status.toString());
  }

  private void seen(Pod pod) {
    var metadata = pod.getMetadata();
    var finished = Optional.ofNullable(pod.getStatus()).map(status -> status.getPhase()).orElse("");
    if (metadata.getDeletionTimestamp() == null) {
      if (!finished.equals("Failed") && !finished.equals("Succeeded")) {
        lives.computeIfAbsent(metadata.getUid(), _ -> begin(pod));
      }
      return;
    }
    var life = lives.get(metadata.getUid());
    if (life == null) {
      threads.execute(() -> calls.delete(pod));
    } else {
      life.end(
          Duration.ofSeconds(
              Objects.requireNonNullElse(metadata.getDeletionGracePeriodSeconds(), 0L)));
    }
  }

  private PodLife begin(Pod pod) {
    var number = addresses.getAndIncrement();
    var ip = "10.244.%d.%d".formatted(1 + number / 250 % 250, 1 + number % 250);
    var life = new PodLife(pod, ip, host, calls);
    threads.execute(life);
    return life;
  }

  private final class Handler implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      seen(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      seen(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean unknown) {
      var life = lives.remove(pod.getMetadata().getUid());
      if (life != null) {
        life.end(Duration.ZERO);
      }
    }
  }

  private final PodLife.Api calls =
      new PodLife.Api() {
        @Override
        public void bind(Pod pod) {
          var binding =
              new BindingBuilder()
                  .withNewMetadata()
                  .withName(pod.getMetadata().getName())
                  .withNamespace(pod.getMetadata().getNamespace())
                  .endMetadata()
                  .withNewTarget()
                  .withApiVersion("v1")
                  .withKind("Node")
                  .withName(NODE)
                  .endTarget()
                  .build();
          tolerant(
              () ->
                  client
                      .bindings()
                      .inNamespace(pod.getMetadata().getNamespace())
                      .resource(binding)
                      .create());
        }

        @Override
        public void status(Pod pod, ObjectNode status) {
          var patch = Json.object();
          patch.putObject("metadata").put("uid", pod.getMetadata().getUid());
          patch.set("status", status);
          tolerant(
              () ->
                  client
                      .pods()
                      .inNamespace(pod.getMetadata().getNamespace())
                      .withName(pod.getMetadata().getName())
                      .subresource("status")
                      .patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString()));
        }

        @Override
        public void delete(Pod pod) {
          tolerant(
              () ->
                  client
                      .pods()
                      .inNamespace(pod.getMetadata().getNamespace())
                      .resource(pod)
                      .withGracePeriod(0)
                      .delete());
        }
      };

  /// A pod that is gone, or was bound before, needs nothing more.
  private static void tolerant(Runnable call) {
    try {
      call.run();
    } catch (KubernetesClientException e) {
      if (e.getCode() != 404 && e.getCode() != 409) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    pods.close();
    threads.shutdownNow();
    client.close();
  }
}
