package dev.serin.sandbox.dataplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Json;

/// Objects for tests, in namespace `default`.
final class Fixture {

  private Fixture() {}

  static ObjectNode service(String name) {
    var object = Json.object().put("apiVersion", "v1").put("kind", "Service");
    object.putObject("metadata").put("namespace", "default").put("name", name);
    var spec = object.putObject("spec");
    spec.putObject("selector").put("app", name);
    spec.putArray("ports")
        .addObject()
        .put("name", "http")
        .put("port", 80)
        .put("targetPort", "http");
    return object;
  }

  /// @param environment names and values in turn
  static ObjectNode deployment(String name, int replicas, String image, String... environment) {
    var object = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
    object.putObject("metadata").put("namespace", "default").put("name", name);
    var spec = object.putObject("spec").put("replicas", replicas);
    spec.putObject("selector").putObject("matchLabels").put("app", name);
    var template = spec.putObject("template");
    template.putObject("metadata").putObject("labels").put("app", name);
    var container = template.putObject("spec").putArray("containers").addObject();
    container.put("name", "web").put("image", image);
    container.putArray("ports").addObject().put("name", "http").put("containerPort", 8080);
    var env = container.putArray("env");
    for (int i = 0; i < environment.length; i += 2) {
      env.addObject().put("name", environment[i]).put("value", environment[i + 1]);
    }
    return object;
  }
}
