package dev.serin.parse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

/// Objects written as YAML.
public final class Yaml {

  private static final ObjectMapper MAPPER = new YAMLMapper();

  private Yaml() {}

  /// The only document of a text.
  public static ObjectNode object(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("broken YAML in a test:\n" + text, e);
    }
  }
}
