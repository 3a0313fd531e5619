package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The copy of a workload that runs a new revision beside the live one.
final class CanaryCopy {
  private static final List<String> POD_AFFINITIES = List.of("podAffinity", "podAntiAffinity");

  private CanaryCopy() {}

  /// What a copy is for.
  ///
  /// @param canary name of the Canary
  /// @param owner owner reference to the Canary
  /// @param revision that the copy runs
  /// @param rollout number of the rollout
  /// @param service that selects its pods
  record Purpose(String canary, JsonNode owner, String revision, int rollout, String service) {}

  /// The copy of a target.
  ///
  /// @param target the workload with the template that is tried
  /// @param label of the target
  static ObjectNode of(
      WorkloadKind kind, ObjectNode target, SelectorLabel label, Purpose purpose, int pods) {
    var ref = kind.ref(Fields.namespace(target), Names.canary(Fields.name(target)));
    var copy = Fields.bare(ref);
    var metadata = (ObjectNode) copy.get("metadata");
    metadata.set("labels", json(labels(purpose)));
    metadata.set(
        "annotations",
        json(
            Map.of(
                Marks.REVISION,
                purpose.revision(),
                Marks.ROLLOUT,
                String.valueOf(purpose.rollout()))));
    metadata.putArray("ownerReferences").add(purpose.owner());
    var spec = copy.putObject("spec");
    spec.putObject("selector").set("matchLabels", json(selector(target, label)));
    spec.set("template", template(target, label, purpose));
    spec.put(
        "minReadySeconds",
        Math.max(Workload.HEARD_OF.toSeconds(), Fields.number(target, "spec", "minReadySeconds")));
    kind.shape(spec, target, purpose.service(), pods);
    return copy;
  }

  private static Map<String, String> labels(Purpose purpose) {
    return Map.of(
        Marks.MANAGED_BY,
        Marks.MANAGER,
        Marks.CANARY,
        Marks.label(purpose.canary()),
        Marks.ROLE,
        Marks.ROLE_CANARY);
  }

  /// The labels that select the copy's pods.
  static Map<String, String> selector(JsonNode target, SelectorLabel label) {
    return label.copied(Fields.texts(target, "spec", "selector", "matchLabels"));
  }

  /// The labels of the copy's pods.
  static Map<String, String> podLabels(JsonNode target, SelectorLabel label, String canary) {
    var labels = label.copied(Fields.texts(target, "spec", "template", "metadata", "labels"));
    labels.remove("pod-template-hash");
    labels.put(Marks.CANARY, Marks.label(canary));
    labels.put(Marks.ROLE, Marks.ROLE_CANARY);
    return labels;
  }

  private static ObjectNode template(ObjectNode target, SelectorLabel label, Purpose purpose) {
    var template = (ObjectNode) Fields.at(target, "spec", "template").deepCopy();
    var metadata = template.withObject("/metadata");
    metadata.set("labels", json(podLabels(target, label, purpose.canary())));
    var spec = Fields.at(template, "spec");
    for (var kind : POD_AFFINITIES) {
      terms(Fields.at(spec, "affinity", kind)).forEach(term -> follow(term, label));
    }
    Fields.list(spec, "topologySpreadConstraints").forEach(term -> follow(term, label));
    return template;
  }

  private static List<JsonNode> terms(JsonNode affinity) {
    var terms =
        new ArrayList<>(Fields.list(affinity, "requiredDuringSchedulingIgnoredDuringExecution"));
    for (var weighted : Fields.list(affinity, "preferredDuringSchedulingIgnoredDuringExecution")) {
      terms.add(Fields.at(weighted, "podAffinityTerm"));
    }
    return terms;
  }

  /// Makes a term that selects the target's own pods select the copy's.
  private static void follow(JsonNode term, SelectorLabel label) {
    var selector = Fields.at(term, "labelSelector");
    if (Fields.text(selector, "matchLabels", label.key()).equals(label.stable())) {
      ((ObjectNode) Fields.at(selector, "matchLabels")).put(label.key(), label.canary());
    }
    for (var requirement : Fields.list(selector, "matchExpressions")) {
      if (Fields.text(requirement, "key").equals(label.key())
          && Fields.text(requirement, "operator").equals("In")) {
        follow((ObjectNode) requirement, label);
      }
    }
  }

  private static void follow(ObjectNode requirement, SelectorLabel label) {
    var values = JsonNodeFactory.instance.arrayNode();
    for (var value : Fields.list(requirement, "values")) {
      values.add(value.asText().equals(label.stable()) ? label.canary() : value.asText());
    }
    requirement.set("values", values);
  }

  private static ObjectNode json(Map<String, String> texts) {
    var object = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(texts).forEach(object::put);
    return object;
  }
}
