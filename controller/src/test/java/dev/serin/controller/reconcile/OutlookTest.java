package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.controller.measure.Forecast;
import dev.serin.judge.Comparison;
import dev.serin.judge.Dispersion;
import dev.serin.judge.Outlook;
import dev.serin.judge.Tolerance;
import dev.serin.judge.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What checks cannot decide is told before they are asked.
class OutlookTest {
  private final List<String> asked = new ArrayList<>();

  private static Outlook outlook(double perSecond, Dispersion dispersion) {
    return Outlook.of(
        Comparison.ofFailures(Tolerance.DEFAULT, Duration.ofSeconds(2), 1, 1),
        List.of(new Outlook.Stage(10, Duration.ofMinutes(1))),
        new Outlook.Traffic(perSecond, 0.01),
        dispersion);
  }

  private World underpowered() {
    var world = World.adopted();
    world.forecaster =
        assignment -> {
          asked.add(assignment.revision());
          return Optional.of(
              new Forecast(
                  assignment.revision(), Map.of("errors", outlook(10, new Dispersion(4, true)))));
        };
    return world;
  }

  @Test
  void aWeakPlanIsToldOnceAndShownUntilItsEnd() {
    var world = underpowered();
    world.setImage("web:2");

    world.run(Duration.ofSeconds(25));
    assertThat(world.phase()).isEqualTo("Progressing");
    assertThat(world.condition("Underpowered")).isEqualTo("True");
    assertThat(world.message("Underpowered"))
        .startsWith("errors: this plan gives the canary about 60 requests")
        .contains("What would help");
    assertThat(world.condition("Bursty")).isEqualTo("True");
    world.runTo("Succeeded");

    assertThat(world.toldKinds()).containsOnlyOnce("Underpowered").containsOnlyOnce("Bursty");
    assertThat(world.toldKinds().indexOf("Underpowered"))
        .isLessThan(world.toldKinds().indexOf("StepStarted"));
    assertThat(asked).hasSize(1);
    assertThat(world.condition("Underpowered")).isEmpty();
  }

  @Test
  void aNewProcessNeitherForgetsNorRepeatsIt() {
    var world = underpowered();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(25));
    world.restart();
    world.run(Duration.ofSeconds(10));

    assertThat(world.condition("Underpowered")).isEqualTo("True");
    assertThat(world.toldKinds()).containsOnlyOnce("Underpowered");
    assertThat(asked).hasSize(1);
  }

  @Test
  void theNextRevisionHasAnOutlookOfItsOwn() {
    var world = underpowered();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(25));
    world.setImage("web:3");
    world.runTo("Succeeded");

    assertThat(asked).hasSize(2).doesNotHaveDuplicates();
    assertThat(world.toldKinds().stream().filter("Underpowered"::equals)).hasSize(2);
  }

  @Test
  void atRestNothingIsForetold() {
    var world = underpowered();
    world.run(Duration.ofMinutes(30));

    assertThat(asked).isEmpty();
  }

  @Test
  void whatIsStrongEnoughIsNoNews() {
    var world = World.adopted();
    world.forecaster =
        assignment ->
            Optional.of(
                new Forecast(
                    assignment.revision(),
                    Map.of("errors", outlook(100_000, new Dispersion(1, true)))));
    world.verdict = _ -> Verdict.PASSED;
    world.setImage("web:2");
    world.run(Duration.ofSeconds(25));

    assertThat(world.condition("Underpowered")).isEmpty();
    assertThat(world.toldKinds()).doesNotContain("Underpowered", "Bursty");
  }
}
