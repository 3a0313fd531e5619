package dev.serin.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What checks can decide is asked before there is traffic to decide about, and never at rest.
class OutlookQuestionTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Plan PLAN = Plans.weights();

  private static boolean asks(RolloutState state) {
    return Rollout.questions(PLAN, state, START.plusSeconds(60)).outlook();
  }

  private static Trial trial(Trial.Mode mode, List<Instant> routedAt) {
    return new Trial(
        1,
        "A",
        "S",
        START,
        mode,
        0,
        List.of(),
        routedAt,
        Duration.ZERO,
        List.of(),
        Optional.empty());
  }

  private static RolloutState scaling(Trial trial) {
    return new RolloutState.Progressing(
        trial, 0, new RolloutState.StepPhase.Scaling(START, TrafficSplit.toStable()));
  }

  private static RolloutState routing(Trial trial) {
    return new RolloutState.Progressing(
        trial, 0, new RolloutState.StepPhase.Routing(START.plusSeconds(1)));
  }

  private static RolloutState waiting(Trial.Mode mode) {
    return new RolloutState.Waiting(
        "S",
        "A",
        START,
        Optional.empty(),
        Optional.empty(),
        mode,
        List.of(),
        new Withdrawal.Done());
  }

  @Test
  void itIsAskedUntilTrafficIsWanted() {
    assertThat(asks(waiting(Trial.Mode.ANALYSED))).isTrue();
    assertThat(asks(scaling(trial(Trial.Mode.ANALYSED, List.of())))).isTrue();
    assertThat(asks(scaling(trial(Trial.Mode.ANALYSED, List.of(START))))).isFalse();
    assertThat(asks(routing(trial(Trial.Mode.ANALYSED, List.of(START))))).isFalse();
  }

  @Test
  void whoSkipsTheStepsHasNoOutlook() {
    assertThat(asks(waiting(Trial.Mode.UNCHECKED))).isFalse();
    assertThat(asks(scaling(trial(Trial.Mode.PROVEN, List.of())))).isFalse();
  }

  @Test
  void atRestNothingIsAsked() {
    assertThat(asks(new RolloutState.Initialized("S", new Withdrawal.Done()))).isFalse();
    assertThat(asks(new RolloutState.Succeeded("S"))).isFalse();
  }
}
