package dev.serin.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;
import java.util.Map;

/// An application as people deploy it: a Deployment, and a Service of the same name on port 80.
///
/// @param namespace where it lives
/// @param name of the Deployment and the Service
/// @param replicas how many pods
/// @param image such as `sandbox/web:1.0`; see [dev.serin.sandbox.workload.PodBehaviour] for tags
/// @param environment of the container
public record App(
    String namespace, String name, int replicas, String image, Map<String, String> environment) {

  public App {
    environment = Map.copyOf(environment);
  }

  /// With an empty environment.
  public static App of(String namespace, String name, int replicas, String image) {
    return new App(namespace, name, replicas, image, Map.of());
  }

  ObjectNode namespaceObject() {
    var object = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
    object.putObject("metadata").put("name", namespace);
    return object;
  }

  ObjectNode deployment() {
    var object = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
    metadata(object);
    var spec = object.putObject("spec").put("replicas", replicas);
    spec.putObject("selector").putObject("matchLabels").put("app", name);
    var template = spec.putObject("template");
    template.putObject("metadata").putObject("labels").put("app", name);
    var container = template.putObject("spec").putArray("containers").addObject();
    container.put("name", "app").put("image", image);
    container.putArray("ports").addObject().put("name", "http").put("containerPort", 8080);
    var variables = container.putArray("env");
    environment.forEach((key, value) -> variables.addObject().put("name", key).put("value", value));
    return object;
  }

  ObjectNode service() {
    var object = Json.object().put("apiVersion", "v1").put("kind", "Service");
    metadata(object);
    var spec = object.putObject("spec");
    spec.putObject("selector").put("app", name);
    spec.putArray("ports")
        .addObject()
        .put("name", "http")
        .put("port", 80)
        .put("targetPort", "http");
    return object;
  }

  private void metadata(ObjectNode object) {
    object.putObject("metadata").put("namespace", namespace).put("name", name);
  }
}
