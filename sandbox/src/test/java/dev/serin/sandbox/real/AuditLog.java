package dev.serin.sandbox.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The finished requests of Serin's account, as the API server wrote them down.
final class AuditLog {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> READS = Set.of("get", "list", "watch");

  /// The user agent of the tests of conformance, which ask for what is refused on purpose.
  private static final String CONFORMANCE = "conformance/1";

  private final Path file;
  private final long begin;

  private AuditLog(Path file, long begin) {
    this.file = file;
    this.begin = begin;
  }

  /// One finished request.
  ///
  /// @param resource plural, with the subresource behind a slash where there is one
  /// @param namespace empty for what has none
  /// @param code HTTP status
  /// @param forbidden whether the account has no right to it; a policy may refuse it nevertheless
  record Entry(
      String verb, String group, String resource, String namespace, int code, boolean forbidden) {
    boolean isWrite() {
      return !READS.contains(verb);
    }

    boolean isWatch() {
      return verb.equals("watch");
    }

    String what() {
      return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
    }
  }

  /// All requests from the start of the cluster on.
  static AuditLog all(RealCluster cluster) {
    return new AuditLog(Path.of(cluster.property("audit.log")), 0);
  }

  /// All requests from now on.
  static AuditLog fromNow(RealCluster cluster) {
    var file = Path.of(cluster.property("audit.log"));
    try {
      return new AuditLog(file, Files.size(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Those of tests of conformance are left out.
  List<Entry> entries() {
    try (var in = Files.newInputStream(file)) {
      in.skipNBytes(begin);
      var entries = new ArrayList<Entry>();
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      // The last line may not be complete yet.
      for (var line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
        var request = JSON.readTree(line);
        if (!request.path("userAgent").asText().equals(CONFORMANCE)) {
          entries.add(entry(request));
        }
      }
      return entries;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Entry entry(JsonNode line) {
    var object = line.path("objectRef");
    var sub = object.path("subresource").asText();
    return new Entry(
        line.path("verb").asText(),
        object.path("apiGroup").asText(),
        object.path("resource").asText() + (sub.isEmpty() ? "" : "/" + sub),
        object.path("namespace").asText(),
        line.at("/responseStatus/code").asInt(),
        line.path("annotations").path("authorization.k8s.io/decision").asText().equals("forbid"));
  }

  /// What a controller asked about one namespace, without watches and leases.
  List<Entry> of(String namespace) {
    return entries().stream()
        .filter(entry -> entry.namespace().equals(namespace))
        .filter(entry -> !entry.isWatch() && !entry.resource().equals("leases"))
        .toList();
  }

  /// How often each kind of request was made, for people.
  static Map<String, Long> summary(List<Entry> entries) {
    return entries.stream()
        .collect(Collectors.groupingBy(Entry::what, TreeMap::new, Collectors.counting()));
  }
}
