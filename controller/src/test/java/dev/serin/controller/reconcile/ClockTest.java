package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What a process saw begin lasts its full length, whatever the wall clock does meanwhile.
class ClockTest {
  private static final Duration DRAIN = Duration.ofSeconds(30);
  private static final Duration DAY = Duration.ofDays(1);

  /// A rejected revision whose canary began to drain just now.
  private static World draining() {
    var world = World.adopted();
    world.verdict = _ -> Verdict.FAILED;
    world.setImage("web:2");
    world.runTo("Failed");
    world.run(Duration.ZERO);
    assertThat(world.status().at("/state/withdrawal/is").asText()).isEqualTo("Draining");
    return world;
  }

  @Test
  void drainIsNotCutShortByAClockThatJumpsAhead() {
    var world = draining();

    world.ahead = DAY;
    world.run(DRAIN.minusSeconds(1));
    assertThat(world.cluster.has(World.COPY)).as("a second before the drain is over").isTrue();
    world.run(Duration.ofSeconds(2));

    assertThat(world.cluster.has(World.COPY)).isFalse();
  }

  @Test
  void drainThatJumpsCannotCutIsNotCutByTheNextOneEither() {
    var world = draining();

    for (int second = 1; second < DRAIN.toSeconds(); second++) {
      world.ahead = world.ahead.plus(DAY);
      world.run(Duration.ofSeconds(1));
    }

    assertThat(world.cluster.has(World.COPY)).as("a second before the drain is over").isTrue();
  }

  @Test
  void drainLastsNoLongerBecauseTheClockWasSetBack() {
    var world = draining();

    world.ahead = DAY.negated();
    world.run(DRAIN.minusSeconds(1));
    assertThat(world.cluster.has(World.COPY)).as("a second before the drain is over").isTrue();
    world.run(Duration.ofSeconds(2));

    assertThat(world.cluster.has(World.COPY)).isFalse();
  }

  @Test
  void drainThatAFormerProcessSawBeginGoesByTheWallClock() {
    var world = draining();

    world.restart();
    world.run(DRAIN.minusSeconds(1));
    assertThat(world.cluster.has(World.COPY)).isTrue();
    world.run(Duration.ofSeconds(2));

    assertThat(world.cluster.has(World.COPY)).isFalse();
  }

  @Test
  void dataPlaneIsGivenItsTimeByAClockThatJumpsAhead() {
    var world = World.adopted();
    world.mesh.settle = Duration.ofSeconds(20);
    world.setImage("web:2");
    world.runTo("Progressing");
    while (!world.weights.contains(10)) {
      world.run(Duration.ofSeconds(1));
    }

    world.ahead = DAY;
    world.run(Duration.ofSeconds(15));
    assertThat(world.status().at("/state/in/is").asText()).isEqualTo("Routing");
    world.run(Duration.ofSeconds(10));

    assertThat(world.status().at("/state/in/is").asText()).isEqualTo("Holding");
  }

  @Test
  void requestsOfAStepAreCountedFromItsBeginningThoughTheClockJumped() {
    var world = World.adopted();
    var confirmed = new TreeSet<Instant>();
    world.checks =
        (check, assignment) -> {
          assignment.confirmed().map(since -> since.minus(world.ahead)).ifPresent(confirmed::add);
          return Assessment.of(check.name(), Verdict.HOLD, "as the test says");
        };
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    assertThat(confirmed).hasSize(1);

    world.ahead = Duration.ofSeconds(45);
    world.run(Duration.ofSeconds(15));

    assertThat(confirmed).as("by the time that really passed").hasSize(1);
  }

  @Test
  void newsIsShownThoughTheClockWasSetBack() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));

    world.ahead = DAY.negated();
    world.mesh.working = false;
    world.run(Duration.ofSeconds(15));

    assertThat(world.status().toString()).contains("the control plane does not answer");
  }
}
