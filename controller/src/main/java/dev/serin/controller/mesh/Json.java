package dev.serin.controller.mesh;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collector;

/// What all meshes do with JSON values.
final class Json {
  static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  static ArrayNode array(List<? extends JsonNode> items) {
    return array().addAll(items);
  }

  static ArrayNode strings(List<String> items) {
    return items.stream().collect(Json::array, ArrayNode::add, ArrayNode::addAll);
  }

  static Collector<JsonNode, ?, ArrayNode> toArray() {
    return Collector.of(Json::array, ArrayNode::add, ArrayNode::addAll);
  }

  /// The array of this name, empty when there is none.
  static ArrayNode list(JsonNode parent, String field) {
    return parent.get(field) instanceof ArrayNode found ? found : array();
  }

  /// The items of an array that are objects.
  static List<ObjectNode> objects(JsonNode parent, String field) {
    return list(parent, field)
        .valueStream()
        .filter(ObjectNode.class::isInstance)
        .map(ObjectNode.class::cast)
        .toList();
  }

  /// Whether the actual value says everything that the wanted one says. Fields that only the actual
  /// one has do not matter (defaults of a newer API, additions of others), items of lists do. A
  /// wanted empty value may be missing, a wanted null is.
  static boolean covers(JsonNode wanted, JsonNode actual) {
    if (wanted.isNull()) {
      return actual.isNull() || actual.isMissingNode();
    }
    if (wanted.isObject()) {
      return wanted.propertyStream().allMatch(e -> covers(e.getValue(), actual.path(e.getKey())))
          && (actual.isObject() || wanted.isEmpty());
    }
    if (wanted.isArray()) {
      if (wanted.size() != actual.size()) {
        return false;
      }
      for (int i = 0; i < wanted.size(); i++) {
        if (!covers(wanted.get(i), actual.get(i))) {
          return false;
        }
      }
      return true;
    }
    if (wanted.isNumber() && actual.isNumber()) {
      return wanted.decimalValue().compareTo(actual.decimalValue()) == 0;
    }
    return wanted.equals(actual);
  }

  /// Whether both say the same.
  static boolean same(JsonNode one, JsonNode other) {
    return covers(one, other) && covers(other, one);
  }

  /// A short fingerprint of a value, whatever the order of its fields.
  static String fingerprint(JsonNode value) {
    try {
      var bytes = write(sorted(value)).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes))
          .substring(0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK knows SHA-256", e);
    }
  }

  static String write(JsonNode value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /// A reference token of a JSON pointer (RFC 6901).
  static String token(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  private static JsonNode sorted(JsonNode value) {
    if (value.isObject()) {
      var fields = new TreeMap<String, JsonNode>();
      value.propertyStream().forEach(e -> fields.put(e.getKey(), sorted(e.getValue())));
      var result = object();
      fields.forEach(result::set);
      return result;
    }
    return value.isArray() ? value.valueStream().map(Json::sorted).collect(toArray()) : value;
  }
}
