package dev.serin.sandbox.conformance;

import static dev.serin.sandbox.conformance.Calls.MERGE;
import static dev.serin.sandbox.conformance.Calls.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Lists, selectors, pages and watches.
abstract class ReadConformance extends ApiConformance {

  private String query(String rest) {
    return core("configmaps") + "?" + rest;
  }

  private List<String> selected(String selector) {
    var answer = api.get(query("labelSelector=" + encode(selector)));
    assertThat(answer.code()).as(selector).isEqualTo(200);
    var names = names(answer.body());
    names.remove("kube-root-ca.crt");
    return names;
  }

  private static String encode(String text) {
    return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
  }

  private static List<String> told(List<JsonNode> events) {
    var told = new ArrayList<String>();
    for (JsonNode event : events) {
      told.add(
          event.path("type").asText()
              + " "
              + event.path("object").path("metadata").path("name").asText());
    }
    return told;
  }

  private String revision() {
    return api.get(core("configmaps")).rv();
  }

  @Test
  void labelsSelect() {
    labelledMap("a", "{app: web, tier: front}");
    labelledMap("b", "{app: db}");
    labelledMap("c", "{other: x}");
    assertThat(selected("app=web")).containsExactly("a");
    assertThat(selected("app==web,tier")).containsExactly("a");
    assertThat(selected("app in (web, db)")).containsExactly("a", "b");
    assertThat(selected("app notin (web)")).containsExactly("b", "c");
    assertThat(selected("app!=web")).containsExactly("b", "c");
    assertThat(selected("app")).containsExactly("a", "b");
    assertThat(selected("!app")).containsExactly("c");
    assertThat(api.get(query("labelSelector=" + encode("app in web"))).code()).isEqualTo(400);
  }

  @Test
  void fieldsSelect() {
    configMap("a", "{}");
    configMap("b", "{}");
    var answer = api.get(query("fieldSelector=metadata.name%3Db"));
    assertThat(names(answer.body())).containsExactly("b");
    var unknown = api.get(query("fieldSelector=data.x%3Db"));
    assertThat(unknown.code()).isEqualTo(400);
    assertThat(unknown.message())
        .isEqualTo(
            "\"data.x\" is not a known field selector: only \"metadata.name\","
                + " \"metadata.namespace\"");
  }

  @Test
  void aListNamesItsKindAndRevision() {
    var answer = api.get(core("configmaps"));
    assertThat(answer.text("kind")).isEqualTo("ConfigMapList");
    assertThat(answer.text("apiVersion")).isEqualTo("v1");
    assertThat(answer.rv()).isNotEmpty();
  }

  @Test
  void allPagesShowTheStateOfTheFirst() {
    for (String name : List.of("a", "b", "c")) {
      labelledMap(name, "{page: x}");
    }
    var first = api.get(query("labelSelector=page%3Dx&limit=2"));
    assertThat(names(first.body())).containsExactly("a", "b");
    var token = first.text("metadata", "continue");
    assertThat(token).isNotEmpty();
    api.delete(core("configmaps/c"));
    labelledMap("d", "{page: x}");
    var second = api.get(query("labelSelector=page%3Dx&limit=2&continue=" + encode(token)));
    assertThat(names(second.body())).containsExactly("c");
    assertThat(second.rv()).isEqualTo(first.rv());
    assertThat(second.at("metadata").has("continue")).isFalse();
  }

  @Test
  void aPageSaysHowManyRemain() {
    for (String name : List.of("a", "b", "c")) {
      api.post(
          core("serviceaccounts"),
          "{apiVersion: v1, kind: ServiceAccount, metadata: {name: %s}}".formatted(name));
    }
    int all = api.get(core("serviceaccounts")).at("items").size();
    var first = api.get(core("serviceaccounts") + "?limit=1");
    assertThat(first.at("metadata", "remainingItemCount").asInt()).isEqualTo(all - 1);
  }

  @Test
  void aBadPageTokenIsRefused() {
    assertThat(api.get(query("limit=2&continue=nonsense")).code()).isEqualTo(400);
  }

  @Test
  void aWatchGoesOnFromARevision() {
    var from = revision();
    configMap("a", "{x: '1'}");
    api.patch(MERGE, core("configmaps/a"), "{data: {x: '2'}}");
    api.delete(core("configmaps/a"));
    var events =
        api.watch(
            query(
                "watch=true&timeoutSeconds=10&fieldSelector=metadata.name%3Da&resourceVersion="
                    + from),
            event -> event.path("type").asText().equals("DELETED"));
    assertThat(told(events)).containsExactly("ADDED a", "MODIFIED a", "DELETED a");
    var versions =
        events.stream()
            .map(e -> Long.parseLong(e.at("/object/metadata/resourceVersion").asText()))
            .toList();
    assertThat(versions).isSorted().doesNotHaveDuplicates();
    assertThat(events.getLast().at("/object/data/x").asText()).isEqualTo("2");
  }

  @Test
  void aWatchWithoutRevisionStartsWithWhatIsThere() {
    labelledMap("a", "{w: x}");
    labelledMap("b", "{w: x}");
    var events =
        api.watch(
            query("watch=true&timeoutSeconds=10&labelSelector=w%3Dx"),
            event -> event.at("/object/metadata/name").asText().equals("b"));
    assertThat(told(events)).containsExactly("ADDED a", "ADDED b");
  }

  @Test
  void anObjectThatLeavesASelectorIsToldAsDeleted() {
    var from = revision();
    labelledMap("a", "{w: x}");
    api.patch(MERGE, core("configmaps/a"), "{data: {n: '1'}}");
    api.patch(MERGE, core("configmaps/a"), "{metadata: {labels: {w: y}}}");
    api.patch(MERGE, core("configmaps/a"), "{data: {n: '2'}}");
    var back = api.patch(MERGE, core("configmaps/a"), "{metadata: {labels: {w: x}}}").rv();
    var events =
        api.watch(
            query("watch=true&timeoutSeconds=10&labelSelector=w%3Dx&resourceVersion=" + from),
            event -> event.at("/object/metadata/resourceVersion").asText().equals(back));
    assertThat(told(events)).containsExactly("ADDED a", "MODIFIED a", "DELETED a", "ADDED a");
    assertThat(events.get(2).at("/object/metadata/labels/w").asText()).isEqualTo("x");
  }

  @Test
  void theEndOfTheStartCanBeMarked() {
    labelledMap("a", "{w: z}");
    var events =
        api.watch(
            query(
                "watch=true&timeoutSeconds=10&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&labelSelector=w%3Dz"),
            event -> event.path("type").asText().equals("BOOKMARK"));
    assertThat(told(events.subList(0, 1))).containsExactly("ADDED a");
    assertThat(
            events
                .getLast()
                .at("/object/metadata/annotations")
                .path("k8s.io/initial-events-end")
                .asText())
        .isEqualTo("true");
  }

  @Test
  void aWatchFromTheForgottenPastIsGone() {
    var events =
        api.watch(
            query("watch=true&timeoutSeconds=10&resourceVersion=" + forgottenRevision()),
            event -> event.path("type").asText().equals("ERROR"));
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().at("/object/kind").asText()).isEqualTo("Status");
    assertThat(events.getFirst().at("/object/code").asInt()).isEqualTo(410);
    assertThat(events.getFirst().at("/object/reason").asText()).isEqualTo("Expired");
  }

  /// A revision that the server has no longer; it may have to be made to forget first.
  abstract String forgottenRevision();

  @Test
  void aWatchEndsWhenItsTimeIsOver() {
    var events =
        api.watch(
            query("watch=true&timeoutSeconds=1&fieldSelector=metadata.name%3Dnone"),
            event -> false);
    assertThat(events).isEmpty();
  }

  @Test
  void metadataAloneCanBeRead() {
    configMap("a", "{x: '1'}");
    var answer =
        api.get(
            core("configmaps/a"), "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
    assertThat(answer.text("kind")).isEqualTo("PartialObjectMetadata");
    assertThat(answer.text("apiVersion")).isEqualTo("meta.k8s.io/v1");
    assertThat(answer.text("metadata", "name")).isEqualTo("a");
    assertThat(answer.body().has("data")).isFalse();
    var list =
        api.get(
            core("configmaps"),
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");
    assertThat(list.text("kind")).isEqualTo("PartialObjectMetadataList");
    assertThat(list.at("items").get(0).has("data")).isFalse();
  }

  @Test
  void aTableCanBeRead() {
    configMap("a", "{x: '1'}");
    var answer =
        api.get(
            core("configmaps/a"), "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
    assertThat(answer.text("kind")).isEqualTo("Table");
    assertThat(answer.at("columnDefinitions").get(0).path("name").asText()).isEqualTo("Name");
    assertThat(answer.at("rows").get(0).path("cells").get(0).asText()).isEqualTo("a");
    assertThat(answer.at("rows").get(0).at("/object/metadata/name").asText()).isEqualTo("a");
  }

  @Test
  void kindsAreDiscovered() {
    var groups = api.get("/apis");
    assertThat(groups.text("kind")).isEqualTo("APIGroupList");
    var apps = api.get("/apis/apps");
    assertThat(apps.at("preferredVersion")).isEqualTo(yaml("{groupVersion: apps/v1, version: v1}"));
    var resources = api.get("/apis/apps/v1");
    assertThat(resources.text("groupVersion")).isEqualTo("apps/v1");
    for (JsonNode resource : resources.at("resources")) {
      if (resource.path("name").asText().equals("deployments")) {
        assertThat(resource.path("kind").asText()).isEqualTo("Deployment");
        assertThat(resource.path("namespaced").asBoolean()).isTrue();
        assertThat(resource.path("shortNames")).isEqualTo(yaml("[deploy]"));
      }
      if (resource.path("name").asText().equals("deployments/scale")) {
        assertThat(resource.path("group").asText()).isEqualTo("autoscaling");
        assertThat(resource.path("kind").asText()).isEqualTo("Scale");
      }
    }
    assertThat(api.get("/apis/none.example.dev/v1").code()).isEqualTo(404);
    assertThat(api.get("/version").text("major")).isEqualTo("1");
    assertThat(api.get("/version").text("minor")).isEqualTo("36");
  }

  @Test
  void eventsAreServedByTwoGroups() {
    var made =
        api.post(
            "/apis/events.k8s.io/v1/namespaces/" + namespace + "/events",
            ("{apiVersion: events.k8s.io/v1, kind: Event, metadata: {name: e, namespace: %s},"
                    + " regarding: {kind: Deployment, name: web, namespace: %s}, reason: Promoted,"
                    + " note: done, type: Normal, action: Promote, eventTime:"
                    + " '2026-01-01T00:00:00.000000Z', reportingController: serin.dev/x,"
                    + " reportingInstance: y}")
                .formatted(namespace, namespace));
    assertThat(made.code()).as(made.message()).isEqualTo(201);
    var core = api.get(core("events/e"));
    assertThat(core.text("message")).isEqualTo("done");
    assertThat(core.text("involvedObject", "name")).isEqualTo("web");
    assertThat(core.text("reportingComponent")).isEqualTo("serin.dev/x");
    assertThat(core.text("apiVersion")).isEqualTo("v1");
  }
}
