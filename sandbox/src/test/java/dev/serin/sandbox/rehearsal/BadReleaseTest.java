package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.sandbox.App;
import dev.serin.sandbox.dataplane.TrafficStats;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The scenario that Serin is measured by beside Flagger 1.44, which hurts 193 to 201 users in it:
/// 100 requests a second through a gateway that is scraped every 2 s, five steps of 10 s from 10 to
/// 50 %, half of the new version's answers are errors. Played with many seeds, the release at
/// another moment between two scrapes each time.
class BadReleaseTest {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /// How one play went.
  ///
  /// @param seconds from the first request that the new version answered to the decision
  /// @param secondsToLastStep from the release to half of the traffic; less than 0 when it never
  ///   came to that
  /// @param hurt users that got an error
  private record Played(String phase, double seconds, double secondsToLastStep, long hurt) {}

  private static Played play(int seed, String image) {
    var options = RehearsalOptions.DEFAULT;
    var rehearsal = Rehearsal.start(options.sandbox(options.sandbox().seed(seed)));
    try {
      rehearsal.sandbox().deploy(App.of("shop", "web", 3, "sandbox/web:1"));
      rehearsal.run(Duration.ofSeconds(5));
      rehearsal.create(
          """
          apiVersion: serin.dev/v1beta1
          kind: Canary
          metadata: {name: web, namespace: shop}
          spec:
            targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
            provider: gatewayapi
            service:
              port: 80
              targetPort: 8080
              hosts: [web.example.com]
              gatewayRefs: [{name: public, namespace: gateway}]
            analysis:
              interval: 10s
              threshold: 3
              stepWeight: 10
              maxWeight: 50
              metrics: [{name: request-success-rate, comparison: {}}]
          """);
      rehearsal.runUntil(() -> phase(rehearsal).equals("Initialized"), PATIENCE);
      rehearsal.run(Duration.ofSeconds(5));
      rehearsal.sandbox().traffic(List.of(Load.of(Call.atGateway("web.example.com"), 100)));
      rehearsal.run(Duration.ofSeconds(10).plusMillis(seed * 377L % 2000));
      rehearsal.sandbox().setImage("shop", "web", image);
      var released = now(rehearsal);
      rehearsal.runUntil(() -> tried(rehearsal, image).requests() > 0, PATIENCE);
      var first = now(rehearsal);
      rehearsal.runUntil(() -> isOver(rehearsal) || weight(rehearsal) == 50, PATIENCE);
      var half =
          isOver(rehearsal) ? Duration.ofSeconds(-1) : Duration.between(released, now(rehearsal));
      rehearsal.runUntil(() -> isOver(rehearsal), PATIENCE);
      var took = Duration.between(first, now(rehearsal));
      var phase = phase(rehearsal);
      rehearsal.run(Duration.ofMinutes(1));
      assertThat(rehearsal.surprises()).isEmpty();
      assertThat(rehearsal.sandbox().stats().failedByRouting()).isZero();
      return new Played(
          phase,
          took.toMillis() / 1000.0,
          half.toMillis() / 1000.0,
          tried(rehearsal, image).failed());
    } finally {
      rehearsal.close();
    }
  }

  private static boolean isOver(Rehearsal rehearsal) {
    return phase(rehearsal).equals("Failed") || phase(rehearsal).equals("Succeeded");
  }

  private static int weight(Rehearsal rehearsal) {
    return rehearsal.canary("shop", "web").orElseThrow().at("/status/canaryWeight").asInt();
  }

  private static Instant now(Rehearsal rehearsal) {
    return rehearsal.time().instant();
  }

  private static String phase(Rehearsal rehearsal) {
    return rehearsal.phase("shop", "web");
  }

  private static TrafficStats.Version tried(Rehearsal rehearsal, String image) {
    var tag = image.substring(image.indexOf(':') + 1);
    return rehearsal.sandbox().stats().version("web-canary " + tag);
  }

  private static List<Played> plays(String image, int seeds) {
    return IntStream.rangeClosed(1, seeds).mapToObj(seed -> play(seed, image)).toList();
  }

  @Test
  void halfOfTheAnswersBadHurtFewUsers() {
    var played = plays("sandbox/web:2-errors-50", 30);
    var seconds = played.stream().mapToDouble(Played::seconds).sorted().toArray();
    var hurt = played.stream().mapToLong(Played::hurt).sorted().toArray();
    System.out.printf(
        "BadReleaseTest: rolled back %.1f s after the first request (worst %.1f s), %d users hurt"
            + " (worst %d)%n",
        seconds[15], seconds[29], hurt[15], hurt[29]);

    assertThat(played).allMatch(each -> each.phase().equals("Failed"));
    assertThat(seconds[29]).isLessThanOrEqualTo(15);
    assertThat(hurt[29]).isLessThanOrEqualTo(80);
    assertThat(hurt[15]).isLessThanOrEqualTo(65);
  }

  @Test
  void aGoodReleaseIsNotSlowedOnItsWayToTheLastStep() {
    for (var each : plays("sandbox/web:2", 6)) {
      assertThat(each.phase()).isEqualTo("Succeeded");
      assertThat(each.secondsToLastStep()).isLessThanOrEqualTo(60);
    }
  }
}
