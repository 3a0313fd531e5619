package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Names;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.rollout.Step;
import dev.serin.rollout.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The writes to the copy and to what comes with it.
record CanaryChanges(Subject subject, Surroundings around, Templated templated) {

  /// Makes the copy, or more pods of it.
  List<Change> grow(Wanted.Canary wanted) {
    if (!(wanted instanceof Wanted.Canary.Running(var revision, var split, var scale, _))) {
      return List.of();
    }
    var target = around.target().found();
    if (target.isEmpty()) {
      return List.of();
    }
    var pods = Step.pods(scale, split, around.kind().replicas(target.get()));
    return switch (around.copy()) {
      case Read.Absent _ -> make(target.get(), revision, pods);
      case Read.Found(var copy) when runs(copy, revision) -> enlarge(copy, pods);
      case Read.Found _, Read.NotServed _, Read.Unknown _ -> List.of();
    };
  }

  private boolean runs(ObjectNode copy, String revision) {
    return CanaryView.isOurs(copy, subject.name())
        && !Fields.isDeleting(copy)
        && CanaryView.revision(around.kind(), copy).equals(revision);
  }

  private List<Change> make(ObjectNode target, String revision, int pods) {
    var label = SelectorLabel.of(target);
    if (label.isEmpty() || !templated.revision().equals(revision)) {
      return List.of();
    }
    var purpose =
        new CanaryCopy.Purpose(
            subject.name(),
            subject.declared().route().owner(),
            revision,
            subject.rollout(),
            subject.declared().exposure().canary());
    return List.of(
        new Change.Create(ref(), CanaryCopy.of(around.kind(), target, label.get(), purpose, pods)));
  }

  private List<Change> enlarge(ObjectNode copy, int pods) {
    return !around.kind().isScaled() || around.kind().replicas(copy) >= pods
        ? List.of()
        : List.of(resize(copy, pods));
  }

  private Change resize(ObjectNode copy, int pods) {
    var patch = JsonNodeFactory.instance.objectNode();
    patch.putObject("metadata").put("resourceVersion", Fields.resourceVersion(copy));
    patch.putObject("spec").put("replicas", pods);
    return new Change.Merge(ref(), patch);
  }

  /// Deletes a copy that is wanted no more, or that is of another revision than wanted, once no
  /// request reaches it; gives away one that has to be left running; takes pods that are too many.
  List<Change> shrink(Wanted.Canary wanted, Workload.Traffic traffic) {
    if (!(around.copy() instanceof Read.Found(var copy))
        || !CanaryView.isOurs(copy, subject.name())) {
      return List.of();
    }
    return switch (wanted) {
      case Wanted.Canary.Untouched _ -> List.of();
      case Wanted.Canary.None _ -> delete(copy);
      case Wanted.Canary.Running(var revision, _, _, _)
          when !CanaryView.revision(around.kind(), copy).equals(revision) ->
          traffic == Workload.Traffic.NONE ? delete(copy) : List.of();
      case Wanted.Canary.Running running -> removeSurplus(copy, running);
      case Wanted.Canary.Abandoned _ -> giveAway(copy);
    };
  }

  private List<Change> removeSurplus(ObjectNode copy, Wanted.Canary.Running wanted) {
    var target = around.target().found();
    if (wanted.surplus() == Wanted.Canary.Surplus.KEPT
        || !around.kind().isScaled()
        || target.isEmpty()
        || Fields.isDeleting(copy)) {
      return List.of();
    }
    var pods = Step.pods(wanted.scale(), wanted.split(), around.kind().replicas(target.get()));
    return around.kind().replicas(copy) > pods ? List.of(resize(copy, pods)) : List.of();
  }

  private List<Change> delete(ObjectNode copy) {
    return Fields.isDeleting(copy)
        ? List.of()
        : List.of(new Change.Delete(ref(), Fields.uid(copy)));
  }

  private List<Change> giveAway(ObjectNode copy) {
    var changes = new ArrayList<Change>();
    disown(ref(), copy).ifPresent(changes::add);
    if (around.canaryService() instanceof Read.Found(var service)
        && Services.isOurs(service, subject.name(), Marks.ROLE_CANARY)) {
      var ref = Kind.SERVICE.named(subject.namespace(), Fields.name(service));
      disown(ref, service).ifPresent(changes::add);
    }
    return changes;
  }

  private Optional<Change> disown(ObjectRef ref, ObjectNode object) {
    if (!Fields.isOwnedBy(object, Fields.uid(subject.canary()))) {
      return Optional.empty();
    }
    var patch = new Operations();
    patch.remove("/metadata/ownerReferences");
    return Optional.of(patch.change(ref, object));
  }

  /// Covers the copy with a PodDisruptionBudget while it has traffic. Pods covered by somebody's
  /// budget already stay with that: two of them would forbid every eviction.
  List<Change> protect(Wanted wanted) {
    var target = around.target().found();
    var label = target.flatMap(SelectorLabel::of);
    if (label.isEmpty()
        || wanted.split().filter(split -> split.loadsCanary()).isEmpty()
        || !(around.copy() instanceof Read.Found(var copy))
        || !CanaryView.isOurs(copy, subject.name())) {
      return List.of();
    }
    var pods = CanaryCopy.podLabels(target.get(), label.get(), subject.name());
    return isCovered(pods) || nameOfBudgetIsTaken()
        ? List.of()
        : List.of(budget(copy, CanaryCopy.selector(target.get(), label.get())));
  }

  private boolean isCovered(Map<String, String> pods) {
    return around.budgets().get().stream()
        .anyMatch(budget -> Selectors.selects(Fields.at(budget, "spec", "selector"), pods));
  }

  /// Whether somebody else's PodDisruptionBudget stands where the canary's belongs, while a canary
  /// runs.
  boolean nameOfBudgetIsTaken() {
    return around.copy() instanceof Read.Found(var copy)
        && CanaryView.isOurs(copy, subject.name())
        && around.budgets().get().stream()
            .filter(budget -> Fields.name(budget).equals(Fields.name(copy)))
            .anyMatch(
                budget -> !Fields.label(budget, Marks.CANARY).equals(Marks.label(subject.name())));
  }

  /// Half of the pods stay, at least one; pods that do not work keep no node from being drained. It
  /// goes with the copy.
  private Change budget(JsonNode copy, Map<String, String> selector) {
    var ref = Kind.POD_DISRUPTION_BUDGET.named(subject.namespace(), Fields.name(copy));
    var budget = Fields.bare(ref);
    var metadata = (ObjectNode) budget.get("metadata");
    metadata
        .putObject("labels")
        .put(Marks.MANAGED_BY, Marks.MANAGER)
        .put(Marks.CANARY, Marks.label(subject.name()))
        .put(Marks.ROLE, Marks.ROLE_CANARY);
    metadata
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", around.kind().kind().apiVersion())
        .put("kind", around.kind().kind().kind())
        .put("name", Fields.name(copy))
        .put("uid", Fields.uid(copy));
    var spec = budget.putObject("spec").put("minAvailable", "50%");
    spec.put("unhealthyPodEvictionPolicy", "AlwaysAllow");
    var labels = spec.putObject("selector").putObject("matchLabels");
    selector.forEach(labels::put);
    return new Change.Create(ref, budget);
  }

  private ObjectRef ref() {
    return around.kind().ref(subject.namespace(), Names.canary(subject.declared().target().name()));
  }
}
