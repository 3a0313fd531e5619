package dev.serin.sandbox.conformance;

import static dev.serin.sandbox.conformance.Calls.MERGE;
import static dev.serin.sandbox.conformance.Calls.OPERATIONS;
import static dev.serin.sandbox.conformance.Calls.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import org.junit.jupiter.api.Test;

/// Status and scale of workloads.
abstract class SubresourceConformance extends ApiConformance {

  @Test
  void statusIsWrittenThroughItsSubresourceOnly() {
    var made =
        api.post(
            "/apis/policy/v1/namespaces/" + namespace + "/poddisruptionbudgets",
            "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: b}, spec:"
                + " {selector: {matchLabels: {app: none}}, maxUnavailable: 1}, status:"
                + " {currentHealthy: 5}}");
    assertThat(made.code()).isEqualTo(201);
    assertThat(made.at("status", "currentHealthy").asInt()).isZero();
    var path = "/apis/policy/v1/namespaces/" + namespace + "/poddisruptionbudgets/b";
    var ignored = api.patch(MERGE, path, "{status: {currentHealthy: 6}}");
    assertThat(ignored.at("status", "currentHealthy").asInt()).isZero();
    var generation = api.get(path).at("metadata", "generation").asInt();
    var written =
        api.patch(
            MERGE, path + "/status", "{status: {currentHealthy: 7}, spec: {maxUnavailable: 3}}");
    assertThat(written.at("status", "currentHealthy").asInt()).isEqualTo(7);
    assertThat(written.at("spec", "maxUnavailable").asInt()).isEqualTo(1);
    assertThat(written.at("metadata", "generation").asInt()).isEqualTo(generation);
  }

  @Test
  void aStaleStatusIsAConflict() {
    var stale = api.post(apps("replicasets"), replicaSet()).object();
    api.patch(MERGE, apps("replicasets/web"), "{metadata: {labels: {a: b}}}");
    assertThat(api.put(apps("replicasets/web/status"), stale).code()).isEqualTo(409);
  }

  private static String replicaSet() {
    return deployment("web")
        .replace("kind: Deployment", "kind: ReplicaSet")
        .replace("  paused: true\n", "")
        .replace("replicas: 1", "replicas: 0");
  }

  @Test
  void aKindWithoutStatusHasNoSuchSubresource() {
    configMap("a", "{}");
    assertThat(api.get(core("configmaps/a/status")).code()).isEqualTo(404);
  }

  @Test
  void aDeploymentIsScaledThroughItsSubresource() {
    api.post(apps("deployments"), deployment("web").replace("replicas: 1", "replicas: 0"));
    var scale = api.get(apps("deployments/web/scale"));
    assertThat(scale.text("kind")).isEqualTo("Scale");
    assertThat(scale.text("apiVersion")).isEqualTo("autoscaling/v1");
    assertThat(scale.text("metadata", "name")).isEqualTo("web");
    assertThat(scale.at("spec")).isEqualTo(yaml("{}"));
    assertThat(scale.text("status", "selector")).isEqualTo("app=web");
    var object = scale.object();
    var scaled =
        eventually(
            () ->
                api.put(
                    apps("deployments/web/scale"),
                    with(
                        api.get(apps("deployments/web/scale")).object(),
                        "/spec",
                        "replicas",
                        IntNode.valueOf(3))),
            answer -> answer.code() == 200);
    assertThat(scaled.at("spec", "replicas").asInt()).isEqualTo(3);
    assertThat(api.get(apps("deployments/web")).at("spec", "replicas").asInt()).isEqualTo(3);
    assertThat(
            api.put(
                    apps("deployments/web/scale"),
                    with(object, "/spec", "replicas", IntNode.valueOf(4)))
                .code())
        .isEqualTo(409);
    var patched = api.patch(MERGE, apps("deployments/web/scale"), "{spec: {replicas: 2}}");
    assertThat(patched.code()).isEqualTo(200);
    assertThat(patched.at("spec", "replicas").asInt()).isEqualTo(2);
    var operations =
        api.patch(
            OPERATIONS,
            apps("deployments/web/scale"),
            "[{op: replace, path: /spec/replicas, value: 1}]");
    assertThat(operations.at("spec", "replicas").asInt()).isEqualTo(1);
    assertThat(api.get(core("configmaps/a/scale")).code()).isEqualTo(404);
  }

  @Test
  void scalingIsOwnedByWhoScaled() {
    api.post(apps("deployments"), deployment("web"));
    api.patch(
        MERGE, apps("deployments/web/scale") + "?fieldManager=autoscaler", "{spec: {replicas: 2}}");
    var owners = api.get(apps("deployments/web")).at("metadata", "managedFields");
    boolean found = false;
    for (var owner : owners) {
      if (owner.path("manager").asText().equals("autoscaler")) {
        found = true;
        assertThat(owner.path("subresource").asText()).isEqualTo("scale");
        assertThat(owner.path("fieldsV1")).isEqualTo(yaml("{'f:spec': {'f:replicas': {}}}"));
      }
    }
    assertThat(found).isTrue();
  }
}
