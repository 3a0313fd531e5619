package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;

/// Objects for tests.
final class Manifests {

  private Manifests() {}

  static ObjectNode deployment(String namespace, String name, int replicas, String image) {
    var object = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
    object.putObject("metadata").put("namespace", namespace).put("name", name);
    var spec = object.putObject("spec").put("replicas", replicas);
    spec.putObject("selector").putObject("matchLabels").put("app", name);
    var template = spec.putObject("template");
    template.putObject("metadata").putObject("labels").put("app", name);
    var container = template.putObject("spec").putArray("containers").addObject();
    container.put("name", "web").put("image", image);
    container.putArray("ports").addObject().put("name", "http").put("containerPort", 8080);
    return object;
  }

  static ObjectNode service(String namespace, String name) {
    var object = Json.object().put("apiVersion", "v1").put("kind", "Service");
    object.putObject("metadata").put("namespace", namespace).put("name", name);
    var spec = object.putObject("spec");
    spec.putObject("selector").put("app", name);
    spec.putArray("ports")
        .addObject()
        .put("name", "http")
        .put("port", 80)
        .put("targetPort", "http");
    return object;
  }

  static void image(ObjectNode workload, String image) {
    var container = Json.at(workload, "spec", "template", "spec", "containers").get(0);
    ((ObjectNode) container).put("image", image);
  }

  static ObjectNode spec(ObjectNode object) {
    return Json.child(object, "spec");
  }

  /// The labels of an object, to be changed.
  static ObjectNode labels(ObjectNode object) {
    return Json.child(Json.child(object, "metadata"), "labels");
  }
}
