package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.StoredKind.ScalePaths;
import dev.serin.sandbox.api.Writer.Origin;
import dev.serin.sandbox.api.Writer.Target;
import java.util.ArrayList;
import java.util.List;

/// The scale subresource: a workload as an `autoscaling/v1` `Scale`.
final class Scales {

  private Scales() {}

  static ObjectNode read(Target target, ObjectNode object) {
    var paths = paths(target);
    var scale =
        Json.object().put("kind", Kinds.SCALE.kind()).put("apiVersion", Kinds.SCALE.apiVersion());
    var metadata = scale.putObject("metadata");
    for (String field :
        new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
      if (object.path("metadata").has(field)) {
        metadata.set(field, object.path("metadata").get(field));
      }
    }
    var spec = scale.putObject("spec");
    int replicas = at(object, paths.replicas()).asInt(0);
    if (replicas != 0) {
      spec.put("replicas", replicas);
    }
    var status = scale.putObject("status");
    status.put("replicas", at(object, paths.observed()).asInt(0));
    var selector = at(object, paths.selector());
    var text = selector.isObject() ? text(selector) : selector.asText("");
    if (!text.isEmpty()) {
      status.put("selector", text);
    }
    return scale;
  }

  /// @param scale the wanted `Scale`
  static ObjectNode write(Writer writer, Target target, ObjectNode scale, WriteOptions options) {
    var paths = paths(target);
    var name = Meta.name(scale);
    if (!name.equals(target.key().name())) {
      throw ApiException.badRequest(
          "the name of the object (%s) does not match the name on the URL (%s)"
              .formatted(name, target.key().name()));
    }
    var current = writer.current(target);
    int replicas = scale.path("spec").path("replicas").asInt(0);
    if (replicas < 0) {
      throw ApiException.invalid(
          Kinds.SCALE,
          name,
          List.of(
              FieldError.invalid(
                  "spec.replicas",
                  scale.path("spec").path("replicas"),
                  "must be greater than or equal to 0")));
    }
    var object = target.stored().in(target.version(), current).deepCopy();
    copy(scale, object, "uid");
    copy(scale, object, "resourceVersion");
    if (Meta.resourceVersion(object).isEmpty()) {
      Meta.of(object).put("resourceVersion", Meta.resourceVersion(current));
    }
    ObjectNode parent = object;
    for (String field : paths.replicas().subList(0, paths.replicas().size() - 1)) {
      parent = Json.child(parent, field);
    }
    parent.put(paths.replicas().getLast(), replicas);
    return read(target, writer.replace(target, current, object, new Origin.Updated(), options));
  }

  private static void copy(ObjectNode scale, ObjectNode object, String field) {
    var value = scale.path("metadata").get(field);
    if (value == null) {
      Meta.of(object).remove(field);
    } else {
      Meta.of(object).set(field, value);
    }
  }

  static ScalePaths paths(Target target) {
    return target.version().scale().orElseThrow(ApiException::unknownPath);
  }

  private static JsonNode at(JsonNode node, List<String> path) {
    return path.isEmpty() ? node.path("") : Json.at(node, path.toArray(String[]::new));
  }

  /// A label selector as text.
  private static String text(JsonNode selector) {
    var parts = new ArrayList<String>();
    Meta.strings(selector.path("matchLabels")).forEach((k, v) -> parts.add(k + "=" + v));
    for (JsonNode expression : selector.path("matchExpressions")) {
      var key = Json.text(expression, "key");
      var values = new ArrayList<String>();
      expression.path("values").forEach(v -> values.add(v.asText()));
      var set = " (" + String.join(",", values) + ")";
      parts.add(
          switch (Json.text(expression, "operator")) {
            case "In" -> key + " in" + set;
            case "NotIn" -> key + " notin" + set;
            case "Exists" -> key;
            default -> "!" + key;
          });
    }
    return String.join(",", parts);
  }
}
