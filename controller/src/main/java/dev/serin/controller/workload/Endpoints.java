package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The pods behind a Service, by what its EndpointSlices say.
///
/// @param ready addresses that take requests
/// @param all addresses of pods that are not on their way out
record Endpoints(Set<String> ready, Set<String> all) {
  private static final String SERVICE_NAME = "kubernetes.io/service-name";

  Endpoints {
    ready = Set.copyOf(ready);
    all = Set.copyOf(all);
  }

  static Endpoints of(Cluster cluster, String namespace, String service) {
    var ready = new HashSet<String>();
    var all = new HashSet<String>();
    for (var slice : cluster.list(Kind.ENDPOINT_SLICE, namespace, Map.of(SERVICE_NAME, service))) {
      for (var endpoint : Fields.list(slice, "endpoints")) {
        var addresses = Fields.list(endpoint, "addresses");
        if (addresses.isEmpty() || Fields.isTrue(endpoint, "conditions", "terminating")) {
          continue;
        }
        all.add(addresses.getFirst().asText());
        if (isReady(endpoint)) {
          ready.add(addresses.getFirst().asText());
        }
      }
    }
    return new Endpoints(ready, all);
  }

  /// What is not said counts as ready (EndpointConditions of `discovery.k8s.io/v1`).
  private static boolean isReady(JsonNode endpoint) {
    var ready = Fields.at(endpoint, "conditions", "ready");
    return ready.isMissingNode() || ready.asBoolean();
  }

  /// Whether there are pods, and every one takes requests.
  boolean areReady() {
    return !ready.isEmpty() && ready.size() == all.size();
  }

  /// Whether at least half of the pods take requests.
  boolean serve() {
    return !ready.isEmpty() && 2 * ready.size() >= all.size();
  }
}
