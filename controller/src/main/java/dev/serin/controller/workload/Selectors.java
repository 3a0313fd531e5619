package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.cluster.Fields;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Which labels a selector selects.
final class Selectors {
  private Selectors() {}

  /// Whether a label selector (`matchLabels`, `matchExpressions`) selects these labels. One without
  /// any requirement selects everything; a missing one selects nothing.
  static boolean selects(JsonNode selector, Map<String, String> labels) {
    if (!selector.isObject()) {
      return false;
    }
    return holds(Fields.texts(selector, "matchLabels"), labels)
        && Fields.list(selector, "matchExpressions").stream()
            .allMatch(requirement -> meets(requirement, labels));
  }

  /// Whether a plain selector, as a Service has it, selects these labels. An empty one selects
  /// nothing.
  static boolean selects(Map<String, String> selector, Map<String, String> labels) {
    return !selector.isEmpty() && holds(selector, labels);
  }

  private static boolean holds(Map<String, String> wanted, Map<String, String> labels) {
    return labels.entrySet().containsAll(wanted.entrySet());
  }

  private static boolean meets(JsonNode requirement, Map<String, String> labels) {
    var key = Fields.text(requirement, "key");
    var values = values(requirement);
    var value = labels.get(key);
    return switch (Fields.text(requirement, "operator")) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default -> false;
    };
  }

  private static Set<String> values(JsonNode requirement) {
    return Fields.list(requirement, "values").stream()
        .map(JsonNode::asText)
        .collect(Collectors.toUnmodifiableSet());
  }
}
