package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.StoredKind.PrinterColumn;
import dev.serin.sandbox.api.StoredKind.ScalePaths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads kinds from their `CustomResourceDefinition`.
final class CustomKinds {

  /// What the server does with custom resources.
  private record Rules(boolean status) implements KindRules {

    @Override
    public boolean unconditionalUpdate() {
      return false;
    }

    /// Everything but metadata and status is wanted.
    @Override
    public boolean specChanged(
        com.fasterxml.jackson.databind.node.ObjectNode object,
        com.fasterxml.jackson.databind.node.ObjectNode old) {
      return !content(object).equals(content(old));
    }

    private JsonNode content(com.fasterxml.jackson.databind.node.ObjectNode object) {
      var content = Json.object();
      content.setAll(object);
      content.remove(List.of("metadata", "apiVersion"));
      if (status) {
        content.remove("status");
      }
      return content;
    }
  }

  private CustomKinds() {}

  static StoredKind from(JsonNode definition) {
    var spec = definition.path("spec");
    var names = spec.path("names");
    var group = Json.text(spec, "group");
    boolean namespaced = Json.text(spec, "scope").equals("Namespaced");
    var versions = new ArrayList<StoredKind.Version>();
    var storage = "";
    boolean status = false;
    for (JsonNode version : spec.path("versions")) {
      if (version.path("storage").asBoolean()) {
        storage = Json.text(version, "name");
      }
      if (!version.path("served").asBoolean()) {
        continue;
      }
      var kind =
          new Kind(
              group,
              Json.text(version, "name"),
              Json.text(names, "kind"),
              Json.text(names, "plural"),
              namespaced);
      boolean hasStatus = version.path("subresources").has("status");
      status |= hasStatus;
      versions.add(
          new StoredKind.Version(
              kind,
              true,
              Schema.custom(version.path("schema").path("openAPIV3Schema")),
              hasStatus,
              scale(version.path("subresources").path("scale")),
              columns(version.path("additionalPrinterColumns"))));
    }
    versions.sort((a, b) -> VersionOrder.compare(a.kind().version(), b.kind().version()));
    return new StoredKind(
        group,
        Json.text(names, "kind"),
        Json.text(names, "plural"),
        namespaced,
        texts(names.path("shortNames")),
        texts(names.path("categories")),
        storage,
        versions,
        new Rules(status),
        Set.of());
  }

  private static Optional<ScalePaths> scale(JsonNode scale) {
    if (scale.isMissingNode()) {
      return Optional.empty();
    }
    return Optional.of(
        new ScalePaths(
            path(Json.text(scale, "specReplicasPath")),
            path(Json.text(scale, "statusReplicasPath")),
            path(Json.text(scale, "labelSelectorPath"))));
  }

  private static List<PrinterColumn> columns(JsonNode columns) {
    var found = new ArrayList<PrinterColumn>();
    for (JsonNode column : columns) {
      found.add(
          new PrinterColumn(
              Json.text(column, "name"),
              Json.text(column, "type"),
              Json.text(column, "jsonPath"),
              column.path("priority").asInt() > 0));
    }
    return found;
  }

  private static List<String> path(String jsonPath) {
    var path = jsonPath.startsWith(".") ? jsonPath.substring(1) : jsonPath;
    return path.isEmpty() ? List.of() : List.of(path.split("\\."));
  }

  private static List<String> texts(JsonNode list) {
    var found = new ArrayList<String>();
    list.forEach(item -> found.add(item.asText()));
    return found;
  }
}
