package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.values.NullValue;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// JSON as values of the expression language: by its schema, with the names of fields that are
/// words of the language escaped as Kubernetes escapes them.
final class CelValues {

  private static final Set<String> WORDS =
      Set.of(
          "true",
          "false",
          "null",
          "in",
          "as",
          "break",
          "const",
          "continue",
          "else",
          "for",
          "function",
          "if",
          "import",
          "let",
          "loop",
          "package",
          "namespace",
          "return",
          "var",
          "void",
          "while");
  private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h)");

  private CelValues() {}

  static Object of(Schema schema, JsonNode value) {
    return switch (value) {
      case ObjectNode object -> {
        Map<String, Object> map = new LinkedHashMap<>();
        object.forEachEntry(
            (name, child) -> {
              var declared = schema.property(name);
              map.put(
                  declared.isPresent() ? escape(name) : name,
                  of(declared.or(schema::additional).orElse(Schema.UNTYPED), child));
            });
        yield map;
      }
      case ArrayNode array -> {
        var list = new ArrayList<Object>(array.size());
        var items = schema.items().orElse(Schema.UNTYPED);
        array.forEach(item -> list.add(of(items, item)));
        yield list;
      }
      case JsonNode text when text.isTextual() -> text(schema, text.asText());
      case JsonNode truth when truth.isBoolean() -> truth.asBoolean();
      case JsonNode number when number.isIntegralNumber() && schema.type() != Schema.Type.NUMBER ->
          number.asLong();
      case JsonNode number when number.isNumber() -> number.asDouble();
      default -> NullValue.NULL_VALUE;
    };
  }

  private static Object text(Schema schema, String text) {
    if (schema.type() != Schema.Type.STRING) {
      return text;
    }
    if (!Formats.fits(schema.format(), text)) {
      return text;
    }
    return switch (schema.format()) {
      case "date-time" -> OffsetDateTime.parse(text).toInstant();
      case "duration" -> duration(text).<Object>map(d -> d).orElse(text);
      default -> text;
    };
  }

  /// A duration as Go writes it, e.g. `1h30m`.
  private static Optional<Duration> duration(String text) {
    var parts = DURATION.matcher(text);
    var sum = Duration.ZERO;
    int end = 0;
    while (parts.find() && parts.start() == end) {
      double nanos =
          switch (parts.group(2)) {
            case "ns" -> 1;
            case "us", "µs" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            case "m" -> 60e9;
            default -> 3600e9;
          };
      sum = sum.plusNanos(Math.round(Double.parseDouble(parts.group(1)) * nanos));
      end = parts.end();
    }
    return end == text.length() && end > 0 ? Optional.of(sum) : Optional.empty();
  }

  private static String escape(String name) {
    if (WORDS.contains(name)) {
      return "__" + name + "__";
    }
    return name.replace("__", "__underscores__")
        .replace(".", "__dot__")
        .replace("-", "__dash__")
        .replace("/", "__slash__");
  }
}
