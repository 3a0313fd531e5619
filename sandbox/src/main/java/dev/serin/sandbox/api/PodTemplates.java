package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// What the server fills into the spec of pods, and what it refuses there.
final class PodTemplates {

  private static final int DEFAULT_MODE = 0644;
  private static final int MAX_PORT = 65_535;

  private PodTemplates() {}

  static void defaults(ObjectNode spec) {
    preset(spec, "dnsPolicy", "ClusterFirst");
    preset(spec, "restartPolicy", "Always");
    preset(spec, "schedulerName", "default-scheduler");
    Json.child(spec, "securityContext");
    if (!spec.has("terminationGracePeriodSeconds")) {
      spec.put("terminationGracePeriodSeconds", 30);
    }
    if (spec.has("serviceAccountName")) {
      spec.set("serviceAccount", spec.get("serviceAccountName"));
    } else if (spec.has("serviceAccount")) {
      spec.set("serviceAccountName", spec.get("serviceAccount"));
    }
    each(spec.path("containers"), PodTemplates::containerDefaults);
    each(spec.path("initContainers"), PodTemplates::containerDefaults);
    each(spec.path("volumes"), PodTemplates::volumeDefaults);
  }

  private static void containerDefaults(ObjectNode container) {
    preset(
        container,
        "imagePullPolicy",
        isLatest(Json.text(container, "image")) ? "Always" : "IfNotPresent");
    preset(container, "terminationMessagePath", "/dev/termination-log");
    preset(container, "terminationMessagePolicy", "File");
    each(container.path("ports"), port -> preset(port, "protocol", "TCP"));
    for (String probe : new String[] {"livenessProbe", "readinessProbe", "startupProbe"}) {
      if (container.get(probe) instanceof ObjectNode node) {
        probeDefaults(node);
      }
    }
    each(
        container.path("env"),
        variable -> {
          if (Json.at(variable, "valueFrom", "fieldRef") instanceof ObjectNode field) {
            preset(field, "apiVersion", "v1");
          }
        });
  }

  private static void probeDefaults(ObjectNode probe) {
    presetNumber(probe, "timeoutSeconds", 1);
    presetNumber(probe, "periodSeconds", 10);
    presetNumber(probe, "successThreshold", 1);
    presetNumber(probe, "failureThreshold", 3);
    if (probe.get("httpGet") instanceof ObjectNode get) {
      preset(get, "path", "/");
      preset(get, "scheme", "HTTP");
    }
  }

  private static void volumeDefaults(ObjectNode volume) {
    if (volume.size() == 1) {
      volume.putObject("emptyDir");
    }
    for (String source : new String[] {"secret", "configMap", "downwardAPI", "projected"}) {
      if (volume.get(source) instanceof ObjectNode node) {
        presetNumber(node, "defaultMode", DEFAULT_MODE);
      }
    }
  }

  static void validate(JsonNode spec, String path, List<FieldError> errors) {
    var containers = spec.path("containers");
    if (containers.isEmpty()) {
      errors.add(FieldError.required(path + ".containers", ""));
    }
    var names = new HashSet<String>();
    containers(containers, path + ".containers", names, errors);
    containers(spec.path("initContainers"), path + ".initContainers", names, errors);
  }

  private static void containers(
      JsonNode list, String path, Set<String> names, List<FieldError> errors) {
    for (int i = 0; i < list.size(); i++) {
      var container = list.get(i);
      var at = path + "[" + i + "]";
      var name = Json.text(container, "name");
      if (name.isEmpty()) {
        errors.add(FieldError.required(at + ".name", ""));
      } else if (!Names.isLabel(name)) {
        errors.add(FieldError.invalid(at + ".name", name, Names.LABEL_RULE));
      } else if (!names.add(name)) {
        errors.add(FieldError.duplicate(at + ".name", container.path("name")));
      }
      if (Json.text(container, "image").isBlank()) {
        errors.add(FieldError.required(at + ".image", ""));
      }
      var ports = container.path("ports");
      for (int p = 0; p < ports.size(); p++) {
        int port = ports.get(p).path("containerPort").asInt();
        if (port < 1 || port > MAX_PORT) {
          errors.add(
              FieldError.invalid(
                  at + ".ports[" + p + "].containerPort",
                  ports.get(p).path("containerPort"),
                  "must be between 1 and 65535, inclusive"));
        }
      }
    }
  }

  static void each(JsonNode list, Consumer<ObjectNode> action) {
    for (JsonNode item : list) {
      if (item instanceof ObjectNode object) {
        action.accept(object);
      }
    }
  }

  static void preset(ObjectNode node, String field, String value) {
    if (Json.text(node, field).isEmpty()) {
      node.put(field, value);
    }
  }

  static void presetNumber(ObjectNode node, String field, int value) {
    if (node.path(field).asInt() == 0) {
      node.put(field, value);
    }
  }

  private static boolean isLatest(String image) {
    if (image.contains("@")) {
      return false;
    }
    var last = image.substring(image.lastIndexOf('/') + 1);
    return !last.contains(":") || last.endsWith(":latest");
  }
}
