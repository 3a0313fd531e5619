package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.controller.workload.Marks;

/// What is released, of each kind that can be: version 1 runs, and version 2 comes.
@SuppressWarnings("ImmutableEnumChecker") // references are records of texts
enum Targeted {
  DEPLOYMENT(Kind.DEPLOYMENT),
  DEPLOYMENT_SCALED_BY_KEDA(Kind.DEPLOYMENT),
  STATEFUL_SET(Kind.STATEFUL_SET),
  DAEMON_SET(Kind.DAEMON_SET),
  SERVICE(Kind.SERVICE);

  private static final ObjectRef SCALED_OBJECT = Kind.SCALED_OBJECT.named("shop", "web");

  private final ObjectRef target;
  private final ObjectRef copy;

  Targeted(Kind kind) {
    target = kind.named("shop", "web");
    copy = kind.named("shop", "web-canary");
  }

  /// A world in which version 1 was adopted.
  ///
  /// @param canary for a Deployment
  World adopted(String canary) {
    var world = new World();
    switch (this) {
      case DEPLOYMENT -> world.with(World.DEPLOYMENT_YAML);
      case DEPLOYMENT_SCALED_BY_KEDA -> {
        world.with(World.DEPLOYMENT_YAML);
        world.cluster.put(
            SCALED_OBJECT,
            World.yaml(
                """
                apiVersion: keda.sh/v1alpha1
                kind: ScaledObject
                metadata: {name: web}
                spec: {scaleTargetRef: {name: web}}
                """));
      }
      case STATEFUL_SET, DAEMON_SET ->
          world.with(
              World.DEPLOYMENT_YAML
                  .replace("kind: Deployment", "kind: " + target.kind().kind())
                  .replaceAll("  strategy: .*\n", ""));
      case SERVICE -> {
        world.endpoints.ready.put("1", 2);
        world.endpoints.ready.put("2", 2);
        world.with(service("web")).with(service("web-canary"));
      }
    }
    return world.adopt(
        canary.replace(
            "{apiVersion: apps/v1, kind: Deployment, name: web}",
            "{apiVersion: %s, kind: %s, name: web}"
                .formatted(target.kind().apiVersion(), target.kind().kind())));
  }

  private static String service(String name) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: %s}
    spec: {selector: {app: web, version: "1"}, ports: [{name: http, port: 80}]}
    """
        .formatted(name);
  }

  /// Its user brings version 2.
  void release(World world) {
    switch (this) {
      case DEPLOYMENT, DEPLOYMENT_SCALED_BY_KEDA -> world.setImage("web:2");
      case STATEFUL_SET, DAEMON_SET ->
          world.cluster.change(
              target,
              set -> {
                ((ObjectNode) set.at("/spec/template/spec/containers/0")).put("image", "web:2");
                return set;
              });
      case SERVICE ->
          world.cluster.change(
              copy,
              service -> {
                service.withObject("/spec/selector").put("version", "2");
                return service;
              });
    }
  }

  /// The version that the target asks for.
  String carried(World world) {
    var object = world.cluster.get(target);
    return this == SERVICE
        ? object.at("/spec/selector/version").asText()
        : object.at("/spec/template/spec/containers/0/image").asText().replace("web:", "");
  }

  /// Whether pods of another version than they run do not come by themselves.
  boolean isHeld(World world) {
    var object = world.cluster.get(target);
    return switch (this) {
      case DEPLOYMENT, DEPLOYMENT_SCALED_BY_KEDA -> Fields.isTrue(object, "spec", "paused");
      case STATEFUL_SET ->
          Fields.number(object, "spec", "updateStrategy", "rollingUpdate", "partition") > 0;
      case DAEMON_SET -> Fields.text(object, "spec", "updateStrategy", "type").equals("OnDelete");
      case SERVICE -> false;
    };
  }

  /// Whether it is held at all times, and not only while a version is tried or after it was
  /// rejected.
  boolean isAlwaysHeld() {
    return this == STATEFUL_SET || this == DAEMON_SET;
  }

  /// Whether a canary that Serin made is there; the second Service of a pair is its user's.
  boolean hasCopy(World world) {
    return this != SERVICE && world.cluster.has(copy);
  }

  /// Whether everything around it is as its user left it.
  boolean isUntouched(World world) {
    return this != DEPLOYMENT_SCALED_BY_KEDA
        || (Fields.annotation(world.cluster.get(SCALED_OBJECT), Marks.HELD).isEmpty()
            && Fields.annotation(
                    world.cluster.get(SCALED_OBJECT), "autoscaling.keda.sh/paused-scale-in")
                .isEmpty());
  }
}
