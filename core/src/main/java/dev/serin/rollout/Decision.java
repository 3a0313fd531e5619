package dev.serin.rollout;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What was decided.
///
/// @param next the state from now on
/// @param announcements what is worth telling about it, in order
/// @param outcome how a rollout ended, when one did: with the last announcement, and only with it
/// @param answer what became of the command that was seen
/// @param waitingFor what the state waits for, in words for people; empty at rest
/// @param lookAgain when time alone could change something; empty when only an event can
public record Decision(
    RolloutState next,
    List<Announcement> announcements,
    Optional<Outcome> outcome,
    Optional<Command.Answer> answer,
    String waitingFor,
    Optional<Duration> lookAgain) {

  public Decision {
    announcements = List.copyOf(announcements);
  }

  /// The same, looked at again no later than that.
  Decision lookingAgainBy(Duration latest) {
    var soonest = lookAgain.filter(in -> in.compareTo(latest) < 0).orElse(latest);
    return new Decision(next, announcements, outcome, answer, waitingFor, Optional.of(soonest));
  }
}
