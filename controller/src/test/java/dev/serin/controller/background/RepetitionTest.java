package dev.serin.controller.background;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/// Work that runs again and again.
class RepetitionTest {

  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  /// Time that is turned by hand.
  private static final class Turned implements Background {
    private record Due(Instant at, Runnable work) {}

    private final Queue<Due> due = new PriorityQueue<>(Comparator.comparing(Due::at));
    private Instant now = START;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public void execute(Runnable work) {
      after(Duration.ZERO, work);
    }

    @Override
    public Scheduled after(Duration delay, Runnable work) {
      var task = new Due(now.plus(delay), work);
      due.add(task);
      return () -> due.remove(task);
    }

    void run(int times) {
      for (int i = 0; i < times; i++) {
        var next = due.remove();
        now = next.at().isAfter(now) ? next.at() : now;
        try {
          next.work().run();
        } catch (IllegalStateException thrown) {
          // as threads do: nobody hears of it
        }
      }
    }

    @Override
    public void close() {}
  }

  private final Turned background = new Turned();
  private final List<Long> seconds = new ArrayList<>();

  private void note() {
    seconds.add(Duration.between(START, background.instant()).toSeconds());
  }

  @Test
  void runsOncePerPeriodAndFirstAfterOne() {
    background.every(Duration.ofSeconds(2), this::note);

    background.run(3);

    assertThat(seconds).containsExactly(2L, 4L, 6L);
  }

  @Test
  void longRunDelaysTheNextOneAndLeavesOutWhatItMissed() {
    background.every(
        Duration.ofSeconds(2),
        () -> {
          note();
          if (seconds.size() == 1) {
            background.now = background.now.plusSeconds(5);
          }
        });

    background.run(3);

    assertThat(seconds).containsExactly(2L, 7L, 9L);
  }

  @Test
  void surpriseDoesNotEndTheSeries() {
    background.every(
        Duration.ofSeconds(1),
        () -> {
          note();
          throw new IllegalStateException("on purpose");
        });

    background.run(2);

    assertThat(seconds).containsExactly(1L, 2L);
  }

  @Test
  void cancelledDoesNotRunAgain() {
    var scheduled = background.every(Duration.ofSeconds(1), this::note);
    background.run(1);

    scheduled.cancel();
    background.run(1);

    assertThat(seconds).containsExactly(1L);
  }

  @Test
  void periodMustBePositive() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> background.every(Duration.ZERO, this::note))
        .withMessage("period is PT0S; it must be positive");
  }
}
