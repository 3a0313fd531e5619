package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.ObjectRef;
import dev.serin.rollout.Wanted;
import java.util.List;
import java.util.Optional;

/// The writes to the user's workload. Each is conditional on the object that was looked at, so that
/// what is released is what was decided about.
///
/// @param target as it is
record TargetChanges(WorkloadKind kind, Subject subject, ObjectNode target, Templated templated) {

  /// Whether a target is marked as this Canary's, and held as far as it has to be at rest.
  static boolean isMarked(WorkloadKind kind, JsonNode target, Subject subject) {
    return isOurs(target, subject) && (kind.isHeld(target) || !kind.isHeldAtRest(subject.hold()));
  }

  private static boolean isOurs(JsonNode target, Subject subject) {
    return Fields.label(target, Marks.CANARY).equals(Marks.label(subject.name()));
  }

  /// Whether nothing is left to be written, and the template is the wanted one.
  boolean isAsWanted(Wanted.Target wanted) {
    return switch (wanted) {
      case Wanted.Target.Untouched _ -> true;
      case Wanted.Target.AtRest _, Wanted.Target.Held _ -> hold(wanted).isEmpty();
      case Wanted.Target.Released(var revision) -> carries(revision) && letGo(wanted).isEmpty();
      case Wanted.Target.Reverted(var revision) -> carries(revision) && letGo(wanted).isEmpty();
      case Wanted.Target.LetGo _ -> letGo(wanted).isEmpty();
    };
  }

  private boolean carries(String revision) {
    return templated.revision().equals(revision);
  }

  /// The changes that mark the target and hold its template back.
  List<Change> hold(Wanted.Target wanted) {
    return switch (wanted) {
      case Wanted.Target.AtRest _ -> apply(isHeldAtRest(), templated.mark());
      case Wanted.Target.Held _ -> apply(true, templated.mark());
      case Wanted.Target.Untouched _,
          Wanted.Target.Released _,
          Wanted.Target.Reverted _,
          Wanted.Target.LetGo _ ->
          List.of();
    };
  }

  /// A hold is only lifted from a template that is known to be the stable one.
  private boolean isHeldAtRest() {
    return kind.isHeldAtRest(subject.hold())
        || (kind.isHeld(target) && subject.stable().filter(this::carries).isEmpty());
  }

  /// The changes that let the target run what it may run.
  List<Change> letGo(Wanted.Target wanted) {
    return switch (wanted) {
      case Wanted.Target.Released(var revision) -> carries(revision) ? release() : List.of();
      case Wanted.Target.Reverted(var revision) -> revert(revision);
      case Wanted.Target.LetGo(var revision) -> leave(revision);
      case Wanted.Target.Untouched _, Wanted.Target.AtRest _, Wanted.Target.Held _ -> List.of();
    };
  }

  private List<Change> release() {
    return apply(false, templated.digest().isEmpty() ? templated.mark() : templated.digest());
  }

  private List<Change> revert(String revision) {
    var template = templated.of(revision);
    if (template.isEmpty()) {
      return List.of();
    }
    if (template.get().equals(carried())) {
      return apply(false, Templates.config(template.get()));
    }
    var patch = new Operations();
    patch.set("/spec/template", template.get());
    kind.free(target, patch);
    if (Fields.at(target, "metadata", "labels").isMissingNode()) {
      patch.set("/metadata/labels", JsonNodeFactory.instance.objectNode());
    }
    patch.set(labelPath(), JsonNodeFactory.instance.textNode(Marks.label(subject.name())));
    return List.of(patch.change(ref(), target));
  }

  /// Takes mark and hold off, and leaves the template as it is.
  List<Change> leave() {
    return leave(new Operations());
  }

  /// Takes mark and hold off, and the template back where it is not proven.
  private List<Change> leave(Optional<String> revision) {
    var patch = new Operations();
    if (subject.declared().revertOnDeletion()) {
      revision
          .flatMap(templated::of)
          .filter(template -> !template.equals(carried()))
          .ifPresent(template -> patch.set("/spec/template", template));
    }
    return leave(patch);
  }

  private List<Change> leave(Operations patch) {
    if (!isOurs(target, subject)) {
      return List.of();
    }
    kind.free(target, patch);
    patch.remove(labelPath());
    return List.of(patch.change(ref(), target));
  }

  private JsonNode carried() {
    return Templates.asDeclared(Fields.at(target, "spec", "template"));
  }

  private static String labelPath() {
    return "/metadata/labels/" + Managed.escaped(Marks.CANARY);
  }

  private ObjectRef ref() {
    return kind.ref(target);
  }

  /// Everything of the target that is Serin's, in one write.
  private List<Change> apply(boolean held, String mark) {
    if (isOurs(target, subject)
        && kind.isHeld(target) == held
        && Templates.config(Fields.at(target, "spec", "template")).equals(mark)) {
      return List.of();
    }
    var object = Fields.bare(ref());
    var metadata = (ObjectNode) object.get("metadata");
    metadata.put("resourceVersion", Fields.resourceVersion(target));
    metadata.putObject("labels").put(Marks.CANARY, Marks.label(subject.name()));
    var spec = object.putObject("spec");
    kind.hold(spec, held);
    if (!mark.isEmpty()) {
      spec.withObject("/template/metadata/annotations").put(Marks.CONFIG, mark);
    }
    return List.of(new Change.Apply(ref(), object));
  }
}
