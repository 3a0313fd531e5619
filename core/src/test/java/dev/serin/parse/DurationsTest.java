package dev.serin.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "90s, 90000, 1m30s",
    "1h30m, 5400000, 1h30m",
    "250ms, 250, 250ms",
    "0s, 0, 0s",
    "5m, 300000, 5m",
    "1m500ms, 60500, 1m500ms",
    "48h, 172800000, 48h"
  })
  void aDurationIsReadAndSaid(String text, long millis, String said) {
    var duration = Durations.parse(text).orElseThrow();

    assertThat(duration.toMillis()).isEqualTo(millis);
    assertThat(Durations.inWords(duration)).isEqualTo(said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "m", "1.5h", "-3s", "3s1h", "1 m", "٣s", "1d", "9999999h"})
  void whatIsNoDurationIsRefused(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }
}
