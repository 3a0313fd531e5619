package dev.serin.sandbox.conformance;

import static dev.serin.sandbox.conformance.Calls.APPLY;
import static dev.serin.sandbox.conformance.Calls.MERGE;
import static dev.serin.sandbox.conformance.Calls.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.conformance.Calls.Answer;
import org.junit.jupiter.api.Test;

/// Server-side apply: who owns what, conflicts, and what goes when nobody wants it any more.
abstract class ApplyConformance extends ApiConformance {

  private Answer apply(String manager, String path, String yaml) {
    return api.patch(APPLY, path + "?fieldManager=" + manager, yaml);
  }

  private Answer force(String manager, String path, String yaml) {
    return api.patch(APPLY, path + "?force=true&fieldManager=" + manager, yaml);
  }

  private Answer applyMap(String manager, String rest) {
    return apply(manager, core("configmaps/a"), map(rest));
  }

  private static String map(String rest) {
    return "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}%s}".formatted(rest);
  }

  /// `managedFields` without times, which differ.
  private static JsonNode owners(Answer answer) {
    var owners = answer.at("metadata", "managedFields").deepCopy();
    owners.forEach(owner -> ((ObjectNode) owner).remove("time"));
    return owners;
  }

  private static JsonNode owner(Answer answer, String manager, String operation) {
    for (JsonNode owner : answer.at("metadata", "managedFields")) {
      if (owner.path("manager").asText().equals(manager)
          && owner.path("operation").asText().equals(operation)) {
        return owner.path("fieldsV1");
      }
    }
    return yaml("none");
  }

  @Test
  void applyMakesWhatIsNotThere() {
    var made = applyMap("one", ", data: {x: '1'}");
    assertThat(made.code()).isEqualTo(201);
    assertThat(owners(made))
        .isEqualTo(
            yaml(
                "[{manager: one, operation: Apply, apiVersion: v1, fieldsType: FieldsV1, fieldsV1:"
                    + " {'f:data': {'f:x': {}}}}]"));
  }

  @Test
  void applyingTheSameAgainChangesNothing() {
    var made = applyMap("one", ", data: {x: '1'}");
    var again = applyMap("one", ", data: {x: '1'}");
    assertThat(again.code()).isEqualTo(200);
    assertThat(again.rv()).isEqualTo(made.rv());
    assertThat(again.at("metadata", "managedFields"))
        .isEqualTo(made.at("metadata", "managedFields"));
  }

  @Test
  void aFieldManagerMustBeNamed() {
    var answer = api.patch(APPLY, core("configmaps/a"), map(""));
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message())
        .isEqualTo(
            "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required"
                + " for apply patch");
  }

  @Test
  void managedFieldsCannotBeApplied() {
    configMap("a", "{}");
    var answer =
        apply(
            "one",
            core("configmaps/a"),
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, managedFields: [{manager:"
                + " x}]}}");
    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message()).isEqualTo("metadata.managedFields must be nil");
  }

  @Test
  void whatAManagerNoLongerAppliesIsRemoved() {
    applyMap("one", ", data: {x: '1', y: '2'}");
    var answer = applyMap("one", ", data: {y: '2'}");
    assertThat(answer.at("data")).isEqualTo(yaml("{y: '2'}"));
    var empty = applyMap("one", "");
    assertThat(empty.body().has("data")).isFalse();
    assertThat(empty.at("metadata").has("managedFields")).isFalse();
  }

  @Test
  void whatAnotherManagerWroteStays() {
    applyMap("one", ", data: {x: '1'}");
    api.patch(MERGE, core("configmaps/a") + "?fieldManager=two", "{data: {y: '2'}}");
    var answer = applyMap("one", ", data: {z: '3'}");
    assertThat(answer.at("data")).isEqualTo(yaml("{y: '2', z: '3'}"));
    assertThat(owner(answer, "two", "Update")).isEqualTo(yaml("{'f:data': {'f:y': {}}}"));
    assertThat(owner(answer, "one", "Apply")).isEqualTo(yaml("{'f:data': {'f:z': {}}}"));
  }

  @Test
  void whatTwoManagersApplyStaysWhenOneLeaves() {
    applyMap("one", ", data: {x: '1'}");
    var both = applyMap("two", ", data: {x: '1'}");
    assertThat(both.code()).isEqualTo(200);
    var answer = applyMap("one", "");
    assertThat(answer.at("data")).isEqualTo(yaml("{x: '1'}"));
    assertThat(applyMap("two", "").body().has("data")).isFalse();
  }

  @Test
  void anotherValueThanTheOwnersIsAConflict() {
    applyMap("one", ", data: {x: '1'}");
    var answer = applyMap("two", ", data: {x: '2'}");
    assertThat(answer.code()).isEqualTo(409);
    assertThat(answer.reason()).isEqualTo("Conflict");
    assertThat(answer.message())
        .isEqualTo("Apply failed with 1 conflict: conflict with \"one\": .data.x");
    assertThat(answer.at("details", "causes"))
        .isEqualTo(
            yaml(
                "[{reason: FieldManagerConflict, message: 'conflict with \"one\"', field:"
                    + " .data.x}]"));
  }

  @Test
  void conflictsWithUpdatersAreNamedByVersion() {
    configMap("a", "{x: '1', y: '1'}");
    var one = applyMap("two", ", data: {x: '2'}");
    assertThat(one.message())
        .isEqualTo("Apply failed with 1 conflict: conflict with \"conformance\" using v1: .data.x");
    var two = applyMap("two", ", data: {x: '2', y: '2'}");
    assertThat(two.message())
        .isEqualTo(
            """
            Apply failed with 2 conflicts: conflicts with "conformance" using v1:
            - .data.x
            - .data.y\
            """);
  }

  @Test
  void forceTakesFieldsFromTheirOwner() {
    applyMap("one", ", data: {x: '1', y: '1'}");
    var answer = force("two", core("configmaps/a"), map(", data: {x: '2'}"));
    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.at("data")).isEqualTo(yaml("{x: '2', y: '1'}"));
    assertThat(owner(answer, "one", "Apply")).isEqualTo(yaml("{'f:data': {'f:y': {}}}"));
    assertThat(owner(answer, "two", "Apply")).isEqualTo(yaml("{'f:data': {'f:x': {}}}"));
  }

  @Test
  void anUpdateTakesFieldsFromTheirOwner() {
    applyMap("one", ", data: {x: '1', y: '1'}");
    var answer = api.patch(MERGE, core("configmaps/a") + "?fieldManager=two", "{data: {x: '2'}}");
    assertThat(owner(answer, "one", "Apply")).isEqualTo(yaml("{'f:data': {'f:y': {}}}"));
    var back = applyMap("one", ", data: {x: '1', y: '1'}");
    assertThat(back.code()).isEqualTo(409);
  }

  @Test
  void aResourceVersionIsAPrecondition() {
    var stale = applyMap("one", ", data: {x: '1'}").rv();
    var fresh = applyMap("one", ", data: {x: '2'}").rv();
    var refused =
        apply(
            "one",
            core("configmaps/a"),
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, resourceVersion: '%s'}, data: {x: '3'}}"
                .formatted(stale));
    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.message())
        .isEqualTo(
            "Operation cannot be fulfilled on configmaps \"a\": the object has been modified;"
                + " please apply your changes to the latest version and try again");
    var done =
        apply(
            "one",
            core("configmaps/a"),
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, resourceVersion: '%s'}, data: {x: '3'}}"
                .formatted(fresh));
    assertThat(done.code()).isEqualTo(200);
  }

  @Test
  void aResourceVersionDoesNotKeepAnObjectFromBeingMade() {
    var answer =
        apply(
            "one",
            core("configmaps/a"),
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, resourceVersion: '5'}}");
    assertThat(answer.code()).isEqualTo(201);
    var other =
        apply(
            "one",
            core("configmaps/b"),
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: b, uid: x}}");
    assertThat(other.code()).isEqualTo(409);
    assertThat(other.message())
        .isEqualTo(
            "Operation cannot be fulfilled on configmaps \"b\": uid mismatch: the provided object"
                + " specified uid x, and no existing object was found");
  }

  @Test
  void aCreationOwnsAllThatItWrote() {
    var made = api.post(apps("deployments"), deployment("web"));
    assertThat(owner(made, "conformance", "Update").path("f:spec"))
        .isEqualTo(
            yaml(
                """
                f:paused: {}
                f:progressDeadlineSeconds: {}
                f:replicas: {}
                f:revisionHistoryLimit: {}
                f:selector: {}
                f:strategy: {f:rollingUpdate: {.: {}, f:maxSurge: {}, f:maxUnavailable: {}}, f:type: {}}
                f:template:
                  f:metadata: {f:labels: {.: {}, f:app: {}}}
                  f:spec:
                    f:containers:
                      'k:{"name":"app"}':
                        .: {}
                        f:image: {}
                        f:imagePullPolicy: {}
                        f:name: {}
                        f:ports:
                          .: {}
                          'k:{"containerPort":80,"protocol":"TCP"}': {.: {}, f:containerPort: {}, f:protocol: {}}
                        f:resources: {}
                        f:terminationMessagePath: {}
                        f:terminationMessagePolicy: {}
                    f:dnsPolicy: {}
                    f:restartPolicy: {}
                    f:schedulerName: {}
                    f:securityContext: {}
                    f:terminationGracePeriodSeconds: {}
                """));
  }

  @Test
  void oneFieldOfADeploymentCanBeOwned() {
    api.post(apps("deployments"), deployment("web"));
    var held =
        force(
            "serin",
            apps("deployments/web"),
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, labels:"
                + " {example.dev/owner: web}}, spec: {paused: true}}");
    assertThat(held.code()).isEqualTo(200);
    assertThat(owner(held, "serin", "Apply"))
        .isEqualTo(
            yaml(
                "{'f:metadata': {'f:labels': {'f:example.dev/owner': {}}}, 'f:spec': {'f:paused':"
                    + " {}}}"));
    assertThat(held.at("spec", "replicas").asInt()).isEqualTo(1);
    var released =
        force(
            "serin",
            apps("deployments/web"),
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, labels:"
                + " {example.dev/owner: web}}, spec: {paused: false}}");
    assertThat(released.at("spec").has("paused")).isFalse();
    var left =
        force(
            "serin",
            apps("deployments/web"),
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}");
    assertThat(left.at("metadata").has("labels")).isFalse();
    assertThat(left.at("spec", "template", "spec", "containers")).hasSize(1);
  }

  @Test
  void listsWithKeysAreMergedByKey() {
    apply(
        "one",
        core("services/web"),
        "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports:"
            + " [{name: http, port: 80}]}}");
    var both =
        apply(
            "two",
            core("services/web"),
            "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{name: admin,"
                + " port: 81}]}}");
    assertThat(both.code()).isEqualTo(200);
    assertThat(both.at("spec", "ports")).hasSize(2);
    assertThat(owner(both, "two", "Apply"))
        .isEqualTo(
            yaml(
                "{'f:spec': {'f:ports': {'k:{\"port\":81,\"protocol\":\"TCP\"}': {.: {}, 'f:name':"
                    + " {}, 'f:port': {}}}}}"));
    var left =
        apply(
            "two", core("services/web"), "{apiVersion: v1, kind: Service, metadata: {name: web}}");
    assertThat(left.at("spec", "ports")).hasSize(1);
    assertThat(left.at("spec", "ports").at("/0/name").asText()).isEqualTo("http");
  }

  @Test
  void environmentAndContainersAreMergedByKey() {
    api.post(apps("deployments"), deployment("web"));
    var added =
        apply(
            "two",
            apps("deployments/web"),
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {template: {spec:"
                + " {containers: [{name: app, env: [{name: A, value: '1'}]}]}}}}");
    assertThat(added.code()).isEqualTo(200);
    var container = added.at("spec", "template", "spec", "containers").get(0);
    assertThat(container.path("image").asText()).isEqualTo("registry/app:1");
    assertThat(container.path("env")).isEqualTo(yaml("[{name: A, value: '1'}]"));
    var left =
        apply(
            "two",
            apps("deployments/web"),
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}");
    assertThat(left.at("spec", "template", "spec", "containers").get(0).has("env")).isFalse();
  }

  @Test
  void statusIsAppliedThroughItsSubresource() {
    api.post(apps("deployments"), deployment("web"));
    var answer =
        apply(
            "one",
            apps("deployments/web/status"),
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 7},"
                + " status: {conditions: [{type: Mine, status: 'True', reason: R, message: m}]}}");
    assertThat(answer.code()).isIn(200, 409);
    var done =
        force(
            "one",
            apps("deployments/web/status"),
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, status: {conditions:"
                + " [{type: Mine, status: 'True', reason: R, message: m}]}}");
    assertThat(done.code()).isEqualTo(200);
    assertThat(done.at("spec", "replicas").asInt()).isEqualTo(1);
    assertThat(
            owner(done, "one", "Apply")
                .path("f:status")
                .path("f:conditions")
                .has("k:{\"type\":\"Mine\"}"))
        .isTrue();
    assertThat(done.at("metadata", "managedFields").toString())
        .contains("\"subresource\":\"status\"");
  }

  @Test
  void aTrackedObjectCanBeUntracked() {
    configMap("a", "{x: '1'}");
    var answer = api.patch(MERGE, core("configmaps/a"), "{metadata: {managedFields: [{}]}}");
    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.at("metadata").has("managedFields")).isFalse();
    var applied = applyMap("one", ", data: {x: '1'}");
    assertThat(applied.code()).isEqualTo(200);
    assertThat(owner(applied, "before-first-apply", "Update"))
        .isEqualTo(yaml("{'f:data': {.: {}, 'f:x': {}}}"));
  }

  @Test
  void anUnknownFieldCannotBeApplied() {
    var answer = applyMap("one", ", datas: {x: '1'}");
    assertThat(answer.code()).isEqualTo(500);
    assertThat(answer.message()).contains(".datas: field not declared in schema");
  }
}
