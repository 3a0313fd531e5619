package dev.serin.controller.mesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.serin.cluster.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The published schema of a kind, as an API server would hold objects against it: what it would
/// drop silently is an error here.
final class CrdSchema {
  private static final Map<Kind, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

  private CrdSchema() {}

  static List<String> problems(Kind kind, ObjectNode object) {
    return SCHEMAS.computeIfAbsent(kind, CrdSchema::load).validate(object.path("spec")).stream()
        .map(ValidationMessage::getMessage)
        .toList();
  }

  private static JsonSchema load(Kind kind) {
    var file = "/crds/%s.%s.%s.json".formatted(kind.plural(), kind.group(), kind.version());
    try (var in = CrdSchema.class.getResourceAsStream(file)) {
      var schema = Json.MAPPER.readTree(in).path("properties").path("spec");
      close(schema);
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Forbids fields that the structure does not name, and takes out what this validator reads
  /// otherwise than Kubernetes. Conditions (`oneOf`, `anyOf`, `not`) are no structure.
  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode node) {
      boolean open = node.path("x-kubernetes-preserve-unknown-fields").asBoolean();
      if (node.has("properties") && !open && !node.has("additionalProperties")) {
        node.put("additionalProperties", false);
      }
      if (!isJava(node.path("pattern").asText(""))) {
        node.remove("pattern");
      }
      node.remove(List.of("x-kubernetes-preserve-unknown-fields", "x-kubernetes-int-or-string"));
      if (node.path("exclusiveMaximum").isBoolean()) {
        node.remove("exclusiveMaximum");
      }
    }
    schema.path("properties").valueStream().forEach(CrdSchema::close);
    if (schema.has("items")) {
      close(schema.get("items"));
    }
    if (schema.path("additionalProperties").isObject()) {
      close(schema.get("additionalProperties"));
    }
  }

  private static boolean isJava(String pattern) {
    try {
      Pattern.compile(pattern);
      return true;
    } catch (PatternSyntaxException _) {
      return false;
    }
  }
}
