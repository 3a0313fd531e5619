package dev.serin.sandbox.dataplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.ApiClient;
import dev.serin.sandbox.api.ApiException;
import dev.serin.sandbox.api.ApiStore;
import dev.serin.sandbox.api.Caller;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Kinds;
import dev.serin.sandbox.api.Meta;
import dev.serin.sandbox.api.Watch;
import dev.serin.sandbox.api.WatchOptions;
import dev.serin.sandbox.time.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The control plane of a Gateway API implementation: says of Gateways and routes, a moment after
/// they changed, whether they are accepted. Gateways are answered by the controller that their
/// class names; routes that hang on Services by the mesh's.
///
/// Answers of Linkerd carry no `observedGeneration`, as in reality.
public final class GatewayController implements AutoCloseable {

  private static final Kind GATEWAY =
      new Kind("gateway.networking.k8s.io", "v1", "Gateway", "gateways", true);
  private static final Kind GATEWAY_CLASS =
      new Kind("gateway.networking.k8s.io", "v1", "GatewayClass", "gatewayclasses", false);
  private static final String LINKERD = "linkerd.io/policy-controller";
  private static final Duration RETRY = Duration.ofMillis(200);

  private record Item(Kind kind, String namespace, String name) {}

  private final ApiStore store;
  private final ApiClient api;
  private final Scheduler scheduler;
  private final Duration delay;
  private final String meshController;
  private final List<Watch> watches = new ArrayList<>();
  private final Set<Item> due = new HashSet<>();
  private boolean watching;
  private boolean down;

  /// @param delay from a change to the answer
  /// @param meshController `controllerName` of the mesh that serves routes of Services
  public GatewayController(
      ApiStore store, Scheduler scheduler, Duration delay, String meshController) {
    this.store = store;
    this.scheduler = scheduler;
    this.delay = delay;
    this.meshController = meshController;
    api = store.as(Caller.system("gateway"));
    watches.add(api.watch(Kinds.CUSTOM_RESOURCE_DEFINITION, WatchOptions.all(), _ -> begin()));
    begin();
  }

  /// Says nothing any more.
  public synchronized void stop() {
    down = true;
  }

  /// Ends [#stop()]: answers what waits.
  public void resume() {
    synchronized (this) {
      down = false;
    }
    everything();
  }

  /// Definitions may come after this was started.
  private void begin() {
    synchronized (this) {
      if (watching || !served()) {
        return;
      }
      watching = true;
    }
    var started =
        List.of(
            watch(GATEWAY),
            watch(RoutingTable.HTTP_ROUTE),
            api.watch(GATEWAY_CLASS, WatchOptions.all(), _ -> everything()),
            api.watch(Kind.SERVICE, WatchOptions.all(), _ -> everything()));
    synchronized (this) {
      watches.addAll(started);
    }
  }

  private boolean served() {
    return store.serves(GATEWAY)
        && store.serves(GATEWAY_CLASS)
        && store.serves(RoutingTable.HTTP_ROUTE);
  }

  private Watch watch(Kind kind) {
    return api.watch(
        kind,
        WatchOptions.all(),
        event -> {
          wake(new Item(kind, Meta.namespace(event.object()), Meta.name(event.object())));
          if (kind.equals(GATEWAY)) {
            everything();
          }
        });
  }

  private void everything() {
    if (!served()) {
      return;
    }
    for (Kind kind : List.of(GATEWAY, RoutingTable.HTTP_ROUTE)) {
      api.list(kind, "")
          .forEach(object -> wake(new Item(kind, Meta.namespace(object), Meta.name(object))));
    }
  }

  private void wake(Item item) {
    synchronized (this) {
      if (down || !due.add(item)) {
        return;
      }
    }
    scheduler.after(delay, () -> answer(item));
  }

  private void answer(Item item) {
    synchronized (this) {
      due.remove(item);
      if (down) {
        return;
      }
    }
    try {
      api.find(item.kind(), item.namespace(), item.name()).ifPresent(this::answer);
    } catch (ApiException e) {
      scheduler.after(RETRY, () -> wake(item));
    }
  }

  private void answer(ObjectNode object) {
    var copy = object.deepCopy();
    if (object.path("kind").asText().equals("Gateway")) {
      answerGateway(copy);
    } else {
      answerRoute(copy);
    }
    if (!copy.equals(object)) {
      api.updateStatus(copy);
    }
  }

  private void answerGateway(ObjectNode gateway) {
    if (controller(gateway).isEmpty()) {
      return;
    }
    var status = Json.child(gateway, "status");
    var conditions = Json.list(status, "conditions");
    long generation = Meta.generation(gateway);
    condition(conditions, "Accepted", Optional.empty(), "Accepted", generation);
    condition(conditions, "Programmed", Optional.empty(), "Programmed", generation);
  }

  private void answerRoute(ObjectNode route) {
    var parents = Json.list(Json.child(route, "status"), "parents");
    var answered = Json.array();
    for (JsonNode ref : Json.at(route, "spec", "parentRefs")) {
      parentController(route, ref)
          .ifPresent(controller -> answered.add(parent(route, ref, controller, parents)));
    }
    for (JsonNode other : parents) {
      if (!ours(other)) {
        answered.add(other);
      }
    }
    Json.child(route, "status").set("parents", answered);
  }

  private ObjectNode parent(ObjectNode route, JsonNode ref, String controller, ArrayNode former) {
    var parent = Json.object();
    for (JsonNode candidate : former) {
      if (candidate.path("parentRef").equals(ref)
          && candidate.path("controllerName").asText().equals(controller)) {
        parent = candidate.deepCopy();
      }
    }
    parent.set("parentRef", ref.deepCopy());
    parent.put("controllerName", controller);
    var conditions = Json.list(parent, "conditions");
    long generation = controller.equals(LINKERD) ? 0 : Meta.generation(route);
    condition(conditions, "Accepted", Optional.empty(), "Accepted", generation);
    condition(conditions, "ResolvedRefs", missingBackend(route), "ResolvedRefs", generation);
    return parent;
  }

  /// The controller that answers for a parent; empty when nobody does.
  private Optional<String> parentController(ObjectNode route, JsonNode ref) {
    var namespace = ref.path("namespace").asText(Meta.namespace(route));
    var name = ref.path("name").asText();
    return ref.path("kind").asText("Gateway").equals("Service")
        ? api.find(Kind.SERVICE, namespace, name).map(_ -> meshController)
        : api.find(GATEWAY, namespace, name).flatMap(this::controller);
  }

  private Optional<String> controller(ObjectNode gateway) {
    return api.find(GATEWAY_CLASS, "", Json.text(gateway, "spec", "gatewayClassName"))
        .map(c -> Json.text(c, "spec", "controllerName"));
  }

  private boolean ours(JsonNode parent) {
    var controller = parent.path("controllerName").asText();
    return controller.equals(meshController)
        || api.list(GATEWAY_CLASS, "").stream()
            .anyMatch(c -> Json.text(c, "spec", "controllerName").equals(controller));
  }

  private Optional<String> missingBackend(ObjectNode route) {
    for (JsonNode rule : Json.at(route, "spec", "rules")) {
      for (JsonNode ref : rule.path("backendRefs")) {
        var namespace = ref.path("namespace").asText(Meta.namespace(route));
        var name = ref.path("name").asText();
        if (api.find(Kind.SERVICE, namespace, name).isEmpty()) {
          return Optional.of("Service \"%s\" not found".formatted(name));
        }
      }
    }
    return Optional.empty();
  }

  /// @param problem what is wrong; empty when the condition holds
  /// @param generation that was looked at; 0 does not say
  private void condition(
      ArrayNode conditions,
      String type,
      Optional<String> problem,
      String goodReason,
      long generation) {
    ObjectNode condition = null;
    for (JsonNode candidate : conditions) {
      if (candidate.path("type").asText().equals(type)) {
        condition = (ObjectNode) candidate;
      }
    }
    if (condition == null) {
      condition = conditions.addObject().put("type", type);
    }
    var status = problem.isEmpty() ? "True" : "False";
    if (!condition.path("status").asText().equals(status)) {
      condition.put("lastTransitionTime", Meta.time(scheduler.instant()));
    }
    condition.put("status", status);
    condition.put("reason", problem.isEmpty() ? goodReason : "BackendNotFound");
    condition.put("message", problem.orElse(""));
    if (generation > 0) {
      condition.put("observedGeneration", generation);
    }
  }

  @Override
  public synchronized void close() {
    watches.forEach(Watch::close);
  }
}
