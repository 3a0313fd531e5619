package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.ApiClient;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Meta;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What the first container of a pod finds when it starts: its variables, with those from
/// ConfigMaps and Secrets, and its ports.
final class PodEnvironment {

  private record Source(Kind kind, JsonNode reference) {

    String name() {
      return reference.path("name").asText();
    }

    boolean optional() {
      return reference.path("optional").asBoolean();
    }
  }

  private final ApiClient api;

  PodEnvironment(ApiClient api) {
    this.api = api;
  }

  /// The variables; those that cannot be resolved are left out.
  Map<String, String> of(ObjectNode pod) {
    var variables = new HashMap<String, String>();
    var container = container(pod);
    for (JsonNode from : container.path("envFrom")) {
      source(from.path("configMapRef"), from.path("secretRef"))
          .flatMap(source -> data(pod, source))
          .ifPresent(
              data ->
                  data.forEach(
                      (key, value) -> variables.put(from.path("prefix").asText("") + key, value)));
    }
    for (JsonNode variable : container.path("env")) {
      var name = variable.path("name").asText();
      var from = variable.path("valueFrom");
      if (from.isMissingNode()) {
        variables.put(name, variable.path("value").asText(""));
      } else {
        var source = source(from.path("configMapKeyRef"), from.path("secretKeyRef"));
        source
            .flatMap(s -> data(pod, s))
            .flatMap(data -> source.map(s -> data.get(s.reference().path("key").asText())))
            .ifPresent(value -> variables.put(name, value));
      }
    }
    return variables;
  }

  /// What keeps the container from starting; empty when nothing does.
  Optional<String> missing(ObjectNode pod) {
    var container = container(pod);
    var sources = new ArrayList<Source>();
    for (JsonNode from : container.path("envFrom")) {
      source(from.path("configMapRef"), from.path("secretRef")).ifPresent(sources::add);
    }
    for (JsonNode variable : container.path("env")) {
      var from = variable.path("valueFrom");
      source(from.path("configMapKeyRef"), from.path("secretKeyRef")).ifPresent(sources::add);
    }
    return sources.stream().flatMap(source -> missing(pod, source).stream()).findFirst();
  }

  private Optional<String> missing(ObjectNode pod, Source source) {
    if (source.optional()) {
      return Optional.empty();
    }
    var data = data(pod, source);
    var key = source.reference().path("key").asText("");
    if (data.isEmpty()) {
      return Optional.of(
          "%s \"%s\" not found"
              .formatted(source.kind().kind().toLowerCase(java.util.Locale.ROOT), source.name()));
    }
    return key.isEmpty() || data.get().containsKey(key)
        ? Optional.empty()
        : Optional.of(
            "couldn't find key %s in %s %s/%s"
                .formatted(key, source.kind().kind(), Meta.namespace(pod), source.name()));
  }

  /// The container as its host runs it.
  PodHost.Running running(ObjectNode pod, String ip, String workload, PodBehaviour behaviour) {
    var ports = new ArrayList<PodHost.Port>();
    for (JsonNode container : Json.at(pod, "spec", "containers")) {
      for (JsonNode port : container.path("ports")) {
        ports.add(
            new PodHost.Port(port.path("name").asText(""), port.path("containerPort").asInt()));
      }
    }
    return new PodHost.Running(
        Meta.uid(pod),
        Meta.namespace(pod),
        Meta.name(pod),
        ip,
        workload,
        version(container(pod).path("image").asText()),
        Meta.labels(pod),
        ports,
        behaviour);
  }

  private static String version(String image) {
    int slash = image.lastIndexOf('/');
    int colon = image.indexOf(':', slash + 1);
    return colon < 0 ? image : image.substring(colon + 1);
  }

  private static JsonNode container(ObjectNode pod) {
    return Json.at(pod, "spec", "containers").path(0);
  }

  private static Optional<Source> source(JsonNode configMap, JsonNode secret) {
    if (configMap.isObject()) {
      return Optional.of(new Source(Kind.CONFIG_MAP, configMap));
    }
    return secret.isObject() ? Optional.of(new Source(Kind.SECRET, secret)) : Optional.empty();
  }

  private Optional<Map<String, String>> data(ObjectNode pod, Source source) {
    return api.find(source.kind(), Meta.namespace(pod), source.name())
        .map(
            object -> {
              var data = new HashMap<String, String>();
              object
                  .path("data")
                  .forEachEntry(
                      (key, value) ->
                          data.put(
                              key,
                              source.kind().equals(Kind.SECRET)
                                  ? decoded(value.asText())
                                  : value.asText()));
              return data;
            });
  }

  private static String decoded(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
