package dev.serin.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutWindowTest {

  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 9 * * MON-FRI    | 2026-01-02T09:00:00Z | 2026-01-05T09:00:00Z
          */15 * * * *       | 2026-01-01T00:01:30Z | 2026-01-01T00:15:00Z
          0 0 29 2 *         | 2026-01-01T00:00:00Z | 2028-02-29T00:00:00Z
          30 8,12-14/2 * * * | 2026-01-01T08:30:00Z | 2026-01-01T12:30:00Z
          0 0 13 * FRI       | 2026-02-01T00:00:00Z | 2026-02-06T00:00:00Z
          0 0 * JAN,jul 7    | 2026-02-01T00:00:00Z | 2026-07-05T00:00:00Z
          @daily             | 2026-01-01T00:00:00Z | 2026-01-02T00:00:00Z
          5/20 * * * *       | 2026-01-01T00:06:00Z | 2026-01-01T00:25:00Z
          """)
  void aScheduleNamesItsNextMoment(String text, Instant after, Instant next) {
    assertThat(CronSchedule.parse(text).orElseThrow().next(after, UTC)).contains(next);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "* * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 8",
        "0 0 30 2 *",
        "a * * * *",
        "*/0 * * * *",
        "5-1 * * * *",
        "1,,2 * * * *",
        "@reboot",
        "- * * * *",
        "* * * * * *"
      })
  void aTextThatNamesNoMomentIsNoSchedule(String text) {
    assertThat(CronSchedule.parse(text)).isEmpty();
  }

  @Test
  void aMomentThatTheClockSkipsHappensWhenItHasChanged() {
    var schedule = CronSchedule.parse("30 2 * * *").orElseThrow();

    assertThat(schedule.next(Instant.parse("2026-03-28T12:00:00Z"), BERLIN))
        .contains(Instant.parse("2026-03-29T01:30:00Z"));
  }

  @Test
  void aMomentThatComesTwiceHappensTheFirstTime() {
    var schedule = CronSchedule.parse("30 2 * * *").orElseThrow();
    var first = Instant.parse("2026-10-25T00:30:00Z");

    assertThat(schedule.next(Instant.parse("2026-10-24T12:00:00Z"), BERLIN)).contains(first);
    assertThat(schedule.next(first, BERLIN)).contains(Instant.parse("2026-10-26T01:30:00Z"));
  }

  @Test
  void rolloutsMayStartWhileAWindowIsOpen() {
    var window = window("0 9 * * MON-FRI", Duration.ofHours(8), BERLIN);

    assertThat(opening("2026-01-05T07:59:59Z", window))
        .contains(Instant.parse("2026-01-05T08:00:00Z"));
    assertThat(opening("2026-01-05T08:00:00Z", window)).isEmpty();
    assertThat(opening("2026-01-05T15:59:59Z", window)).isEmpty();
    assertThat(opening("2026-01-05T16:00:00Z", window))
        .contains(Instant.parse("2026-01-06T08:00:00Z"));
  }

  @Test
  void theNextOfSeveralWindowsCounts() {
    var late = window("0 20 * * *", Duration.ofHours(1), UTC);
    var early = window("0 6 * * *", Duration.ofHours(1), UTC);

    assertThat(opening("2026-01-05T12:00:00Z", early, late))
        .contains(Instant.parse("2026-01-05T20:00:00Z"));
    assertThat(opening("2026-01-05T06:30:00Z", late, early)).isEmpty();
  }

  @Test
  void withoutWindowsRolloutsMayAlwaysStart() {
    assertThat(RolloutWindow.nextOpening(List.of(), Instant.EPOCH)).isEmpty();
  }

  private static Optional<Instant> opening(String now, RolloutWindow... windows) {
    return RolloutWindow.nextOpening(List.of(windows), Instant.parse(now));
  }

  private static RolloutWindow window(String cron, Duration lasts, ZoneId zone) {
    return new RolloutWindow(CronSchedule.parse(cron).orElseThrow(), lasts, zone);
  }
}
