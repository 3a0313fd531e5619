package dev.serin.sandbox.rehearsal;

import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.telemetry.Dialect;

/// How requests come to the target, and who splits them.
enum Ground {
  /// At a Gateway, by a route that Serin makes.
  GATEWAY(
      "gatewayapi",
      Dialect.CONTOUR,
      "hosts: [web.example.com], gatewayRefs: [{name: public, namespace: gateway}]"),

  /// At a Gateway, by a route that is the user's.
  OWN_ROUTE("gatewayapi", Dialect.CONTOUR, "routeRef: {kind: HTTPRoute, name: front}"),

  /// In a mesh that obeys routes which hang on the Service.
  SERVICE("gatewayapi", Dialect.LINKERD, "gatewayRefs: [{group: core, kind: Service, name: web}]"),

  /// In Istio.
  ISTIO("istio", Dialect.ISTIO, "targetPort: 8080"),

  /// In a mesh of the Service Mesh Interface.
  SMI("smi", Dialect.LINKERD, "targetPort: 8080");

  private static final String HOST = "web.example.com";

  /// `spec.provider`.
  final String provider;

  /// Whose names requests are counted in.
  final Dialect dialect;

  /// `spec.service`, beside its port.
  final String service;

  Ground(String provider, Dialect dialect, String service) {
    this.provider = provider;
    this.dialect = dialect;
    this.service = service;
  }

  /// What users of it have before they have Serin.
  String before() {
    return switch (this) {
      case OWN_ROUTE ->
          """
          apiVersion: gateway.networking.k8s.io/v1
          kind: HTTPRoute
          metadata: {name: front, namespace: shop}
          spec:
            hostnames: [web.example.com]
            parentRefs: [{name: public, namespace: gateway}]
            rules:
              - matches: [{path: {type: PathPrefix, value: /}}]
                backendRefs: [{name: web, port: 80}]
          """;
      case GATEWAY, SERVICE, ISTIO, SMI -> "";
    };
  }

  /// A request of a user.
  Call call() {
    return switch (this) {
      case GATEWAY, OWN_ROUTE -> Call.atGateway(HOST);
      case SERVICE, ISTIO, SMI -> Call.inMesh(Play.NAME + "." + Play.NAMESPACE);
    };
  }
}
