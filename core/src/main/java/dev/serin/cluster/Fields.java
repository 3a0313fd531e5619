package dev.serin.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reading fields of Kubernetes objects, any of which may be missing or of another type than
/// expected.
public final class Fields {
  private Fields() {}

  /// The field at a path of member names; a missing node when there is none.
  public static JsonNode at(JsonNode node, String... path) {
    var found = node;
    for (var name : path) {
      found = found.path(name);
    }
    return found.isNull() ? MissingNode.getInstance() : found;
  }

  /// A text; empty when it is missing.
  public static String text(JsonNode node, String... path) {
    return at(node, path).asText("");
  }

  /// A number; 0 when it is missing.
  public static long number(JsonNode node, String... path) {
    return at(node, path).asLong(0);
  }

  /// A number, or another when it is missing.
  public static int numberOr(int otherwise, JsonNode node, String... path) {
    return at(node, path).asInt(otherwise);
  }

  /// Whether a field is there and true.
  public static boolean isTrue(JsonNode node, String... path) {
    return at(node, path).asBoolean(false);
  }

  /// The items of a list; none when it is missing.
  public static List<JsonNode> list(JsonNode node, String... path) {
    var items = new ArrayList<JsonNode>();
    var found = at(node, path);
    if (found.isArray()) {
      found.forEach(items::add);
    }
    return items;
  }

  /// A map of texts such as labels, in its order; empty when it is missing.
  public static Map<String, String> texts(JsonNode node, String... path) {
    var texts = new LinkedHashMap<String, String>();
    for (var entry : at(node, path).properties()) {
      texts.put(entry.getKey(), entry.getValue().asText(""));
    }
    return Collections.unmodifiableMap(texts);
  }

  /// An instant; empty when it is missing or none.
  public static Optional<Instant> instant(JsonNode node, String... path) {
    try {
      var text = text(node, path);
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  /// `metadata.name`.
  public static String name(JsonNode object) {
    return text(object, "metadata", "name");
  }

  /// `metadata.namespace`; empty for objects of the whole cluster.
  public static String namespace(JsonNode object) {
    return text(object, "metadata", "namespace");
  }

  /// `metadata.uid`.
  public static String uid(JsonNode object) {
    return text(object, "metadata", "uid");
  }

  /// `metadata.resourceVersion`.
  public static String resourceVersion(JsonNode object) {
    return text(object, "metadata", "resourceVersion");
  }

  /// One label; empty when it is missing.
  public static String label(JsonNode object, String key) {
    return text(object, "metadata", "labels", key);
  }

  /// One annotation; empty when it is missing.
  public static Optional<String> annotation(JsonNode object, String key) {
    var found = at(object, "metadata", "annotations", key);
    return found.isMissingNode() ? Optional.empty() : Optional.of(found.asText());
  }

  /// Whether somebody has asked for the object to be deleted.
  public static boolean isDeleting(JsonNode object) {
    return !text(object, "metadata", "deletionTimestamp").isEmpty();
  }

  /// Whether the object has an owner with this UID.
  public static boolean isOwnedBy(JsonNode object, String uid) {
    return list(object, "metadata", "ownerReferences").stream()
        .anyMatch(owner -> text(owner, "uid").equals(uid));
  }

  /// The condition of this type; a missing node when there is none.
  public static JsonNode condition(JsonNode object, String type) {
    return list(object, "status", "conditions").stream()
        .filter(condition -> text(condition, "type").equals(type))
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  /// A new object with nothing but its kind, name and namespace.
  public static ObjectNode bare(ObjectRef ref) {
    var object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", ref.kind().apiVersion()).put("kind", ref.kind().kind());
    var metadata = object.putObject("metadata").put("name", ref.name());
    if (!ref.namespace().isEmpty()) {
      metadata.put("namespace", ref.namespace());
    }
    return object;
  }
}
