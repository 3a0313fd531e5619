package dev.serin.controller.reconcile;

import dev.serin.judge.Assessment;
import dev.serin.resource.CanaryStatus.CheckStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// What a check said, as the status shows it.
final class Said {
  private Said() {}

  /// Without the time, where it stands beside it.
  static CheckStatus check(Assessment said) {
    return of(said, null);
  }

  static CheckStatus check(Assessment said, Instant time) {
    return of(said, time.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static CheckStatus of(Assessment said, @Nullable String time) {
    return new CheckStatus(
        said.check(),
        said.verdict().name(),
        said.reason(),
        said.value().isPresent() ? said.value().getAsDouble() : null,
        orNull(said.limit()),
        orNull(said.query()),
        orNull(said.evidence()),
        said.dryRun() ? true : null,
        time);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
