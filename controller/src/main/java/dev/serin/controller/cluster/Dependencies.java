package dev.serin.controller.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Who read what. Each Canary depends on exactly the objects that its last reconcile asked for,
/// those that do not exist included, so that whatever changes what a decision was based on wakes
/// the decision, and nothing else does.
public final class Dependencies {

  /// Something that was read.
  sealed interface Read {

    record One(ObjectRef ref) implements Read {}

    /// Objects with a label; of a selector with several one is enough to find the reader.
    ///
    /// @param label as `key=value`; empty for all objects
    record Labelled(Kind kind, String namespace, String label) implements Read {}

    /// Whether the server knows a kind.
    record Served(Kind kind) implements Read {}

    default Kind of() {
      return switch (this) {
        case One(var ref) -> ref.kind();
        case Labelled(var kind, var _, var _) -> kind;
        case Served(var kind) -> kind;
      };
    }
  }

  private final Map<Read, Set<ObjectRef>> readers = new HashMap<>();
  private final Map<ObjectRef, Set<Read>> reads = new HashMap<>();

  /// What one reconcile reads, while it runs.
  public static final class Run {
    private final ObjectRef canary;
    private final Set<Read> reads = new HashSet<>();

    private Run(ObjectRef canary) {
      this.canary = canary;
    }
  }

  /// A reconcile of a Canary starts.
  public Run begin(ObjectRef canary) {
    var run = new Run(canary);
    note(run, new Read.One(canary));
    return run;
  }

  /// Must be called before the object is looked up, so that no change falls in between.
  public void reads(Run run, ObjectRef ref) {
    note(run, new Read.One(ref));
  }

  /// Must be called before the objects are looked up.
  public void reads(Run run, Kind kind, String namespace, Map<String, String> labels) {
    var label =
        labels.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .min(String::compareTo)
            .orElse("");
    note(run, new Read.Labelled(kind, namespace, label));
  }

  /// Must be called before it is looked up.
  public void reads(Run run, Kind kind) {
    note(run, new Read.Served(kind));
  }

  private synchronized void note(Run run, Read read) {
    run.reads.add(read);
    readers.computeIfAbsent(read, _ -> new HashSet<>(2)).add(run.canary);
    reads.computeIfAbsent(run.canary, _ -> new HashSet<>()).add(read);
  }

  /// Forgets what this run did not read any more.
  public synchronized void end(Run run) {
    var former = reads.put(run.canary, run.reads);
    if (former != null) {
      former.stream()
          .filter(read -> !run.reads.contains(read))
          .forEach(read -> drop(read, run.canary));
    }
  }

  /// The Canary is gone.
  public synchronized void forget(ObjectRef canary) {
    var former = reads.remove(canary);
    if (former != null) {
      former.forEach(read -> drop(read, canary));
    }
  }

  private void drop(Read read, ObjectRef canary) {
    var left = readers.get(read);
    if (left != null && left.remove(canary) && left.isEmpty()) {
      readers.remove(read);
    }
  }

  /// The Canaries that a change concerns. What only changes the status of a Canary concerns nobody:
  /// whoever decides writes it.
  ///
  /// @param before null when the object is new
  /// @param after null when it is gone
  public synchronized Set<ObjectRef> concerned(
      Kind kind, @Nullable ObjectNode before, @Nullable ObjectNode after) {
    var concerned = new HashSet<ObjectRef>();
    if (kind.equals(Kind.CANARY) && isSameButStatus(before, after)) {
      return concerned;
    }
    add(kind, before, concerned);
    add(kind, after, concerned);
    return concerned;
  }

  /// Whether a Canary changed in nothing but its status.
  static boolean isSameButStatus(@Nullable ObjectNode before, @Nullable ObjectNode after) {
    if (before == null || after == null) {
      return false;
    }
    var former = before.path("metadata");
    var present = after.path("metadata");
    return List.of("uid", "generation", "labels", "annotations", "deletionTimestamp", "finalizers")
        .stream()
        .allMatch(field -> former.path(field).equals(present.path(field)));
  }

  private void add(Kind kind, @Nullable ObjectNode object, Set<ObjectRef> into) {
    if (object == null) {
      return;
    }
    var namespace = Json.namespace(object);
    into.addAll(of(new Read.One(kind.named(namespace, Json.name(object)))));
    into.addAll(of(new Read.Labelled(kind, namespace, "")));
    into.addAll(of(new Read.Labelled(kind, "", "")));
    for (Map.Entry<String, JsonNode> label : object.path("metadata").path("labels").properties()) {
      var text = label.getKey() + "=" + label.getValue().asText();
      into.addAll(of(new Read.Labelled(kind, namespace, text)));
      into.addAll(of(new Read.Labelled(kind, "", text)));
    }
  }

  private Set<ObjectRef> of(Read read) {
    return readers.getOrDefault(read, Set.of());
  }

  /// All Canaries that read anything of this kind.
  public synchronized Set<ObjectRef> of(Kind kind) {
    var found = new HashSet<ObjectRef>();
    readers.forEach(
        (read, canaries) -> {
          if (read.of().equals(kind)) {
            found.addAll(canaries);
          }
        });
    return found;
  }

  /// All kinds that anybody depends on.
  synchronized Set<Kind> kinds() {
    return readers.keySet().stream().map(Read::of).collect(Collectors.toSet());
  }
}
