package dev.serin.controller.cluster;

import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Where objects are found on the API server.
final class Paths {

  private Paths() {}

  static String groupVersion(Kind kind) {
    return kind.group().isEmpty()
        ? "/api/" + kind.version()
        : "/apis/" + kind.group() + "/" + kind.version();
  }

  /// All objects of a kind in a namespace.
  ///
  /// @param namespace empty for all namespaces
  static String collection(Kind kind, String namespace) {
    return groupVersion(kind)
        + (kind.namespaced() && !namespace.isEmpty() ? "/namespaces/" + namespace : "")
        + "/"
        + kind.plural();
  }

  static String of(ObjectRef ref) {
    return collection(ref.kind(), ref.namespace()) + "/" + ref.name();
  }

  static String query(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
