package dev.serin.sandbox.real;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// An application and its Canary, as the people see them who own it.
final class App {
  static final Duration SOON = Duration.ofMinutes(3);

  /// At least 99 % of the canary's requests of the last 30 s succeed.
  static final String SUCCESS_RATE =
      "[{name: request-success-rate, thresholdRange: {min: 99}, interval: 30s}]";

  /// What is released.
  enum Workload {
    DEPLOYMENT("apps/v1", "Deployment", "deployments", "availableReplicas"),
    STATEFUL_SET("apps/v1", "StatefulSet", "statefulsets", "availableReplicas"),
    DAEMON_SET("apps/v1", "DaemonSet", "daemonsets", "numberAvailable"),

    /// Somebody else runs its pods.
    SERVICE("v1", "Service", "services", "");

    private final String version;
    private final String kind;
    private final String plural;
    private final String available;

    Workload(String version, String kind, String plural, String available) {
      this.version = version;
      this.kind = kind;
      this.plural = plural;
      this.available = available;
    }
  }

  final String namespace;
  final String name;
  private final RealCluster cluster;
  private final Workload workload;
  private String route;

  App(RealCluster cluster, String namespace, String name) {
    this(cluster, namespace, name, Workload.DEPLOYMENT);
  }

  App(RealCluster cluster, String namespace, String name, Workload workload) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.name = name;
    this.workload = workload;
    route =
        "gatewayRefs: [{name: %s, namespace: %s}]"
            .formatted(cluster.property("gateway.name"), cluster.property("gateway.namespace"));
  }

  /// Lends its Canary an HTTPRoute, instead of having one made.
  App lend(String name) {
    route = "routeRef: {kind: HTTPRoute, name: %s}".formatted(name);
    return this;
  }

  String canaryPath() {
    return "/apis/serin.dev/v1beta1/namespaces/" + namespace + "/canaries/" + name;
  }

  String targetPath() {
    var group = workload.version.contains("/") ? "/apis/" : "/api/";
    return group
        + workload.version
        + "/namespaces/"
        + namespace
        + "/"
        + workload.plural
        + "/"
        + name;
  }

  String copyPath() {
    return targetPath() + "-canary";
  }

  String host() {
    return name + "." + namespace + ".example.com";
  }

  /// What its users keep in Git.
  String manifest(int replicas, String image) {
    return """
    apiVersion: apps/v1
    kind: KIND
    metadata: {name: NAME, namespace: SPACE, labels: {app: NAME}}
    spec:
      %s
      selector: {matchLabels: {app: NAME}}
      template:
        metadata: {labels: {app: NAME}}
        spec: {containers: [{name: web, image: "%s", ports: [{containerPort: 9898}]}]}
    """
        .formatted(size(replicas), image)
        .replace("KIND", workload.kind)
        .replace("NAME", name)
        .replace("SPACE", namespace);
  }

  private String size(int replicas) {
    return switch (workload) {
      case DEPLOYMENT -> "replicas: " + replicas;
      case STATEFUL_SET -> "serviceName: NAME\n  replicas: " + replicas;
      case DAEMON_SET -> "updateStrategy: {type: RollingUpdate}";
      case SERVICE -> throw new IllegalStateException("the pods of a Service are somebody else's");
    };
  }

  /// Runs version 1.0, and has a Service.
  App deploy(int replicas) {
    return deploy(replicas, "sandbox/web:1.0");
  }

  App deploy(int replicas, String image) {
    apply(replicas, image);
    cluster.await(name + " is available", SOON, () -> available() == replicas);
    return this;
  }

  private int available() {
    return cluster.get(targetPath()).path("status").path(workload.available).asInt();
  }

  private void apply(int replicas, String image) {
    cluster.apply(
        manifest(replicas, image)
            + """
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: NAME, namespace: SPACE}
            spec: {selector: {app: NAME}, ports: [{name: http, port: 80, targetPort: 9898}]}
            """
                .replace("NAME", name)
                .replace("SPACE", namespace));
  }

  /// Declares a Canary.
  ///
  /// @param analysis fields of `spec.analysis`, as YAML between braces
  /// @param more further fields of `spec`, a line each
  App declare(String analysis, String... more) {
    cluster.apply(
        """
        apiVersion: serin.dev/v1beta1
        kind: Canary
        metadata: {name: NAME, namespace: SPACE}
        spec:
          targetRef: {apiVersion: VERSION, kind: KIND, name: NAME}
          service:
            port: 80
            hosts: [HOST]
            ROUTE
          canary: {drainSeconds: 1}
          analysis: {%s}
          %s
        """
            .formatted(analysis, String.join("\n  ", more))
            .replace("HOST", host())
            .replace("VERSION", workload.version)
            .replace("KIND", workload.kind)
            .replace("NAME", name)
            .replace("SPACE", namespace)
            .replace("ROUTE", route));
    return this;
  }

  /// Declares a Canary and waits until the target is adopted.
  App adopt(String analysis, String... more) {
    declare(analysis, more);
    awaitPhase("Initialized", SOON);
    return this;
  }

  App setImage(String image) {
    cluster.merge(
        targetPath(),
        """
        {"spec": {"template": {"spec": {"containers": [{"name": "web", "image": "%s", "ports": [{"containerPort": 9898}]}]}}}}\
        """
            .formatted(image));
    return this;
  }

  /// Asks as the administrator, in the name of nobody else.
  void command(String verb) {
    var answer =
        cluster.create(
            """
            apiVersion: serin.dev/v1beta1
            kind: CanaryCommand
            metadata: {name: %s-%s-%d, namespace: %s}
            spec: {canary: %s, command: %s, revision: "%s"}
            """
                .formatted(
                    name, verb, System.nanoTime() % 1_000_000, namespace, name, verb, revision()));
    if (!answer.isFine()) {
      throw new AssertionError(answer.body().toString());
    }
  }

  JsonNode status() {
    return cluster.get(canaryPath()).path("status");
  }

  JsonNode target() {
    return cluster.get(targetPath());
  }

  String revision() {
    return status().path("revision").asText();
  }

  String phase() {
    return status().path("phase").asText();
  }

  int weight() {
    return status().path("canaryWeight").asInt();
  }

  /// Whether the very version of the target that is there now serves all traffic.
  boolean isPromoted() {
    return status().at("/target/observedGeneration").asLong()
            >= target().at("/metadata/generation").asLong()
        && condition("Promoted").equals("True");
  }

  /// `True`, `False`, `Unknown`, or empty when there is no such condition.
  String condition(String type) {
    for (var condition : status().path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText();
      }
    }
    return "";
  }

  void awaitPhase(String phase, Duration most) {
    cluster.await(() -> this + " is " + phase, most, () -> phase().equals(phase));
  }

  /// Waits until nothing is left to do.
  void awaitAtRest(String phase, Duration most) {
    cluster.await(
        () -> this + " is at rest as " + phase,
        most,
        () -> phase().equals(phase) && cluster.find(copyPath()).isEmpty());
  }

  void awaitTraffic(Duration most) {
    cluster.await(() -> this + " has a canary with traffic", most, () -> weight() > 0);
  }

  String image() {
    return target().at("/spec/template/spec/containers/0/image").asText();
  }

  boolean isHeld() {
    var spec = target().path("spec");
    return switch (workload) {
      case DEPLOYMENT -> spec.path("paused").asBoolean();
      case STATEFUL_SET -> spec.at("/updateStrategy/rollingUpdate/partition").asInt() > 0;
      case DAEMON_SET -> spec.at("/updateStrategy/type").asText().equals("OnDelete");
      case SERVICE -> false;
    };
  }

  /// Names of the pods of the target.
  Set<String> pods() {
    var names = new TreeSet<String>();
    podList().forEach(pod -> names.add(pod.at("/metadata/name").asText()));
    return names;
  }

  /// Names and UIDs of the pods of the target: those of sets come back by the same name.
  Set<String> podIds() {
    var ids = new TreeSet<String>();
    podList()
        .forEach(
            pod ->
                ids.add(
                    pod.at("/metadata/name").asText() + " " + pod.at("/metadata/uid").asText()));
    return ids;
  }

  /// Images of the pods of the target that nobody has told to end.
  List<String> serving() {
    var images = new ArrayList<String>();
    podList()
        .forEach(
            pod -> {
              if (!pod.path("metadata").has("deletionTimestamp")) {
                images.add(pod.at("/spec/containers/0/image").asText());
              }
            });
    return images;
  }

  private JsonNode podList() {
    return cluster
        .get("/api/v1/namespaces/" + namespace + "/pods?labelSelector=app%3D" + name)
        .path("items");
  }

  /// Lets go of the target.
  void delete() {
    cluster.delete(canaryPath());
    cluster.await(() -> this + " is gone", SOON, () -> cluster.find(canaryPath()).isEmpty());
  }

  /// Its last decisions, to be read when something went wrong.
  @Override
  public String toString() {
    return cluster
        .find(canaryPath())
        .map(canary -> canary.path("status"))
        .map(
            status ->
                "%s/%s (%s at %d %%, waits for '%s')"
                    .formatted(
                        namespace,
                        name,
                        status.path("phase").asText(),
                        status.path("canaryWeight").asInt(),
                        status.path("waitingFor").asText()))
        .orElse(namespace + "/" + name);
  }
}
