package dev.serin.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.util.List;

/// JSON and YAML. Apart from [OutputFormat], because loading all of it takes longer than everything
/// that `canary --help` does.
final class Printing {
  static final ObjectMapper JSON = new ObjectMapper();
  static final ObjectWriter AS_JSON = JSON.writer(SerializationFeature.INDENT_OUTPUT);
  static final ObjectWriter AS_YAML =
      new ObjectMapper(
              new YAMLFactory()
                  .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                  .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                  // A resourceVersion is text, and the API server takes no number for it.
                  .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS))
          .writer();

  private Printing() {}

  static ObjectNode list(List<ObjectNode> objects) {
    var list = JSON.createObjectNode();
    list.put("apiVersion", "v1").put("kind", "List");
    list.putArray("items").addAll(objects);
    return list;
  }

  static String text(ObjectWriter writer, JsonNode value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON value cannot be written", e);
    }
  }
}
