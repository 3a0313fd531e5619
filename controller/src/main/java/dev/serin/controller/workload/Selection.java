package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.revision.Revision;
import java.util.Map;
import java.util.TreeMap;

/// What a Service selects, which is a revision where nobody but its owner runs the pods.
///
/// @param selector labels of the pods
/// @param version what the annotation `serin.dev/revision` of the Service says, by which its owner
///   tells two versions behind one selector apart; empty for none
record Selection(Map<String, String> selector, String version) {
  private static final String SELECTOR = "selector";
  private static final String VERSION = "version";

  Selection {
    selector = Map.copyOf(selector);
  }

  static Selection of(JsonNode service) {
    return new Selection(
        Fields.texts(service, "spec", SELECTOR),
        Fields.annotation(service, Marks.REVISION).orElse(""));
  }

  /// As it was kept by [#json].
  static Selection kept(JsonNode json) {
    return new Selection(Fields.texts(json, SELECTOR), Fields.text(json, VERSION));
  }

  /// As it is kept in a rollout record.
  ObjectNode json() {
    var json = JsonNodeFactory.instance.objectNode().put(VERSION, version);
    json.set(SELECTOR, labels());
    return json;
  }

  ObjectNode labels() {
    var labels = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(selector).forEach(labels::put);
    return labels;
  }

  /// The id of the revision.
  String revision() {
    return Revision.id(json(), Map.of());
  }
}
