package dev.serin.controller.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ModestyTest {
  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private final Modesty modesty = new Modesty(() -> now);

  @Test
  void serverThatRefusedNothingGetsTheLargestQueries() {
    assertThat(modesty.most()).isEqualTo(100);
  }

  @Test
  void smallestSizeThatWasTakenCounts() {
    modesty.took(25);
    modesty.took(50);

    assertThat(modesty.most()).isEqualTo(25);
  }

  @Test
  void largeQueriesAreTriedAgainTenMinutesLater() {
    modesty.took(25);

    now = now.plus(Duration.ofMinutes(10));
    assertThat(modesty.most()).isEqualTo(25);
    now = now.plusSeconds(1);
    assertThat(modesty.most()).isEqualTo(100);
    modesty.took(50);
    assertThat(modesty.most()).isEqualTo(50);
  }

  @Test
  void clockThatIsSetBackForgets() {
    modesty.took(25);

    now = now.minus(Duration.ofDays(1));
    assertThat(modesty.most()).isEqualTo(100);
  }
}
