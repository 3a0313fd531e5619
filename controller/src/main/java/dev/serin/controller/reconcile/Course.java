package dev.serin.controller.reconcile;

import dev.serin.controller.workload.RolloutRecord;
import dev.serin.rollout.Decision;
import dev.serin.rollout.RolloutState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What was decided in one reconcile. States that follow each other at once are decided in one go.
///
/// @param initial the state before it
/// @param decided what was decided, in order
/// @param record of the rollout that starts; empty when none does
/// @param view of the world from the state after it
/// @param chronicle what the Canary remembers after it
/// @param adopted UID of the adopted target; empty before adoption
/// @param inbox the command that was looked at
/// @param lookAgain when something has to be looked at again that nobody decided about
record Course(
    RolloutState initial,
    List<Decided> decided,
    Optional<RolloutRecord> record,
    View view,
    Chronicle chronicle,
    Optional<String> adopted,
    Inbox inbox,
    Optional<Duration> lookAgain) {

  Course {
    decided = List.copyOf(decided);
  }

  /// @param before the state that it was decided in
  /// @param by who asked for it
  record Decided(RolloutState before, Decision decision, Optional<String> by) {}

  RolloutState state() {
    return view.state();
  }

  /// Whether the rest of the world depends on this being stored.
  boolean matters() {
    return !state().equals(initial)
        || inbox.answered()
        || decided.stream().anyMatch(one -> !one.decision().announcements().isEmpty());
  }

  /// What the state waits for, in words.
  String waitingFor() {
    return decided.isEmpty() ? "" : decided.getLast().decision().waitingFor();
  }

  /// When time alone could change a decision.
  Optional<Duration> patience() {
    return decided.isEmpty() ? Optional.empty() : decided.getLast().decision().lookAgain();
  }
}
