package dev.serin.controller.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Keeps autoscalers from shrinking stable while a rollout runs. What they were like before is
/// noted on the rollout record first, so that it is put back whatever happens in between.
///
/// @param autoscalers of the target, looked up when they matter
/// @param record the object of the rollout record
record StableSize(Supplier<List<Autoscaler>> autoscalers, ObjectNode record) {
  /// So often somebody may undo the hold before Serin yields.
  static final int YIELDS = 2;

  /// So often a hold is written at most, whatever became of it.
  private static final int TRIES = 5;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ORIGINAL = "original";
  private static final String UNDONE = "undone";
  private static final String TRIED = "tried";

  /// The changes after which no autoscaler may shrink stable.
  List<Change> keep() {
    var notes = notes();
    var holds = new ArrayList<Change>();
    var noted = notes.deepCopy();
    for (var autoscaler : autoscalers.get()) {
      if (autoscaler.isHeld()) {
        continue;
      }
      var note = noted.path(autoscaler.key());
      if (note.isMissingNode()) {
        noted.putObject(autoscaler.key()).set(ORIGINAL, autoscaler.original());
        holds.add(autoscaler.hold());
        continue;
      }
      if (yields(note)) {
        continue;
      }
      var counted = (ObjectNode) note;
      counted.put(TRIED, Fields.number(note, TRIED) + 1);
      if (autoscaler.isMarked()) {
        counted.put(UNDONE, Fields.number(note, UNDONE) + 1);
      }
      if (!yields(counted)) {
        holds.add(autoscaler.hold());
      }
    }
    if (!noted.equals(notes)) {
      holds.addFirst(note(JsonNodeFactory.instance.textNode(noted.toString())));
    }
    return holds;
  }

  /// The changes after which autoscalers are as they were before [#keep].
  List<Change> giveBack() {
    var notes = notes();
    var changes = new ArrayList<Change>();
    if (notes.isEmpty()) {
      return changes;
    }
    for (var autoscaler : autoscalers.get()) {
      var note = notes.path(autoscaler.key());
      if (note.isObject() && autoscaler.isHeld()) {
        changes.add(autoscaler.giveBack(note.path(ORIGINAL)));
      }
    }
    changes.add(note(NullNode.getInstance()));
    return changes;
  }

  /// The autoscalers that somebody else gives their own will, in words; empty when there is none.
  String contested() {
    var notes = notes();
    if (notes.isEmpty()) {
      return "";
    }
    return autoscalers.get().stream()
        .filter(autoscaler -> !autoscaler.isHeld())
        .filter(autoscaler -> yields(notes.path(autoscaler.key())))
        .map(autoscaler -> autoscaler.ref().kind().kind() + " " + autoscaler.ref().name())
        .collect(Collectors.joining(", "));
  }

  private static boolean yields(JsonNode note) {
    return Fields.number(note, UNDONE) >= YIELDS || Fields.number(note, TRIED) >= TRIES;
  }

  private ObjectNode notes() {
    var text = Fields.annotation(record, Marks.AUTOSCALERS).orElse("");
    try {
      return JSON.readTree(text) instanceof ObjectNode notes
          ? notes
          : JsonNodeFactory.instance.objectNode();
    } catch (JsonProcessingException _) {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  private Change note(JsonNode value) {
    var patch = JsonNodeFactory.instance.objectNode();
    var metadata =
        patch.putObject("metadata").put("resourceVersion", Fields.resourceVersion(record));
    metadata.putObject("annotations").set(Marks.AUTOSCALERS, value);
    var ref = Kind.CONTROLLER_REVISION.named(Fields.namespace(record), Fields.name(record));
    return new Change.Merge(ref, patch);
  }
}
