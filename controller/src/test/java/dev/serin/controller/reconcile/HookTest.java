package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.judge.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Webhooks as their receivers see them.
class HookTest {
  private final Outside outside = new Outside();

  @AfterEach
  void stop() {
    outside.close();
  }

  /// A Canary with hooks of these types, each at a path of its own.
  private World with(String... types) {
    var hooks =
        Stream.of(types)
            .map(
                type ->
                    "{name: %s, type: %s, url: \"%s/%s\", metadata: {team: shop}}"
                        .formatted(type, type, outside.address(), type))
            .collect(Collectors.joining(", ", "    webhooks: [", "]\n"));
    var world = new World().with(World.DEPLOYMENT_YAML);
    outside.around(world).adopt(World.CANARY_YAML + hooks);
    outside.heard.clear();
    return world;
  }

  @Test
  void everyHookHearsThePhaseThatItBelongsTo() {
    var world =
        with(
            "confirm-rollout",
            "pre-rollout",
            "rollout",
            "confirm-traffic-increase",
            "confirm-promotion",
            "rollback",
            "post-rollout",
            "event");
    world.setImage("web:2");
    world.runTo("Succeeded");

    assertThat(outside.phases("/confirm-rollout")).isNotEmpty().containsOnly("Waiting");
    assertThat(outside.phases("/pre-rollout")).containsExactly("Progressing");
    assertThat(outside.phases("/rollout"))
        .hasSizeGreaterThanOrEqualTo(5)
        .containsOnly("Progressing");
    assertThat(outside.phases("/confirm-traffic-increase")).hasSize(5).containsOnly("Progressing");
    assertThat(outside.phases("/confirm-promotion")).containsOnly("Progressing");
    assertThat(outside.phases("/rollback"))
        .isNotEmpty()
        .containsAnyOf("Progressing")
        .isSubsetOf("Progressing", "WaitingPromotion", "Promoting");
    assertThat(outside.phases("/post-rollout")).containsExactly("Succeeded");
    assertThat(outside.phases("/event")).contains("Waiting", "Progressing", "Succeeded");
  }

  @Test
  void everyHookHearsWhichRevisionItIsAbout() {
    var world = with("confirm-rollout", "rollout", "post-rollout");
    world.setImage("web:2");
    world.runTo("Succeeded");

    var revision = world.status().path("stableRevision").asText();
    assertThat(outside.heard)
        .isNotEmpty()
        .allSatisfy(
            heard -> {
              assertThat(heard.json().path("name").asText()).isEqualTo("web");
              assertThat(heard.json().path("namespace").asText()).isEqualTo("shop");
              assertThat(heard.json().path("checksum").asText()).isEqualTo(revision);
              assertThat(heard.json().at("/metadata/team").asText()).isEqualTo("shop");
            });
  }

  @Test
  void failedRolloutIsToldOnceAsFailed() {
    var world = with("post-rollout");
    world.verdict = _ -> Verdict.FAILED;
    world.setImage("web:2");
    world.runTo("Failed");
    world.run(Duration.ofMinutes(10));

    assertThat(outside.phases("/post-rollout")).containsExactly("Failed");
  }

  @Test
  void promotionThatStallsIsToldAsFailed() {
    var world = with("post-rollout");
    world.deployments.stuck.add("web");
    world.setImage("web:2");
    world.runTo("PromotionFailed");
    world.run(Duration.ofMinutes(5));

    assertThat(outside.phases("/post-rollout")).containsExactly("Failed");
  }

  @Test
  void revisionThatItsAuthorTookBackHasNotFailed() {
    var world = with("post-rollout");
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    world.setImage("web:1");
    world.run(Duration.ofMinutes(5));

    assertThat(world.phase()).isEqualTo("Initialized");
    assertThat(outside.phases("/post-rollout")).isEmpty();
  }

  @Test
  void replacedRevisionHasNotFailedAndTheNewOneIsToldOnce() {
    var world = with("post-rollout");
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    world.setImage("web:3");
    world.runTo("Succeeded");

    assertThat(outside.phases("/post-rollout")).containsExactly("Succeeded");
  }

  @Test
  void eventHookHearsEveryDecisionInOrder() {
    var world = with("event");
    world.setImage("web:2");
    world.runTo("Succeeded");

    assertThat(outside.heard("/event"))
        .extracting(heard -> heard.json().at("/metadata/eventMessage").asText())
        .containsExactlyElementsOf(
            world.told.stream().map(occasion -> occasion.announcement().text()).toList());
    var first = outside.heard("/event").getFirst().json().path("metadata");
    assertThat(first.path("eventType").asText()).isEqualTo("Normal");
    assertThat(first.path("timestamp").asText()).matches("[0-9]{13}");
    assertThat(first.path("team").asText()).isEqualTo("shop");
  }

  @Test
  void nothingIsToldAtRest() {
    var world = with("event", "post-rollout", "confirm-rollout", "rollback");
    world.run(Duration.ofHours(1));
    assertThat(outside.heard).isEmpty();
  }

  @Test
  void receiverThatIsDownStopsNoRolloutAndThatIsSaid() {
    var world = with("event", "post-rollout");
    outside.answers = _ -> new Outside.Answer(-1, "");
    world.setImage("web:2");
    world.runTo("Succeeded");

    assertThat(Outside.events(world))
        .anyMatch(
            text ->
                text.startsWith("NotDelivered: webhook post-rollout of shop/web was not told of")
                    && text.contains("cannot be reached"));
    assertThat(outside.metrics.text())
        .contains("serin_deliveries_total{kind=\"hook\",result=\"failed\"}");
  }

  @Test
  void receiverThatIsDownForAWhileIsTold() {
    var world = with("post-rollout");
    outside.answers =
        _ -> outside.heard.size() < 5 ? new Outside.Answer(-1, "") : new Outside.Answer(200, "");
    world.setImage("web:2");
    world.runTo("Succeeded");

    assertThat(outside.heard).hasSize(5);
    assertThat(outside.heard)
        .extracting(heard -> heard.headers().get("webhook-id"))
        .containsOnly(outside.heard.getFirst().headers().get("webhook-id"));
    assertThat(Outside.events(world)).isEmpty();
  }

  @Test
  void signatureAndHeadersComeFromSecretsOfTheCanarysNamespace() {
    var world = new World().with(World.DEPLOYMENT_YAML);
    Outside.secret(world, "hooks", Map.of("hmac-key", "key", "token", "Bearer abc"));
    outside
        .around(world)
        .adopt(
            World.CANARY_YAML
                + """
                      webhooks:
                        - name: smoke
                          type: pre-rollout
                          url: %s/smoke
                          secretRef: {name: hooks}
                          headersFrom:
                            - {name: Authorization, secretKeyRef: {name: hooks, key: token}}
                  """
                    .formatted(outside.address()));
    world.setImage("web:2");
    world.runTo("Succeeded");

    var heard = outside.heard("/smoke").getFirst();
    assertThat(heard.headers()).containsEntry("Authorization", "Bearer abc");
    assertThat(heard.headers().get("webhook-signature")).startsWith("v1,");
  }

  @Test
  void missingSecretKeepsTheRolloutWaitingAndIsNamedUntilItIsThere() {
    var world = new World().with(World.DEPLOYMENT_YAML);
    outside
        .around(world)
        .adopt(
            World.CANARY_YAML
                + "    webhooks: [{name: smoke, type: pre-rollout, url: \""
                + outside.address()
                + "/smoke\", secretRef: {name: hooks}}]\n");
    world.setImage("web:2");
    world.run(Duration.ofMinutes(2));
    assertThat(world.status().toString()).contains("Secret shop/hooks does not exist; create it");
    assertThat(outside.heard).isEmpty();

    Outside.secret(world, "hooks", Map.of("other", "x"));
    world.run(Duration.ofMinutes(2));
    assertThat(world.status().toString()).contains("Secret shop/hooks has no key 'hmac-key'");

    Outside.secret(world, "hooks", Map.of("hmac-key", "x"));
    world.runTo("Succeeded");
  }
}
