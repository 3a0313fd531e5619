package dev.serin.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.rollout.RolloutState.Failed;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.Succeeded;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The owner of a target scales it to zero in the middle of a rollout.
class ScaledToZeroTest {
  private static final Duration LONG = Duration.ofHours(3);
  private static final TrafficSplit ALL = TrafficSplit.toCanary(100);

  private static Ride held() {
    var ride = new Ride(Plans.steps(Plans.weight(10), Plans.pause(10), Plans.weight(50)));
    ride.after(LONG);
    ride.target = Sights.zero(true);
    return ride;
  }

  @Test
  void canaryOnTrialServesEverybodyMeanwhile() {
    var ride = held().after(LONG);

    assertThat(ride.state).isInstanceOf(Progressing.class);
    assertThat(ride.wanted().split()).contains(ALL);
  }

  @Test
  void promotedRevisionIsStableAndNobodyIsLeftWithTheCanary() {
    var ride = held();

    ride.command(Command.Verb.PROMOTE);
    ride.after(LONG);

    assertThat(ride.state).isInstanceOf(Succeeded.class);
    assertThat(ride.wanted().split()).contains(TrafficSplit.toStable());
    assertThat(ride.outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.Promoted);
  }

  @Test
  void rejectedCanaryIsTakenAway() {
    var ride = held();

    ride.command(Command.Verb.ABORT);
    ride.after(LONG);

    assertThat(ride.state)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> assertThat(failed.withdrawal()).isInstanceOf(Withdrawal.Done.class));
    assertThat(ride.wanted().canary()).isInstanceOf(Wanted.Canary.None.class);
  }

  /// Pods that are gone against the will of their owner are another matter.
  @Test
  void rejectedCanaryServesOnWhileItAloneCan() {
    var ride = held();
    ride.target = Sights.zero(false);

    ride.command(Command.Verb.ABORT);
    ride.after(LONG);

    assertThat(ride.wanted().split()).contains(ALL);
  }
}
