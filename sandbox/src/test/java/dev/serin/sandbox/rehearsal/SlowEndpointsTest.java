package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Kind;
import dev.serin.sandbox.App;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.load.Load;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where the data plane hears of pods later than of routes, nobody is sent to where it knows no pod
/// yet: neither to a canary that has just started, nor back to a target that had none meanwhile.
class SlowEndpointsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  @ParameterizedTest
  @CsvSource({
    "3, RollingUpdate, 2.0, Succeeded",
    "3, RollingUpdate, 2.0-errors-50, Failed",
    "1, Recreate, 2.0, Succeeded",
    "1, Recreate, 2.0-errors-50, Failed"
  })
  void nobodyIsSentToPodsThatTheDataPlaneDoesNotKnow(
      int replicas, String strategy, String tag, String end) {
    try (var rehearsal = rehearsal()) {
      rehearsal.sandbox().deploy(App.of("shop", "web", replicas, "sandbox/web:1.0"));
      rehearsal
          .sandbox()
          .api()
          .edit(
              Kind.DEPLOYMENT,
              "shop",
              "web",
              target -> Json.child(target, "spec").putObject("strategy").put("type", strategy));
      rehearsal.run(Duration.ofSeconds(5));
      rehearsal.create(
          new Strategy("one step", Ground.GATEWAY, "stepWeights: [50]", true).canary(""));
      assertThat(rehearsal.runUntil(() -> phase(rehearsal).equals("Initialized"), PATIENCE))
          .isTrue();
      rehearsal.run(Duration.ofSeconds(5));
      rehearsal.sandbox().traffic(List.of(Load.of(Ground.GATEWAY.call(), 100)));
      rehearsal.run(Duration.ofSeconds(10));

      rehearsal.sandbox().setImage("shop", "web", "sandbox/web:" + tag);

      assertThat(rehearsal.runUntil(() -> phase(rehearsal).equals(end), PATIENCE))
          .as(phase(rehearsal))
          .isTrue();
      rehearsal.run(Duration.ofMinutes(1));
      assertThat(rehearsal.sandbox().stats().routingFailures()).isEmpty();
      assertThat(rehearsal.surprises()).isEmpty();
    }
  }

  private static Rehearsal rehearsal() {
    var options = RehearsalOptions.DEFAULT;
    return Rehearsal.start(
        options.sandbox(
            options
                .sandbox()
                .delays(Duration.ofMillis(100), Duration.ofMillis(1500), Duration.ofMillis(50))));
  }

  private static String phase(Rehearsal rehearsal) {
    return rehearsal.phase("shop", "web");
  }
}
