package dev.serin.controller.reconcile;

import dev.serin.parse.CanaryDeclaration;
import dev.serin.rollout.Announcement;
import dev.serin.rollout.Outcome;
import dev.serin.rollout.RolloutState;
import dev.serin.status.Progress;
import java.time.Instant;
import java.util.Optional;

/// Something that was decided about one Canary, with all that somebody who is told needs to know.
///
/// @param declared what the Canary declares now, such as who wants to be told
/// @param uid of the Canary
/// @param announcement what happened
/// @param before the state that it was decided in
/// @param after the state from then on
/// @param progress how far the Canary is with it
/// @param outcome how the rollout ended, when this is what ended it: of all that is told about one
///   decision, one thing carries it
/// @param gate the webhook that keeps a rollout waiting, when this is about one
/// @param by who asked for it; empty when nobody did
/// @param at when it was decided
public record Occasion(
    CanaryDeclaration declared,
    String uid,
    Announcement announcement,
    RolloutState before,
    RolloutState after,
    Progress progress,
    Optional<Outcome> outcome,
    Optional<String> gate,
    Optional<String> by,
    Instant at) {

  /// The revision that this is about: the one that is tried, was tried or rejected, else the stable
  /// one; empty before adoption.
  public String revision() {
    var stands = Standpoint.of(after);
    return outcome.map(Outcome::revision).or(stands::revision).or(stands::stable).orElse("");
  }
}
