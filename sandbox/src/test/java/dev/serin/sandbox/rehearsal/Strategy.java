package dev.serin.sandbox.rehearsal;

import java.util.List;

/// A way to release, as the `analysis` of a Canary. A new strategy is proven safe by one more entry
/// in [#ALL]: it is then played with every story, every crash and every fault.
///
/// @param name for people
/// @param ground on which requests are split
/// @param analysis lines of YAML below `spec.analysis`, beside interval, threshold and metrics
/// @param reachesUsers whether users are answered by the canary before it is promoted
record Strategy(String name, Ground ground, String analysis, boolean reachesUsers) {

  static final List<Strategy> ALL =
      List.of(
          gateway("weights", "stepWeights: [20, 50]"),
          gateway(
              "weights back in steps", "stepWeight: 30\nmaxWeight: 60\nstepWeightPromotion: 40"),
          gateway(
              "explicit steps",
              """
              steps:
                - setReplicas: 1
                - setWeight: 10
                - pause: {duration: 15s}
                - setWeight: 50
                - analysis: {iterations: 2}
                - setReplicas: Full
                - setWeight: 80
              """),
          new Strategy("blue/green", Ground.ISTIO, "iterations: 2", false),
          gateway("blue/green mirrored", "iterations: 2\nmirror: true\nmirrorWeight: 50"),
          gateway(
              "A/B by header", "iterations: 2\nmatch: [{headers: {x-group: {exact: insider}}}]"),
          gateway("A/B by cookie", "iterations: 2\nmatch: [{cookies: {canary: {exact: always}}}]"),
          gateway("mirror first", "stepWeights: [50]\nmirror: true"),
          gateway(
              "session affinity",
              "stepWeights: [20, 50]\nsessionAffinity: {cookieName: version, maxAge: 3600}"),
          new Strategy("weights in a mesh", Ground.ISTIO, "stepWeights: [20, 50]", true),
          new Strategy("a route of the user's", Ground.OWN_ROUTE, "stepWeights: [20, 50]", true),
          new Strategy("a route on the Service", Ground.SERVICE, "stepWeights: [20, 50]", true),
          new Strategy("a TrafficSplit", Ground.SMI, "stepWeights: [20, 50]", true),
          new Strategy(
              "session affinity in a mesh",
              Ground.ISTIO,
              "stepWeights: [20, 50]\nsessionAffinity: {cookieName: version, maxAge: 3600}",
              true),
          new Strategy(
              "A/B by caller",
              Ground.ISTIO,
              "iterations: 2\nmatch: [{sourceLabels: {group: insider}}]",
              true),
          gateway(
              "A/B by query parameter",
              "iterations: 2\nmatch: [{queryParams: {preview: {exact: \"yes\"}}}]"));

  /// The first strategies, which everything is played with; the others differ in who splits, or in
  /// what by.
  private static final int THOROUGH = 10;

  private static Strategy gateway(String name, String analysis) {
    return new Strategy(name, Ground.GATEWAY, analysis, !name.startsWith("blue"));
  }

  /// Its place in [#ALL].
  int place() {
    return ALL.indexOf(this);
  }

  /// Whether it is played with everything.
  boolean isThorough() {
    return place() < THOROUGH;
  }

  /// Whether the target has an autoscaler.
  boolean autoscaled() {
    return name.startsWith("weights");
  }

  @Override
  public String toString() {
    return name;
  }

  /// The Canary `web` in namespace `shop`.
  ///
  /// @param more lines of YAML below `spec.analysis`
  String canary(String more) {
    return """
    apiVersion: serin.dev/v1beta1
    kind: Canary
    metadata: {name: web, namespace: shop}
    spec:
      targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
      provider: %s
      progressDeadlineSeconds: 60
      service: {port: 80, %s}
      canary: {drainSeconds: 5}
      analysis:
        interval: 10s
        threshold: 2
        metrics: [{name: request-success-rate, interval: 10s, thresholdRange: {min: 90}}]
    %s
    """
        .formatted(ground.provider, ground.service, (analysis + "\n" + more).indent(4));
  }
}
