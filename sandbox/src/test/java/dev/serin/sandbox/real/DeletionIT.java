package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Wherever a rollout is when its Canary is deleted, the target is given back as its users left it,
/// and nothing of Serin stays.
class DeletionIT {
  private static final String WEIGHTS = "threshold: 3, stepWeights: [20, 50]";
  private static final Map<Place, App> APPS = new EnumMap<>(Place.class);
  private static final Map<Place, Set<String>> PODS = new EnumMap<>(Place.class);
  @AutoClose private static Stage stage;

  /// Where a rollout can stand.
  enum Place {
    UNSTEADY("Initializing", "interval: 600s"),
    AT_REST("Initialized", "interval: 600s"),
    WAITING_FOR_APPROVAL("Waiting", "interval: 600s, approvals: [{name: boss, before: rollout}]"),
    STARTING_PODS("Progressing", "interval: 600s"),
    BEFORE_A_STEP(
        "Progressing", "interval: 600s, approvals: [{name: boss, before: step, step: 1}]"),
    HOLDING("Progressing", "interval: 600s"),
    PAUSED("Paused", "interval: 600s"),
    REJECTED("Failed", "interval: 600s"),
    WAITING_FOR_PROMOTION(
        "WaitingPromotion", "interval: 1s, approvals: [{name: boss, before: promotion}]"),
    PROMOTING("Promoting", "interval: 1s"),
    PROMOTION_FAILED("PromotionFailed", "interval: 1s"),
    REVERTING("Reverting", "interval: 1s"),
    TRAFFIC_GOES_BACK("Finalising", "interval: 1s"),
    PROMOTED("Succeeded", "interval: 1s"),
    BYPASSED("Bypassed", "interval: 600s");

    private final String phase;
    private final String analysis;

    Place(String phase, String analysis) {
      this.phase = phase;
      this.analysis = analysis;
    }

    /// Whether a rollout that got there stays there.
    boolean waits() {
      return this != UNSTEADY && this != AT_REST && this != TRAFFIC_GOES_BACK;
    }

    /// Whether the target keeps the revision: it was proven, or somebody took it out of Serin's
    /// hands with it.
    boolean keepsRevision() {
      return this == PROMOTING || this == TRAFFIC_GOES_BACK || this == PROMOTED || this == BYPASSED;
    }

    /// Whether the target rolls to the revision and does not get far.
    boolean isStuck() {
      return this == PROMOTING || this == PROMOTION_FAILED || this == REVERTING;
    }
  }

  @BeforeAll
  static void startRollouts() {
    stage = Stage.open("deletion");
    stage.run();
    for (var place : Place.values()) {
      var app = stage.app(place.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
      APPS.put(place, app);
      deploy(place, app);
      var drain = place == Place.TRAFFIC_GOES_BACK ? 8 : 1;
      app.declare(
          place.analysis + ", " + WEIGHTS,
          "progressDeadlineSeconds: " + (place == Place.PROMOTION_FAILED ? 15 : 600));
      stage.cluster.merge(
          app.canaryPath(), "{\"spec\": {\"canary\": {\"drainSeconds\": " + drain + "}}}");
    }
    for (var place : Place.values()) {
      var app = Objects.requireNonNull(APPS.get(place));
      app.awaitPhase(place == Place.UNSTEADY ? place.phase : "Initialized", App.SOON);
      PODS.put(place, app.pods());
      if (place.waits()) {
        hinder(place, app);
        app.setImage("sandbox/web:1.1");
      }
    }
  }

  private static void deploy(Place place, App app) {
    app.deploy(2);
    if (place == Place.UNSTEADY) {
      // One of its pods was lost, and the one in its place does not get ready.
      stage.pods.holdBack(app.namespace, app.name);
      var lost = app.pods().iterator().next();
      stage.cluster.delete("/api/v1/namespaces/" + app.namespace + "/pods/" + lost);
      stage.cluster.await(
          () -> app + " has another pod",
          App.SOON,
          () -> app.pods().size() == 2 && !app.pods().contains(lost));
    } else if (place == Place.REVERTING) {
      // A pod has to go before one of the other revision comes, on the way back too.
      stage.cluster.merge(
          app.targetPath(),
          "{\"spec\": {\"strategy\": {\"rollingUpdate\": {\"maxSurge\": 0, \"maxUnavailable\":"
              + " 1}}}}");
    }
  }

  private static void hinder(Place place, App app) {
    if (place == Place.STARTING_PODS) {
      stage.pods.holdBack(app.namespace, app.name + "-canary");
    } else if (place.isStuck()) {
      // Its new pods are those of the promotion; the canary's have another label.
      stage.pods.holdBack(app.namespace, app.name);
    }
  }

  private static void reach(Place place, App app) {
    switch (place) {
      case HOLDING -> app.awaitTraffic(App.SOON);
      case PAUSED -> {
        app.awaitTraffic(App.SOON);
        app.command("pause");
      }
      case REJECTED -> {
        app.awaitTraffic(App.SOON);
        app.command("abort");
      }
      case BEFORE_A_STEP ->
          stage.cluster.await(
              () -> app + " waits for approval",
              App.SOON,
              () -> app.status().path("waitingFor").asText().contains("boss"));
      case REVERTING -> {
        stage.cluster.await(
            () -> app + " rolls", App.SOON, () -> app.serving().contains("sandbox/web:1.1"));
        app.awaitPhase("Promoting", App.SOON);
        app.command("abort");
      }
      case BYPASSED -> {
        app.awaitTraffic(App.SOON);
        stage.cluster.merge(
            app.targetPath(),
            "{\"metadata\": {\"annotations\": {\"serin.dev/bypass\": \"the house is on fire\"}}}");
      }
      case UNSTEADY,
          AT_REST,
          WAITING_FOR_APPROVAL,
          STARTING_PODS,
          WAITING_FOR_PROMOTION,
          PROMOTING,
          PROMOTION_FAILED,
          PROMOTED -> {}
      case TRAFFIC_GOES_BACK -> app.setImage("sandbox/web:1.1");
    }
    app.awaitPhase(place.phase, App.SOON);
  }

  @ParameterizedTest
  @EnumSource
  void theTargetIsGivenBack(Place place) {
    var app = Objects.requireNonNull(APPS.get(place));
    reach(place, app);
    app.delete();

    var target = app.target();
    assertThat(target.at("/metadata/labels").has("serin.dev/canary")).as("mark").isFalse();
    assertThat(notes(target))
        .isEqualTo(place == Place.BYPASSED ? List.of("serin.dev/bypass") : List.of());
    assertThat(app.isHeld()).isFalse();
    assertThat(app.image())
        .isEqualTo(place.keepsRevision() ? "sandbox/web:1.1" : "sandbox/web:1.0");
    if (!place.keepsRevision() && !place.isStuck()) {
      assertThat(app.pods()).as("no pod of stable was touched").isEqualTo(PODS.get(place));
    }
    stage.cluster.await(
        () -> "nothing is left but " + left(app), App.SOON, () -> left(app).isEmpty());
    stage.pods.letGo(app.namespace, app.name);
    assertThat(backends(app)).as("the route goes to stable, or is gone").isSubsetOf(app.name);
    stage.cluster.await(
        () -> "the target serves, with " + app.serving(),
        App.SOON,
        () -> app.serving().stream().filter(app.image()::equals).count() == 2);
  }

  /// Annotations that have to do with Serin.
  private static List<String> notes(JsonNode target) {
    return target
        .at("/metadata/annotations")
        .propertyStream()
        .map(Map.Entry::getKey)
        .filter(key -> key.contains("serin.dev/"))
        .toList();
  }

  /// Without the route that Serin made, no request would reach the Service; a plain one stays.
  private static List<String> backends(App app) {
    var path =
        "/apis/gateway.networking.k8s.io/v1/namespaces/"
            + app.namespace
            + "/httproutes/"
            + app.name;
    return stage.cluster.find(path).stream()
        .flatMap(route -> route.path("spec").findParents("backendRefs").stream())
        .flatMap(rule -> rule.path("backendRefs").findValuesAsText("name").stream())
        .toList();
  }

  /// What Serin made and did not take away.
  private static List<String> left(App app) {
    var left = new ArrayList<String>();
    for (var kind :
        List.of(
            "apis/apps/v1/deployments",
            "apis/apps/v1/controllerrevisions",
            "api/v1/services",
            "apis/policy/v1/poddisruptionbudgets",
            "apis/serin.dev/v1beta1/canarycommands")) {
      var slash = kind.lastIndexOf('/');
      var path = "/" + kind.substring(0, slash) + "/namespaces/" + app.namespace;
      for (var object : stage.cluster.get(path + kind.substring(slash)).path("items")) {
        var name = object.at("/metadata/name").asText();
        if (name.startsWith(app.name + "-")) {
          left.add(kind.substring(slash + 1) + "/" + name);
        }
      }
    }
    return left;
  }
}
