package dev.serin.sandbox.rehearsal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import java.util.List;
import java.util.Map;

/// Stands between a controller and its cluster, to meddle with what is written. What is read comes
/// through.
abstract class Interposed implements Cluster {
  final Cluster cluster;

  Interposed(Cluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public final Read find(ObjectRef ref) {
    return cluster.find(ref);
  }

  @Override
  public final List<ObjectNode> list(Kind kind, String namespace, Map<String, String> labels) {
    return cluster.list(kind, namespace, labels);
  }

  @Override
  public final boolean serves(Kind kind) {
    return cluster.serves(kind);
  }
}
