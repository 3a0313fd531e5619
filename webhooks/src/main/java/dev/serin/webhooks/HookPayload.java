package dev.serin.webhooks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What a webhook is sent, by Flagger's contract.
///
/// @param name of the Canary
/// @param namespace of the Canary
/// @param phase that it is in
/// @param checksum the revision that it is about
/// @param metadata further values; left out when there are none
public record HookPayload(
    String name, String namespace, String phase, String checksum, Map<String, String> metadata) {

  public HookPayload {
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
  }

  String json() {
    var object =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", name)
            .put("namespace", namespace)
            .put("phase", phase)
            .put("checksum", checksum);
    if (!metadata.isEmpty()) {
      var values = object.putObject("metadata");
      metadata.forEach(values::put);
    }
    return object.toString();
  }
}
