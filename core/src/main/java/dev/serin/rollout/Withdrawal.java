package dev.serin.rollout;

import java.time.Instant;

/// The way in which a canary loses its traffic and then its pods. Nothing is deleted before the
/// route was confirmed and connections had their time to finish.
public sealed interface Withdrawal {

  /// The split is on its way to 100/0; the canary keeps its pods.
  ///
  /// @param since when this began
  record Returning(Instant since) implements Withdrawal {}

  /// The split is confirmed; open connections finish.
  ///
  /// @param since when the split was confirmed
  record Draining(Instant since) implements Withdrawal {}

  /// No canary is left.
  record Done() implements Withdrawal {}
}
