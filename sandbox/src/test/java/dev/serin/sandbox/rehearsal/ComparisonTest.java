package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.sandbox.App;
import dev.serin.sandbox.dataplane.TrafficStats;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole releases that are judged by comparison: 100 requests a second, scraped every 2 s.
class ComparisonTest {
  private static final Duration PATIENCE = Duration.ofMinutes(90);

  private final Rehearsal rehearsal = Rehearsal.start(RehearsalOptions.DEFAULT);
  private List<Load> load = List.of();

  @AfterEach
  void close() {
    assertThat(rehearsal.surprises()).isEmpty();
    rehearsal.close();
  }

  private void release(String provider, String stable, String canary) {
    release(provider, stable, canary, "{name: request-success-rate, comparison: {}}");
  }

  private void release(String provider, String stable, String canary, String metrics) {
    var isMesh = provider.equals("istio");
    rehearsal.sandbox().deploy(App.of("shop", "web", 4, "sandbox/web:" + stable));
    rehearsal.run(Duration.ofSeconds(5));
    rehearsal.create(
        """
        apiVersion: serin.dev/v1beta1
        kind: Canary
        metadata: {name: web, namespace: shop}
        spec:
          targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
          provider: %s
          service: {port: 80, targetPort: 8080%s}
          analysis:
            interval: 30s
            threshold: 5
            stepWeights: [10, 50]
            metrics: [%s]
        """
            .formatted(
                provider,
                isMesh
                    ? ""
                    : ", hosts: [web.example.com], gatewayRefs: [{name: public, namespace:"
                        + " gateway}]",
                metrics));
    rehearsal.runUntil(() -> phase().equals("Initialized"), PATIENCE);
    rehearsal.run(Duration.ofSeconds(5));
    var call = isMesh ? Call.inMesh("web.shop") : Call.atGateway("web.example.com");
    load = List.of(Load.of(call, 100));
    rehearsal.sandbox().traffic(load);
    rehearsal.run(Duration.ofMinutes(12));
    rehearsal.sandbox().setImage("shop", "web", "sandbox/web:" + canary);
  }

  private String phase() {
    return rehearsal.phase("shop", "web");
  }

  private JsonNode check() {
    return rehearsal.canary("shop", "web").orElseThrow().at("/status/checks/0");
  }

  private String reason() {
    return rehearsal.canary("shop", "web").orElseThrow().at("/status/history/0/reason").asText();
  }

  private TrafficStats.Version tried(String version) {
    return rehearsal.sandbox().stats().version("web-canary " + version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gatewayapi", "istio"})
  void badReleaseIsRolledBackWithinTwentySecondsOfItsFirstTraffic(String provider) {
    release(provider, "1-errors-0.1", "2-errors-50");
    rehearsal.runUntil(() -> tried("2-errors-50").requests() > 0, PATIENCE);
    var first = rehearsal.time().instant();
    rehearsal.runUntil(() -> phase().equals("Failed"), PATIENCE);
    var took = Duration.between(first, rehearsal.time().instant());
    rehearsal.run(Duration.ofMinutes(1));

    assertThat(took).isLessThanOrEqualTo(Duration.ofSeconds(20));
    assertThat(tried("2-errors-50").failed()).isLessThanOrEqualTo(80);
    assertThat(reason()).startsWith("request-success-rate: canary ").contains("beyond doubt");
    assertThat(rehearsal.sandbox().stats().failedByRouting()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"gatewayapi", "istio"})
  void releaseLikeAStableThatFailsSometimesIsPromoted(String provider) {
    release(provider, "1-errors-2", "2-errors-2");
    rehearsal.runUntil(() -> phase().equals("Succeeded") || phase().equals("Failed"), PATIENCE);

    assertThat(phase()).as(reason()).isEqualTo("Succeeded");
  }

  @Test
  void slightlyWorseReleaseIsRolledBackLongBeforeAThresholdWouldNotice() {
    release("istio", "1-errors-0.1", "2-errors-3");
    rehearsal.runUntil(() -> phase().equals("Succeeded") || phase().equals("Failed"), PATIENCE);

    assertThat(phase()).isEqualTo("Failed");
    assertThat(reason()).contains("worse than allowed beyond doubt");
  }

  @Test
  void controllerThatStartsAnewGoesOnWithTheSameEvidence() {
    release("istio", "1-errors-2", "2-errors-2");
    rehearsal.runUntil(() -> tried("2-errors-2").requests() > 500, PATIENCE);
    var before = counted();
    assertThat(before).isPositive();
    rehearsal.crash();
    rehearsal.run(Duration.ofMinutes(1));

    assertThat(check().path("verdict").asText()).as(check().toString()).isNotEqualTo("UNAVAILABLE");
    assertThat(counted()).isGreaterThan(before);
    rehearsal.runUntil(() -> phase().equals("Succeeded") || phase().equals("Failed"), PATIENCE);
    assertThat(phase()).as(reason()).isEqualTo("Succeeded");
  }

  /// Requests to the canary that its check rests on.
  private long counted() {
    var text = check().path("reason").asText();
    var matcher = Pattern.compile("canary [\\d,]+ of ([\\d,]+) failed").matcher(text);
    return matcher.find() ? Long.parseLong(matcher.group(1).replace(",", "")) : 0;
  }

  @Test
  void dryRunRollsNothingBack() {
    release(
        "istio", "1", "2-errors-50", "{name: request-success-rate, comparison: {}, dryRun: true}");
    rehearsal.runUntil(() -> phase().equals("Succeeded") || phase().equals("Failed"), PATIENCE);

    assertThat(phase()).isEqualTo("Succeeded");
  }

  @Test
  void outageOfTheMetricsHoldsTheStepAndLosesNoEvidence() {
    release("istio", "1-errors-0.1", "2-errors-0.1");
    rehearsal.runUntil(() -> tried("2-errors-0.1").requests() > 100, PATIENCE);
    rehearsal.sandbox().metrics().fail("connection refused");
    rehearsal.run(Duration.ofSeconds(30));
    var seen = new HashSet<String>();
    for (int minute = 0; minute < 30; minute++) {
      seen.add("%s, step %s, %s".formatted(phase(), step(), check().path("verdict").asText()));
      assertThat(check().path("reason").asText()).isEqualTo("connection refused");
      rehearsal.run(Duration.ofMinutes(1));
    }
    assertThat(seen).containsExactly("Progressing, step 1, UNAVAILABLE");

    rehearsal.sandbox().metrics().recover();
    assertThat(rehearsal.runUntil(() -> step() == 2, Duration.ofMinutes(1))).isTrue();
    assertThat(counted()).as("requests, those of the outage with them").isGreaterThan(15_000);
    rehearsal.runUntil(() -> phase().equals("Succeeded") || phase().equals("Failed"), PATIENCE);
    assertThat(phase()).as(reason()).isEqualTo("Succeeded");
  }

  @ParameterizedTest
  @CsvSource({
    "comparison: {}, UNDECIDED, needs about",
    "thresholdRange: {min: 90}, NO_DATA, as when there were no requests"
  })
  void halfAnHourWithoutRequestsDecidesNothing(String judged, String verdict, String why) {
    release(
        "istio", "1-errors-0.1", "2-errors-0.1", "{name: request-success-rate, " + judged + "}");
    rehearsal.runUntil(() -> tried("2-errors-0.1").requests() > 100, PATIENCE);
    rehearsal.sandbox().traffic(List.of());
    // Until the last requests are in no window any more.
    rehearsal.run(Duration.ofSeconds(90));
    var step = step();
    var weight = status("canaryWeight").asInt();
    for (int minute = 0; minute < 30; minute++) {
      assertThat(phase()).isEqualTo("Progressing");
      assertThat(step()).isEqualTo(step);
      assertThat(status("canaryWeight").asInt()).isEqualTo(weight);
      assertThat(status("failedChecks").asInt()).isZero();
      assertThat(check().path("verdict").asText()).isEqualTo(verdict);
      assertThat(check().path("reason").asText()).contains(why);
      assertThat(status("waitingFor").asText()).isNotEmpty();
      rehearsal.run(Duration.ofMinutes(1));
    }

    rehearsal.sandbox().traffic(load);
    rehearsal.runUntil(() -> phase().equals("Succeeded") || phase().equals("Failed"), PATIENCE);
    assertThat(phase()).as(reason()).isEqualTo("Succeeded");
  }

  private JsonNode status(String field) {
    return rehearsal.canary("shop", "web").orElseThrow().path("status").path(field);
  }

  private int step() {
    return status("step").asInt();
  }
}
