package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.App;
import dev.serin.sandbox.api.WatchEvent;
import dev.serin.sandbox.api.WatchOptions;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// More rollouts want to start than may run at once.
class LineTest {

  private static final Duration PATIENCE = Duration.ofMinutes(30);
  private static final Set<String> RESTING =
      Set.of("", "Initializing", "Initialized", "Waiting", "Succeeded", "Failed");

  /// In the order in which they are released, which is none of names.
  private static final List<String> NAMES = List.of("shop/c", "bank/a", "shop/d", "shop/b");

  private static String namespace(String canary) {
    return canary.substring(0, canary.indexOf('/'));
  }

  private static String name(String canary) {
    return canary.substring(canary.indexOf('/') + 1);
  }

  private static String canary(String canary, String more) {
    return """
    apiVersion: serin.dev/v1beta1
    kind: Canary
    metadata: {name: %s, namespace: %s}
    spec:
      targetRef: {apiVersion: apps/v1, kind: Deployment, name: %s}
      provider: istio
      service: {port: 80, targetPort: 8080}
      canary: {drainSeconds: 1}
      analysis:
        interval: 10s
        stepWeights: [50]
        metrics: [{name: request-success-rate, interval: 10s, thresholdRange: {min: 90}}]
    %s
    """
        .formatted(name(canary), namespace(canary), name(canary), more.indent(4));
  }

  /// Who runs, as everybody can see it.
  private static final class Log {
    final Set<String> running = new HashSet<>();
    final List<String> starts = new ArrayList<>();
    final Map<String, Instant> startedAt = new HashMap<>();
    final List<Instant> ends = new ArrayList<>();
    int most;

    Log(Rehearsal rehearsal) {
      rehearsal
          .sandbox()
          .api()
          .watch(Kind.CANARY, WatchOptions.all(), event -> see(event, rehearsal.time().instant()));
    }

    private void see(WatchEvent event, Instant now) {
      var canary = event.object();
      var name =
          canary.at("/metadata/namespace").asText() + "/" + canary.at("/metadata/name").asText();
      if (RESTING.contains(canary.at("/status/phase").asText())) {
        if (running.remove(name)) {
          ends.add(now);
        }
      } else if (running.add(name)) {
        starts.add(name);
        startedAt.put(name, now);
        most = Math.max(most, running.size());
      }
    }
  }

  private static Rehearsal adopted(RehearsalOptions.Limits limits, String more) {
    var rehearsal = Rehearsal.start(RehearsalOptions.DEFAULT.limits(limits));
    NAMES.forEach(
        canary ->
            rehearsal
                .sandbox()
                .deploy(App.of(namespace(canary), name(canary), 1, "sandbox/web:1")));
    rehearsal.run(Duration.ofSeconds(10));
    NAMES.forEach(canary -> rehearsal.create(canary(canary, name(canary).equals("d") ? more : "")));
    for (var canary : NAMES) {
      awaitPhase(rehearsal, canary, "Initialized");
    }
    rehearsal
        .sandbox()
        .traffic(
            NAMES.stream()
                .map(canary -> Load.of(Call.inMesh(name(canary) + "." + namespace(canary)), 20))
                .toList());
    rehearsal.run(Duration.ofSeconds(10));
    return rehearsal;
  }

  private static void release(Rehearsal rehearsal) {
    for (var canary : NAMES) {
      rehearsal.sandbox().setImage(namespace(canary), name(canary), "sandbox/web:2");
      rehearsal.run(Duration.ofMillis(200));
    }
  }

  private static void awaitPhase(Rehearsal rehearsal, String canary, String phase) {
    assertThat(
            rehearsal.runUntil(
                () -> rehearsal.phase(namespace(canary), name(canary)).equals(phase), PATIENCE))
        .as("%s is %s: %s", canary, phase, status(rehearsal, canary))
        .isTrue();
  }

  private static JsonNode status(Rehearsal rehearsal, String canary) {
    return rehearsal.canary(namespace(canary), name(canary)).orElseThrow().path("status");
  }

  private static void awaitAll(Rehearsal rehearsal) {
    for (var canary : NAMES) {
      awaitPhase(rehearsal, canary, "Succeeded");
    }
    assertThat(rehearsal.surprises()).isEmpty();
  }

  @Test
  void whoCameFirstIsServedFirstAndAtOnce() {
    try (var rehearsal = adopted(new RehearsalOptions.Limits(0, 1), "")) {
      var log = new Log(rehearsal);
      release(rehearsal);
      rehearsal.run(Duration.ofSeconds(12));

      var queue = status(rehearsal, "shop/d").path("queue");
      assertThat(queue.path("place").asInt()).isEqualTo(2);
      assertThat(queue.path("length").asInt()).isEqualTo(3);
      assertThat(status(rehearsal, "shop/b").path("waitingFor").asText())
          .isEqualTo(
              "another rollout to end: 1 may run at once in the cluster; place 3 of 3 in line");
      awaitAll(rehearsal);

      assertThat(log.starts).containsExactlyElementsOf(NAMES);
      assertThat(log.most).isEqualTo(1);
      for (int i = 1; i < NAMES.size(); i++) {
        assertThat(Duration.between(log.ends.get(i - 1), log.startedAt.get(NAMES.get(i))))
            .isLessThan(Duration.ofSeconds(1));
      }
      assertThat(status(rehearsal, "shop/b").has("queue")).isFalse();
    }
  }

  @ParameterizedTest(name = "a crash every {0} s")
  @ValueSource(ints = {7, 23, 41})
  void restartsKeepTheLineAndTheLimit(int seconds) {
    try (var rehearsal = adopted(new RehearsalOptions.Limits(0, 1), "")) {
      var log = new Log(rehearsal);
      release(rehearsal);
      for (int i = 0; i < 6; i++) {
        rehearsal.run(Duration.ofSeconds(seconds));
        rehearsal.crash();
        rehearsal.run(Duration.ofSeconds(5));
      }
      awaitAll(rehearsal);

      assertThat(rehearsal.crashes()).isEqualTo(6);
      assertThat(log.starts).containsExactlyElementsOf(NAMES);
      assertThat(log.most).isEqualTo(1);
    }
  }

  @Test
  void whoIsKeptByItsNamespaceLetsAnotherPass() {
    try (var rehearsal = adopted(new RehearsalOptions.Limits(1, 2), "")) {
      var log = new Log(rehearsal);
      release(rehearsal);
      rehearsal.run(Duration.ofSeconds(5));

      assertThat(log.running).containsExactlyInAnyOrder("shop/c", "bank/a");
      assertThat(status(rehearsal, "shop/d").path("queue").path("limit").asText())
          .isEqualTo("1 may run at once in namespace shop");
      awaitAll(rehearsal);

      assertThat(log.starts).containsExactlyInAnyOrderElementsOf(NAMES);
      assertThat(log.starts.indexOf("shop/d")).isLessThan(log.starts.indexOf("shop/b"));
      assertThat(log.most).isEqualTo(2);
    }
  }

  @Test
  void whoWaitsForPeopleKeepsNobody() {
    var approval = "approvals: [{name: lead, before: rollout}]";
    try (var rehearsal = adopted(new RehearsalOptions.Limits(0, 1), approval)) {
      var log = new Log(rehearsal);
      release(rehearsal);

      awaitPhase(rehearsal, "shop/b", "Succeeded");
      rehearsal.run(Duration.ofSeconds(15));

      assertThat(log.starts).containsExactly("shop/c", "bank/a", "shop/b");
      assertThat(status(rehearsal, "shop/d").path("waitingFor").asText())
          .isEqualTo("approval lead (0 of 1)");
    }
  }

  @Test
  void whoIsDeletedInLineIsNotWaitedFor() {
    try (var rehearsal = adopted(new RehearsalOptions.Limits(0, 1), "")) {
      var log = new Log(rehearsal);
      release(rehearsal);
      rehearsal.run(Duration.ofSeconds(5));
      rehearsal.sandbox().api().delete(Kind.CANARY, "bank", "a");

      awaitPhase(rehearsal, "shop/b", "Succeeded");

      assertThat(log.starts).containsSubsequence("shop/c", "shop/d", "shop/b");
    }
  }
}
