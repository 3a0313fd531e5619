package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// Reads YAML, of which JSON is the part that the API works with.
final class Yaml {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Yaml() {}

  static JsonNode parse(String text) {
    try {
      var yaml = new org.yaml.snakeyaml.Yaml(new SafeConstructor(new LoaderOptions()));
      Object tree = yaml.load(text);
      return MAPPER.valueToTree(tree);
    } catch (YAMLException | IllegalArgumentException e) {
      throw ApiException.badRequest("error decoding YAML: " + e.getMessage());
    }
  }
}
