package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.controller.cluster.KubernetesCluster;
import dev.serin.sandbox.App;
import dev.serin.sandbox.api.Faults;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/// What is not as it should be is a state that the status shows, not an error, and is over by
/// itself when the world is as it should be.
class BadInputTest {

  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final Kind ROUTE =
      new Kind("gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", true);

  private static final String CANARY =
      """
      apiVersion: serin.dev/v1beta1
      kind: Canary
      metadata: {name: web, namespace: shop}
      spec:
        targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        provider: gatewayapi
        service: {port: 80, targetPort: 8080, hosts: [web.example.com], gatewayRefs: [{name: public, namespace: gateway}]}
        canary: {drainSeconds: 5}
        analysis:
          interval: 10s
          stepWeights: [20, 50]
          metrics: [{name: request-success-rate, interval: 10s, thresholdRange: {min: 90}}]
      """;

  private final Rehearsal rehearsal = Rehearsal.start(RehearsalOptions.DEFAULT);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger("dev.serin");

  @BeforeEach
  void listen() {
    log.start();
    root.setLevel(Level.WARN);
    root.addAppender(log);
  }

  @AfterEach
  void nothingBrokeAndNoStackTraceWasLogged() {
    root.detachAppender(log);
    root.setLevel(null);
    rehearsal.close();
    assertThat(rehearsal.surprises()).isEmpty();
    // Tests run beside each other; all of a rehearsal happens on its own thread.
    var here = Thread.currentThread().getName();
    assertThat(log.list)
        .filteredOn(event -> event.getThreadName().equals(here))
        .noneMatch(event -> event.getThrowableProxy() != null);
  }

  private void deploy() {
    rehearsal.sandbox().deploy(App.of("shop", "web", 2, "sandbox/web:1"));
    rehearsal.run(Duration.ofSeconds(10));
  }

  private void namespace() {
    rehearsal.create("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
  }

  private ObjectNode canary() {
    return rehearsal.canary("shop", "web").orElseThrow();
  }

  private Map.Entry<String, String> condition(String type) {
    for (var condition : canary().at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return Map.entry(
            condition.path("status").asText() + " " + condition.path("reason").asText(),
            condition.path("message").asText());
      }
    }
    return Map.entry("", "");
  }

  /// It shows why, and for an hour nothing else happens.
  private void assertStalled(String reason, String... words) {
    rehearsal.run(Duration.ofMinutes(1));
    for (var time : List.of(Duration.ZERO, Duration.ofHours(1))) {
      rehearsal.run(time);
      assertThat(condition("Stalled").getKey()).isEqualTo("True " + reason);
      assertThat(condition("Ready").getKey()).startsWith("False");
      assertThat(condition("Ready").getValue()).contains(words);
      assertThat(rehearsal.phase("shop", "web")).isEqualTo("Initializing");
    }
  }

  private void assertAdopted() {
    assertThat(
            rehearsal.runUntil(
                () -> rehearsal.phase("shop", "web").equals("Initialized"), Duration.ofMinutes(2)))
        .as("%s", canary().path("status"))
        .isTrue();
    rehearsal.run(Duration.ofSeconds(10));
    assertThat(condition("Stalled").getKey()).startsWith("False");
    assertThat(condition("Ready").getKey()).startsWith("True");
  }

  @Test
  void targetThatDoesNotExistYetIsWaitedFor() {
    namespace();
    rehearsal.create(CANARY);
    assertStalled("TargetMissing", "Deployment web does not exist; make it");

    deploy();
    assertAdopted();
  }

  @Test
  void serviceOfSomebodyElseIsNotTaken() {
    deploy();
    var theirs =
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web-canary, namespace: shop}
        spec: {selector: {app: other}, ports: [{port: 80}]}
        """;
    rehearsal.create(theirs);
    rehearsal.create(CANARY);
    assertStalled("TargetUnfit", "Service web-canary");
    assertThat(
            rehearsal
                .sandbox()
                .api()
                .get(Kind.SERVICE, "shop", "web-canary")
                .at("/spec/selector/app")
                .asText())
        .isEqualTo("other");

    rehearsal.sandbox().api().delete(Kind.SERVICE, "shop", "web-canary");
    assertAdopted();
  }

  @Test
  void routeOfSomebodyElseIsNotTaken() {
    deploy();
    rehearsal.create(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: web, namespace: shop}
        spec:
          parentRefs: [{name: public, namespace: gateway}]
          rules: [{backendRefs: [{name: other, port: 80}]}]
        """);
    rehearsal.create(CANARY);
    assertStalled("RouteUnfit", "HTTPRoute", "web");
    assertThat(
            rehearsal
                .sandbox()
                .api()
                .get(ROUTE, "shop", "web")
                .at("/spec/rules/0/backendRefs/0/name")
                .asText())
        .isEqualTo("other");

    rehearsal.sandbox().api().delete(ROUTE, "shop", "web");
    assertAdopted();
  }

  @Test
  void meshThatIsInstalledLaterIsWaitedFor() {
    var api = rehearsal.sandbox().api();
    var name = ROUTE.plural() + "." + ROUTE.group();
    var definition = api.get(KubernetesCluster.DEFINITION, "", name).deepCopy();
    api.delete(KubernetesCluster.DEFINITION, "", name);
    deploy();
    rehearsal.create(CANARY);
    assertStalled(
        "RouteUnfit",
        "does not know the kind HTTPRoute of gateway.networking.k8s.io/v1; install the Gateway"
            + " API");

    definition.remove("status");
    definition.withObjectProperty("metadata").removeAll().put("name", name);
    api.create(definition);
    assertAdopted();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      textBlock =
          """
          mirror: true                                            > mirroring
          sessionAffinity: {cookieName: version, maxAge: 3600}    > session affinity
          """)
  void whatTheMeshBehindARouteCannotDoIsToldBeforeAnythingStarts(String line, String feature) {
    deploy();
    rehearsal.sandbox().traffic(List.of(Load.of(Ground.SERVICE.call(), 40)));
    var simple = CANARY.replaceFirst("hosts: .*", Ground.SERVICE.service + "}");
    rehearsal.create(simple.replace("    stepWeights:", "    " + line + "\n    stepWeights:"));
    rehearsal.run(Duration.ofMinutes(2));
    rehearsal.sandbox().setImage("shop", "web", "sandbox/web:2");
    for (var time : List.of(Duration.ofMinutes(1), Duration.ofHours(1))) {
      rehearsal.run(time);
      assertThat(condition("Stalled").getKey()).isEqualTo("True RouteUnfit");
      assertThat(condition("Ready").getValue())
          .contains(
              "provider gatewayapi cannot do " + feature,
              "leave spec.analysis." + line.replaceFirst(":.*", "") + " out");
      assertThat(rehearsal.sandbox().api().find(Kind.DEPLOYMENT, "shop", "web-canary")).isEmpty();
      assertThat(rehearsal.sandbox().stats().versions()).containsOnlyKeys("web 1");
    }

    declare(simple);
    assertThat(rehearsal.runUntil(() -> weight() == 20, PATIENCE))
        .as("%s", canary().path("status"))
        .isTrue();
    assertThat(
            rehearsal.runUntil(() -> rehearsal.phase("shop", "web").equals("Succeeded"), PATIENCE))
        .as("%s", canary().path("status"))
        .isTrue();
    assertThat(condition("Stalled").getKey()).startsWith("False");
  }

  /// Replaces what the Canary says.
  private void declare(String yaml) {
    rehearsal
        .sandbox()
        .api()
        .edit(
            Kind.CANARY,
            "shop",
            "web",
            canary -> canary.set("spec", Rehearsal.documents(yaml).getFirst().path("spec")));
  }

  @Test
  void adoptionWaitsUntilItsRouteCanBeWritten() {
    deploy();
    var allow =
        rehearsal
            .sandbox()
            .store()
            .faults()
            .add(
                request ->
                    request.writes() && request.kind().equals(ROUTE)
                        ? Optional.of(Faults.refuse(403))
                        : Optional.empty());
    rehearsal.create(CANARY);
    assertStalled("WriteRefused", "HTTPRoute");
    assertThat(canary().at("/status/waitingFor").asText())
        .startsWith("the route to be accepted: ")
        .endsWith(condition("Ready").getValue());
    assertThat(canary().at("/status/decisions")).isEmpty();

    allow.run();
    assertAdopted();
    assertThat(canary().at("/status/decisions/0/kind").asText()).isEqualTo("Initialized");
  }

  @Test
  void prometheusThatDoesNotAnswerHoldsTheStepUntilItIsBack() {
    deploy();
    rehearsal.create(CANARY);
    assertAdopted();
    rehearsal.sandbox().traffic(List.of(Load.of(Call.atGateway("web.example.com"), 40)));
    rehearsal.run(Duration.ofSeconds(10));
    rehearsal.sandbox().setImage("shop", "web", "sandbox/web:2");
    rehearsal.runUntil(() -> weight() == 20, PATIENCE);

    rehearsal.sandbox().metrics().fail("prometheus: connection refused");
    rehearsal.run(Duration.ofMinutes(5));

    assertThat(rehearsal.phase("shop", "web")).isEqualTo("Progressing");
    assertThat(weight()).isEqualTo(20);
    assertThat(canary().at("/status/failedChecks").asInt()).isZero();
    assertThat(canary().at("/status/checks").toString()).contains("prometheus: connection refused");
    assertThat(canary().at("/status/waitingFor").asText()).contains("request-success-rate");
    rehearsal.sandbox().metrics().recover();
    assertThat(
            rehearsal.runUntil(() -> rehearsal.phase("shop", "web").equals("Succeeded"), PATIENCE))
        .as("%s", canary().path("status"))
        .isTrue();
  }

  private int weight() {
    return canary().at("/status/canaryWeight").asInt();
  }

  @Test
  void allMistakesOfACanaryAreToldTogetherAndCorrectingThemStartsIt() {
    deploy();
    rehearsal.create(
        CANARY
            .replace("provider: gatewayapi", "provider: isto")
            .replace("interval: 10s\n", "interval: 1ms\n")
            .replace(
                "  canary:",
                "  windows: [{schedule: 61 9 * * *, duration: 1h, timeZone: Mars/Base}]\n"
                    + "  canary:"));
    assertStalled(
        "Invalid",
        "spec.provider is 'isto', which is not known; use one of [",
        "spec.analysis.interval is '1ms'",
        "spec.windows[0].schedule is '61 9 * * *'",
        "spec.windows[0].timeZone is 'Mars/Base'");
    assertThat(rehearsal.sandbox().api().find(Kind.SERVICE, "shop", "web-canary")).isEmpty();

    declare(CANARY);
    assertAdopted();
  }
}
