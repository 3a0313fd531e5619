package dev.serin.rollout;

import java.util.Locale;
import java.util.Optional;

/// What a person asks for, about one revision.
///
/// @param name of the command object; the answer goes there
/// @param verb what is asked
/// @param revision the revision meant; refused when the rollout has moved on
/// @param gate the gate meant by approve and reject; empty when there is only one to mean
/// @param by who asks, as verified by the API server
/// @param reason in their words; may be empty
public record Command(
    String name, Verb verb, String revision, Optional<String> gate, String by, String reason) {

  /// What can be asked.
  public enum Verb {
    /// Pass one gate.
    APPROVE,
    /// Close one gate for good, at which people are asked: the revision is rejected.
    REJECT,
    /// Skip the remaining steps and checks; readiness is still waited for.
    PROMOTE,
    /// Reject the revision.
    ABORT,
    PAUSE,
    RESUME,
    /// Try a rejected revision again, from the first step and with the Canary's present plan.
    RETRY,
    /// End the step whose traffic flows. No gate is passed by it.
    SKIP_STEP;

    /// As written by people: `skip-step`.
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// What became of a command.
  ///
  /// @param name of the command object
  /// @param accepted whether it was followed
  /// @param message what was done, or why it was not
  public record Answer(String name, boolean accepted, String message) {}
}
