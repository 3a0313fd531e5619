package dev.serin.controller.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Read;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/// Secrets of the cluster, read when they are needed and never kept.
public final class ClusterSecrets {
  private final Cluster cluster;

  /// @param cluster where they are
  public ClusterSecrets(Cluster cluster) {
    this.cluster = cluster;
  }

  /// What a Secret holds.
  public sealed interface Data {

    /// @param values by key, decoded
    record Held(Map<String, String> values) implements Data {
      public Held {
        values = Map.copyOf(values);
      }

      @Override
      public String toString() {
        return "Held" + values.keySet();
      }
    }

    /// @param problem with its cure
    record Missing(String problem) implements Data {}
  }

  /// What a Secret of this name holds now.
  public Data of(String namespace, String name) {
    var label = "Secret " + namespace + "/" + name;
    return switch (cluster.find(Kind.SECRET.named(namespace, name))) {
      case Read.Found(var secret) -> decoded(secret, label);
      case Read.Absent _, Read.NotServed _ ->
          new Data.Missing(label + " does not exist; create it");
      case Read.Unknown(var reason) -> new Data.Missing(label + " cannot be read: " + reason);
    };
  }

  private static Data decoded(ObjectNode secret, String label) {
    var values = new HashMap<String, String>();
    for (var entry : Fields.at(secret, "data").properties()) {
      try {
        var bytes = Base64.getMimeDecoder().decode(entry.getValue().asText());
        values.put(entry.getKey(), new String(bytes, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException _) {
        return new Data.Missing(label + ": data." + entry.getKey() + " is no base64; correct it");
      }
    }
    return new Data.Held(values);
  }
}
