package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A kind of object as it is stored, whichever of its versions it is asked for in.
///
/// @param group API group, "" for core
/// @param name e.g. `Deployment`
/// @param plural name in URLs
/// @param namespaced whether objects live in namespaces
/// @param shortNames what people type for it
/// @param categories groups of kinds that it belongs to, e.g. `all`
/// @param storageVersion version in which objects are kept
/// @param versions served versions, the preferred one first
/// @param rules what the server does with objects of this kind
/// @param selectable fields besides `metadata.name` and `metadata.namespace` to select by
record StoredKind(
    String group,
    String name,
    String plural,
    boolean namespaced,
    List<String> shortNames,
    List<String> categories,
    String storageVersion,
    List<Version> versions,
    KindRules rules,
    Set<String> selectable) {

  /// One served version of a kind.
  ///
  /// @param kind how it is addressed
  /// @param custom whether a definition stored in the cluster describes it
  /// @param schema what its objects look like
  /// @param status whether `status` is a subresource
  /// @param scale where the scale subresource reads and writes; empty where there is none
  /// @param columns what tables show of it
  record Version(
      Kind kind,
      boolean custom,
      Schema schema,
      boolean status,
      Optional<ScalePaths> scale,
      List<PrinterColumn> columns) {}

  /// Fields behind the scale subresource, as paths of field names.
  ///
  /// @param replicas wanted number, in `spec`
  /// @param observed actual number, in `status`
  /// @param selector label selector, text or object; empty for none
  record ScalePaths(List<String> replicas, List<String> observed, List<String> selector) {}

  /// A column of a table.
  ///
  /// @param name heading
  /// @param type `string`, `integer`, `date`, …
  /// @param path JSON path, e.g. `.status.phase`
  /// @param wide whether only wide tables show it
  record PrinterColumn(String name, String type, String path, boolean wide) {}

  StoredKind {
    shortNames = List.copyOf(shortNames);
    categories = List.copyOf(categories);
    versions = List.copyOf(versions);
    selectable = Set.copyOf(selectable);
  }

  /// Plural and group, e.g. `deployments.apps`; plural alone for core.
  String qualified() {
    return group.isEmpty() ? plural : plural + "." + group;
  }

  Set<String> selectableFields() {
    var all = new TreeSet<>(selectable);
    all.add("metadata.name");
    all.add("metadata.namespace");
    return all;
  }

  /// The object in one of the kind's versions; the same instance where it is in it already.
  ObjectNode in(Version version, ObjectNode object) {
    var wanted = version.kind().apiVersion();
    if (Json.text(object, "apiVersion").equals(wanted)) {
      return object;
    }
    var converted = Json.object();
    converted.setAll(object);
    converted.put("apiVersion", wanted);
    rules.converted(converted);
    return converted;
  }

  /// The object in the version in which it is kept.
  ObjectNode stored(ObjectNode object) {
    var apiVersion = group.isEmpty() ? storageVersion : group + "/" + storageVersion;
    if (!Json.text(object, "apiVersion").equals(apiVersion)) {
      object.put("apiVersion", apiVersion);
      rules.converted(object);
    }
    return object;
  }

  boolean same(StoredKind other) {
    return plural.equals(other.plural) && group.equals(other.group);
  }
}
