package dev.serin.resource;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// Records of this package as JSON and back.
public final class ResourceJson {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private ResourceJson() {}

  /// The record as JSON; fields that are null are left out.
  public static ObjectNode write(Record resource) {
    return MAPPER.valueToTree(resource);
  }

  /// The record that JSON says; empty when it is missing or does not fit, as after an edit by hand.
  public static <T extends Record> Optional<T> read(JsonNode node, Class<T> type) {
    if (!node.isObject()) {
      return Optional.empty();
    }
    try {
      return Optional.of(MAPPER.treeToValue(node, type));
    } catch (JsonProcessingException _) {
      return Optional.empty();
    }
  }
}
