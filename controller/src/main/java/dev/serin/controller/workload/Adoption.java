package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Names;
import dev.serin.cluster.Read;
import dev.serin.cluster.UnreadableException;
import java.util.ArrayList;
import java.util.List;

/// Why a workload cannot be driven.
final class Adoption {
  private final List<String> problems = new ArrayList<>();
  private final Subject subject;
  private final Surroundings around;
  private final ObjectNode target;

  private Adoption(Subject subject, Surroundings around, ObjectNode target) {
    this.subject = subject;
    this.around = around;
    this.target = target;
  }

  /// All problems, each with its cure; empty when the target can be driven.
  ///
  /// @param settled whether the target runs its stable revision, so that what only matters to a
  ///   rollout need not be looked at
  static List<String> problems(
      Subject subject, Surroundings around, ObjectNode target, boolean settled, Cluster cluster) {
    var adoption = new Adoption(subject, around, target);
    adoption.settings();
    adoption.volumes(cluster);
    adoption.pods();
    adoption.problems.addAll(Foreign.drivers(cluster, around.kind(), target));
    adoption.problems.addAll(Rivals.of(subject, target, cluster));
    adoption.neighbours();
    if (!settled) {
      adoption.autoscalers();
    }
    adoption.services();
    return List.copyOf(adoption.problems);
  }

  private String words() {
    return around.kind().words(target);
  }

  private void settings() {
    var marked = Fields.label(target, Marks.CANARY).equals(Marks.label(subject.name()));
    problems.addAll(around.kind().problems(target, marked));
    if (SelectorLabel.of(target).isEmpty()) {
      problems.add(
          words()
              + " selects its pods by no label in spec.selector.matchLabels; name one there, such"
              + " as app");
    }
  }

  private void volumes(Cluster cluster) {
    for (var volume : Fields.list(target, "spec", "template", "spec", "volumes")) {
      var claim = Fields.text(volume, "persistentVolumeClaim", "claimName");
      if (!claim.isEmpty()
          && !Fields.isTrue(volume, "persistentVolumeClaim", "readOnly")
          && onlyOneNode(claim, cluster)) {
        problems.add(
            "volume "
                + Fields.text(volume, "name")
                + " is PersistentVolumeClaim "
                + claim
                + ", which only one node can mount (ReadWriteOnce): a canary could not start"
                + " beside stable; use ReadWriteMany or no volume");
      }
    }
  }

  private boolean onlyOneNode(String claim, Cluster cluster) {
    return switch (cluster.find(Kind.PERSISTENT_VOLUME_CLAIM.named(subject.namespace(), claim))) {
      case Read.Found(var found) -> onlyOneNode(found);
      case Read.Absent _, Read.NotServed _ -> false;
      case Read.Unknown(var reason) -> throw new UnreadableException(reason);
    };
  }

  private static boolean onlyOneNode(JsonNode claim) {
    var modes = Fields.list(claim, "spec", "accessModes").stream().map(JsonNode::asText).toList();
    return !modes.isEmpty() && modes.stream().allMatch(mode -> mode.startsWith("ReadWriteOnce"));
  }

  private void pods() {
    var spec = Fields.at(target, "spec", "template", "spec");
    if (Fields.isTrue(spec, "hostNetwork")) {
      problems.add(
          words()
              + " runs its pods with hostNetwork, so that a canary would need the same ports of"
              + " the node; do without");
      return;
    }
    for (var container : Fields.list(spec, "containers")) {
      for (var port : Fields.list(container, "ports")) {
        if (Fields.number(port, "hostPort") != 0) {
          problems.add(
              "container "
                  + Fields.text(container, "name")
                  + " asks for hostPort "
                  + Fields.number(port, "hostPort")
                  + ", which a canary could not have at the same time; do without");
        }
      }
    }
  }

  /// Objects that stand where ours belong.
  private void neighbours() {
    var copy = Names.canary(Fields.name(target));
    if (around.copy() instanceof Read.Found(var object)
        && !CanaryView.isOurs(object, subject.name())) {
      problems.add(
          around.kind().kind().kind()
              + " "
              + copy
              + " exists and is not Serin's, and the canary needs this name; rename or delete it");
    }
  }

  private void autoscalers() {
    var copy = Names.canary(Fields.name(target));
    for (var autoscaler : around.horizontal().get()) {
      var ref = Fields.at(autoscaler, "spec", "scaleTargetRef");
      if (Fields.text(ref, "kind").equals(around.kind().kind().kind())
          && Fields.text(ref, "name").equals(copy)) {
        problems.add(
            "HorizontalPodAutoscaler "
                + Fields.name(autoscaler)
                + " scales the canary "
                + copy
                + ", whose size follows from its weight; delete it");
      }
    }
  }

  private void services() {
    var label = SelectorLabel.of(target);
    if (label.isEmpty()) {
      return;
    }
    var exposure = subject.declared().exposure();
    if (around.apex() instanceof Read.Found(var apex)
        && !Services.isOurs(apex, subject.name(), Marks.ROLE_STABLE)) {
      var selector = Fields.texts(apex, "spec", "selector");
      var stable = Fields.texts(target, "spec", "template", "metadata", "labels");
      var canary = CanaryCopy.podLabels(target, label.get(), subject.name());
      if (!Selectors.selects(selector, stable)) {
        problems.add(
            "Service "
                + exposure.apex()
                + " does not select the pods of "
                + words()
                + " (its selector is "
                + selector
                + "); correct it, or name another in spec.service.name");
      } else if (Selectors.selects(selector, canary)) {
        problems.add(
            "Service "
                + exposure.apex()
                + " would select canary pods too (its selector is "
                + selector
                + "); add "
                + label.get().key()
                + ": "
                + label.get().stable()
                + " to it");
      }
    }
    if (around.canaryService() instanceof Read.Found(var service)
        && !Services.isOurs(service, subject.name(), Marks.ROLE_CANARY)) {
      problems.add(
          "Service "
              + exposure.canary()
              + " exists and is not Serin's, and the canary needs this name; rename or delete it");
    }
  }
}
