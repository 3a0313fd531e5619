package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.serin.cli.TestCluster.Installed;
import dev.serin.cluster.Kind;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  @TempDir private Path directory = Path.of("");

  private static void controllerActs(TestCluster cluster) {
    cluster.create(
        """
        apiVersion: coordination.k8s.io/v1
        kind: Lease
        metadata: {name: serin, namespace: serin}
        spec: {holderIdentity: serin-7c9f, renewTime: "%s"}
        """
            .formatted(Instant.now().truncatedTo(ChronoUnit.MICROS)));
  }

  private static void gatewayApi(TestCluster cluster) {
    cluster.create(
        """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: httproutes.gateway.networking.k8s.io
          annotations: {api-approved.kubernetes.io: "https://github.com/kubernetes-sigs/gateway-api"}
        spec:
          group: gateway.networking.k8s.io
          scope: Namespaced
          names: {kind: HTTPRoute, listKind: HTTPRouteList, plural: httproutes, singular: httproute}
          versions:
            - name: v1
              served: true
              storage: true
              schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
        """);
  }

  @Test
  void aClusterWithEverythingHasNoProblem() {
    try (var cluster = new TestCluster(directory)) {
      controllerActs(cluster);
      gatewayApi(cluster);
      cluster.canary("shop", "web");
      cluster.status(
          "shop",
          "web",
          """
          phase: Succeeded
          hold: AdmissionPolicy
          checks: [{name: latency, verdict: PASSED, reason: fine, time: "2026-01-01T00:00:00Z"}]
          """);
      var run = cluster.run("doctor");
      assertThat(run.code()).as(run.out()).isZero();
      assertThat(run.out())
          .contains("✔ cluster", "✔ definitions", "✔ hold", "✔ commands", "✔ account")
          .contains("✔ rights       the controller's account has all ")
          .contains("✔ controller   serin-7c9f acts")
          .contains("✔ meshes       routes of gatewayapi are known")
          .contains("✔ metrics      all 1 checks were answered")
          .contains("✔ canaries     none of 1 stands still");
    }
  }

  @Test
  void whatIsMissingComesWithItsCure() throws JsonProcessingException {
    try (var cluster = new TestCluster(directory, Installed.NOTHING)) {
      var run = cluster.run("doctor", "-o", "json");
      assertThat(run.code()).isEqualTo(1);
      var document = TestCluster.YAML.readTree(run.out());
      assertThat(document.path("ok").asBoolean(true)).isFalse();
      for (var finding : document.path("findings")) {
        var level = finding.path("level").asText();
        if (level.equals("problem") || level.equals("advice")) {
          assertThat(finding.path("cure").asText()).as(finding.toString()).isNotEmpty();
        }
      }
      assertThat(run.out())
          .contains(
              "the cluster does not know Canary, CanaryCommand, MetricTemplate, AlertProvider")
          .contains("the policy serin-hold is not installed")
          .contains("no controller acts: none was ever heard of")
          .contains("there is no ServiceAccount serin in namespace serin");
    }
  }

  @Test
  void aMissingRightIsNamed() {
    try (var cluster = new TestCluster(directory)) {
      var roles = new Kind("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false);
      cluster.admin.edit(
          roles,
          "",
          "serin",
          role -> {
            for (var rule : role.withArray("rules")) {
              if (rule.path("resources").toString().contains("configmaps")) {
                ((com.fasterxml.jackson.databind.node.ObjectNode) rule)
                    .putArray("verbs")
                    .add("get");
              }
            }
          });
      assertThat(cluster.run("doctor").out())
          .contains("the controller's account may not list/watch configmaps, list/watch secrets");
    }
  }

  @Test
  void canariesThatStandStillAndMetricsThatDoNotAnswerAreShown() {
    try (var cluster = new TestCluster(directory)) {
      cluster.canary("shop", "web");
      cluster.status(
          "shop",
          "web",
          """
          phase: Progressing
          hold: Paused
          conditions: [{type: Stalled, status: "True", reason: Invalid, message: spec.provider is 'isto'}]
          checks: [{name: latency, verdict: UNAVAILABLE, reason: connection refused, time: "2026-01-01T00:00:00Z"}]
          """);
      assertThat(cluster.run("doctor").out())
          .contains("shop/web stands still (Invalid): spec.provider is 'isto'")
          .contains(
              "1 of 1 checks got no answer when last asked (shop/web latency): connection refused")
          .contains("1 of 1 Canaries still pause their Deployments")
          .contains("shop/web route by gatewayapi, which is not installed");
    }
  }

  @Test
  void whoMayNotLookIsToldSoAndItIsNoProblem() {
    try (var cluster = new TestCluster(directory)) {
      var run = cluster.run("doctor", "--context", "viewer");
      assertThat(run.out())
          .contains("? hold         vic may not get mutatingadmissionpolicies")
          .contains("? rights       vic may not create subjectaccessreviews");
    }
  }

  @Test
  void anUnreachableClusterIsEight() {
    try (var cluster = new TestCluster(directory)) {
      assertThat(cluster.run("doctor", "--context", "away").code()).isEqualTo(8);
    }
  }
}
