package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the cluster does with Services whose pods somebody else runs: one EndpointSlice for each.
final class FakeEndpoints {
  private final FakeCluster cluster;

  /// How many pods of a version are ready, by its label `version`.
  final Map<String, Integer> ready = new LinkedHashMap<>();

  /// Whether the lists stay as they are.
  boolean late;

  FakeEndpoints(FakeCluster cluster) {
    this.cluster = cluster;
  }

  void settle() {
    if (ready.isEmpty() || late) {
      return;
    }
    for (var service : cluster.list(Kind.SERVICE, "shop", Map.of())) {
      var version = Fields.text(service, "spec", "selector", "version");
      var ref = Kind.ENDPOINT_SLICE.named("shop", Fields.name(service) + "-1");
      if (!cluster.has(ref)) {
        var slice = Fields.bare(ref);
        slice
            .withObject("/metadata/labels")
            .put("kubernetes.io/service-name", Fields.name(service));
        cluster.put(ref, slice);
      }
      var endpoints = JsonNodeFactory.instance.arrayNode();
      for (int pod = 0; pod < ready.getOrDefault(version, 0); pod++) {
        var endpoint = endpoints.addObject();
        endpoint.putArray("addresses").add(version + "-" + pod);
        endpoint.putObject("conditions").put("ready", true);
      }
      cluster.change(
          ref,
          slice -> {
            slice.set("endpoints", endpoints);
            return slice;
          });
    }
  }
}
