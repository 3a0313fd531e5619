package dev.serin.revision;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/// JSON in one form only: fields sorted by name, no white space, numbers without needless digits,
/// every character outside of printable ASCII escaped, and fields that are null left out.
final class CanonicalJson {

  private CanonicalJson() {}

  static String text(JsonNode node) {
    var text = new StringBuilder();
    write(node, text);
    return text.toString();
  }

  /// In hexadecimal digits.
  static String sha256(JsonNode node) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text(node).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void write(JsonNode node, StringBuilder text) {
    switch (node.getNodeType()) {
      case OBJECT, POJO -> object(node, text);
      case ARRAY -> array(node, text);
      case STRING, BINARY -> quoted(node.asText(), text);
      case NUMBER -> text.append(number(node.decimalValue()));
      case BOOLEAN -> text.append(node.booleanValue());
      case NULL, MISSING -> text.append("null");
    }
  }

  private static void object(JsonNode node, StringBuilder text) {
    var sorted = new TreeMap<String, JsonNode>();
    node.properties().stream()
        .filter(field -> !field.getValue().isNull())
        .forEach(field -> sorted.put(field.getKey(), field.getValue()));
    var separator = "{";
    for (var field : sorted.entrySet()) {
      text.append(separator);
      quoted(field.getKey(), text);
      text.append(':');
      write(field.getValue(), text);
      separator = ",";
    }
    text.append(sorted.isEmpty() ? "{}" : "}");
  }

  private static void array(JsonNode node, StringBuilder text) {
    var separator = "[";
    for (var element : node) {
      text.append(separator);
      write(element, text);
      separator = ",";
    }
    text.append(node.isEmpty() ? "[]" : "]");
  }

  private static String number(BigDecimal value) {
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  private static void quoted(String value, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
