package dev.serin.controller.measure;

import dev.serin.judge.Assessment;
import dev.serin.metrics.SampleProvider;
import dev.serin.metrics.Samples;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The clock of a metrics server beside ours. Counters are asked for at times, and a time that the
/// server has not reached yet, or that is long past, has other counters than are meant.
sealed interface ServerClock {

  /// Asks for the server's own time.
  String QUERY = "vector(time())";

  /// Clocks that are kept in step differ by less, and it is no difference.
  Duration IN_STEP = Duration.ofSeconds(1);

  /// @param ahead so much later than ours it is, in whole seconds; negative where it is behind
  record Known(Duration ahead) implements ServerClock {}

  /// @param reason why nobody answered
  record Silent(String reason) implements ServerClock {}

  /// Asks a server. One that does not understand the question is taken to be in step.
  static ServerClock of(SampleProvider provider, InstantSource ours) {
    var asked = ours.instant();
    return switch (provider.latest(QUERY)) {
      case Samples.Found(var samples) ->
          new Known(
              samples.stream()
                  .filter(sample -> Double.isFinite(sample.value()))
                  .findFirst()
                  .map(sample -> ahead(sample.value(), asked, ours.instant()))
                  .orElse(Duration.ZERO));
      case Samples.Refused _ -> new Known(Duration.ZERO);
      case Samples.Unavailable(var reason) -> new Silent(reason);
    };
  }

  /// Says so in an assessment with evidence where the two differ.
  static Assessment corrected(Assessment said, Duration ahead) {
    return said.evidence().isEmpty() || ahead.isZero()
        ? said
        : said.resting(
            "%s; the metrics server's clock is %d s %s this controller's, which is allowed for: synchronise both"
                .formatted(
                    said.evidence(),
                    ahead.abs().toSeconds(),
                    ahead.isNegative() ? "behind" : "ahead of"));
  }

  /// @param theirs seconds since 1970, at some time between asking and hearing
  private static Duration ahead(double theirs, Instant asked, Instant heard) {
    var server = Instant.ofEpochMilli(Math.round(theirs * 1000));
    var early = Duration.between(heard, server);
    var late = Duration.between(asked, server);
    if (early.compareTo(IN_STEP) <= 0 && late.compareTo(IN_STEP.negated()) >= 0) {
      return Duration.ZERO;
    }
    return Duration.ofSeconds(Math.round((early.toMillis() + late.toMillis()) / 2000.0));
  }
}
