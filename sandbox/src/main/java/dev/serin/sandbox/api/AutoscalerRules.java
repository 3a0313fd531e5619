package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Rules of HorizontalPodAutoscalers.
final class AutoscalerRules implements KindRules {

  @Override
  public boolean generations() {
    return false;
  }

  @Override
  public void defaults(ObjectNode object) {
    var spec = Json.child(object, "spec");
    if (!spec.has("minReplicas")) {
      spec.put("minReplicas", 1);
    }
    if (!spec.has("metrics")) {
      var cpu = spec.putArray("metrics").addObject().put("type", "Resource").putObject("resource");
      cpu.put("name", "cpu")
          .putObject("target")
          .put("type", "Utilization")
          .put("averageUtilization", 80);
    }
    if (spec.get("behavior") instanceof ObjectNode behavior) {
      rules(Json.child(behavior, "scaleUp"), true);
      rules(Json.child(behavior, "scaleDown"), false);
    }
  }

  private static void rules(ObjectNode rules, boolean up) {
    PodTemplates.preset(rules, "selectPolicy", "Max");
    if (up && !rules.has("stabilizationWindowSeconds")) {
      rules.put("stabilizationWindowSeconds", 0);
    }
    if (!rules.has("policies")) {
      var policies = rules.putArray("policies");
      if (up) {
        policies.addObject().put("type", "Pods").put("value", 4).put("periodSeconds", 15);
      }
      policies.addObject().put("type", "Percent").put("value", 100).put("periodSeconds", 15);
    }
  }

  @Override
  public void validate(ObjectNode object, List<FieldError> errors) {
    var spec = object.path("spec");
    int min = spec.path("minReplicas").asInt();
    int max = spec.path("maxReplicas").asInt();
    if (min < 1) {
      errors.add(
          FieldError.invalid(
              "spec.minReplicas", spec.path("minReplicas"), "must be greater than or equal to 1"));
    }
    if (max < 1) {
      errors.add(
          FieldError.invalid(
              "spec.maxReplicas", spec.path("maxReplicas"), "must be greater than 0"));
    } else if (max < min) {
      errors.add(
          FieldError.invalid(
              "spec.maxReplicas",
              spec.path("maxReplicas"),
              "must be greater than or equal to `minReplicas`"));
    }
    for (String field : new String[] {"kind", "name"}) {
      if (Json.text(spec, "scaleTargetRef", field).isEmpty()) {
        errors.add(FieldError.required("spec.scaleTargetRef." + field, ""));
      }
    }
  }
}
