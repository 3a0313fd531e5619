package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// Rules of Deployments, ReplicaSets, StatefulSets and DaemonSets.
final class WorkloadRules implements KindRules {

  private static final int HISTORY = 10;
  private static final int PROGRESS_DEADLINE = 600;

  /// A change of a Deployment's annotations counts as well; Kubernetes does so since its first
  /// releases.
  @Override
  public boolean specChanged(ObjectNode object, ObjectNode old) {
    return !Json.sameOrEmpty(object.path("spec"), old.path("spec"))
        || (isDeployment(object)
            && !Json.sameOrEmpty(
                object.path("metadata").path("annotations"),
                old.path("metadata").path("annotations")));
  }

  @Override
  public void defaults(ObjectNode object) {
    var spec = Json.child(object, "spec");
    switch (Json.text(object, "kind")) {
      case "Deployment" -> {
        preset(spec, "replicas", 1);
        preset(spec, "revisionHistoryLimit", HISTORY);
        preset(spec, "progressDeadlineSeconds", PROGRESS_DEADLINE);
        strategy(Json.child(spec, "strategy"), "25%", "25%");
      }
      case "StatefulSet" -> {
        preset(spec, "replicas", 1);
        preset(spec, "revisionHistoryLimit", HISTORY);
        PodTemplates.preset(spec, "podManagementPolicy", "OrderedReady");
        var strategy = Json.child(spec, "updateStrategy");
        PodTemplates.preset(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
          preset(Json.child(strategy, "rollingUpdate"), "partition", 0);
        }
        var retention = Json.child(spec, "persistentVolumeClaimRetentionPolicy");
        PodTemplates.preset(retention, "whenDeleted", "Retain");
        PodTemplates.preset(retention, "whenScaled", "Retain");
      }
      case "DaemonSet" -> {
        preset(spec, "revisionHistoryLimit", HISTORY);
        var strategy = Json.child(spec, "updateStrategy");
        PodTemplates.preset(strategy, "type", "RollingUpdate");
        if (Json.text(strategy, "type").equals("RollingUpdate")) {
          var rolling = Json.child(strategy, "rollingUpdate");
          preset(rolling, "maxUnavailable", 1);
          preset(rolling, "maxSurge", 0);
        }
      }
      default -> preset(spec, "replicas", 1);
    }
    var template = Json.child(spec, "template");
    PodTemplates.defaults(Json.child(template, "spec"));
  }

  private static void strategy(ObjectNode strategy, String maxUnavailable, String maxSurge) {
    PodTemplates.preset(strategy, "type", "RollingUpdate");
    if (Json.text(strategy, "type").equals("RollingUpdate")) {
      var rolling = Json.child(strategy, "rollingUpdate");
      PodTemplates.preset(rolling, "maxUnavailable", maxUnavailable);
      PodTemplates.preset(rolling, "maxSurge", maxSurge);
    }
  }

  private static void preset(ObjectNode node, String field, int value) {
    if (!node.has(field)) {
      node.put(field, value);
    }
  }

  @Override
  public void validate(ObjectNode object, List<FieldError> errors) {
    var spec = object.path("spec");
    var replicas = spec.path("replicas");
    if (replicas.asInt() < 0) {
      errors.add(
          FieldError.invalid("spec.replicas", replicas, "must be greater than or equal to 0"));
    }
    var selector = spec.path("selector");
    var template = spec.path("template");
    if (selector.isMissingNode()) {
      errors.add(FieldError.required("spec.selector", ""));
    } else if (selector.isEmpty()) {
      errors.add(
          FieldError.invalid(
              "spec.selector", selector, "empty selector is invalid for " + noun(object)));
    }
    if (!LabelSelector.from(selector).test(template)) {
      errors.add(
          FieldError.invalid(
              "spec.template.metadata.labels",
              template.path("metadata").path("labels"),
              "`selector` does not match template `labels`"));
    }
    PodTemplates.validate(template.path("spec"), "spec.template.spec", errors);
    strategyErrors(spec.path("strategy"), errors);
  }

  private static void strategyErrors(JsonNode strategy, List<FieldError> errors) {
    if (Json.text(strategy, "type").equals("Recreate")) {
      if (strategy.has("rollingUpdate")) {
        errors.add(
            FieldError.forbidden(
                "spec.strategy.rollingUpdate",
                "may not be specified when strategy `type` is 'Recreate'"));
      }
    } else if (isZero(strategy.path("rollingUpdate").path("maxUnavailable"))
        && isZero(strategy.path("rollingUpdate").path("maxSurge"))) {
      errors.add(
          FieldError.invalid(
              "spec.strategy.rollingUpdate.maxUnavailable",
              strategy.path("rollingUpdate").path("maxUnavailable"),
              "may not be 0 when `maxSurge` is 0"));
    }
  }

  private static boolean isZero(JsonNode value) {
    return value.asText().equals("0") || value.asText().equals("0%");
  }

  @Override
  public void validateUpdate(ObjectNode object, ObjectNode old, List<FieldError> errors) {
    var selector = object.path("spec").path("selector");
    if (!selector.equals(old.path("spec").path("selector"))) {
      errors.add(FieldError.invalid("spec.selector", selector, "field is immutable"));
    }
  }

  private static boolean isDeployment(JsonNode object) {
    return Json.text(object, "kind").equals("Deployment");
  }

  private static String noun(JsonNode object) {
    return switch (Json.text(object, "kind")) {
      case "DaemonSet" -> "daemonset";
      case "StatefulSet" -> "statefulset";
      default -> "deployment";
    };
  }
}
