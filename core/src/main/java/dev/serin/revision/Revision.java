package dev.serin.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/// Ids of revisions. Two pod templates have the same one when they say the same, apart from what
/// controllers add to them; the order of fields and the library that read them do not matter.
public final class Revision {

  /// The prefix of annotations on a pod template that are no part of its revision.
  public static final String ANNOTATIONS = "serin.dev/";

  private static final int LENGTH = 12;

  private Revision() {}

  /// The id of a template and the configuration that its pods would see.
  ///
  /// @param template a pod template, with `metadata` and `spec`
  /// @param configs checksums as [ConfigRef#checksum] makes them, by [ConfigRef#key]
  public static String id(JsonNode template, Map<String, String> configs) {
    var whole = JsonNodeFactory.instance.objectNode();
    whole.set("template", stripped(template));
    new TreeMap<>(configs).forEach(whole.withObject("/configs")::put);
    return CanonicalJson.sha256(whole).substring(0, LENGTH);
  }

  /// Whether two templates are the same revision, as far as templates tell.
  public static boolean sameTemplate(JsonNode one, JsonNode other) {
    return CanonicalJson.text(stripped(one)).equals(CanonicalJson.text(stripped(other)));
  }

  /// The template without what controllers add to it.
  public static JsonNode stripped(JsonNode template) {
    if (!(template.deepCopy() instanceof ObjectNode copy)) {
      return template;
    }
    if (copy.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove("creationTimestamp");
      if (metadata.path("labels") instanceof ObjectNode labels) {
        labels.remove("pod-template-hash");
        removeEmpty(metadata, "labels");
      }
      if (metadata.path("annotations") instanceof ObjectNode annotations) {
        annotations.properties().removeIf(entry -> entry.getKey().startsWith(ANNOTATIONS));
        removeEmpty(metadata, "annotations");
      }
    }
    removeEmpty(copy, "metadata");
    return copy;
  }

  /// Without its last field an object is as good as none.
  private static void removeEmpty(ObjectNode object, String field) {
    if (object.path(field).isObject() && object.path(field).isEmpty()) {
      object.remove(field);
    }
  }
}
