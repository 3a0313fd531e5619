package dev.serin.sandbox.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.controller.cluster.Connection;
import dev.serin.controller.cluster.KubernetesCluster;
import dev.serin.sandbox.api.ApiClient;
import dev.serin.sandbox.api.ApiServer;
import dev.serin.sandbox.api.ApiStore;
import dev.serin.sandbox.api.Caller;
import dev.serin.sandbox.api.Json;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// An API server of the sandbox, with clusters that are connected to it over HTTP.
final class Server implements AutoCloseable {

  static final String TOKEN = "token-of-serin";
  static final Caller SERIN =
      new Caller("system:serviceaccount:serin:serin", List.of(Caller.MASTERS));

  final ApiStore store = new ApiStore(InstantSource.system(), 1);
  final ApiClient admin = store.as(Caller.admin());
  private final ApiServer http = ApiServer.start(store);

  /// Requests by verb and code, such as `get 200`.
  final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();

  Server() {
    http.addToken(TOKEN, SERIN);
  }

  Connection connection() {
    return new Connection.Plain(http.uri(), Optional.of(TOKEN));
  }

  KubernetesCluster connect() {
    return KubernetesCluster.connect(
        connection(),
        "",
        (verb, code) ->
            requests
                .computeIfAbsent(verb + " " + code, _ -> new AtomicInteger())
                .incrementAndGet());
  }

  int sent(String request) {
    return Optional.ofNullable(requests.get(request)).map(AtomicInteger::get).orElse(0);
  }

  void dropWatches() {
    http.dropWatches();
  }

  /// Installs the definition of a kind that takes anything.
  void define(Kind kind) {
    admin.create(definition(kind));
  }

  private static ObjectNode definition(Kind kind) {
    var definition =
        object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "")
            .put("apiVersion", "apiextensions.k8s.io/v1");
    definition.withObjectProperty("metadata").put("name", kind.plural() + "." + kind.group());
    var spec = definition.putObject("spec").put("group", kind.group()).put("scope", "Namespaced");
    spec.putObject("names")
        .put("kind", kind.kind())
        .put("plural", kind.plural())
        .put("singular", kind.kind().toLowerCase(java.util.Locale.ROOT))
        .put("listKind", kind.kind() + "List");
    var version = spec.putArray("versions").addObject().put("name", kind.version());
    version.put("served", true).put("storage", true);
    version.putObject("subresources").putObject("status");
    version
        .putObject("schema")
        .putObject("openAPIV3Schema")
        .put("type", "object")
        .put("x-kubernetes-preserve-unknown-fields", true);
    return definition;
  }

  void defineOurs() {
    List.of(Kind.CANARY, Kind.CANARY_COMMAND, Kind.METRIC_TEMPLATE, Kind.ALERT_PROVIDER)
        .forEach(this::define);
  }

  static ObjectNode object(Kind kind, String name) {
    return object(kind.apiVersion(), kind.kind(), "default", name);
  }

  private static ObjectNode object(String version, String kind, String namespace, String name) {
    var object = Json.object().put("apiVersion", version).put("kind", kind);
    var metadata = object.putObject("metadata");
    if (!name.isEmpty()) {
      metadata.put("name", name);
    }
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    return object;
  }

  static ObjectNode config(String name, String value) {
    var config = object(Kind.CONFIG_MAP, name);
    config.putObject("data").put("key", value);
    return config;
  }

  static ObjectNode service(String name, int port) {
    var service = object(Kind.SERVICE, name);
    service.putObject("spec").putArray("ports").addObject().put("port", port);
    return service;
  }

  static ObjectNode canary(String name) {
    var canary = object(Kind.CANARY, name);
    canary.putObject("spec").put("provider", "smi");
    return canary;
  }

  @Override
  public void close() {
    http.close();
  }
}
