package dev.serin.sandbox.workload;

import static dev.serin.sandbox.workload.Manifests.deployment;
import static dev.serin.sandbox.workload.Manifests.service;
import static dev.serin.sandbox.workload.Manifests.spec;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.LabelSelector;
import dev.serin.sandbox.api.Meta;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which pods a Service lists, and as what: that nobody's request is lost rests on it. The same
/// cases run against the simulator and against the controllers of a real control plane.
public abstract class EndpointsContract {

  private static final String NAME = "web";
  private static final String V1 = "sandbox/web:1.0";
  private static final String BROKEN = "sandbox/web:not-ready";

  private static final Duration WHILE = Duration.ofSeconds(2);

  private World world;

  /// A world of its own, where pods run: with the tag `not-ready` they never get ready.
  protected abstract World open();

  @BeforeEach
  void openWorld() {
    world = open();
  }

  @AfterEach
  void closeWorld() {
    world.close();
  }

  @Test
  void aServiceListsThePodsThatItSelects() {
    run(2);
    serve();

    world.await("both are listed", () -> readyEndpoints().size() == 2);

    assertThat(endpoints())
        .hasSize(2)
        .allSatisfy(
            endpoint -> {
              var pod =
                  world.find(Kind.POD, Json.text(endpoint, "targetRef", "name")).orElseThrow();
              assertThat(Json.text(endpoint, "targetRef", "kind")).isEqualTo("Pod");
              assertThat(Json.text(endpoint, "targetRef", "uid")).isEqualTo(Meta.uid(pod));
              assertThat(endpoint.path("addresses")).hasSize(1);
              assertThat(endpoint.path("addresses").path(0).asText())
                  .isEqualTo(Json.text(pod, "status", "podIP"));
              assertThat(conditions(endpoint))
                  .isEqualTo("ready true, serving true, terminating false");
            });
    assertThat(readyEndpoints())
        .containsExactlyInAnyOrderElementsOf(pods().stream().map(Meta::name).toList());
  }

  @Test
  void aPodThatIsNotReadyIsListedAsSuch() {
    world.create(deployment(world.namespace(), NAME, 1, BROKEN));
    serve();

    world.await("it is listed", () -> endpoints().size() == 1);

    assertThat(conditions(endpoints().getFirst()))
        .isEqualTo("ready false, serving false, terminating false");
  }

  @Test
  void aPodThatEndsIsListedAsNotReadyUntilItIsGone() {
    run(2);
    serve();
    world.await("both are listed", () -> readyEndpoints().size() == 2);

    var ending = readyEndpoints().getFirst();
    world.delete(Kind.POD, ending);
    var seen = new TreeSet<String>();
    world.await(
        "another is listed instead",
        () -> {
          var listed = endpoints().stream().filter(endpoint -> of(endpoint, ending)).toList();
          listed.stream()
              .filter(endpoint -> Json.at(endpoint, "conditions", "terminating").asBoolean())
              .forEach(endpoint -> seen.add(conditions(endpoint)));
          return listed.isEmpty() && readyEndpoints().size() == 2;
        });

    assertThat(seen).containsExactly("ready false, serving true, terminating true");
  }

  @Test
  void aServiceWithAnotherSelectorListsOtherPods() {
    run(1);
    world.create(deployment(world.namespace(), "other", 1, V1));
    serve();
    world.await(
        "its pod is listed",
        () -> readyEndpoints().equals(pods().stream().map(Meta::name).toList()));

    world.edit(
        Kind.SERVICE, NAME, service -> Json.child(spec(service), "selector").put("app", "other"));

    world.await(
        "the other's pod is listed instead",
        () ->
            readyEndpoints().size() == 1
                && endpoints().size() == 1
                && readyEndpoints().getFirst().startsWith("other-"));
  }

  @Test
  void aPodIsListedWhileItHasTheLabels() {
    run(2);
    serve();
    world.edit(
        Kind.SERVICE, NAME, service -> Json.child(spec(service), "selector").put("open", "yes"));
    world.await("none is listed", () -> endpoints().isEmpty());
    var pod = Meta.name(pods().getFirst());

    world.edit(Kind.POD, pod, p -> Manifests.labels(p).put("open", "yes"));
    world.await("it is listed", () -> readyEndpoints().equals(List.of(pod)));
    world.idle(WHILE);

    world.edit(Kind.POD, pod, p -> Manifests.labels(p).remove("open"));
    world.await("it is not listed any more", () -> endpoints().isEmpty());
  }

  // ---- helpers

  private void run(int replicas) {
    world.create(deployment(world.namespace(), NAME, replicas, V1));
    world.await(
        "its pods run", () -> pods().size() == replicas && pods().stream().allMatch(Pods::ready));
  }

  private List<ObjectNode> pods() {
    return world.list(Kind.POD).stream()
        .filter(LabelSelector.of(Map.of("app", NAME)))
        .filter(pod -> !Meta.terminating(pod))
        .toList();
  }

  private void serve() {
    world.create(service(world.namespace(), NAME));
  }

  private List<JsonNode> endpoints() {
    return world.list(Kind.ENDPOINT_SLICE).stream()
        .filter(slice -> Meta.label(slice, "kubernetes.io/service-name").equals(NAME))
        .flatMap(slice -> slice.path("endpoints").valueStream())
        .toList();
  }

  /// Names of the pods that the Service sends requests to.
  private List<String> readyEndpoints() {
    return endpoints().stream()
        .filter(endpoint -> Json.at(endpoint, "conditions", "ready").asBoolean())
        .map(endpoint -> Json.text(endpoint, "targetRef", "name"))
        .toList();
  }

  private static boolean of(JsonNode endpoint, String pod) {
    return Json.text(endpoint, "targetRef", "name").equals(pod);
  }

  private static String conditions(JsonNode endpoint) {
    var conditions = endpoint.path("conditions");
    return "ready %s, serving %s, terminating %s"
        .formatted(
            conditions.path("ready").asText(),
            conditions.path("serving").asText(),
            conditions.path("terminating").asText());
  }
}
