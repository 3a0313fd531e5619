package dev.serin.sandbox.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VirtualSchedulerTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualScheduler time = new VirtualScheduler();
  private final List<String> ran = new ArrayList<>();

  @Test
  void dueWorkRunsInOrderOfTimeAndThenOfScheduling() {
    time.after(SECOND.multipliedBy(2), () -> ran.add("c"));
    time.after(SECOND, () -> ran.add("a"));
    time.after(SECOND, () -> ran.add("b"));

    time.advance(SECOND.multipliedBy(2));

    assertThat(ran).containsExactly("a", "b", "c");
  }

  @Test
  void workSeesTheTimeItWasScheduledFor() {
    var seen = new ArrayList<Instant>();
    time.after(SECOND, () -> seen.add(time.instant()));

    time.advance(Duration.ofMinutes(1));

    assertThat(seen).containsExactly(VirtualScheduler.EPOCH.plus(SECOND));
    assertThat(time.instant()).isEqualTo(VirtualScheduler.EPOCH.plusSeconds(60));
  }

  @Test
  void workScheduledByWorkRunsInTheSameAdvanceWhenDue() {
    time.after(SECOND, () -> time.soon(() -> ran.add("inner")));

    time.advance(SECOND);

    assertThat(ran).containsExactly("inner");
  }

  @Test
  void nothingRunsBeforeItsTime() {
    time.after(SECOND, () -> ran.add("a"));

    time.advance(SECOND.minusNanos(1));

    assertThat(ran).isEmpty();
  }

  @Test
  void cancelledWorkDoesNotRun() {
    time.after(SECOND, () -> ran.add("a")).cancel();

    time.advance(SECOND);

    assertThat(ran).isEmpty();
  }

  @Test
  void repeatedWorkKeepsItsGridUntilCancelled() {
    var seen = new ArrayList<Long>();
    var repetition = time.every(SECOND, () -> seen.add(time.instant().getEpochSecond() % 60));

    time.advance(Duration.ofMillis(3500));
    repetition.cancel();
    time.advance(Duration.ofSeconds(5));

    assertThat(seen).containsExactly(1L, 2L, 3L);
  }

  @Test
  void runningUntilAConditionStopsAsSoonAsItHolds() {
    time.every(SECOND, () -> ran.add("tick"));

    assertThat(time.runUntil(() -> ran.size() == 3, Duration.ofMinutes(1))).isTrue();
    assertThat(time.instant()).isEqualTo(VirtualScheduler.EPOCH.plusSeconds(3));
  }

  @Test
  void aConditionThatNeverHoldsEndsAtTheLimit() {
    assertThat(time.runUntil(() -> false, SECOND)).isFalse();
    assertThat(time.instant()).isEqualTo(VirtualScheduler.EPOCH.plus(SECOND));
  }

  @Test
  void workMayNotAdvanceItsOwnTime() {
    time.soon(() -> time.advance(SECOND));

    assertThatThrownBy(time::settle).isInstanceOf(IllegalStateException.class);
  }
}
