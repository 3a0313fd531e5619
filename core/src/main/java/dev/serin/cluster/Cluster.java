package dev.serin.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/// The port to a Kubernetes API server. Reads come from caches that watches fill and cost no
/// request; they may be a little behind, never behind what this process wrote itself.
public interface Cluster {

  /// The object as last known.
  Read find(ObjectRef ref);

  /// All known objects of a kind in a namespace that carry these labels; the values are shared,
  /// copy them before changing them. Empty as well when the kind is not served.
  ///
  /// @param namespace empty for all namespaces
  /// @throws UnreadableException when it is not known what there is
  List<ObjectNode> list(Kind kind, String namespace, Map<String, String> labels);

  /// Whether the server knows the kind, as last looked up.
  ///
  /// @throws UnreadableException when the server does not say
  boolean serves(Kind kind);

  /// Sends one change and waits for its answer; never throws for what a server can answer.
  Written write(Change change);
}
