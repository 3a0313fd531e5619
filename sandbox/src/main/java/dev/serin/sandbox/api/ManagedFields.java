package dev.serin.sandbox.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.sandbox.api.Writer.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who owns which fields of an object.
///
/// @param entries one for each manager and way of writing
record ManagedFields(List<Entry> entries) {

  private static final String APPLY = "Apply";
  private static final String UPDATE = "Update";
  private static final String BEFORE_FIRST_APPLY = "before-first-apply";
  private static final String ANCIENT = "ancient-changes";
  private static final int MAX_UPDATERS = 10;

  /// Paths that nobody owns.
  private static final FieldSet NEVER_OWNED = neverOwned();

  private static final Comparator<Entry> ORDER =
      Comparator.comparing(Entry::operation)
          .thenComparing(Entry::time)
          .thenComparing(Entry::manager)
          .thenComparing(Entry::apiVersion)
          .thenComparing(Entry::subresource);

  /// What one manager owns.
  ///
  /// @param manager name
  /// @param operation `Apply` or `Update`
  /// @param apiVersion version in which it wrote
  /// @param subresource through which it wrote, "" for none
  /// @param time when it last took a field
  /// @param fields what it owns
  record Entry(
      String manager,
      String operation,
      String apiVersion,
      String subresource,
      String time,
      FieldSet fields) {

    boolean sameManager(Entry other) {
      return manager.equals(other.manager)
          && operation.equals(other.operation)
          && subresource.equals(other.subresource)
          && (operation.equals(APPLY) || apiVersion.equals(other.apiVersion));
    }

    boolean isUpdate() {
      return operation.equals(UPDATE);
    }

    Entry owning(FieldSet fields) {
      return new Entry(manager, operation, apiVersion, subresource, time, fields);
    }

    Entry at(String time) {
      return new Entry(manager, operation, apiVersion, subresource, time, fields);
    }
  }

  /// A field that a manager wants and another one owns.
  private record Conflict(Entry owner, String path) {}

  ManagedFields {
    entries = List.copyOf(entries);
  }

  private static FieldSet neverOwned() {
    var set = new FieldSet.Builder();
    set.child("f:apiVersion").insert();
    set.child("f:kind").insert();
    var metadata = set.child("f:metadata");
    metadata.insert();
    for (String field :
        List.of(
            "name",
            "namespace",
            "creationTimestamp",
            "selfLink",
            "uid",
            "clusterName",
            "generation",
            "managedFields",
            "resourceVersion")) {
      metadata.child("f:" + field).insert();
    }
    return set.build();
  }

  static ManagedFields of(JsonNode object) {
    var entries = new ArrayList<Entry>();
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      entries.add(
          new Entry(
              Json.text(entry, "manager"),
              Json.text(entry, "operation"),
              Json.text(entry, "apiVersion"),
              Json.text(entry, "subresource"),
              Json.text(entry, "time"),
              FieldSet.parse(entry.path("fieldsV1"))));
    }
    return new ManagedFields(entries);
  }

  /// Ownership after a manager wrote an object: what it changed is its own.
  ///
  /// @param old the object before; null when it is new
  static ManagedFields after(
      Target target, @Nullable ObjectNode old, ObjectNode object, String manager, Instant now) {
    var present = old == null ? new ManagedFields(List.of()) : of(old);
    if (old != null && (present.entries.isEmpty() || isReset(object))) {
      return new ManagedFields(List.of());
    }
    var schema = target.version().schema();
    var changes = Typed.compare(schema, old == null ? nothing(target) : bare(old), bare(object));
    var taken = changes.addedOrModified();
    var lost = taken.union(changes.removed());
    var own = entry(target, manager, UPDATE, now, taken.difference(NEVER_OWNED));
    var entries = new ArrayList<Entry>();
    boolean merged = own.fields().isEmpty();
    for (Entry entry : present.entries) {
      var left = entry.fields().difference(lost);
      if (!merged && entry.sameManager(own)) {
        left = left.union(own.fields());
        entry = entry.at(own.time());
        merged = true;
      }
      if (!left.isEmpty()) {
        entries.add(entry.owning(left));
      }
    }
    if (!merged) {
      entries.add(own);
    }
    return new ManagedFields(capped(entries));
  }

  /// The oldest of too many updaters are taken together.
  private static List<Entry> capped(List<Entry> entries) {
    var updaters = entries.stream().filter(Entry::isUpdate).sorted(ORDER).toList();
    if (updaters.size() <= MAX_UPDATERS) {
      return entries;
    }
    var together = updaters.subList(0, updaters.size() - MAX_UPDATERS + 1);
    var fields = FieldSet.EMPTY;
    for (Entry entry : together) {
      fields = fields.union(entry.fields());
    }
    var last = together.getLast();
    var left = new ArrayList<>(entries);
    left.removeAll(together);
    left.add(new Entry(ANCIENT, UPDATE, last.apiVersion(), "", last.time(), fields));
    return left;
  }

  private static boolean isReset(ObjectNode object) {
    var given = object.path("metadata").path("managedFields");
    return given.isArray() && (given.isEmpty() || (given.size() == 1 && given.get(0).isEmpty()));
  }

  private static Entry entry(
      Target target, String manager, String operation, Instant now, FieldSet fields) {
    return new Entry(
        manager.isEmpty() ? "unknown" : manager,
        operation,
        target.version().kind().apiVersion(),
        target.subresource().path(),
        Meta.time(now),
        fields);
  }

  /// What a server-side apply makes of an object.
  ///
  /// @param object the object to be written, not yet decoded
  /// @param fields who owns what in it
  record Applied(ObjectNode object, ManagedFields fields) {}

  /// Applies a configuration to an object.
  ///
  /// @param live the object as it is; null when there is none
  /// @throws ApiException 409 when another manager owns what the configuration wants otherwise
  static Applied apply(
      Target target,
      @Nullable ObjectNode live,
      ObjectNode configuration,
      WriteOptions options,
      Instant now) {
    var schema = target.version().schema();
    var before = live == null ? Json.object() : bare(live);
    var present = live == null ? new ManagedFields(List.of()) : of(live);
    if (live != null && present.entries.isEmpty()) {
      present = untracked(target, before, now);
    }
    var wanted = ignored(target, Typed.paths(schema, configuration));
    var own = entry(target, options.fieldManager(), APPLY, now, wanted.difference(NEVER_OWNED));
    var last = present.entries.stream().filter(own::sameManager).findFirst();
    var others = present.otherThan(own);
    var merged = TypedMerge.merge(schema, before, configuration);
    var object =
        last.map(l -> prune(schema, merged, l.fields(), wanted.union(others))).orElse(merged);
    var changes = Typed.compare(schema, before, object);
    var taken = ignored(target, changes.addedOrModified());
    var lost = ignored(target, changes.removed());
    var entries = new ArrayList<Entry>();
    var conflicts = new ArrayList<Conflict>();
    for (Entry entry : present.entries) {
      if (!entry.sameManager(own)) {
        entry
            .fields()
            .intersection(taken)
            .forEachPath(path -> conflicts.add(new Conflict(entry, path)));
        var left = entry.fields().difference(taken).difference(lost);
        if (!left.isEmpty()) {
          entries.add(entry.owning(left));
        }
      }
    }
    if (!conflicts.isEmpty() && !options.force()) {
      throw refused(conflicts);
    }
    if (!own.fields().isEmpty()) {
      boolean unchanged =
          last.isPresent() && last.get().fields().equals(own.fields()) && object.equals(before);
      entries.add(unchanged ? own.at(last.orElseThrow().time()) : own);
    }
    return new Applied(object, new ManagedFields(entries));
  }

  /// What an object is before anybody sets a field of it.
  private static ObjectNode nothing(Target target) {
    return target.version().custom() ? Json.object() : Decoding.zero(target.version().schema());
  }

  private static ManagedFields untracked(Target target, ObjectNode before, Instant now) {
    var changes = Typed.compare(target.version().schema(), nothing(target), before);
    var all = changes.addedOrModified();
    return new ManagedFields(
        List.of(entry(target, BEFORE_FIRST_APPLY, UPDATE, now, all.difference(NEVER_OWNED))));
  }

  private FieldSet otherThan(Entry own) {
    var others = FieldSet.EMPTY;
    for (Entry entry : entries) {
      if (!entry.sameManager(own)) {
        others = others.union(entry.fields());
      }
    }
    return others;
  }

  /// Takes away what the manager applied before, does not apply now, and nobody else owns.
  private static ObjectNode prune(
      Schema schema, ObjectNode merged, FieldSet last, FieldSet stillOwned) {
    var all = Typed.paths(schema, merged).withNamedFields(schema);
    var formerly = last.withNamedFields(schema);
    var owned = stillOwned.withNamedFields(schema);
    var left = Typed.without(schema, merged, formerly);
    var leftPaths = Typed.paths(schema, left).withNamedFields(schema);
    var kept = Typed.without(schema, merged, all.difference(leftPaths.union(owned)));
    var keptPaths = Typed.paths(schema, kept).withNamedFields(schema);
    return Typed.without(schema, merged, all.difference(keptPaths).intersection(formerly));
  }

  /// Without the fields that a write through this part of the object does not change.
  private static FieldSet ignored(Target target, FieldSet fields) {
    if (!target.version().status()) {
      return fields;
    }
    return target.subresource() == Subresource.STATUS
        ? fields.only("f:status")
        : fields.without("f:status");
  }

  private static ApiException refused(List<Conflict> conflicts) {
    var causes =
        conflicts.stream()
            .map(
                c ->
                    new FieldError(
                        "FieldManagerConflict", c.path(), "conflict with " + named(c.owner())))
            .toList();
    return new ApiException(
        new Status(
            409, "Conflict", message(conflicts), Status.Subject.NONE, causes, Optional.empty()));
  }

  private static String message(List<Conflict> conflicts) {
    if (conflicts.size() == 1) {
      var only = conflicts.getFirst();
      return "Apply failed with 1 conflict: conflict with %s: %s"
          .formatted(named(only.owner()), only.path());
    }
    var lines = new ArrayList<String>();
    for (Entry owner : conflicts.stream().map(Conflict::owner).distinct().sorted(ORDER).toList()) {
      lines.add("conflicts with " + named(owner) + ":");
      conflicts.stream()
          .filter(c -> c.owner().equals(owner))
          .forEach(c -> lines.add("- " + c.path()));
    }
    return "Apply failed with %d conflicts: %s"
        .formatted(conflicts.size(), String.join("\n", lines));
  }

  private static String named(Entry owner) {
    var name = "\"" + owner.manager() + "\"";
    if (!owner.subresource().isEmpty()) {
      name += " with subresource \"" + owner.subresource() + "\"";
    }
    return owner.isUpdate() ? name + " using " + owner.apiVersion() : name;
  }

  /// The object without the notes about ownership, which are nobody's.
  private static ObjectNode bare(ObjectNode object) {
    if (!object.path("metadata").has("managedFields")) {
      return object;
    }
    var copy = Json.object();
    copy.setAll(object);
    var metadata = Json.object();
    metadata.setAll(Meta.of(object));
    metadata.remove("managedFields");
    copy.set("metadata", metadata);
    return copy;
  }

  void writeTo(ObjectNode object) {
    var metadata = Meta.of(object);
    metadata.remove("managedFields");
    if (entries.isEmpty()) {
      return;
    }
    ArrayNode list = metadata.putArray("managedFields");
    for (Entry entry : entries.stream().sorted(ORDER).toList()) {
      var json = list.addObject();
      json.put("manager", entry.manager())
          .put("operation", entry.operation())
          .put("apiVersion", entry.apiVersion())
          .put("time", entry.time())
          .put("fieldsType", "FieldsV1")
          .set("fieldsV1", entry.fields().toJson());
      if (!entry.subresource().isEmpty()) {
        json.put("subresource", entry.subresource());
      }
    }
  }

  /// Whether two forms of an object differ in nothing, or only in when managers wrote.
  static boolean sameButForTimes(ObjectNode object, ObjectNode old) {
    if (!bare(object).equals(bare(old))) {
      return false;
    }
    var before = of(old).entries;
    var after = of(object).entries;
    return before.size() == after.size()
        && before.stream()
            .allMatch(
                b ->
                    after.stream()
                        .anyMatch(a -> a.sameManager(b) && a.fields().equals(b.fields())));
  }
}
