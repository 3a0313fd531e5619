package dev.serin.metrics.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GuardTest {
  private static final Duration REST = Duration.ofSeconds(15);

  private final FakeClock clock = new FakeClock();
  private final Guard guard =
      new Guard(
          "http://prometheus",
          new Guard.Patience(2, Duration.ofMillis(10), Duration.ofMillis(1), 1, 2, REST),
          clock);

  private static Reply down() {
    return new Reply.Down("it is down", false);
  }

  private static Reply breaks() {
    throw new IllegalStateException("broken on purpose");
  }

  @Test
  void aRequestThatBreaksDoesNotKeepAServerOutForGood() {
    guard.send(GuardTest::down);
    guard.send(GuardTest::down);
    assertThat(guard.send(() -> new Reply.Answered("left alone"))).isInstanceOf(Reply.Down.class);
    clock.pass(REST.plusSeconds(1));
    assertThatThrownBy(() -> guard.send(GuardTest::breaks))
        .isInstanceOf(IllegalStateException.class);
    clock.pass(REST.plusSeconds(1));

    assertThat(guard.send(() -> new Reply.Answered("fine"))).isEqualTo(new Reply.Answered("fine"));
  }
}
