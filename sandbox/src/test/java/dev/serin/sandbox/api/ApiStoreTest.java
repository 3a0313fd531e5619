package dev.serin.sandbox.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiStoreTest {

  private final ApiStore store =
      new ApiStore(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")), 1);
  private final ApiClient api = store.as(Caller.admin());

  @Test
  void sameSeedAndOrderGiveTheSameObjects() {
    var other = new ApiStore(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")), 1);
    assertThat(api.create(generated())).isEqualTo(other.as(Caller.admin()).create(generated()));
  }

  private static ObjectNode generated() {
    var object = configMap("");
    Meta.of(object).remove("name");
    Meta.of(object).put("generateName", "a-");
    return object;
  }

  @Test
  void aWriteThatChangesNothingKeepsTheResourceVersion() {
    var made = api.create(configMap("a"));
    var again = api.edit(Kind.CONFIG_MAP, "default", "a", o -> {});
    assertThat(Meta.resourceVersion(again)).isEqualTo(Meta.resourceVersion(made));
  }

  @Test
  void aStaleWriteIsRefused() {
    var stale = api.create(configMap("a")).deepCopy();
    api.edit(Kind.CONFIG_MAP, "default", "a", o -> Json.child(o, "data").put("x", "1"));
    Json.child(stale, "data").put("x", "2");
    assertThatThrownBy(() -> api.update(stale))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.status().reason()).isEqualTo("Conflict"));
  }

  @Test
  void aWatcherThatWritesSeesItsOwnWritesAfterwards() {
    var seen = new ArrayList<String>();
    api.watch(
        Kind.CONFIG_MAP,
        WatchOptions.all(),
        event -> {
          seen.add(event.type() + " " + Meta.name(event.object()));
          if (Meta.name(event.object()).equals("a")) {
            api.create(configMap("b"));
          }
        });
    api.create(configMap("a"));
    assertThat(seen).containsExactly("ADDED a", "ADDED b");
  }

  @Test
  void aDeploymentGetsDefaultsAndCountsItsGenerations() {
    var made = api.create(deployment("web", "app:1"));
    assertThat(made.path("spec").path("replicas").asInt()).isEqualTo(1);
    assertThat(Json.at(made, "spec", "strategy", "rollingUpdate", "maxSurge").asText())
        .isEqualTo("25%");
    assertThat(Meta.generation(made)).isEqualTo(1);
    var status =
        api.editStatus(
            Kind.DEPLOYMENT, "default", "web", o -> Json.child(o, "status").put("replicas", 1));
    assertThat(Meta.generation(status)).isEqualTo(1);
    var paused =
        api.edit(Kind.DEPLOYMENT, "default", "web", o -> Json.child(o, "spec").put("paused", true));
    assertThat(Meta.generation(paused)).isEqualTo(2);
    assertThat(paused.path("status").path("replicas").asInt()).isEqualTo(1);
  }

  @Test
  void listsAreSelectedByLabel() {
    api.create(labelled("a", "app", "web"));
    api.create(labelled("b", "app", "db"));
    var page =
        api.list(
            Kind.CONFIG_MAP,
            ListOptions.ALL.in("default").labelled(LabelSelector.parse("app in (web,x)")));
    assertThat(names(page.items())).containsExactly("a");
    assertThat(
            names(
                api.list(
                        Kind.CONFIG_MAP,
                        ListOptions.ALL.labelled(LabelSelector.parse("app=db,app!=web")))
                    .items()))
        .containsExactly("b");
  }

  @Test
  void pagesShowTheStateOfTheFirst() {
    for (String name : List.of("a", "b", "c")) {
      api.create(configMap(name));
    }
    var first = api.list(Kind.CONFIG_MAP, ListOptions.ALL.in("default").page(2, ""));
    api.delete(Kind.CONFIG_MAP, "default", "c");
    api.create(configMap("d"));
    var second =
        api.list(Kind.CONFIG_MAP, ListOptions.ALL.in("default").page(2, first.continueToken()));
    assertThat(names(first.items())).containsExactly("a", "b");
    assertThat(names(second.items())).containsExactly("c");
    assertThat(second.resourceVersion()).isEqualTo(first.resourceVersion());
  }

  private static List<String> names(List<ObjectNode> objects) {
    return objects.stream().map(Meta::name).toList();
  }

  static ObjectNode configMap(String name) {
    var object = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    object.putObject("metadata").put("name", name).put("namespace", "default");
    return object;
  }

  static ObjectNode labelled(String name, String key, String value) {
    var object = configMap(name);
    Meta.of(object).putObject("labels").put(key, value);
    return object;
  }

  static ObjectNode deployment(String name, String image) {
    var object = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
    object.putObject("metadata").put("name", name).put("namespace", "default");
    var spec = object.putObject("spec");
    spec.putObject("selector").putObject("matchLabels").put("app", name);
    var template = spec.putObject("template");
    template.putObject("metadata").putObject("labels").put("app", name);
    template
        .putObject("spec")
        .putArray("containers")
        .addObject()
        .put("name", "app")
        .put("image", image);
    return object;
  }
}
