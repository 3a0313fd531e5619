package dev.serin.sandbox.telemetry;

/// Whose metric names are spoken.
public enum Dialect {
  /// The Envoy of Contour: by Service, without pods.
  CONTOUR,
  /// Sidecars of Istio, of callers and of pods.
  ISTIO,
  /// Waypoints of Istio.
  ISTIO_AMBIENT,
  /// Proxies of Linkerd, of callers and of pods.
  LINKERD
}
