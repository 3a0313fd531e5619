package dev.serin.controller.workload;

import static dev.serin.controller.workload.Yaml.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanaryCopyTest {
  private static final ObjectNode TARGET =
      yaml(
          """
          metadata: {name: web, namespace: shop, labels: {argocd.argoproj.io/instance: shop}}
          spec:
            replicas: 7
            minReadySeconds: 3
            selector: {matchLabels: {tier: front, app: web}}
            template:
              metadata:
                labels: {tier: front, app: web, team: a, pod-template-hash: abc}
                annotations: {x: y}
              spec:
                affinity:
                  podAntiAffinity:
                    requiredDuringSchedulingIgnoredDuringExecution:
                    - {topologyKey: host, labelSelector: {matchLabels: {app: web}}}
                    preferredDuringSchedulingIgnoredDuringExecution:
                    - weight: 1
                      podAffinityTerm:
                        topologyKey: zone
                        labelSelector:
                          matchExpressions: [{key: app, operator: In, values: [web, other]}]
                  podAffinity:
                    requiredDuringSchedulingIgnoredDuringExecution:
                    - {topologyKey: host, labelSelector: {matchLabels: {app: cache}}}
                topologySpreadConstraints:
                - {topologyKey: zone, labelSelector: {matchLabels: {app: web}}}
                containers: [{name: web, image: "web:2"}]
          """);

  private static ObjectNode copy() {
    return copy(new Deployments(), TARGET);
  }

  private static ObjectNode copy(WorkloadKind kind, ObjectNode target) {
    var owner = yaml("{kind: Canary, name: web, uid: u1}");
    return CanaryCopy.of(
        kind,
        target,
        SelectorLabel.of(target).orElseThrow(),
        new CanaryCopy.Purpose("web", owner, "abc123", 4, "web-canary"),
        2);
  }

  @Test
  void podsCarryTheirOwnValueOfTheSelectorLabel() {
    var copy = copy();

    assertThat(Fields.texts(copy, "spec", "selector", "matchLabels"))
        .isEqualTo(Map.of("tier", "front", "app", "web-canary"));
    assertThat(Fields.texts(copy, "spec", "template", "metadata", "labels"))
        .isEqualTo(
            Map.of(
                "tier",
                "front",
                "app",
                "web-canary",
                "team",
                "a",
                "serin.dev/canary",
                "web",
                "serin.dev/role",
                "canary"));
  }

  @Test
  void everythingElseOfTheTemplateIsTheTargets() {
    var copy = copy();

    assertThat(copy.at("/spec/template/spec/containers"))
        .isEqualTo(TARGET.at("/spec/template/spec/containers"));
    assertThat(copy.at("/spec/template/metadata/annotations/x").asText()).isEqualTo("y");
    assertThat(copy.at("/spec/minReadySeconds").asInt()).isEqualTo(3);
    assertThat(copy.at("/spec/replicas").asInt()).isEqualTo(2);
  }

  @Test
  void podsCountOnlyWhenTheDataPlaneHasHadTimeToHearOfThem() {
    var target = TARGET.deepCopy();
    ((ObjectNode) target.get("spec")).remove("minReadySeconds");
    ((ObjectNode) target.get("spec")).put("progressDeadlineSeconds", 2);

    for (var kind : List.of(new Deployments(), new StatefulSets(), new DaemonSets())) {
      assertThat(copy(kind, target).at("/spec/minReadySeconds").asInt()).isEqualTo(2);
      assertThat(copy(kind, TARGET).at("/spec/minReadySeconds").asInt()).isEqualTo(3);
    }
    assertThat(copy(new Deployments(), target).at("/spec/progressDeadlineSeconds").asInt())
        .as("the server refuses one that is not longer")
        .isEqualTo(3);
  }

  @Test
  void ownAffinityAndSpreadFollowTheCopy() {
    var spec = copy().at("/spec/template/spec");

    assertThat(
            spec.at(
                    "/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/labelSelector/matchLabels/app")
                .asText())
        .isEqualTo("web-canary");
    assertThat(
            spec.at(
                    "/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/0/podAffinityTerm/labelSelector/matchExpressions/0/values")
                .toString())
        .isEqualTo("[\"web-canary\",\"other\"]");
    assertThat(spec.at("/topologySpreadConstraints/0/labelSelector/matchLabels/app").asText())
        .isEqualTo("web-canary");
  }

  @Test
  void affinityToOthersStays() {
    assertThat(
            copy()
                .at(
                    "/spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/0/labelSelector/matchLabels/app")
                .asText())
        .isEqualTo("cache");
  }

  @Test
  void labelsOfTheTargetByWhichToolsKnowItAreNotCopied() {
    assertThat(copy().path("metadata").toString()).doesNotContain("argocd");
  }

  @Test
  void itIsOwnedByTheCanaryAndKnowsWhatItRuns() {
    var copy = copy();

    assertThat(Fields.isOwnedBy(copy, "u1")).isTrue();
    assertThat(CanaryView.isOurs(copy, "web")).isTrue();
    assertThat(CanaryView.revision(new Deployments(), copy)).isEqualTo("abc123");
  }

  @Test
  void secondTemplateOfACopyIsNobodysRevision() {
    var copy = copy();
    copy.withObject("/metadata/annotations").put("deployment.kubernetes.io/revision", "2");

    assertThat(CanaryView.revision(new Deployments(), copy)).isEqualTo(CanaryView.EDITED);
  }

  @Test
  void targetItselfIsNotChanged() {
    var before = TARGET.deepCopy();

    copy();

    assertThat(TARGET).isEqualTo(before);
  }
}
