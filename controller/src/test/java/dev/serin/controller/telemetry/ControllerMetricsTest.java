package dev.serin.controller.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ControllerMetricsTest {

  private final Metrics numbers = new Metrics();
  private final ControllerMetrics metrics = new ControllerMetrics(numbers);

  @Test
  void aCanaryStandsInOnePhaseOnly() {
    assertThat(metrics.knows("shop", "web")).isFalse();
    metrics.stands("shop", "web", "Initialized", 0);
    assertThat(metrics.knows("shop", "web")).isTrue();
    assertThat(metrics.knows("shop", "other")).isFalse();

    metrics.stands("shop", "web", "Progressing", 10);

    assertThat(numbers.text())
        .contains("name=\"web\",phase=\"Progressing\"} 1", "name=\"web\"} 10")
        .doesNotContain("Initialized");
  }

  @Test
  void whoDoesNotDecideAnyMoreTellsNotWhereCanariesStand() {
    metrics.stands("shop", "web", "Progressing", 10);
    metrics.decided("shop", "web", "StepStarted");

    metrics.standAside();

    assertThat(metrics.knows("shop", "web")).isFalse();
    assertThat(numbers.text())
        .doesNotContain("serin_canary_phase{", "serin_canary_weight{")
        .contains("serin_decisions_total{namespace=\"shop\",name=\"web\",kind=\"StepStarted\"} 1");
  }
}
