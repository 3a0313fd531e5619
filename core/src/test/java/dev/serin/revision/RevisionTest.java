package dev.serin.revision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.parse.Yaml;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RevisionTest {

  private static final String TEMPLATE =
      """
      metadata:
        labels: {app: podinfo}
        annotations: {team: web}
      spec:
        containers:
          - {name: podinfo, image: "podinfo:6.0.0", resources: {limits: {cpu: 1.50}}}
      """;

  @Test
  void theIdNeverChangesBetweenVersionsOfSerin() {
    assertThat(Revision.id(Yaml.object(TEMPLATE), Map.of("configmap/a", "1")))
        .as("a change of this id would start a rollout of every workload at the next upgrade")
        .isEqualTo("1aecf70a00dd");
  }

  @Test
  void theOrderOfFieldsAndTheFormOfNumbersDoNotMatter() {
    var reordered =
        Yaml.object(
            """
            spec:
              containers:
                - {resources: {limits: {cpu: 1.5}}, image: "podinfo:6.0.0", name: podinfo}
            metadata:
              creationTimestamp: null
              annotations: {team: web}
              labels: {app: podinfo}
            """);

    assertThat(id(reordered)).isEqualTo(id(Yaml.object(TEMPLATE)));
    assertThat(Revision.sameTemplate(reordered, Yaml.object(TEMPLATE))).isTrue();
  }

  @Test
  void whatControllersAddDoesNotCount() {
    var seen = Yaml.object(TEMPLATE);
    seen.withObject("/metadata/labels").put("pod-template-hash", "5f4");
    seen.withObject("/metadata/annotations").put("serin.dev/config-checksum", "77");

    assertThat(id(seen)).isEqualTo(id(Yaml.object(TEMPLATE)));
    var bare = Yaml.object("{spec: {containers: []}}");
    var marked = bare.deepCopy();
    marked.withObject("/metadata/annotations").put("serin.dev/config-checksum", "77");
    assertThat(id(marked)).isEqualTo(id(bare));
  }

  @Test
  void everythingElseCounts() {
    var other = Yaml.object(TEMPLATE);
    other.withObject("/metadata/annotations").put("kubectl.kubernetes.io/restartedAt", "now");

    assertThat(id(other)).isNotEqualTo(id(Yaml.object(TEMPLATE)));
    assertThat(Revision.sameTemplate(other, Yaml.object(TEMPLATE))).isFalse();
  }

  @Test
  void configurationCounts() {
    var template = Yaml.object(TEMPLATE);

    assertThat(Revision.id(template, Map.of("configmap/a", "1")))
        .isNotEqualTo(Revision.id(template, Map.of("configmap/a", "2")))
        .isNotEqualTo(Revision.id(template, Map.of("secret/a", "1")))
        .isNotEqualTo(id(template));
  }

  @Test
  void emptyAndMissingAreNotTheSame() {
    var all = Yaml.object("{spec: {affinity: {namespaceSelector: {}}}}");
    var none = Yaml.object("{spec: {affinity: {}}}");

    assertThat(Revision.sameTemplate(all, none)).isFalse();
  }

  private static String id(ObjectNode template) {
    return Revision.id(template, Map.of());
  }
}
