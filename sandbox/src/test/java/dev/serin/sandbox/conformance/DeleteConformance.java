package dev.serin.sandbox.conformance;

import static dev.serin.sandbox.conformance.Calls.MERGE;
import static dev.serin.sandbox.conformance.Calls.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Deletion: preconditions, finalizers, grace, and what becomes of dependents.
abstract class DeleteConformance extends ApiConformance {

  private String owned(String name, String owner, String uid, String rest) {
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: %s
      ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: %s, uid: %s%s}]
    """
        .formatted(name, owner, uid, rest);
  }

  private boolean gone(String path) {
    return eventually(() -> api.get(path), answer -> answer.code() == 404).code() == 404;
  }

  @Test
  void aDeletionSaysWhatWasDeleted() {
    var made = configMap("a", "{}");
    var answer = api.delete(core("configmaps/a"));
    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.text("kind")).isEqualTo("Status");
    assertThat(answer.text("status")).isEqualTo("Success");
    assertThat(answer.at("details"))
        .isEqualTo(
            yaml("{name: a, kind: configmaps, uid: %s}".formatted(made.text("metadata", "uid"))));
    assertThat(api.delete(core("configmaps/a")).code()).isEqualTo(404);
  }

  @Test
  void onlyTheObjectWithTheUidIsDeleted() {
    var made = configMap("a", "{}");
    var refused =
        api.delete(
            core("configmaps/a"),
            "{apiVersion: v1, kind: DeleteOptions, preconditions: {uid: other}}");
    assertThat(refused.code()).isEqualTo(409);
    assertThat(refused.reason()).isEqualTo("Conflict");
    assertThat(refused.message())
        .contains("the UID in the precondition (other) does not match the UID in record");
    var done =
        api.delete(
            core("configmaps/a"),
            "{apiVersion: v1, kind: DeleteOptions, preconditions: {uid: %s}}"
                .formatted(made.text("metadata", "uid")));
    assertThat(done.code()).isEqualTo(200);
  }

  @Test
  void onlyTheVersionIsDeleted() {
    var stale = configMap("a", "{}").rv();
    var fresh = api.patch(MERGE, core("configmaps/a"), "{data: {x: '1'}}").rv();
    var body = "{apiVersion: v1, kind: DeleteOptions, preconditions: {resourceVersion: '%s'}}";
    assertThat(api.delete(core("configmaps/a"), body.formatted(stale)).code()).isEqualTo(409);
    assertThat(api.delete(core("configmaps/a"), body.formatted(fresh)).code()).isEqualTo(200);
  }

  @Test
  void aFinalizerKeepsAnObjectUntilItIsTakenAway() {
    api.post(
        core("configmaps"),
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, finalizers: [example.dev/f]}}");
    var deleted = api.delete(core("configmaps/a"));
    assertThat(deleted.code()).isEqualTo(200);
    assertThat(deleted.text("kind")).isEqualTo("ConfigMap");
    assertThat(deleted.at("metadata").has("deletionTimestamp")).isTrue();
    assertThat(deleted.at("metadata", "deletionGracePeriodSeconds").asInt(-1)).isZero();
    var kept = api.get(core("configmaps/a"));
    assertThat(kept.code()).isEqualTo(200);
    var again = api.delete(core("configmaps/a"));
    assertThat(again.code()).isEqualTo(200);
    assertThat(again.rv()).isEqualTo(kept.rv());
    var refused =
        api.patch(
            MERGE,
            core("configmaps/a"),
            "{metadata: {finalizers: [example.dev/f, example.dev/g]}}");
    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.message())
        .isEqualTo(
            "ConfigMap \"a\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be"
                + " added if the object is being deleted, found new finalizers"
                + " []string{\"example.dev/g\"}");
    var written = api.patch(MERGE, core("configmaps/a"), "{data: {x: '1'}}");
    assertThat(written.code()).isEqualTo(200);
    var freed = api.patch(MERGE, core("configmaps/a"), "{metadata: {finalizers: []}}");
    assertThat(freed.code()).isEqualTo(200);
    assertThat(api.get(core("configmaps/a")).code()).isEqualTo(404);
  }

  @Test
  void theStartOfADeletionCountsAsAGeneration() {
    api.post(
        apps("deployments"),
        deployment("web").replace("{name: web}", "{name: web, finalizers: [example.dev/f]}"));
    var before = api.get(apps("deployments/web"));
    var deleted = api.delete(apps("deployments/web"));
    assertThat(deleted.at("metadata", "generation").asInt())
        .isEqualTo(before.at("metadata", "generation").asInt() + 1);
    eventually(
        () -> api.patch(MERGE, apps("deployments/web"), "{metadata: {finalizers: []}}"),
        answer -> answer.code() == 200);
    assertThat(gone(apps("deployments/web"))).isTrue();
  }

  @Test
  void aCollectionIsDeletedBySelector() {
    labelledMap("a", "{d: x}");
    labelledMap("b", "{d: x}");
    labelledMap("c", "{d: y}");
    var answer = api.delete(core("configmaps") + "?labelSelector=d%3Dx");
    assertThat(answer.code()).isEqualTo(200);
    assertThat(answer.text("kind")).isEqualTo("ConfigMapList");
    assertThat(names(answer.body())).containsExactly("a", "b");
    assertThat(names(api.get(core("configmaps") + "?labelSelector=d").body())).containsExactly("c");
  }

  @Test
  void aPodOfANodeIsGivenTimeToEnd() {
    api.post(
        core("pods"),
        "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {nodeName: n1, containers: [{name:"
            + " app, image: x}]}}");
    var deleted = api.delete(core("pods/p"));
    assertThat(deleted.code()).isEqualTo(200);
    assertThat(deleted.text("kind")).isEqualTo("Pod");
    assertThat(deleted.at("metadata", "deletionGracePeriodSeconds").asInt()).isEqualTo(30);
    assertThat(api.get(core("pods/p")).code()).isEqualTo(200);
    var now =
        api.delete(core("pods/p"), "{apiVersion: v1, kind: DeleteOptions, gracePeriodSeconds: 0}");
    assertThat(now.code()).isEqualTo(200);
    assertThat(api.get(core("pods/p")).code()).isEqualTo(404);
  }

  @Test
  void aPodWithoutANodeGoesAtOnce() {
    var pod =
        api.post(
            core("pods"),
            "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {schedulerName: nobody,"
                + " containers: [{name: app, image: x}]}}");
    assertThat(pod.text("status", "phase")).isEqualTo("Pending");
    api.delete(core("pods/p"));
    assertThat(api.get(core("pods/p")).code()).isEqualTo(404);
  }

  @Test
  void whatIsOwnedGoesAfterItsOwner() {
    var uid = configMap("owner", "{}").text("metadata", "uid");
    api.post(core("configmaps"), owned("child", "owner", uid, ""));
    api.delete(core("configmaps/owner"));
    assertThat(gone(core("configmaps/child"))).isTrue();
  }

  @Test
  void whatHasAnotherOwnerStays() {
    var one = configMap("one", "{}").text("metadata", "uid");
    var two = configMap("two", "{}").text("metadata", "uid");
    api.post(
        core("configmaps"),
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: child
          ownerReferences:
          - {apiVersion: v1, kind: ConfigMap, name: one, uid: %s}
          - {apiVersion: v1, kind: ConfigMap, name: two, uid: %s}
        """
            .formatted(one, two));
    api.delete(core("configmaps/one"));
    var child =
        eventually(
            () -> api.get(core("configmaps/child")),
            answer -> answer.at("metadata", "ownerReferences").size() == 1);
    assertThat(child.at("metadata", "ownerReferences").get(0).path("name").asText())
        .isEqualTo("two");
  }

  @Test
  void anOwnerThatNeverWasTakesItsDependentWithIt() {
    api.post(
        core("configmaps"), owned("child", "none", "00000000-0000-4000-8000-000000000001", ""));
    assertThat(gone(core("configmaps/child"))).isTrue();
  }

  @Test
  void orphansStayAndLoseTheirOwner() {
    var uid = configMap("owner", "{}").text("metadata", "uid");
    api.post(core("configmaps"), owned("child", "owner", uid, ""));
    var deleted =
        api.delete(
            core("configmaps/owner"),
            "{apiVersion: v1, kind: DeleteOptions, propagationPolicy: Orphan}");
    assertThat(deleted.code()).isEqualTo(200);
    assertThat(gone(core("configmaps/owner"))).isTrue();
    var child = api.get(core("configmaps/child"));
    assertThat(child.code()).isEqualTo(200);
    assertThat(child.at("metadata").has("ownerReferences")).isFalse();
  }

  @Test
  void inTheForegroundTheOwnerGoesLast() {
    var uid = configMap("owner", "{}").text("metadata", "uid");
    api.post(
        core("configmaps"),
        owned("child", "owner", uid, ", blockOwnerDeletion: true")
            .replace("name: child", "name: child\n  finalizers: [example.dev/f]"));
    // The collector must know of the child, or the owner has nothing to wait for.
    eventually(() -> api.get(core("configmaps/child")), answer -> answer.code() == 200);
    var deleted =
        api.delete(
            core("configmaps/owner"),
            "{apiVersion: v1, kind: DeleteOptions, propagationPolicy: Foreground}");
    assertThat(deleted.at("metadata", "finalizers")).isEqualTo(yaml("[foregroundDeletion]"));
    eventually(
        () -> api.get(core("configmaps/child")),
        answer -> answer.at("metadata").has("deletionTimestamp"));
    assertThat(api.get(core("configmaps/owner")).code()).isEqualTo(200);
    api.patch(MERGE, core("configmaps/child"), "{metadata: {finalizers: []}}");
    assertThat(gone(core("configmaps/child"))).isTrue();
    assertThat(gone(core("configmaps/owner"))).isTrue();
  }

  @Test
  void aNamespaceGoesWhenItsContentIsGone() {
    var other = namespace + "-b";
    api.post(
        "/api/v1/namespaces",
        "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(other));
    api.post(
        "/api/v1/namespaces/" + other + "/configmaps",
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, finalizers: [example.dev/f]}}");
    var deleted = api.delete("/api/v1/namespaces/" + other);
    assertThat(deleted.code()).isEqualTo(200);
    assertThat(deleted.text("status", "phase")).isEqualTo("Terminating");
    var refused =
        api.post(
            "/api/v1/namespaces/" + other + "/configmaps",
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}");
    assertThat(refused.code()).isEqualTo(403);
    assertThat(refused.message())
        .isEqualTo(
            "configmaps \"b\" is forbidden: unable to create new content in namespace %s because it is being terminated"
                .formatted(other));
    eventually(
        () -> api.get("/api/v1/namespaces/" + other + "/configmaps/a"),
        answer -> answer.at("metadata").has("deletionTimestamp"));
    api.patch(
        MERGE, "/api/v1/namespaces/" + other + "/configmaps/a", "{metadata: {finalizers: []}}");
    assertThat(gone("/api/v1/namespaces/" + other)).isTrue();
  }
}
