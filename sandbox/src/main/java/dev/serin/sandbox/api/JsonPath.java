package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/// The JSON paths that printer columns use: fields, indexes, and a filter for equality such as
/// `.status.conditions[?(@.type=="Ready")].status`.
final class JsonPath {

  private static final Pattern STEP =
      Pattern.compile(
          "\\.([\\w-]+(?:\\\\\\.[\\w-]+)*)"
              + "|\\[(\\d+)]"
              + "|\\[\\?\\(@\\.([\\w.]+)\\s*==\\s*[\"']([^\"']*)[\"']\\)]"
              + "|\\['([^']+)']");

  private JsonPath() {}

  /// The first value at a path, or a missing node.
  static JsonNode find(JsonNode node, String path) {
    var steps = STEP.matcher(path);
    while (steps.find()) {
      if (steps.group(1) != null) {
        node = node.path(steps.group(1).replace("\\.", "."));
      } else if (steps.group(2) != null) {
        node = node.path(Integer.parseInt(steps.group(2)));
      } else if (steps.group(3) != null) {
        node = where(node, steps.group(3), steps.group(4));
      } else {
        node = node.path(steps.group(5));
      }
    }
    return node;
  }

  private static JsonNode where(JsonNode list, String field, String value) {
    for (JsonNode item : list) {
      if (item.path(field).asText().equals(value)) {
        return item;
      }
    }
    return Json.object().path("");
  }
}
