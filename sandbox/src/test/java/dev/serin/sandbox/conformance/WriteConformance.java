package dev.serin.sandbox.conformance;

import static dev.serin.sandbox.conformance.Calls.MERGE;
import static dev.serin.sandbox.conformance.Calls.OPERATIONS;
import static dev.serin.sandbox.conformance.Calls.STRATEGIC;
import static dev.serin.sandbox.conformance.Calls.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import org.junit.jupiter.api.Test;

/// Creating, replacing and patching.
abstract class WriteConformance extends ApiConformance {

  @Test
  void whatExistsIsNotCreatedAgain() {
    configMap("a", "{}");
    var again = configMap("a", "{}");
    assertThat(again.code()).isEqualTo(409);
    assertThat(again.reason()).isEqualTo("AlreadyExists");
    assertThat(again.message()).isEqualTo("configmaps \"a\" already exists");
    assertThat(again.at("details")).isEqualTo(yaml("{name: a, kind: configmaps}"));
  }

  @Test
  void aMissingObjectIsNotFound() {
    var missing = api.get(apps("deployments/none"));
    assertThat(missing.code()).isEqualTo(404);
    assertThat(missing.reason()).isEqualTo("NotFound");
    assertThat(missing.message()).isEqualTo("deployments.apps \"none\" not found");
    assertThat(missing.at("details"))
        .isEqualTo(yaml("{name: none, group: apps, kind: deployments}"));
  }

  @Test
  void anUnknownKindIsNotFound() {
    var missing = api.get("/apis/none.example.dev/v1/nothings");
    assertThat(missing.code()).isEqualTo(404);
  }

  @Test
  void namespacesMustExist() {
    var answer =
        api.post(
            "/api/v1/namespaces/none/configmaps",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");
    assertThat(answer.code()).isEqualTo(404);
    assertThat(answer.message()).isEqualTo("namespaces \"none\" not found");
  }

  @Test
  void namesAreChecked() {
    var answer = configMap("Not_Good", "{}");
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.reason()).isEqualTo("Invalid");
    assertThat(answer.message())
        .startsWith(
            "ConfigMap \"Not_Good\" is invalid: metadata.name: Invalid value: \"Not_Good\": a lowercase RFC 1123 subdomain");
    assertThat(answer.at("details", "causes").get(0).path("reason").asText())
        .isEqualTo("FieldValueInvalid");
  }

  @Test
  void aNameIsNeeded() {
    var answer = api.post(core("configmaps"), "{apiVersion: v1, kind: ConfigMap, metadata: {}}");
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message())
        .isEqualTo(
            "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is"
                + " required");
  }

  @Test
  void namesAreGenerated() {
    var body = "{apiVersion: v1, kind: ConfigMap, metadata: {generateName: web-}}";
    var first = api.post(core("configmaps"), body);
    var second = api.post(core("configmaps"), body);
    assertThat(first.text("metadata", "name")).matches("web-[bcdfghjklmnpqrstvwxz2456789]{5}");
    assertThat(first.text("metadata", "name")).isNotEqualTo(second.text("metadata", "name"));
    assertThat(first.text("metadata", "generateName")).isEqualTo("web-");
  }

  @Test
  void anObjectCannotBeCreatedWithAResourceVersion() {
    var answer =
        api.post(
            core("configmaps"),
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, resourceVersion: \"1\"}}");
    assertThat(answer.code()).isIn(400, 500);
    assertThat(answer.message())
        .contains("resourceVersion should not be set on objects to be created");
  }

  @Test
  void theKindOfTheBodyMustFitTheUrl() {
    var answer =
        api.post(core("configmaps"), "{apiVersion: v1, kind: Secret, metadata: {name: a}}");
    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.reason()).isEqualTo("BadRequest");
  }

  @Test
  void theNamespaceOfTheBodyMustFitTheUrl() {
    var answer =
        api.post(
            core("configmaps"),
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: other}}");
    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message())
        .isEqualTo(
            "the namespace of the provided object does not match the namespace sent on the"
                + " request");
  }

  @Test
  void aWrongTypeIsABadRequest() {
    var answer =
        api.post(apps("deployments"), deployment("web").replace("replicas: 1", "replicas: many"));
    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message())
        .contains("cannot be handled as a Deployment")
        .contains("spec.replicas");
  }

  @Test
  void unknownFieldsAreDroppedUnlessStrict() {
    var body = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: y}, datas: {}}";
    var strict = api.post(core("configmaps") + "?fieldValidation=Strict", body);
    assertThat(strict.code()).isEqualTo(400);
    assertThat(strict.message()).contains("strict decoding error: unknown field \"datas\"");
    var lenient = api.post(core("configmaps"), body);
    assertThat(lenient.code()).isEqualTo(201);
    assertThat(lenient.body().has("datas")).isFalse();
  }

  @Test
  void zeroesThatMayBeLeftOutAreLeftOut() {
    var made =
        api.post(
            apps("deployments"),
            deployment("web")
                .replace("paused: true", "paused: false\n  minReadySeconds: 0")
                .replace("{name: web}", "{name: web, annotations: {}, labels: {}}"));
    assertThat(made.code()).isEqualTo(201);
    assertThat(made.at("spec").has("paused")).isFalse();
    assertThat(made.at("spec").has("minReadySeconds")).isFalse();
    assertThat(made.at("metadata").has("annotations")).isFalse();
    assertThat(made.at("metadata").has("labels")).isFalse();
  }

  @Test
  void aDeploymentIsFilledWithDefaults() {
    var spec = api.post(apps("deployments"), deployment("web")).at("spec");
    var expected =
        yaml(
            """
            paused: true
            progressDeadlineSeconds: 600
            replicas: 1
            revisionHistoryLimit: 10
            selector: {matchLabels: {app: web}}
            strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}
            template:
              metadata: {labels: {app: web}}
              spec:
                containers:
                - image: "registry/app:1"
                  imagePullPolicy: IfNotPresent
                  name: app
                  ports: [{containerPort: 80, protocol: TCP}]
                  resources: {}
                  terminationMessagePath: /dev/termination-log
                  terminationMessagePolicy: File
                dnsPolicy: ClusterFirst
                restartPolicy: Always
                schedulerName: default-scheduler
                securityContext: {}
                terminationGracePeriodSeconds: 30
            """);
    assertThat(spec).isEqualTo(expected);
  }

  @Test
  void aServiceIsFilledWithDefaults() {
    var made =
        api.post(
            core("services"),
            "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web},"
                + " ports: [{port: 80, targetPort: http, name: http}]}}");
    assertThat(made.code()).isEqualTo(201);
    var spec = (ObjectNode) made.at("spec").deepCopy();
    var ip = spec.remove("clusterIP").asText();
    assertThat(ip).startsWith("10.96.");
    assertThat(spec.remove("clusterIPs").get(0).asText()).isEqualTo(ip);
    assertThat(spec)
        .isEqualTo(
            yaml(
                "{internalTrafficPolicy: Cluster, ipFamilies: [IPv4], ipFamilyPolicy: SingleStack,"
                    + " ports: [{name: http, port: 80, protocol: TCP, targetPort: http}], selector:"
                    + " {app: web}, sessionAffinity: None, type: ClusterIP}"));
    assertThat(made.at("status")).isEqualTo(yaml("{loadBalancer: {}}"));
  }

  @Test
  void aStaleWriteIsAConflict() {
    var stale = configMap("a", "{x: '1'}").object();
    api.patch(MERGE, core("configmaps/a"), "{data: {x: '2'}}");
    with(stale, "/data", "x", TextNode.valueOf("3"));
    var answer = api.put(core("configmaps/a"), stale);
    assertThat(answer.code()).isEqualTo(409);
    assertThat(answer.reason()).isEqualTo("Conflict");
    assertThat(answer.message())
        .isEqualTo(
            "Operation cannot be fulfilled on configmaps \"a\": the object has been modified;"
                + " please apply your changes to the latest version and try again");
    assertThat(answer.at("details")).isEqualTo(yaml("{name: a, kind: configmaps}"));
  }

  @Test
  void aPatchWithAStaleResourceVersionIsAConflict() {
    var stale = configMap("a", "{x: '1'}").rv();
    api.patch(MERGE, core("configmaps/a"), "{data: {x: '2'}}");
    var answer =
        api.patch(
            MERGE,
            core("configmaps/a"),
            "{metadata: {resourceVersion: '%s'}, data: {x: '3'}}".formatted(stale));
    assertThat(answer.code()).isEqualTo(409);
  }

  @Test
  void aBuiltInKindMayBeReplacedUnconditionally() {
    var object = configMap("a", "{x: '1'}").object();
    ((ObjectNode) object.path("metadata")).remove("resourceVersion");
    with(object, "/data", "x", TextNode.valueOf("2"));
    assertThat(api.put(core("configmaps/a"), object).code()).isEqualTo(200);
  }

  @Test
  void anotherUidIsAConflict() {
    var object = configMap("a", "{x: '1'}").object();
    ((ObjectNode) object.path("metadata")).put("uid", "00000000-0000-4000-8000-000000000000");
    var answer = api.put(core("configmaps/a"), object);
    assertThat(answer.code()).isEqualTo(409);
    assertThat(answer.message()).contains("Precondition failed: UID in precondition");
  }

  @Test
  void aWriteThatChangesNothingKeepsTheResourceVersion() {
    var made = configMap("a", "{x: '1'}");
    assertThat(api.put(core("configmaps/a"), made.body()).rv()).isEqualTo(made.rv());
    assertThat(api.patch(MERGE, core("configmaps/a"), "{data: {x: '1'}}").rv())
        .isEqualTo(made.rv());
  }

  @Test
  void systemFieldsAreNotTheCallersToWrite() {
    var made = configMap("a", "{x: '1'}");
    var patched =
        api.patch(
            MERGE,
            core("configmaps/a"),
            "{metadata: {creationTimestamp: '2001-01-01T00:00:00Z', generation: 7}, data: {x: '2'}}");
    assertThat(patched.code()).isEqualTo(200);
    assertThat(patched.text("metadata", "creationTimestamp"))
        .isEqualTo(made.text("metadata", "creationTimestamp"));
    assertThat(patched.at("metadata").has("generation")).isFalse();
    var deleted =
        api.patch(
            MERGE, core("configmaps/a"), "{metadata: {deletionTimestamp: '2001-01-01T00:00:00Z'}}");
    assertThat(deleted.code()).isEqualTo(422);
    assertThat(deleted.message())
        .isEqualTo(
            "ConfigMap \"a\" is invalid: metadata.deletionTimestamp: Invalid value:"
                + " \"2001-01-01T00:00:00Z\": field is immutable");
  }

  @Test
  void theNameOfTheBodyMustFitTheUrl() {
    var object = configMap("a", "{}").object();
    ((ObjectNode) object.path("metadata")).put("name", "b");
    var answer = api.put(core("configmaps/a"), object);
    assertThat(answer.code()).isEqualTo(400);
    assertThat(answer.message())
        .isEqualTo("the name of the object (b) does not match the name on the URL (a)");
  }

  @Test
  void aMergePatchRemovesWithNull() {
    configMap("a", "{x: '1', y: '2'}");
    var patched = api.patch(MERGE, core("configmaps/a"), "{data: {x: null, z: '3'}}");
    assertThat(patched.code()).isEqualTo(200);
    assertThat(patched.at("data")).isEqualTo(yaml("{y: '2', z: '3'}"));
  }

  @Test
  void jsonPatchOperationsAreCarriedOut() {
    configMap("a", "{x: '1', y: '2'}");
    var patched =
        api.patch(
            OPERATIONS,
            core("configmaps/a"),
            """
            - {op: test, path: /data/x, value: '1'}
            - {op: replace, path: /data/x, value: '5'}
            - {op: remove, path: /data/y}
            - {op: add, path: /metadata/labels, value: {}}
            - {op: add, path: /metadata/labels/a.b~1c, value: d}
            """);
    assertThat(patched.code()).isEqualTo(200);
    assertThat(patched.at("data")).isEqualTo(yaml("{x: '5'}"));
    assertThat(patched.at("metadata", "labels")).isEqualTo(yaml("{a.b/c: d}"));
  }

  @Test
  void aJsonPatchWhoseTestFailsIsRefused() {
    configMap("a", "{x: '1'}");
    var answer =
        api.patch(
            OPERATIONS,
            core("configmaps/a"),
            "[{op: test, path: /data/x, value: '2'}, {op: replace, path: /data/x, value: '3'}]");
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.reason()).isEqualTo("Invalid");
    assertThat(answer.message())
        .isEqualTo("the server rejected our request due to an error in our request");
    assertThat(api.get(core("configmaps/a")).text("data", "x")).isEqualTo("1");
  }

  @Test
  void aJsonPatchOfSomethingMissingIsRefused() {
    configMap("a", "{x: '1'}");
    assertThat(
            api.patch(OPERATIONS, core("configmaps/a"), "[{op: remove, path: /data/none}]").code())
        .isEqualTo(422);
    assertThat(
            api.patch(
                    OPERATIONS, core("configmaps/a"), "[{op: replace, path: /none/none, value: a}]")
                .code())
        .isEqualTo(422);
    // Not what the RFC says.
    assertThat(
            api.patch(OPERATIONS, core("configmaps/a"), "[{op: replace, path: /data/y, value: a}]")
                .at("data"))
        .isEqualTo(yaml("{x: '1', y: a}"));
    assertThat(
            api.patch(OPERATIONS, core("configmaps/a"), "[{op: add, path: /spec/none, value: a}]")
                .code())
        .isEqualTo(422);
  }

  @Test
  void aStrategicPatchMergesListsByKey() {
    api.post(apps("deployments"), deployment("web"));
    var patched =
        api.patch(
            STRATEGIC,
            apps("deployments/web"),
            """
            spec:
              template:
                spec:
                  containers:
                  - {name: app, image: "registry/app:2", env: [{name: A, value: b}]}
                  - {name: side, image: "registry/side:1"}
            """);
    assertThat(patched.code()).isEqualTo(200);
    var containers = patched.at("spec", "template", "spec", "containers");
    assertThat(containers).hasSize(2);
    assertThat(containers.at("/1/name").asText()).isEqualTo("side");
    assertThat(containers.at("/0/image").asText()).isEqualTo("registry/app:2");
    assertThat(containers.at("/0/ports/0/containerPort").asInt()).isEqualTo(80);
    var deleted =
        api.patch(
            STRATEGIC,
            apps("deployments/web"),
            "{spec: {template: {spec: {$setElementOrder/containers: [{name: app}], containers:"
                + " [{name: side, $patch: delete}]}}}}");
    assertThat(deleted.at("spec", "template", "spec", "containers")).hasSize(1);
  }

  @Test
  void aStrategicPatchRetainsOnlyTheNamedKeys() {
    api.post(apps("deployments"), deployment("web"));
    var patched =
        api.patch(
            STRATEGIC,
            apps("deployments/web"),
            "{spec: {strategy: {$retainKeys: [type], type: Recreate}}}");
    assertThat(patched.code()).isEqualTo(200);
    assertThat(patched.at("spec", "strategy")).isEqualTo(yaml("{type: Recreate}"));
  }

  @Test
  void anUnknownPatchIsRefused() {
    configMap("a", "{}");
    assertThat(api.patch("application/json", core("configmaps/a"), "{}").code()).isEqualTo(415);
  }

  @Test
  void aDryRunWritesNothing() {
    var answer =
        api.post(
            core("configmaps") + "?dryRun=All",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}");
    assertThat(answer.code()).isEqualTo(201);
    assertThat(answer.at("metadata").has("uid")).isTrue();
    assertThat(api.get(core("configmaps/a")).code()).isEqualTo(404);
    var made = configMap("b", "{x: '1'}");
    api.patch(MERGE, core("configmaps/b") + "?dryRun=All", "{data: {x: '2'}}");
    api.delete(core("configmaps/b") + "?dryRun=All");
    assertThat(api.get(core("configmaps/b")).rv()).isEqualTo(made.rv());
  }

  @Test
  void theSelectorOfADeploymentCannotBeChanged() {
    api.post(apps("deployments"), deployment("web"));
    var answer =
        api.patch(
            MERGE,
            apps("deployments/web"),
            "{spec: {selector: {matchLabels: {app: other}}, template: {metadata: {labels: {app:"
                + " other}}}}}");
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message())
        .isEqualTo(
            "Deployment.apps \"web\" is invalid: spec.selector: Invalid value:"
                + " {\"matchLabels\":{\"app\":\"other\"}}: field is immutable");
    assertThat(answer.at("details", "causes").get(0))
        .isEqualTo(
            yaml(
                "{reason: FieldValueInvalid, field: spec.selector, message: 'Invalid value:"
                    + " {\"matchLabels\":{\"app\":\"other\"}}: field is immutable'}"));
  }

  @Test
  void theSelectorOfADeploymentMustMatchItsTemplate() {
    var answer =
        api.post(
            apps("deployments"),
            deployment("web").replace("labels: {app: web}", "labels: {app: other}"));
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message())
        .isEqualTo(
            "Deployment.apps \"web\" is invalid: spec.template.metadata.labels: Invalid value:"
                + " {\"app\":\"other\"}: `selector` does not match template `labels`");
  }

  @Test
  void twoProblemsAreToldTogether() {
    var answer =
        api.post(
            apps("deployments"),
            deployment("web")
                .replace("labels: {app: web}", "labels: {app: other}")
                .replace("name: app,", "name: App,"));
    assertThat(answer.code()).isEqualTo(422);
    assertThat(answer.message()).startsWith("Deployment.apps \"web\" is invalid: [");
    assertThat(answer.at("details", "causes")).hasSize(2);
  }

  @Test
  void generationCountsChangesOfTheSpecAndOfADeploymentsAnnotations() {
    var made = api.post(apps("deployments"), deployment("web"));
    assertThat(made.at("metadata", "generation").asInt()).isEqualTo(1);
    var labelled = api.patch(MERGE, apps("deployments/web"), "{metadata: {labels: {a: b}}}");
    assertThat(labelled.at("metadata", "generation").asInt()).isEqualTo(1);
    var annotated = api.patch(MERGE, apps("deployments/web"), "{metadata: {annotations: {a: b}}}");
    assertThat(annotated.at("metadata", "generation").asInt()).isEqualTo(2);
    var scaled = api.patch(MERGE, apps("deployments/web"), "{spec: {replicas: 0}}");
    assertThat(scaled.at("metadata", "generation").asInt()).isEqualTo(3);
  }

  @Test
  void whoHasNoRightsIsToldWhatIsMissing() {
    var stranger = api.as(stranger());
    var one = stranger.get(apps("deployments/web"));
    assertThat(one.code()).isEqualTo(403);
    assertThat(one.reason()).isEqualTo("Forbidden");
    assertThat(one.message())
        .isEqualTo(
            ("deployments.apps \"web\" is forbidden: User \"stranger\" cannot get resource"
                    + " \"deployments\" in API group \"apps\" in the namespace \"%s\"")
                .formatted(namespace));
    var all = stranger.get("/api/v1/pods");
    assertThat(all.message())
        .isEqualTo(
            "pods is forbidden: User \"stranger\" cannot list resource \"pods\" in API group \"\""
                + " at the cluster scope");
    var sub = stranger.put(apps("deployments/web/scale"), yaml("{}"));
    assertThat(sub.message())
        .isEqualTo(
            ("deployments.apps \"web\" is forbidden: User \"stranger\" cannot update resource"
                    + " \"deployments/scale\" in API group \"apps\" in the namespace \"%s\"")
                .formatted(namespace));
    assertThat(api.as("nobody").get("/api/v1/pods").code()).isEqualTo(401);
  }

  @Test
  void rolesGiveRights() {
    var stranger = api.as(stranger());
    var rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/" + namespace;
    api.post(
        rbac + "/roles",
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r}, rules:"
            + " [{apiGroups: [''], resources: [configmaps], verbs: [get, create]}]}");
    api.post(
        rbac + "/rolebindings",
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: r},"
            + " roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}, subjects:"
            + " [{kind: User, apiGroup: rbac.authorization.k8s.io, name: stranger}]}");
    configMap("a", "{}");
    eventually(() -> stranger.get(core("configmaps/a")), answer -> answer.code() == 200);
    assertThat(stranger.get(core("configmaps")).code()).isEqualTo(403);
    assertThat(stranger.delete(core("configmaps/a")).code()).isEqualTo(403);
    var review =
        stranger.post(
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            ("{apiVersion: authorization.k8s.io/v1, kind: SelfSubjectAccessReview, spec:"
                    + " {resourceAttributes: {namespace: %s, verb: create, resource: configmaps}}}")
                .formatted(namespace));
    assertThat(review.code()).isEqualTo(201);
    assertThat(review.at("status", "allowed").asBoolean()).isTrue();
  }
}
