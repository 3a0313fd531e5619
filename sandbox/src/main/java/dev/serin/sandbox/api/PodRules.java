package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Rules of pods.
final class PodRules implements KindRules {

  @Override
  public void defaults(ObjectNode object) {
    var spec = Json.child(object, "spec");
    PodTemplates.defaults(spec);
    if (!spec.has("enableServiceLinks")) {
      spec.put("enableServiceLinks", true);
    }
  }

  @Override
  public void creating(ObjectNode object, ApiStore store) {
    var spec = Json.child(object, "spec");
    PodTemplates.preset(spec, "serviceAccountName", "default");
    PodTemplates.preset(spec, "serviceAccount", "default");
    if (!spec.has("priority")) {
      spec.put("priority", 0);
    }
    PodTemplates.preset(spec, "preemptionPolicy", "PreemptLowerPriority");
    object.putObject("status").put("phase", "Pending").put("qosClass", "BestEffort");
  }

  @Override
  public void validate(ObjectNode object, List<FieldError> errors) {
    PodTemplates.validate(object.path("spec"), "spec", errors);
  }

  @Override
  public long gracePeriod(ObjectNode object, long asked) {
    if (Json.text(object, "spec", "nodeName").isEmpty()) {
      return 0;
    }
    var phase = Json.text(object, "status", "phase");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return 0;
    }
    return asked >= 0 ? asked : object.path("spec").path("terminationGracePeriodSeconds").asLong(0);
  }
}
