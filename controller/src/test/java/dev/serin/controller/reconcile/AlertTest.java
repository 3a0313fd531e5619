package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.alert.Severity;
import dev.serin.cluster.Kind;
import dev.serin.controller.outreach.Outreach;
import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.parse.AlertSpec;
import dev.serin.parse.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Alerts from a Canary to whoever is told.
class AlertTest {
  private final Outside outside = new Outside();

  @AfterEach
  void stop() {
    outside.close();
  }

  private World with(String alerts) {
    return with(alerts, new Outreach.Rules(Settings.References.ANY_NAMESPACE, Optional.empty()));
  }

  private World with(String alerts, Outreach.Rules rules) {
    var world = new World().with(World.DEPLOYMENT_YAML);
    outside.around(world, rules).adopt(World.CANARY_YAML + "    " + alerts + "\n");
    outside.heard.clear();
    return world;
  }

  private static String rule(String name, String severity, String provider) {
    return "{name: %s, severity: %s, providerRef: {name: %s}}".formatted(name, severity, provider);
  }

  private void provider(World world, String name, String type) {
    world.with(
        """
        kind: AlertProvider
        metadata: {name: %s}
        spec: {type: %s, address: "%s/%s"}
        """
            .formatted(name, type, outside.address(), name));
  }

  private List<String> severities(String path) {
    return outside.heard(path).stream()
        .map(heard -> heard.json().at("/data/severity").asText())
        .toList();
  }

  private static void failing(World world) {
    world.verdict = _ -> Verdict.FAILED;
    world.setImage("web:2");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(5));
  }

  @Test
  void eachSeverityIncludesTheWorseOnes() {
    var world =
        with(
            "alerts: ["
                + rule("a", "info", "all")
                + ", "
                + rule("b", "warn", "some")
                + ", "
                + rule("c", "error", "few")
                + "]");
    for (var name : List.of("all", "some", "few")) {
      provider(world, name, "webhook");
    }
    failing(world);

    assertThat(severities("/all")).contains("info", "warn", "error");
    assertThat(severities("/some")).contains("warn", "error").doesNotContain("info");
    assertThat(severities("/few")).containsExactly("error");
    assertThat(outside.metrics.text())
        .contains("serin_deliveries_total{kind=\"alert\",result=\"delivered\"}");
  }

  @Test
  void alertWithoutASeverityTellsEverything() {
    var world = with("alerts: [{name: a, providerRef: {name: all}}]");
    provider(world, "all", "webhook");
    failing(world);
    assertThat(severities("/all")).contains("info", "warn", "error");
  }

  @Test
  void canaryThatStaysUnreadyIsAnAlert() {
    var world = with("alerts: [" + rule("a", "error", "all") + "]");
    provider(world, "all", "webhook");
    world.deployments.broken.add("web:2");
    world.setImage("web:2");
    world.runTo("Failed");

    assertThat(severities("/all")).containsExactly("error");
  }

  @Test
  void providerThatTwoRulesNameIsToldOnce() {
    var world =
        with("alerts: [" + rule("a", "error", "all") + ", " + rule("b", "error", "all") + "]");
    provider(world, "all", "webhook");
    failing(world);
    assertThat(severities("/all")).containsExactly("error");
  }

  @Test
  void everyAlertHasAnIdOfItsOwn() {
    var world = with("alerts: [" + rule("a", "info", "all") + "]");
    provider(world, "all", "webhook");
    failing(world);
    assertThat(outside.heard("/all"))
        .extracting(heard -> heard.json().path("id").asText())
        .doesNotHaveDuplicates();
  }

  @Test
  void mutedWebhookAlertsNobodyThatItSaysNo() {
    for (var muted : List.of(true, false)) {
      outside.answers =
          heard ->
              heard.path().equals("/may-i")
                  ? new Outside.Answer(403, "not on Fridays")
                  : new Outside.Answer(200, "");
      var world =
          with(
              "webhooks: [{name: may-i, type: confirm-promotion, muteAlert: %s, url: \"%s/may-i\"}]\n"
                      .formatted(muted, outside.address())
                  + "    alerts: ["
                  + rule("a", "warn", "all")
                  + "]");
      provider(world, "all", "webhook");
      world.setImage("web:2");
      world.runTo("WaitingPromotion");
      world.run(Duration.ofMinutes(30));

      var texts =
          outside.heard("/all").stream()
              .map(heard -> heard.json().at("/data/text").asText())
              .toList();
      if (muted) {
        assertThat(texts).isEmpty();
      } else {
        assertThat(texts)
            .containsExactly("gate may-i keeps the rollout waiting: answered 403: not on Fridays");
      }
    }
  }

  @Test
  void peopleAreToldOnceThatTheyAreWaitedFor() {
    var world =
        with(
            "approvals: [{name: lead, before: promotion}]\n    alerts: ["
                + rule("a", "warn", "all")
                + "]");
    provider(world, "all", "webhook");
    world.setImage("web:2");
    world.runTo("WaitingPromotion");
    world.run(Duration.ofHours(2));
    assertThat(severities("/all")).containsExactly("warn");
  }

  @Test
  void slackIsToldInItsOwnWay() {
    var world = with("alerts: [" + rule("a", "error", "chat") + "]");
    provider(world, "chat", "slack");
    failing(world);
    var heard = outside.heard("/chat");
    assertThat(heard).hasSize(1);
    assertThat(heard.getFirst().body()).contains("attachments", "failed check", "shop/web");
  }

  /// One decision feeds the status, the event and every alert; all of them say the same.
  @Test
  void everyAlertSaysWhatItsDecisionRestsOn() {
    var world =
        with("alerts: [" + rule("a", "warn", "all") + ", " + rule("b", "warn", "chat") + "]");
    provider(world, "all", "webhook");
    provider(world, "chat", "slack");
    world.checks =
        (check, _) ->
            new Assessment(
                check.name(),
                Verdict.FAILED,
                "success rate 81.4 %",
                OptionalDouble.of(81.4),
                "at least 99 %",
                "sum(rate(requests[1m]))",
                "407 of 500 requests",
                false,
                false);
    failing(world);

    var decided = world.status().at("/history/0/checks/0");
    assertThat(decided.path("reason").asText()).isEqualTo("success rate 81.4 %");
    assertThat(outside.heard("/all")).hasSize(2);
    for (var heard : outside.heard("/all")) {
      var check = heard.json().at("/data/checks/0");
      for (var field :
          List.of("name", "verdict", "reason", "value", "limit", "query", "evidence")) {
        assertThat(check.path(field)).as(field).isEqualTo(decided.path(field));
      }
      assertThat(heard.json().at("/data/text").asText()).contains("success rate 81.4 %");
    }
    assertThat(outside.heard("/chat")).hasSize(2);
    for (var heard : outside.heard("/chat")) {
      assertThat(heard.body())
          .contains(
              "success rate 81.4 %",
              "at least 99 %", "sum(rate(requests[1m]))", "407 of 500 requests");
    }
  }

  @Test
  void addressIsTakenFromTheSecretBesideTheProvider() {
    var world = with("alerts: [" + rule("a", "error", "chat") + "]");
    Outside.secret(world, "chat", Map.of("address", outside.address() + "/from-secret"));
    world.with(
        """
        kind: AlertProvider
        metadata: {name: chat}
        spec: {type: slack, secretRef: {name: chat}}
        """);
    failing(world);
    assertThat(outside.heard("/from-secret")).hasSize(1);
  }

  @Test
  void whatIsWrongWithAProviderIsSaidAndStopsNothing() {
    var world = with("alerts: [" + rule("a", "error", "chat") + "]");
    failing(world);
    assertThat(Outside.events(world))
        .anyMatch(text -> text.contains("AlertProvider shop/chat") && text.contains("create it"));

    world.with(
        """
        kind: AlertProvider
        metadata: {name: chat}
        spec: {type: pager, address: "http://x/"}
        """);
    world.setImage("web:3");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(5));
    assertThat(Outside.events(world))
        .anyMatch(text -> text.contains("spec.type is 'pager'; known are [slack, webhook]"));

    world.with(
        """
        kind: AlertProvider
        metadata: {name: chat}
        spec: {type: slack, secretRef: {name: chat}}
        """);
    world.setImage("web:4");
    world.run(Duration.ofMinutes(5));
    assertThat(Outside.events(world))
        .anyMatch(text -> text.contains("Secret shop/chat does not exist; create it"));

    provider(world, "chat", "slack");
    world.setImage("web:5");
    world.run(Duration.ofMinutes(5));
    assertThat(outside.heard("/chat")).hasSize(1);
  }

  @Test
  void providerOfAnotherNamespaceIsUsedOnlyWhereThatIsAllowed() {
    for (var allowed : Settings.References.values()) {
      var world =
          with(
              "alerts: [{name: a, severity: error, providerRef: {name: all, namespace: ops}}]",
              new Outreach.Rules(allowed, Optional.empty()));
      world.cluster.put(
          Kind.ALERT_PROVIDER.named("ops", "all"),
          World.yaml(
              "{kind: AlertProvider, metadata: {name: all}, spec: {type: webhook, address: \""
                  + outside.address()
                  + "/all\"}}"));
      failing(world);
      switch (allowed) {
        case ANY_NAMESPACE -> assertThat(outside.heard("/all")).hasSize(1);
        case OWN_NAMESPACE -> {
          assertThat(outside.heard("/all")).isEmpty();
          assertThat(Outside.events(world))
              .anyMatch(text -> text.contains("another namespace than the Canary"));
        }
      }
    }
  }

  @Test
  void controllersOwnProviderHearsOfCanariesThatNameNobody() {
    var own = new AlertSpec("controller", Severity.ERROR, "serin", "all");
    var rules = new Outreach.Rules(Settings.References.OWN_NAMESPACE, Optional.of(own));
    for (var names : List.of(false, true)) {
      var alerts = names ? "alerts: [" + rule("a", "error", "mine") + "]" : "alerts: []";
      var world = with(alerts, rules);
      provider(world, "mine", "webhook");
      world.cluster.put(
          Kind.ALERT_PROVIDER.named("serin", "all"),
          World.yaml(
              "{kind: AlertProvider, metadata: {name: all}, spec: {type: webhook, address: \""
                  + outside.address()
                  + "/all\"}}"));
      failing(world);
      assertThat(severities(names ? "/mine" : "/all")).containsExactly("error");
      assertThat(severities(names ? "/all" : "/mine")).isEmpty();
    }
  }
}
