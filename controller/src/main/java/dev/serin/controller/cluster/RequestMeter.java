package dev.serin.controller.cluster;

/// Told of every request to the API server.
@FunctionalInterface
public interface RequestMeter {

  /// @param verb as in RBAC rules, such as `get`, `list`, `watch`, `patch`; a server-side apply is
  ///   `apply`
  /// @param code HTTP status; 0 when there was no answer
  void count(String verb, int code);
}
