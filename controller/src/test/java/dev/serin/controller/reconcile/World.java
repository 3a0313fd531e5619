package dev.serin.controller.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.controller.measure.Assignment;
import dev.serin.controller.measure.CheckRunner;
import dev.serin.controller.measure.EvidenceGatherer;
import dev.serin.controller.measure.Forecaster;
import dev.serin.controller.measure.Gatekeeper;
import dev.serin.controller.measure.MeasuringDesk;
import dev.serin.controller.workload.HoldMode;
import dev.serin.controller.workload.Marks;
import dev.serin.controller.workload.Workloads;
import dev.serin.gate.GateAnswer;
import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.parse.CheckSpec;
import dev.serin.parse.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/// A cluster with one Deployment and one Canary, in time that only moves when nothing is left to be
/// done.
final class World {
  static final ObjectRef CANARY = Kind.CANARY.named("shop", "web");
  static final ObjectRef TARGET = Kind.DEPLOYMENT.named("shop", "web");
  static final ObjectRef COPY = Kind.DEPLOYMENT.named("shop", "web-canary");
  static final ObjectRef ROUTE = FakeMesh.ROUTE.named("shop", "web");
  private static final Duration FOREVER = Duration.ofDays(100);
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  Instant now = Instant.parse("2026-11-21T10:00:00Z");

  /// How far ahead of the time that passes the wall clock is.
  Duration ahead = Duration.ZERO;

  final FakeCluster cluster = new FakeCluster(() -> now);
  final FakeDeployments deployments = new FakeDeployments(cluster);
  final FakeSets sets = new FakeSets(cluster);
  final FakeEndpoints endpoints = new FakeEndpoints(cluster);
  final FakeMesh mesh = new FakeMesh();
  final List<Occasion> told = new ArrayList<>();

  /// Weights that the route had, in order, without repetitions.
  final List<Integer> weights = new ArrayList<>();

  HoldMode hold = HoldMode.ADMISSION_POLICY;
  Settings.References references = Settings.References.ANY_NAMESPACE;
  ReconcilerSettings.Trust trust = new ReconcilerSettings.Trust.Given();
  Function<Assignment, Verdict> verdict = _ -> Verdict.PASSED;
  Function<String, GateAnswer> gate = _ -> new GateAnswer.Open();
  Forecaster forecaster = Forecaster.none();

  /// Asks webhooks; by default as [#gate] says.
  Gatekeeper gatekeeper = (hook, _) -> gate.apply(hook.name());

  /// Told what [#told] is told.
  Announcer announcer = _ -> {};

  BiFunction<CheckSpec, Assignment, Assessment> checks =
      (check, assignment) ->
          Assessment.of(check.name(), verdict.apply(assignment), "as the test says");
  private CanaryReconciler reconciler;
  private boolean woken;

  World() {
    reconciler = start();
  }

  /// A new process: nothing is remembered.
  void restart() {
    reconciler = start();
  }

  private CanaryReconciler start() {
    var runner =
        new CheckRunner() {
          @Override
          public boolean runs(CheckSpec check) {
            return true;
          }

          @Override
          public Assessment run(CheckSpec check, Assignment assignment) {
            return checks.apply(check, assignment);
          }
        };
    var desk =
        new MeasuringDesk(
            Runnable::run,
            List.of(runner),
            (hook, assignment) -> gatekeeper.ask(hook, assignment),
            EvidenceGatherer.none(),
            assignment -> forecaster.foretell(assignment),
            () -> now.plus(ahead),
            (_, _) -> woken = true);
    return new CanaryReconciler(
        new Parts(
            cluster,
            Workloads.all(),
            Map.of("fake", mesh),
            desk,
            occasion -> {
              told.add(occasion);
              announcer.announce(occasion);
            },
            () -> now.plus(ahead),
            () -> now,
            (_, _) -> woken = true,
            new ReconcilerSettings(
                Settings.of("fake", List.of(mesh)).with(references),
                () -> hold,
                () -> trust,
                0,
                0)));
  }

  World with(String yaml) {
    var object = yaml(yaml);
    var kinds =
        List.of(
            Kind.DEPLOYMENT,
            Kind.STATEFUL_SET,
            Kind.DAEMON_SET,
            Kind.CANARY,
            Kind.SERVICE,
            Kind.CONFIG_MAP,
            Kind.HORIZONTAL_POD_AUTOSCALER,
            Kind.CANARY_COMMAND,
            Kind.POD_DISRUPTION_BUDGET,
            Kind.SECRET,
            Kind.ALERT_PROVIDER,
            Kind.POD);
    var kind =
        kinds.stream()
            .filter(known -> known.kind().equals(object.path("kind").asText()))
            .findFirst()
            .orElseThrow();
    cluster.put(kind.named("shop", Fields.name(object)), object);
    return this;
  }

  static ObjectNode yaml(String text) {
    try {
      var object = (ObjectNode) YAML.readTree(text);
      object.withObject("/metadata").put("namespace", "shop");
      return object;
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /// A Deployment `web` that runs, and a Canary for it.
  static World adopted() {
    return adopted(CANARY_YAML);
  }

  static World adopted(String canary) {
    return new World().with(DEPLOYMENT_YAML).adopt(canary);
  }

  World adopt(String canary) {
    with(canary);
    run(Duration.ofMinutes(1));
    cluster.writes.clear();
    told.clear();
    weights.clear();
    return this;
  }

  static final String DEPLOYMENT_YAML =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, labels: {app: web}}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: web, image: "web:1", ports: [{containerPort: 8080}]}]}
      """;

  static final String CANARY_YAML =
      """
      apiVersion: serin.dev/v1beta1
      kind: Canary
      metadata: {name: web}
      spec:
        targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        service: {port: 80, targetPort: 8080}
        analysis:
          interval: 10s
          threshold: 2
          stepWeights: [10, 20, 30, 40, 50]
          metrics: [{name: request-success-rate, thresholdRange: {min: 99}}]
      """;

  /// Somebody sets another image, and the hold policy does its part.
  void setImage(String image) {
    editTemplate(
        template ->
            ((ObjectNode) template.path("spec").path("containers").path(0)).put("image", image));
  }

  void editTemplate(Consumer<ObjectNode> how) {
    cluster.change(
        TARGET,
        target -> {
          how.accept((ObjectNode) target.path("spec").path("template"));
          var marked = !Fields.label(target, Marks.CANARY).isEmpty();
          if (marked && hold == HoldMode.ADMISSION_POLICY) {
            target.withObject("/spec").put("paused", true);
          }
          return target;
        });
  }

  /// Lets everything happen for so long.
  void run(Duration length) {
    runUntil(now.plus(length), () -> false);
  }

  /// Lets everything happen until a phase is reached, at most for an hour.
  void runTo(String phase) {
    runUntil(now.plus(Duration.ofHours(1)), () -> phase().equals(phase));
    if (!phase().equals(phase)) {
      throw new AssertionError("phase is " + phase() + ", not " + phase + ": " + status());
    }
  }

  private void runUntil(Instant end, BooleanSupplier reached) {
    int busy = 0;
    while (!reached.getAsBoolean()) {
      var before = cluster.version();
      deployments.settle();
      sets.settle();
      endpoints.settle();
      woken = false;
      var next = reconcile();
      noteWeight();
      if (cluster.version() == before && !woken) {
        busy = 0;
        var then = now.plus(next.isZero() ? Duration.ofMillis(1) : next);
        if (then.isAfter(end)) {
          now = end;
          return;
        }
        now = then;
      } else if (++busy > 1000) {
        throw new AssertionError("never comes to rest; last writes: " + lastWrites());
      }
    }
  }

  private Duration reconcile() {
    try {
      return reconciler.reconcile("shop", "web").orElse(FOREVER);
    } catch (FakeCluster.Crash _) {
      restart();
      return Duration.ZERO;
    }
  }

  /// One look, and nothing else.
  void look() {
    reconciler.reconcile("shop", "web");
    noteWeight();
  }

  /// One look at another Canary.
  void lookAt(String name) {
    reconciler.reconcile("shop", name);
    reconciler.reconcile("shop", name);
  }

  private List<Change> lastWrites() {
    return cluster.writes.subList(Math.max(0, cluster.writes.size() - 6), cluster.writes.size());
  }

  private void noteWeight() {
    if (cluster.has(ROUTE)) {
      int weight = (int) Fields.number(cluster.get(ROUTE), "spec", "canary");
      if (weights.isEmpty() || weights.getLast() != weight) {
        weights.add(weight);
      }
    }
  }

  JsonNode status() {
    return cluster.has(CANARY) ? cluster.get(CANARY).path("status") : YAML.createObjectNode();
  }

  String phase() {
    return cluster.has(CANARY) ? status().path("phase").asText() : "gone";
  }

  JsonNode target() {
    return cluster.get(TARGET);
  }

  String condition(String type) {
    return Fields.text(Fields.condition(cluster.get(CANARY), type), "status");
  }

  String message(String type) {
    return Fields.text(Fields.condition(cluster.get(CANARY), type), "message");
  }

  List<String> toldKinds() {
    return told.stream().map(occasion -> occasion.announcement().kind().name()).toList();
  }
}
