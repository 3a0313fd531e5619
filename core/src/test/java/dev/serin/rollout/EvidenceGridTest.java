package dev.serin.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.StepPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A rollout knows where its evidence begins, and where each step of it does.
class EvidenceGridTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Seen.Canary TWO_PODS = new Seen.Canary.Present("A", 2, Sights.FINE);
  private static final Seen.Route UNCONFIRMED = new Seen.Route.Unconfirmed("written", true);

  @Test
  void eachStepBeginsWhenItsSplitIsFirstWanted() {
    var scaling = started(Plans.weights());
    var first = decide(Plans.weights(), scaling, UNCONFIRMED, START.plusSeconds(3));
    assertThat(routedAt(first)).containsExactly(START.plusSeconds(3));

    var holding =
        new StepPhase.Holding(START.plusSeconds(5), 1, START.plusSeconds(5), Optional.empty());
    var over = new Progressing(trial(first), 0, holding);
    var second = decide(Plans.weights(), over, confirmed(10), START.plusSeconds(15));
    assertThat(routedAt(second)).containsExactly(START.plusSeconds(3), START.plusSeconds(15));
  }

  @Test
  void aStepThatIsRoutedAgainBeganTheFirstTime() {
    var holding =
        new StepPhase.Holding(START.plusSeconds(5), 0, START.plusSeconds(5), Optional.empty());
    var trial = trial(started(Plans.weights())).routing(0, START.plusSeconds(3));
    var again =
        decide(
            Plans.weights(), new Progressing(trial, 0, holding), UNCONFIRMED, START.plusSeconds(9));
    assertThat(((Progressing) again).in()).isEqualTo(new StepPhase.Routing(START.plusSeconds(9)));
    assertThat(routedAt(again)).containsExactly(START.plusSeconds(3));
  }

  @Test
  void aPauseMovesNoSample() {
    var holding =
        new StepPhase.Holding(START.plusSeconds(5), 0, START.plusSeconds(5), Optional.empty());
    var trial = trial(started(Plans.weights())).routing(0, START.plusSeconds(3));
    var paused =
        new Paused(
            new Progressing(trial, 0, holding), START.plusSeconds(7), Paused.Reason.SUSPENDED);
    var resumed = decide(Plans.weights(), paused, confirmed(10), START.plusSeconds(600));
    assertThat(((Progressing) resumed).in().since()).isAfter(START.plusSeconds(500));
    assertThat(routedAt(resumed)).containsExactly(START.plusSeconds(3));
  }

  @Test
  void stepsThatAnOlderVersionRoutedBeginWithTheNextOne() {
    var trial = trial(started(Plans.weights())).routing(1, START.plusSeconds(30));
    assertThat(trial.routedAt()).containsExactly(START.plusSeconds(30), START.plusSeconds(30));
  }

  private static Progressing started(Plan plan) {
    assertThat(plan.interval()).isEqualTo(Duration.ofSeconds(10));
    var trial = Trial.begin(1, "A", "S", START, Trial.Mode.ANALYSED, List.of());
    return new Progressing(trial, 0, new StepPhase.Scaling(START, TrafficSplit.toStable()));
  }

  private static Seen.Route confirmed(int percent) {
    return new Seen.Route.Confirmed(TrafficSplit.toCanary(percent));
  }

  private static RolloutState decide(Plan plan, RolloutState state, Seen.Route route, Instant now) {
    return Rollout.decide(plan, state, Sights.seen(Sights.target("A"), TWO_PODS, route), now)
        .next();
  }

  private static Trial trial(RolloutState state) {
    return ((Progressing) state).trial();
  }

  private static List<Instant> routedAt(RolloutState state) {
    return trial(state).routedAt();
  }
}
