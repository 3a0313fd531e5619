package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;

/// Pod templates, as workloads and the objects that remember them have them.
final class Templates {
  private static final String HASH = "pod-template-hash";

  private Templates() {}

  /// A template as its workload has it, whichever object it was read from.
  static ObjectNode asDeclared(JsonNode template) {
    ObjectNode copy = template.deepCopy();
    if (copy.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove("creationTimestamp");
      if (metadata.path("labels") instanceof ObjectNode labels) {
        labels.remove(HASH);
      }
    }
    return copy;
  }

  /// Checksum of the configuration that a template was released with; empty for none.
  static String config(JsonNode template) {
    return Fields.text(template, "metadata", "annotations", Marks.CONFIG);
  }
}
