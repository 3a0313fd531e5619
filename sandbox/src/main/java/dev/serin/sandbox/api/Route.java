package dev.serin.sandbox.api;

import java.util.Optional;

/// What the path of a request names.
///
/// @param group API group, "" for core
/// @param version API version
/// @param namespace "" for none or all
/// @param resource plural name
/// @param name "" for the collection
/// @param subresource "" for the object itself
record Route(
    String group,
    String version,
    String namespace,
    String resource,
    String name,
    String subresource) {

  /// Reads `/api/v1/…` and `/apis/group/version/…`.
  static Optional<Route> parse(String path) {
    var parts = path.substring(1).split("/");
    int at;
    String group;
    if (parts[0].equals("api") && parts.length > 2) {
      group = "";
      at = 1;
    } else if (parts[0].equals("apis") && parts.length > 3) {
      group = parts[1];
      at = 2;
    } else {
      return Optional.empty();
    }
    var version = parts[at++];
    var namespace = "";
    // Below a namespace only these two are of the namespace itself.
    boolean ofNamespace =
        parts.length == at + 3
            && (parts[at + 2].equals("status") || parts[at + 2].equals("finalize"));
    if (parts[at].equals("namespaces") && parts.length > at + 2 && !ofNamespace) {
      namespace = parts[at + 1];
      at += 2;
    }
    int left = parts.length - at;
    if (left < 1 || left > 3) {
      return Optional.empty();
    }
    return Optional.of(
        new Route(
            group,
            version,
            namespace,
            parts[at],
            left > 1 ? parts[at + 1] : "",
            left > 2 ? parts[at + 2] : ""));
  }
}
