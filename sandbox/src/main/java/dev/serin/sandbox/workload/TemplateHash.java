package dev.serin.sandbox.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/// The short name of a pod template, which ends the name of its ReplicaSet. It looks as Kubernetes
/// writes it; the digits are our own, as Kubernetes hashes a dump of its Go structures.
final class TemplateHash {

  private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

  private TemplateHash() {}

  /// @param template without the label of a former hash
  /// @param collisions how many hashes of this owner were taken by others
  static String of(JsonNode template, int collisions) {
    int hash = 0x811c9dc5;
    for (byte b : canonical(template).getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ b) * 0x01000193;
    }
    for (int i = 0; i < 4 && collisions > 0; i++) {
      hash = (hash ^ (collisions >>> (8 * i) & 0xff)) * 0x01000193;
    }
    var text = new StringBuilder();
    for (char digit : Integer.toUnsignedString(hash).toCharArray()) {
      text.append(ALPHABET.charAt(digit % ALPHABET.length()));
    }
    return text.toString();
  }

  /// The template without the label that says which ReplicaSet it is of.
  static ObjectNode withoutHash(JsonNode template) {
    ObjectNode copy = template.deepCopy();
    if (copy.path("metadata").path("labels") instanceof ObjectNode labels) {
      labels.remove(Annotations.POD_TEMPLATE_HASH);
      if (labels.isEmpty() && copy.get("metadata") instanceof ObjectNode metadata) {
        metadata.remove("labels");
      }
    }
    return copy;
  }

  /// One text for all ways to write the same tree.
  private static String canonical(JsonNode node) {
    if (node.isObject()) {
      var sorted = new TreeMap<String, String>();
      node.forEachEntry((name, value) -> sorted.put(name, canonical(value)));
      return sorted.toString();
    }
    if (node.isArray()) {
      var text = new StringBuilder("[");
      node.forEach(item -> text.append(canonical(item)).append(','));
      return text.append(']').toString();
    }
    return node.toString();
  }
}
