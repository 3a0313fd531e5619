package dev.serin.sandbox.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/// JSON trees as the sandbox uses them. Numbers are kept in one form (an integer that fits 32 bits
/// is an [IntNode]), so that two trees that mean the same are equal.
public final class Json {

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /// @throws ApiException 400 when the text is not JSON
  public static JsonNode parse(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw ApiException.badRequest(
          "couldn't get version/kind; json parse error: " + e.getOriginalMessage());
    }
  }

  public static String write(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON", e);
    }
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON", e);
    }
  }

  /// The node at a path of field names, or [MissingNode].
  public static JsonNode at(JsonNode node, String... path) {
    for (String field : path) {
      node = node.path(field);
    }
    return node;
  }

  /// The text at a path, or "" where there is none.
  public static String text(JsonNode node, String... path) {
    return at(node, path).asText("");
  }

  /// The object under a field, made where it is missing or something else.
  public static ObjectNode child(ObjectNode node, String field) {
    return node.get(field) instanceof ObjectNode found ? found : node.putObject(field);
  }

  /// The list under a field, made where it is missing or something else.
  public static ArrayNode list(ObjectNode node, String field) {
    return node.get(field) instanceof ArrayNode found ? found : node.putArray(field);
  }

  /// The members of an object, in a list of its own: safe to change the object meanwhile.
  static List<String> names(JsonNode node) {
    var names = new ArrayList<String>(node.size());
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /// A copy that shares nothing with the original, with its numbers in the one form.
  static ObjectNode own(ObjectNode node) {
    return (ObjectNode) owned(node);
  }

  static JsonNode owned(JsonNode node) {
    return switch (node) {
      case ObjectNode object -> {
        var copy = object();
        object.forEachEntry((name, value) -> copy.set(name, owned(value)));
        yield copy;
      }
      case ArrayNode array -> {
        var copy = new ArrayNode(JsonNodeFactory.instance, array.size());
        array.forEach(item -> copy.add(owned(item)));
        yield copy;
      }
      case JsonNode number when number.isIntegralNumber() && number.canConvertToInt() ->
          IntNode.valueOf(number.intValue());
      default -> node;
    };
  }

  /// Equal, where a missing, null or empty object or list are the same.
  static boolean sameOrEmpty(JsonNode a, JsonNode b) {
    return a.equals(b) || (isEmpty(a) && isEmpty(b));
  }

  static boolean isEmpty(JsonNode node) {
    return node.isMissingNode() || node.isNull() || (node.isContainerNode() && node.isEmpty());
  }
}
