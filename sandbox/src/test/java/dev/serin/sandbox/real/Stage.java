package dev.serin.sandbox.real;

import dev.serin.controller.ControllerSettings.Hold;
import dev.serin.controller.install.InstallManifests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/// A namespace of its own on the real cluster, where Serin is installed and pods run.
final class Stage implements AutoCloseable {
  private static final String BINDING =
      "/apis/admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings/serin-hold";

  /// Label of the namespaces that the policy `serin-hold` does not reach.
  private static final String OUT_OF_REACH = "example.com/without-serin-hold";

  private static Optional<PodRunner> installed = Optional.empty();

  final RealCluster cluster;
  final PodRunner pods;
  final String namespace;
  private final Hold hold;
  private final List<App> apps = new CopyOnWriteArrayList<>();
  private final List<ControllerProcess> running = new ArrayList<>();

  private Stage(RealCluster cluster, PodRunner pods, String namespace, Hold hold) {
    this.cluster = cluster;
    this.pods = pods;
    this.namespace = namespace;
    this.hold = hold;
  }

  /// Skips the tests, with a word, where there is no cluster.
  static Stage open(String name) {
    return open(name, Hold.POLICY, "{}");
  }

  /// One as on an older cluster, where the policy `serin-hold` does not work and the controller
  /// holds by pausing.
  static Stage openWithoutHoldPolicy(String name) {
    return open(name, Hold.PAUSED, "{" + OUT_OF_REACH + ": \"\"}");
  }

  private static Stage open(String name, Hold hold, String labels) {
    var cluster = RealCluster.open();
    var namespace = name + "-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 30), 36);
    var pods = install(cluster);
    cluster.apply(
        "{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: %s}}"
            .formatted(namespace, labels));
    return new Stage(cluster, pods, namespace, hold);
  }

  private static synchronized PodRunner install(RealCluster cluster) {
    if (installed.isEmpty()) {
      cluster.apply(
          InstallManifests.render(
              InstallManifests.Parts.NO_CONTROLLER,
              InstallManifests.Policies.MUTATING,
              "",
              List.of()));
      cluster.merge(
          BINDING,
          """
          {"spec": {"matchResources": {"namespaceSelector": {"matchExpressions": [
            {"key": "%s", "operator": "DoesNotExist"}]}}}}\
          """
              .formatted(OUT_OF_REACH));
      cluster.await("Serin's account has its rights", App.SOON, () -> hasRights(cluster));
      installed = Optional.of(new PodRunner(cluster));
    }
    return installed.get();
  }

  /// The API server takes a second or three to know of new roles.
  private static boolean hasRights(RealCluster cluster) {
    var review =
        cluster.call(
            "POST",
            "/apis/authorization.k8s.io/v1/subjectaccessreviews",
            "application/json",
            """
            {"apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": {
              "user": "system:serviceaccount:serin:serin",
              "resourceAttributes": {"group": "coordination.k8s.io", "resource": "leases", "verb": "create",
                "namespace": "serin"}}}\
            """);
    return review.body().at("/status/allowed").asBoolean();
  }

  /// Runs a controller here until [#close()].
  void run() {
    running.add(controller());
  }

  ControllerProcess controller() {
    return ControllerProcess.start(cluster, namespace, hold).awaitReady();
  }

  App app(String name) {
    return app(name, App.Workload.DEPLOYMENT);
  }

  App app(String name, App.Workload workload) {
    var app = new App(cluster, namespace, name, workload);
    apps.add(app);
    return app;
  }

  /// They begin when the gateway leads to the pods: it follows a moment after a new route was
  /// taken, and nobody calls by that before.
  Callers callers(App app, int perSecond) {
    var callers = new Callers(cluster.property("gateway.url"), app.host());
    cluster.await(() -> app + " is reached", App.SOON, callers::reachPods);
    return callers.begin(perSecond);
  }

  /// Gives a user a ClusterRole in this namespace.
  void grant(String user, String role) {
    cluster.apply(
        """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: %s-%s, namespace: %s}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: %s}
        subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %s}]
        """
            .formatted(user, role, namespace, role, user));
  }

  static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  /// Lets the Canaries go, which takes a controller, and then the rest.
  @Override
  public void close() {
    try {
      apps.forEach(app -> cluster.delete(app.canaryPath()));
      apps.forEach(
          app ->
              cluster.await(
                  () -> app + " is let go",
                  App.SOON,
                  () -> cluster.find(app.canaryPath()).isEmpty()));
      apps.forEach(app -> cluster.delete(app.targetPath()));
    } finally {
      running.forEach(ControllerProcess::close);
    }
  }
}
