package dev.serin.sandbox.api;

/// Answers who may do what.
public interface Authorizer {

  /// A question of authorisation.
  ///
  /// @param caller who asks
  /// @param verb e.g. `get`, `deletecollection`, or a verb of a kind's own such as `approve`
  /// @param group API group, "" for core
  /// @param resource plural name
  /// @param subresource "" for none
  /// @param namespace "" for none or all
  /// @param name "" for any
  record Attributes(
      Caller caller,
      String verb,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name) {}

  boolean allows(Attributes attributes);
}
