package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.controller.background.ThreadedBackground;
import dev.serin.controller.measure.Assignment;
import dev.serin.controller.measure.MetricSources;
import dev.serin.controller.measure.ThresholdRunner;
import dev.serin.metrics.Measurement;
import dev.serin.metrics.MetricsProvider;
import dev.serin.parse.CheckSpec;
import dev.serin.parse.MetricsServer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A metrics server that is away in the middle of a rollout: the step is held, people see why, and
/// the rollout goes on when it is back.
class OutageTest {
  private static final String CANARY =
      World.CANARY_YAML.replace(
          "metrics: [{name: request-success-rate, thresholdRange: {min: 99}}]",
          "metrics: [{name: orders, query: orders, thresholdRange: {min: 1}}]");

  private boolean down;
  private double orders = 5;

  private final MetricsProvider prometheus =
      new MetricsProvider() {
        @Override
        public Measurement query(String query) {
          return down
              ? new Measurement.Unavailable("http://prometheus:9090 cannot be reached")
              : new Measurement.Value(orders);
        }

        @Override
        public Measurement probe() {
          return query("");
        }
      };

  private final ThresholdRunner runner =
      new ThresholdRunner(
          new ThreadedBackground(),
          Map.of(),
          new MetricSources() {
            @Override
            public Optional<MetricsProvider> prometheus(Optional<MetricsServer> named) {
              return Optional.of(prometheus);
            }

            @Override
            public Template template(String namespace, String name) {
              throw new AssertionError("no template is named");
            }
          });

  private World world() {
    var world = new World();
    world.checks = (CheckSpec check, Assignment assignment) -> runner.run(check, assignment);
    world.with(World.DEPLOYMENT_YAML).adopt(CANARY);
    world.setImage("web:2");
    return world;
  }

  @Test
  void theStepIsHeldTheReasonShownAndTheRolloutGoesOn() {
    var world = world();
    world.run(Duration.ofSeconds(15));
    var weight = world.weights.getLast();

    down = true;
    world.run(Duration.ofMinutes(30));
    assertThat(world.phase()).isEqualTo("Progressing");
    assertThat(world.weights.getLast()).isBetween(weight, weight + 10).isLessThan(50);
    assertThat(world.status().at("/checks/0/verdict").asText()).isEqualTo("UNAVAILABLE");
    assertThat(world.status().at("/checks/0/reason").asText())
        .isEqualTo("http://prometheus:9090 cannot be reached");
    assertThat(world.status().path("failedChecks").asInt()).isZero();

    down = false;
    world.runTo("Succeeded");
    assertThat(world.weights).containsExactly(0, 10, 20, 30, 40, 50, 0);
  }

  @Test
  void whatIsBadWhenTheServerIsBackIsStillRolledBack() {
    var world = world();
    world.run(Duration.ofSeconds(15));
    down = true;
    world.run(Duration.ofMinutes(30));
    orders = 0;
    down = false;

    world.runTo("Failed");
    assertThat(world.weights.getLast()).isZero();
  }

  @Test
  void aNewProcessInTheMiddleOfItHoldsTheStepToo() {
    var world = world();
    world.run(Duration.ofSeconds(15));
    down = true;
    world.run(Duration.ofMinutes(5));
    var weights = world.weights.size();
    world.restart();
    world.run(Duration.ofMinutes(5));

    assertThat(world.weights).hasSize(weights);
    down = false;
    world.runTo("Succeeded");
  }
}
