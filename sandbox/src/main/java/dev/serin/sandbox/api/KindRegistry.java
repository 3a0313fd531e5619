package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The kinds that are served: the built-in ones, and those of the stored definitions.
final class KindRegistry {

  /// A kind in one of its versions.
  record Served(StoredKind stored, StoredKind.Version version) {}

  private final Map<String, StoredKind> kinds = new LinkedHashMap<>();
  private final Map<String, Served> served = new HashMap<>();

  KindRegistry() {
    BuiltIns.all().forEach(this::add);
  }

  Collection<StoredKind> all() {
    return kinds.values();
  }

  Optional<Served> find(Kind kind) {
    return byPath(kind.group(), kind.version(), kind.plural());
  }

  /// @throws ApiException 404 for a kind that is not served
  Served require(Kind kind) {
    return find(kind).orElseThrow(ApiException::unknownPath);
  }

  Optional<Served> byPath(String group, String version, String plural) {
    return Optional.ofNullable(served.get(path(group, version, plural)));
  }

  Optional<Kind> byName(String apiVersion, String name) {
    return served.values().stream()
        .map(s -> s.version().kind())
        .filter(kind -> kind.kind().equals(name) && kind.apiVersion().equals(apiVersion))
        .findFirst();
  }

  /// A `CustomResourceDefinition` was written or deleted.
  void definitionChanged(ObjectNode definition, boolean deleted) {
    var former = kinds.remove(Meta.name(definition));
    if (former != null) {
      former.versions().forEach(version -> served.remove(path(version.kind())));
    }
    if (!deleted) {
      add(CustomKinds.from(definition));
    }
  }

  private void add(StoredKind kind) {
    kinds.put(kind.qualified(), kind);
    for (StoredKind.Version version : kind.versions()) {
      served.put(path(version.kind()), new Served(kind, version));
    }
  }

  private static String path(Kind kind) {
    return path(kind.group(), kind.version(), kind.plural());
  }

  private static String path(String group, String version, String plural) {
    return group + "/" + version + "/" + plural;
  }
}
