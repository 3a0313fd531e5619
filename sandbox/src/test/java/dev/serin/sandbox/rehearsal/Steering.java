package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.controller.workload.HoldMode;
import dev.serin.sandbox.load.Load;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/// A play whose course a test steers itself, by what it sees in the status.
final class Steering {

  /// How long anything may take.
  static final Duration LONG = Duration.ofMinutes(10);

  private Steering() {}

  /// An adopted application under this load; nothing is released yet.
  static Play adopted(Strategy strategy, Load load) {
    var play = new Play(strategy, HoldMode.ADMISSION_POLICY, Story.GOOD);
    play.adopt();
    play.rehearsal.sandbox().traffic(List.of(load));
    play.rehearsal.run(Duration.ofSeconds(10));
    return play;
  }

  static void await(Play play, BooleanSupplier reached) {
    assertThat(play.rehearsal.runUntil(reached, LONG)).as("%s", play.phase()).isTrue();
  }

  static void awaitPhase(Play play, String phase) {
    await(play, () -> play.phase().equals(phase));
  }

  static void awaitWeight(Play play, int weight) {
    await(play, () -> weight(play) == weight);
  }

  static int weight(Play play) {
    return play.status().path("canaryWeight").asInt();
  }
}
