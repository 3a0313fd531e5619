package dev.serin.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.mesh.Capability;
import dev.serin.rollout.GateSpec;
import dev.serin.rollout.Plan;
import dev.serin.rollout.Step;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CanaryParserTest {

  static final Settings SETTINGS =
      new Settings(
          "gatewayapi",
          Map.of(
              "gatewayapi",
                  new Settings.Known(
                      EnumSet.allOf(Capability.class), Set.of("contour", "istio", "linkerd")),
              "smi", new Settings.Known(Set.of(), Set.of("linkerd"))),
          Duration.ofSeconds(10),
          Settings.References.ANY_NAMESPACE,
          Settings.UnknownFields.IGNORED);

  static final String USUAL =
      """
      apiVersion: serin.dev/v1beta1
      kind: Canary
      metadata: {name: podinfo, namespace: shop, uid: 1-2-3}
      spec:
        targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
        service:
          port: 9898
          gatewayRefs: [{name: public}]
        analysis:
          interval: 30s
          threshold: 5
          stepWeights: [1, 5, 10, 25, 50]
          metrics:
            - name: request-success-rate
              comparison: {tolerance: default}
            - name: request-duration
              thresholdRange: {max: 500}
              interval: 1m
          webhooks:
            - {name: smoke, type: pre-rollout, url: "http://tester.shop/", timeout: 30s}
          approvals:
            - {name: release-manager, before: promotion, timeout: 4h, onTimeout: rollback}
          alerts:
            - {name: team, severity: warn, providerRef: {name: slack}}
      """;

  @Test
  void aUsualCanaryDeclaresEverything() {
    var canary = valid(Yaml.object(USUAL));

    assertThat(canary.provider()).isEqualTo("gatewayapi");
    assertThat(canary.route().apex()).isEqualTo("podinfo");
    assertThat(canary.route().canaryService()).isEqualTo("podinfo-canary");
    assertThat(canary.route().gateways())
        .singleElement()
        .satisfies(gateway -> assertThat(gateway.group()).isEqualTo("gateway.networking.k8s.io"));
    assertThat(canary.route().owner().path("uid").asText()).isEqualTo("1-2-3");
    assertThat(canary.plan().steps())
        .extracting(step -> step.split().canary())
        .containsExactly(1, 5, 10, 25, 50);
    assertThat(canary.plan().threshold()).isEqualTo(5);
    assertThat(canary.plan().checks()).isTrue();
    assertThat(canary.plan().gates())
        .extracting(GateSpec::name, GateSpec::at, GateSpec::kind)
        .containsExactly(
            tuple("smoke", GateSpec.Point.FIRST_TRAFFIC, GateSpec.Kind.CHECK),
            tuple("release-manager", GateSpec.Point.PROMOTION, GateSpec.Kind.APPROVAL));
    assertThat(canary.checks())
        .extracting(CheckSpec::name)
        .containsExactly("request-success-rate", "request-duration");
    assertThat(canary.alerts())
        .singleElement()
        .satisfies(alert -> assertThat(alert.providerNamespace()).isEqualTo("shop"));
  }

  @Test
  void whatIsLeftOutHasItsUsualValue() {
    var canary = valid(withAnalysis("stepWeight: 50"));

    var plan = canary.plan();
    assertThat(plan.interval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(plan.threshold()).isEqualTo(5);
    assertThat(plan.progressDeadline()).isEqualTo(Duration.ofMinutes(10));
    assertThat(plan.drain()).isEqualTo(Duration.ofSeconds(30));
    assertThat(plan.maxDuration()).isEqualTo(Duration.ofHours(1));
    assertThat(plan.onInconclusive()).isEqualTo(Plan.OnInconclusive.AUTO);
    assertThat(plan.checks()).isFalse();
    assertThat(plan.returnWeights()).isEmpty();
    assertThat(canary.scale()).isEqualTo(new Step.Scale.MatchWeight());
    assertThat(canary.revertOnDeletion()).isTrue();
    assertThat(canary.configTracking()).isTrue();
    assertThat(canary.suspend()).isFalse();
    assertThat(canary.exposure().targetPort()).isEqualTo(9898);
    assertThat(canary.exposure().portName()).isEqualTo("http");
  }

  @Test
  void theLongestTimeIsThriceThePlannedOne() {
    var canary = valid(withAnalysis("{interval: 10m, stepWeights: [1, 2, 3]}"));

    assertThat(canary.plan().maxDuration()).isEqualTo(Duration.ofMinutes(90));
  }

  @Test
  void allProblemsAreToldAtOnceWithFieldValueAndCure() {
    var canary =
        Yaml.object(
            """
            metadata: {name: podinfo}
            spec:
              targetRef: {kind: Job, name: podinfo}
              provider: isto
              service: {port: 99999}
              canary: {replicas: Half}
              analysis:
                interval: soon
                threshold: 0
                stepWeights: [10, 5, 120]
                metrics:
                  - {name: my-metric}
                  - {name: request-duration, thresholdRange: {}}
                webhooks:
                  - {name: load, url: "tester", type: rolout}
            """);

    assertThat(problems(canary))
        .containsExactlyInAnyOrder(
            "spec.targetRef.kind is 'Job', which is not known; use one of [DaemonSet, Deployment,"
                + " Service, StatefulSet]",
            "spec.provider is 'isto', which is not known; use one of [gatewayapi, smi]",
            "spec.service.port is '99999', which is out of range; use a number 1 to 65535",
            "spec.canary.replicas is 'Half', which is not a size; use MatchWeight, Full, or a"
                + " number of pods of at least 1",
            "spec.analysis.interval is 'soon', which is not a duration; write it like 90s, 5m or"
                + " 1h30m",
            "spec.analysis.threshold is '0', which is out of range; use a number 1 to 1000",
            "spec.analysis.stepWeights[1] is '5', which is not above the weight before it; list"
                + " weights in ascending order",
            "spec.analysis.stepWeights[2] is '120', which is out of range; use a number 1 to 100",
            "spec.analysis.metrics[0].name is 'my-metric', which is not a built-in metric, and says"
                + " nowhere what is measured; give templateRef or query, or use one of"
                + " [request-duration, request-success-rate]",
            "spec.analysis.metrics[1].thresholdRange has no limit; give min, max or both",
            "spec.analysis.webhooks[0].url is 'tester', which is not an address of a server; write"
                + " it like http://host:port/path",
            "spec.analysis.webhooks[0].type is 'rolout', which is not known; use one of"
                + " [confirm-promotion, confirm-rollout, confirm-traffic-increase, event,"
                + " post-rollout, pre-rollout, rollback, rollout]");
  }

  @Test
  void anEmptyCanarySaysWhatItNeeds() {
    assertThat(problems(Yaml.object("metadata: {name: podinfo}\nspec: {}")))
        .containsExactlyInAnyOrder(
            "spec.targetRef is missing; name the workload, as {kind: Deployment, name: NAME}",
            "spec.service is missing; declare at least its port",
            "spec.analysis is missing; declare how the traffic moves, such as {interval: 1m,"
                + " stepWeights: [10, 50]}");
    assertThat(problems(Yaml.object("metadata: {name: podinfo}")))
        .containsExactly("spec is missing; declare at least targetRef, service and analysis");
  }

  @Test
  void valuesOfAWrongTypeAreProblemsAndNeverExceptions() {
    var canary =
        Yaml.object(
            """
            metadata: {name: podinfo}
            spec:
              targetRef: podinfo
              suspend: "yes"
              service: {port: 1.5, hosts: shop.example.com}
              analysis:
                stepWeight: 12.5
                interval: 30
                metrics: {name: request-success-rate}
                match: [1, null]
                webhooks: [{name: a, url: "http://x", metadata: [b], retries: "3"}]
            """);

    assertThat(fields(canary))
        .contains(
            "spec.targetRef",
            "spec.suspend",
            "spec.service.port",
            "spec.service.hosts",
            "spec.analysis.stepWeight",
            "spec.analysis.interval",
            "spec.analysis.metrics",
            "spec.analysis.match[0]",
            "spec.analysis.match[1]",
            "spec.analysis.webhooks[0].metadata",
            "spec.analysis.webhooks[0].retries");
    assertThat(problems(canary))
        .contains(
            "spec.analysis.stepWeight is '12.5', which is not a whole number; use a whole"
                + " number");
  }

  @Test
  void unknownFieldsAreMistakesOnlyWhereNoServerHasSeenThem() {
    var canary = withAnalysis("{stepWeight: 50, treshold: 3}");

    assertThat(CanaryParser.parse(canary, SETTINGS)).isInstanceOf(Parsed.Valid.class);
    var strict = SETTINGS.with(Settings.UnknownFields.REFUSED);
    assertThat(CanaryParser.parse(canary, strict))
        .isInstanceOfSatisfying(
            Parsed.Invalid.class,
            invalid ->
                assertThat(invalid.inWords())
                    .startsWith("spec.analysis.treshold is not a field; known are [alerts,"));
  }

  @Test
  void whatTheProviderCannotDoIsToldBeforeAnythingStarts() {
    var canary = withAnalysis("{iterations: 3, mirror: true, mirrorWeight: 20}");
    ((ObjectNode) canary.path("spec")).put("provider", "smi");

    assertThat(problems(canary))
        .containsExactly(
            "spec.analysis.mirror needs mirroring, which provider smi cannot do; use another"
                + " provider or another strategy",
            "spec.analysis.mirrorWeight needs mirroring of a share, which provider smi cannot do;"
                + " use another provider or another strategy");
  }

  @Test
  void anIntervalBelowTheControllersFloorIsRefused() {
    assertThat(problems(withAnalysis("{interval: 5s, stepWeight: 50}")))
        .containsExactly(
            "spec.analysis.interval is '5s', which is shorter than this controller allows; use at"
                + " least 10s");
  }

  @Test
  void otherNamespacesCanBeForbidden() {
    var canary =
        withAnalysis(
            """
            stepWeight: 50
            metrics: [{name: mine, templateRef: {name: t, namespace: other}, thresholdRange: {max: 1}}]
            alerts: [{name: a, providerRef: {name: slack, namespace: other}}]
            """);

    assertThat(CanaryParser.parse(canary, SETTINGS)).isInstanceOf(Parsed.Valid.class);
    assertThat(CanaryParser.parse(canary, SETTINGS.with(Settings.References.OWN_NAMESPACE)))
        .isInstanceOfSatisfying(
            Parsed.Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .extracting(Problem::field)
                    .containsExactlyInAnyOrder(
                        "spec.analysis.metrics[0].templateRef.namespace",
                        "spec.analysis.alerts[0].providerRef.namespace"));
  }

  @Test
  void configTrackingIsSwitchedOffByAnAnnotation() {
    var canary = Yaml.object(USUAL);
    canary.withObject("/metadata/annotations").put("serin.dev/config-tracking", "disabled");

    assertThat(valid(canary).configTracking()).isFalse();
  }

  @Test
  void namesTooLongForAServiceAreCutAndStayDifferent() {
    var canary = Yaml.object(USUAL);
    ((ObjectNode) canary.path("spec").path("targetRef")).put("name", "a".repeat(60));

    var service = valid(canary).exposure().canary();
    assertThat(service).hasSizeLessThanOrEqualTo(63).endsWith("-canary").startsWith("aaaa");
  }

  @Test
  void noDamageIsAnException() {
    var parts = Yaml.object(CrdAgreementTest.FULL);
    int damaged = 0;
    for (var canary : Damage.each(parts)) {
      assertThat(CanaryParser.parse((ObjectNode) canary, SETTINGS)).isNotNull();
      damaged++;
    }
    assertThat(damaged).isGreaterThan(500);
  }

  @Test
  void aDelegatedRouteHasNeitherHostsNorGateways() {
    var canary = Yaml.object(USUAL);
    ((ObjectNode) canary.at("/spec/service")).put("delegation", true).putArray("hosts").add("a.b");

    assertThat(problems(canary))
        .containsExactly(
            "spec.service.delegation is 'true', which cannot go with hosts, gateways or"
                + " gatewayRefs; the route that delegates has them");
  }

  static CanaryDeclaration valid(ObjectNode canary) {
    var parsed = CanaryParser.parse(canary, SETTINGS);
    if (parsed instanceof Parsed.Valid(var declaration)) {
      return declaration;
    }
    throw new AssertionError(((Parsed.Invalid) parsed).inWords());
  }

  static List<String> problems(ObjectNode canary) {
    var parsed = CanaryParser.parse(canary, SETTINGS);
    assertThat(parsed).isInstanceOf(Parsed.Invalid.class);
    return ((Parsed.Invalid) parsed).problems().stream().map(Problem::inWords).toList();
  }

  private static List<String> fields(ObjectNode canary) {
    return ((Parsed.Invalid) CanaryParser.parse(canary, SETTINGS))
        .problems().stream().map(Problem::field).toList();
  }

  /// A Canary like the usual one with this analysis.
  static ObjectNode withAnalysis(String yaml) {
    var canary = Yaml.object(USUAL);
    ((ObjectNode) canary.path("spec")).set("analysis", Yaml.object(yaml));
    return canary;
  }

  @Test
  void aMetricsServerHasItsSecretInTheNamespaceOfTheCanary() {
    var canary = Yaml.object(USUAL);
    ((ObjectNode) canary.path("spec"))
        .put("metricsServer", "https://prometheus:9090")
        .putObject("metricsServerSecretRef")
        .put("name", "prometheus");

    assertThat(valid(canary).metricsServer())
        .contains(
            new MetricsServer(
                URI.create("https://prometheus:9090"), "shop", Optional.of("prometheus")));
  }

  @Test
  void aSecretWithoutItsServerIsAMistake() {
    var canary = Yaml.object(USUAL);
    ((ObjectNode) canary.path("spec")).putObject("metricsServerSecretRef").put("name", "Mine");

    assertThat(problems(canary))
        .containsExactlyInAnyOrder(
            "spec.metricsServerSecretRef.name is 'Mine', which is not a name of an object; use"
                + " lower-case letters, digits and dashes",
            "spec.metricsServerSecretRef is 'Mine', which belongs to no server; set metricsServer"
                + " as well; the controller's own server has its Secret by"
                + " --metrics-server-secret");
  }
}
