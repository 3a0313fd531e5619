package dev.serin.revision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/// A ConfigMap or Secret that pods of a template use. Credentials for pulling images are none: they
/// change nothing that runs.
///
/// @param kind [Kind#CONFIG_MAP] or [Kind#SECRET]
/// @param name of the object, in the namespace of the pods
/// @param optional whether pods start without it
/// @param mounted whether pods see it as files, and so see it change while they run
public record ConfigRef(Kind kind, String name, boolean optional, boolean mounted) {

  /// What stands for the content of an object that does not exist.
  public static final String ABSENT = "absent";

  private static final String TRACKING = "serin.dev/config-tracking";
  private static final int LENGTH = 16;

  /// Everything that the pods of a template use, each object once, sorted by [#key].
  public static List<ConfigRef> of(JsonNode template) {
    var found = new TreeMap<String, ConfigRef>();
    var spec = template.path("spec");
    for (var containers : List.of("initContainers", "containers", "ephemeralContainers")) {
      for (var container : spec.path(containers)) {
        inEnvironment(container, found);
      }
    }
    for (var volume : spec.path("volumes")) {
      inVolume(volume, found);
    }
    return List.copyOf(found.values());
  }

  private static void inEnvironment(JsonNode container, TreeMap<String, ConfigRef> found) {
    for (var variable : container.path("env")) {
      var from = variable.path("valueFrom");
      add(Kind.CONFIG_MAP, from.path("configMapKeyRef"), "name", false, found);
      add(Kind.SECRET, from.path("secretKeyRef"), "name", false, found);
    }
    for (var from : container.path("envFrom")) {
      add(Kind.CONFIG_MAP, from.path("configMapRef"), "name", false, found);
      add(Kind.SECRET, from.path("secretRef"), "name", false, found);
    }
  }

  private static void inVolume(JsonNode volume, TreeMap<String, ConfigRef> found) {
    add(Kind.CONFIG_MAP, volume.path("configMap"), "name", true, found);
    add(Kind.SECRET, volume.path("secret"), "secretName", true, found);
    for (var source : volume.path("projected").path("sources")) {
      add(Kind.CONFIG_MAP, source.path("configMap"), "name", true, found);
      add(Kind.SECRET, source.path("secret"), "name", true, found);
    }
  }

  private static void add(
      Kind kind, JsonNode ref, String field, boolean mounted, TreeMap<String, ConfigRef> found) {
    var name = ref.path(field).asText("");
    if (!name.isEmpty()) {
      var use = new ConfigRef(kind, name, ref.path("optional").asBoolean(false), mounted);
      found.merge(use.key(), use, ConfigRef::both);
    }
  }

  private static ConfigRef both(ConfigRef one, ConfigRef other) {
    return new ConfigRef(
        one.kind, one.name, one.optional && other.optional, one.mounted || other.mounted);
  }

  /// Its name among others: `configmap/settings`, `secret/tokens`.
  public String key() {
    return kind.kind().toLowerCase(Locale.ROOT) + "/" + name;
  }

  /// Its address.
  public ObjectRef in(String namespace) {
    return kind.named(namespace, name);
  }

  /// Whether changes of an object start rollouts; an annotation on it can say that they do not.
  public static boolean isTracked(JsonNode object) {
    return !object
        .path("metadata")
        .path("annotations")
        .path(TRACKING)
        .asText("")
        .equals("disabled");
  }

  /// A checksum of what an object holds; its metadata does not count.
  public static String checksum(JsonNode object) {
    var content = JsonNodeFactory.instance.objectNode();
    for (var field : List.of("data", "binaryData")) {
      if (!object.path(field).isEmpty()) {
        content.set(field, object.path(field));
      }
    }
    return CanonicalJson.sha256(content).substring(0, LENGTH);
  }
}
