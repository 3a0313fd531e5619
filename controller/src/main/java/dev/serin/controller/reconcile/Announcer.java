package dev.serin.controller.reconcile;

/// Whoever wants to hear what was decided: the log, Kubernetes events, metrics, alerts, hooks.
/// Called after the decision was stored; must not block, and must not throw.
@FunctionalInterface
public interface Announcer {

  /// Tells one thing.
  void announce(Occasion occasion);
}
