package dev.serin.rollout;

import java.util.Optional;
import java.util.Set;

/// What is worth finding out now, beyond what caches know.
///
/// @param round the round of checks that is due
/// @param evidence whether sequential tests should gather evidence
/// @param gates names of the webhook gates worth asking
/// @param outlook whether it should be found out what the checks can decide, before the canary gets
///   traffic
public record Questions(
    Optional<Seen.RoundId> round, boolean evidence, Set<String> gates, boolean outlook) {

  public Questions {
    gates = Set.copyOf(gates);
  }

  /// Without an outlook.
  public Questions(Optional<Seen.RoundId> round, boolean evidence, Set<String> gates) {
    this(round, evidence, gates, false);
  }

  /// Nothing is worth asking.
  public static Questions none() {
    return new Questions(Optional.empty(), false, Set.of());
  }
}
