package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// The controller is killed again and again at random moments of rollouts, under load.
@Order(2)
class KillIT {
  private static final int KILLS = 50;

  /// So many controllers, each of a namespace of its own, are killed side by side.
  private static final int LANES = 3;

  private static final Duration LAST = Duration.ofMinutes(4);
  private static final List<Stage> STAGES = new ArrayList<>();

  @BeforeAll
  static void prepare() {
    STAGES.clear();
    for (int lane = 0; lane < LANES; lane++) {
      STAGES.add(Stage.open("kill"));
    }
  }

  @AfterAll
  static void tidy() {
    for (var stage : STAGES) {
      try (var _ = stage.controller()) {
        stage.close();
      }
    }
  }

  /// An application that is released again and again.
  ///
  /// Of ten versions `bad` are bad.
  private static final class Released {
    private final Stage stage;
    private final App app;
    private final Callers callers;
    private final int bad;
    private String stable = "sandbox/web:1.0";
    private String wanted = stable;
    private int version;
    private int promoted;
    private int rolledBack;

    Released(Stage stage, String name, int bad) {
      this.stage = stage;
      this.app = prepared(stage, name);
      this.callers = stage.callers(app, 20);
      this.bad = bad;
    }

    boolean wantsBad() {
      return wanted.contains("errors");
    }

    /// Whether the last version has got where it belongs, and nothing is left to do.
    boolean isThere() {
      var status = app.status();
      var target = app.target();
      return status.at("/target/observedGeneration").asLong()
              >= target.at("/metadata/generation").asLong()
          && status.path("phase").asText().equals(wantsBad() ? "Failed" : "Succeeded")
          && stage.cluster.find(app.copyPath()).isEmpty()
          && target.at("/status/terminatingReplicas").asInt() == 0;
    }

    /// The world is as it would be had nobody been killed.
    void assertFinalState() {
      var target = app.target();
      assertThat(app.serving())
          .as("%s after %s", app, wanted)
          .hasSize(2)
          .containsOnly(wantsBad() ? stable : wanted);
      assertThat(app.isHeld()).as("%s held", app).isEqualTo(wantsBad());
      assertThat(target.at("/metadata/labels/serin.dev~1canary").asText()).isEqualTo(app.name);
      assertThat(app.weight()).isZero();
      var history = app.status().path("history");
      assertThat(history.path(0).path("outcome").asText())
          .isEqualTo(wantsBad() ? "RolledBack" : "Promoted");
    }

    private void end() {
      assertFinalState();
      if (wantsBad()) {
        rolledBack++;
      } else {
        promoted++;
        stable = wanted;
      }
    }

    void next(Random random) {
      if (version > 0) {
        end();
      }
      wanted = "sandbox/web:2." + ++version + (random.nextInt(10) < bad ? "-errors-60" : "");
      app.setImage(wanted);
    }
  }

  @Test
  void whereverItIsKilledARolloutEndsTheSame() throws Exception {
    var seed = Long.getLong("serin.seed", System.nanoTime());
    System.out.println("KillIT: -Dserin.seed=" + seed);
    var lanes = new ArrayList<Future<List<Released>>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int lane = 0; lane < LANES; lane++) {
        var stage = STAGES.get(lane);
        var random = new Random(seed + lane);
        int kills = (KILLS + lane) / LANES;
        lanes.add(threads.submit(() -> play(stage, random, kills)));
      }
    }
    var all = new ArrayList<Released>();
    for (var lane : lanes) {
      all.addAll(lane.get());
    }
    System.out.printf(
        "KillIT: %d promoted, %d rolled back, %d requests%n",
        all.stream().mapToInt(released -> released.promoted).sum(),
        all.stream().mapToInt(released -> released.rolledBack).sum(),
        all.stream().mapToLong(released -> released.callers.answered.get()).sum());
    for (var released : all) {
      released.callers.close();
      assertThat(released.callers.unanswered).as("%s", released.app).isEmpty();
      assertThat(released.callers.answered.get()).isGreaterThan(500);
    }
  }

  private static List<Released> play(Stage stage, Random random, int kills) {
    List<Released> all;
    try (var _ = stage.controller()) {
      all =
          List.of(
              new Released(stage, "good", 0),
              new Released(stage, "mixed", 5),
              new Released(stage, "bad", 10));
    }
    for (int killed = 0; killed < kills; killed++) {
      all.stream()
          .filter(released -> released.version == 0 || released.isThere())
          .forEach(released -> released.next(random));
      var controller = ControllerProcess.start(stage.cluster, stage.namespace);
      // One in five does not get far enough to lead.
      if (random.nextInt(5) == 0) {
        Stage.pause(Duration.ofMillis(random.nextInt(1500)));
      } else {
        controller.awaitReady();
        Stage.pause(Duration.ofMillis(random.nextInt(8000)));
      }
      controller.kill();
    }
    try (var _ = stage.controller()) {
      for (var released : all) {
        stage.cluster.await(
            () -> released.app + " has got to the end of " + released.wanted,
            LAST,
            released::isThere);
        released.end();
      }
    }
    return all;
  }

  private static App prepared(Stage stage, String name) {
    var app = stage.app(name).deploy(2);
    return app.adopt(
        "interval: 2s, threshold: 2, stepWeights: [20, 50], metrics: [{name: request-success-rate,"
            + " thresholdRange: {min: 90}, interval: 10s}]");
  }
}
