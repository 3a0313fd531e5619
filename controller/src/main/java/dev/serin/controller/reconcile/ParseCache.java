package dev.serin.controller.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serin.cluster.Fields;
import dev.serin.parse.Parsed;
import java.util.Optional;
import java.util.function.Supplier;

/// What a spec was parsed to last. Canaries are looked at far more often than they are edited.
final class ParseCache {
  private JsonNode spec = MissingNode.getInstance();
  private JsonNode annotations = MissingNode.getInstance();
  private String uid = "";
  private Optional<Parsed> parsed = Optional.empty();

  /// What a spec means, parsed only if it is not the last one.
  ///
  /// @param canary the object whose metadata counts
  Parsed get(JsonNode canary, JsonNode other, Supplier<Parsed> parser) {
    var otherAnnotations = Fields.at(canary, "metadata", "annotations");
    if (parsed.isEmpty()
        || !uid.equals(Fields.uid(canary))
        || !spec.equals(other)
        || !annotations.equals(otherAnnotations)) {
      spec = other;
      annotations = otherAnnotations;
      uid = Fields.uid(canary);
      parsed = Optional.of(parser.get());
    }
    return parsed.orElseThrow();
  }
}
