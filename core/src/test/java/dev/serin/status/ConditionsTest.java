package dev.serin.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.resource.CanaryStatus.Condition;
import dev.serin.rollout.Outcome;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.Withdrawal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConditionsTest {

  private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

  @Test
  void readyMeansThatNothingIsUnderWayAndNothingIsStuck() {
    for (var state : States.all()) {
      var row = Conditions.row(state, Optional.empty());

      var quiet =
          row.reconciling() == Conditions.Answer.False && row.stalled() == Conditions.Answer.False;
      assertThat(row.ready() == Conditions.Answer.True).as("%s", state).isEqualTo(quiet);
    }
  }

  @Test
  void afterAReturnToStableNothingWasPromoted() {
    var atRest = new RolloutState.Initialized("a", new Withdrawal.Done());

    assertThat(Conditions.row(atRest, Optional.empty()).promoted())
        .isEqualTo(Conditions.Answer.True);
    assertThat(Conditions.row(atRest, Optional.of(Outcome.Kind.Reverted)).promoted())
        .isEqualTo(Conditions.Answer.False);
  }

  @Test
  void theTimeOfAConditionIsThatOfItsLastChange() {
    var rest = new RolloutState.Succeeded("a");
    var first = Conditions.merge(List.of(), Conditions.of(rest, Optional.empty(), "x"), 1, NOW);
    var later = NOW.plusSeconds(60);
    var second = Conditions.merge(first, Conditions.of(rest, Optional.empty(), "y"), 2, later);
    var third = Conditions.merge(second, Conditions.stalled("Invalid", "z"), 3, later);

    assertThat(second)
        .allSatisfy(
            condition -> {
              assertThat(condition.lastTransitionTime()).isEqualTo(NOW.toString());
              assertThat(condition.message()).isEqualTo("y");
              assertThat(condition.observedGeneration()).isEqualTo(2);
            });
    assertThat(third)
        .filteredOn(condition -> later.toString().equals(condition.lastTransitionTime()))
        .extracting(Condition::type)
        .containsExactly("Promoted", "Ready", "Stalled");
  }
}
