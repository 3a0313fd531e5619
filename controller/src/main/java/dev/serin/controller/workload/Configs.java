package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Read;
import dev.serin.revision.ConfigRef;
import dev.serin.revision.Revision;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The ConfigMaps and Secrets that pods of a template use, by their content.
///
/// @param checksums of the content by `configmap/NAME` or `secret/NAME`
/// @param mounted those of them that running pods see change, because they are mounted as volumes
/// @param unreadable why the content of one of them cannot be told; empty when all were read
record Configs(Map<String, String> checksums, Set<String> mounted, Optional<String> unreadable) {
  /// Nothing is used, or nothing is tracked.
  static final Configs NONE = new Configs(Map.of(), Set.of(), Optional.empty());

  Configs {
    checksums = Map.copyOf(checksums);
    mounted = Set.copyOf(mounted);
  }

  /// Reads what the pods of a workload use.
  ///
  /// @param salt what makes checksums of the same Secret differ between Canaries: the Canary's UID
  static Configs read(JsonNode workload, String salt, Cluster cluster) {
    var checksums = new HashMap<String, String>();
    var mounted = new HashSet<String>();
    for (var ref : ConfigRef.of(Fields.at(workload, "spec", "template"))) {
      switch (cluster.find(ref.in(Fields.namespace(workload)))) {
        case Read.Found(var object) -> {
          if (!ConfigRef.isTracked(object)) {
            continue;
          }
          var checksum = ConfigRef.checksum(object);
          checksums.put(
              ref.key(), ref.kind().equals(Kind.SECRET) ? concealed(checksum, salt) : checksum);
        }
        case Read.Absent _, Read.NotServed _ -> checksums.put(ref.key(), ConfigRef.ABSENT);
        case Read.Unknown(var reason) -> {
          return new Configs(Map.of(), Set.of(), Optional.of(ref.key() + ": " + reason));
        }
      }
      if (ref.mounted()) {
        mounted.add(ref.key());
      }
    }
    return new Configs(checksums, mounted, Optional.empty());
  }

  /// Checksums stand in statuses and enter the names of revisions, which more people may read than
  /// Secrets. This one is so short that many contents have it, so that nobody can tell a guessed
  /// password from a wrong guess, and long enough to tell a change: one in 16 million goes
  /// unnoticed.
  private static String concealed(String checksum, String salt) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(("serin " + salt).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      var digest = mac.doFinal(checksum.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 3);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HMAC with SHA-256", e);
    }
  }

  /// One checksum for all; empty when nothing is used.
  String digest() {
    return checksums.isEmpty() ? "" : Revision.id(JsonNodeFactory.instance.objectNode(), checksums);
  }
}
