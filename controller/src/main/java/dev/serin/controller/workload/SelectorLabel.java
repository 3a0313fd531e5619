package dev.serin.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Names;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The label by which pods of the copy differ from those of the target, so that neither the stable
/// Service nor an autoscaler counts them.
///
/// @param key such as `app`
/// @param stable its value on the target's pods
/// @param canary its value on the copy's pods
record SelectorLabel(String key, String stable, String canary) {
  private static final List<String> PREFERRED = List.of("app", "name", "app.kubernetes.io/name");

  /// The label of a workload; empty when its selector names no label by `matchLabels`.
  static Optional<SelectorLabel> of(JsonNode workload) {
    var selector = Fields.texts(workload, "spec", "selector", "matchLabels");
    return PREFERRED.stream()
        .filter(selector::containsKey)
        .findFirst()
        .or(() -> selector.keySet().stream().sorted().findFirst())
        .map(key -> of(key, selector.getOrDefault(key, "")));
  }

  private static SelectorLabel of(String key, String value) {
    return new SelectorLabel(key, value, Names.canary(value));
  }

  /// Labels with the copy's value of this one.
  Map<String, String> copied(Map<String, String> labels) {
    var copied = new HashMap<>(labels);
    copied.put(key, canary);
    return copied;
  }
}
