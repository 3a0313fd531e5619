package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/// Rules of Events, which are served by two groups that call their fields differently.
final class EventRules implements KindRules {

  /// Names in core, and in `events.k8s.io`.
  private static final Map<String, String> NAMES =
      Map.of(
          "involvedObject", "regarding",
          "message", "note",
          "source", "deprecatedSource",
          "firstTimestamp", "deprecatedFirstTimestamp",
          "lastTimestamp", "deprecatedLastTimestamp",
          "count", "deprecatedCount",
          "reportingComponent", "reportingController");

  @Override
  public boolean generations() {
    return false;
  }

  @Override
  public void converted(ObjectNode object) {
    boolean core = Json.text(object, "apiVersion").equals("v1");
    NAMES.forEach(
        (inCore, inEvents) -> {
          var value = object.remove(core ? inEvents : inCore);
          if (value != null) {
            object.set(core ? inCore : inEvents, value);
          }
        });
  }
}
