package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

  private static ObjectNode canary(String yaml) throws JsonProcessingException {
    return (ObjectNode) new ObjectMapper(new YAMLFactory()).readTree(yaml);
  }

  private static ObjectNode running() throws JsonProcessingException {
    return canary(
        """
        metadata: {name: web, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
        spec: {targetRef: {kind: Deployment, name: web}, analysis: {threshold: 5}}
        status:
          phase: Progressing
          canaryWeight: 20
          step: 2
          steps: 5
          failedChecks: 1
          revision: 7f3a
          stableRevision: 11c0
          waitingFor: 12 s more at 20 %
          checks:
            - {name: request-success-rate, value: 99.2, limit: at least 99 %, verdict: PASSED, reason: 992 of 1000 succeeded, evidence: 3.1 of 20 for, time: "2026-01-01T00:59:30Z"}
          gates:
            - {name: tests, kind: webhook, before: first-traffic, state: Open, askedAt: "2026-01-01T00:50:00Z"}
            - {name: leads, kind: approval, before: step, state: Closed, required: 2, approvedBy: [ann], askedAt: "2026-01-01T00:55:00Z"}
            - {name: manager, kind: approval, before: promotion, state: Closed, required: 1}
          decisions:
            - {time: "2026-01-01T00:59:00Z", kind: StepStarted, text: step 2 of 5 (20 %)}
            - {time: "2026-01-01T00:57:50Z", kind: StepStarted, text: step 1 of 5 (10 %)}
        """);
  }

  @Test
  void canariesAreATableAsKubectlPrintsThem() throws JsonProcessingException {
    assertThat(CanaryTable.of(List.of(running()), true, false, NOW))
        .isEqualTo(
            """
            NAMESPACE   NAME   PHASE         WEIGHT   STEP   FAILED   REVISION   AGE
            shop        web    Progressing   20%      2/5    1        7f3a       60m\
            """);
  }

  @Test
  void oneCanaryIsATreeThatSaysWhatItWaitsForAndWhy() throws JsonProcessingException {
    assertThat(CanaryTree.of(running(), List.of(), NOW, Paint.OFF))
        .isEqualTo(
            """
            shop/web  Progressing  step 2 of 5
            ├─ traffic    80 % stable, 20 % canary
            ├─ revision   7f3a, stable 11c0
            ├─ waits for  12 s more at 20 %
            ├─ checks     1 of 5 failed
            │  └─ ✔ request-success-rate  99.2 (at least 99 %)  passed  30s ago
            │     ├─ 992 of 1000 succeeded
            │     └─ evidence 3.1 of 20 for
            ├─ gates
            │  ├─ ✔ tests (webhook, before first traffic)  open
            │  ├─ ◷ leads (approval, before step)  closed, 1 of 2 approved by ann, asked 5m ago
            │  └─ · manager (approval, before promotion)  closed, 0 of 1 approved
            └─ last decisions, newest first
               ├─  60s ago  StepStarted: step 2 of 5 (20 %)
               └─   2m ago  StepStarted: step 1 of 5 (10 %)\
            """);
  }

  @Test
  void onlyTheNewestDecisionsAreShown() throws JsonProcessingException {
    var canary = running();
    var decisions = canary.withObject("/status").putArray("decisions");
    for (int i = 20; i > 0; i--) {
      decisions.addObject().put("time", "2026-01-01T00:59:00Z").put("text", "decision " + i);
    }
    assertThat(CanaryTree.of(canary, List.of(), NOW, Paint.OFF))
        .contains("decision 20", "decision 13")
        .doesNotContain("decision 12");
  }

  @Test
  void whatIsWrongIsShown() throws JsonProcessingException {
    var canary =
        canary(
            """
            metadata: {name: web, namespace: shop}
            spec: {targetRef: {kind: Deployment, name: web}}
            status:
              phase: Progressing
              conditions:
                - {type: Stalled, status: "True", reason: Invalid, message: "spec.provider is 'isto'\nspec.x is 1"}
                - {type: ConfigIsolated, status: "False", reason: MountedConfigChanged, message: "configmap/web"}
                - {type: Ready, status: "False", reason: Invalid, message: not shown twice}
              warnings: [NetworkPolicy/web does not select the canary]
            """);
    assertThat(CanaryTree.of(canary, List.of(), NOW, Paint.OFF))
        .contains("Stalled (Invalid)", "spec.provider is 'isto'", "spec.x is 1")
        .contains("ConfigIsolated=False (MountedConfigChanged)")
        .contains("warning    NetworkPolicy/web does not select the canary")
        .doesNotContain("not shown twice");
  }

  @Test
  void coloursAreOnlyForTerminals() throws JsonProcessingException {
    assertThat(CanaryTree.of(running(), List.of(), NOW, Paint.OFF)).doesNotContain("\u001b");
    assertThat(CanaryTree.of(running(), List.of(), NOW, Paint.ON)).contains("\u001b[32m✔\u001b[0m");
  }

  @Test
  void aCanaryWithoutStatusIsShownToo() throws JsonProcessingException {
    var fresh = canary("metadata: {name: web, namespace: shop}\nspec: {}");
    assertThat(CanaryTable.of(List.of(fresh), false, true, NOW)).contains("web");
    assertThat(CanaryTree.of(fresh, List.of(), NOW, Paint.OFF)).contains("none yet");
  }

  @Test
  void stepsAreShownOnlyWhileTheyAreWalked() throws JsonProcessingException {
    var canary = running();
    canary.withObject("/status").put("phase", "Promoting").put("step", 0);
    assertThat(CanaryTree.of(canary, List.of(), NOW, Paint.OFF)).doesNotContain("step 0");
    assertThat(CanaryTable.of(List.of(canary), false, false, NOW)).doesNotContain("0/5");
  }

  @Test
  void namesNearAreThoseWithFewestLettersChanged() {
    assertThat(CanaryNames.near("podinf", List.of("web", "podinfo", "api")))
        .startsWith("podinfo, ");
    assertThat(CanaryNames.distance("kitten", "sitting")).isEqualTo(3);
  }
}
