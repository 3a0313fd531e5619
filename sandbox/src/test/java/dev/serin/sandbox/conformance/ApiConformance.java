package dev.serin.sandbox.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.conformance.Calls.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;

/// What every case needs: a server, and a namespace of its own.
abstract class ApiConformance {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  protected final Calls api = server();
  protected String namespace = "";

  /// The server under test, as an administrator.
  abstract Calls server();

  /// Token of a user who has no rights.
  abstract String stranger();

  @BeforeEach
  void makeNamespace() {
    namespace = "c" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40), 36);
    assertThat(
            api.post(
                    "/api/v1/namespaces",
                    "{apiVersion: v1, kind: Namespace, metadata: {name: %s}}".formatted(namespace))
                .code())
        .isEqualTo(201);
  }

  String core(String resource) {
    return "/api/v1/namespaces/" + namespace + "/" + resource;
  }

  String apps(String resource) {
    return "/apis/apps/v1/namespaces/" + namespace + "/" + resource;
  }

  Answer configMap(String name, String data) {
    return api.post(
        core("configmaps"),
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}, data: %s}".formatted(name, data));
  }

  Answer labelledMap(String name, String labels) {
    return api.post(
        core("configmaps"),
        "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s, labels: %s}}"
            .formatted(name, labels));
  }

  static String deployment(String name) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: %1$s}
    spec:
      paused: true
      replicas: 1
      selector: {matchLabels: {app: %1$s}}
      template:
        metadata: {labels: {app: %1$s}}
        spec:
          containers:
          - {name: app, image: "registry/app:1", ports: [{containerPort: 80}]}
    """
        .formatted(name);
  }

  static List<String> names(JsonNode list) {
    var names = new ArrayList<String>();
    list.path("items").forEach(item -> names.add(item.path("metadata").path("name").asText()));
    return names;
  }

  static ObjectNode with(ObjectNode object, String pointer, String field, JsonNode value) {
    ((ObjectNode) object.at(pointer)).set(field, value);
    return object;
  }

  /// Asks again and again until the answer is as wanted.
  Answer eventually(Supplier<Answer> ask, java.util.function.Predicate<Answer> wanted) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    var answer = ask.get();
    while (!wanted.test(answer)) {
      assertThat(System.nanoTime()).as("%s", answer).isLessThan(end);
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      answer = ask.get();
    }
    return answer;
  }
}
