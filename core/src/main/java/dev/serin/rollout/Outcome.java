package dev.serin.rollout;

import java.util.Optional;

/// How one rollout ended; a line of the Canary's history.
///
/// @param revision that was tried
/// @param kind how it ended
/// @param reason why, in one sentence
/// @param by the person who decided it before now; empty when nobody did, or does just now by a
///   command
public record Outcome(String revision, Kind kind, String reason, Optional<String> by) {

  /// How rollouts end, everywhere by these words.
  public enum Kind {
    Promoted,
    RolledBack,
    Reverted,
    Superseded,
    PromotionFailed,
    Released
  }
}
