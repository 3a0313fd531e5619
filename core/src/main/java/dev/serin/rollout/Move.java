package dev.serin.rollout;

import dev.serin.judge.Assessment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A decision being put together.
final class Move {
  private RolloutState next;
  private final List<Announcement> announcements = new ArrayList<>();
  private Optional<Outcome> outcome = Optional.empty();
  private Optional<Command.Answer> answer = Optional.empty();
  private String waitingFor = "";
  private Optional<Duration> lookAgain = Optional.empty();

  private Move(RolloutState next) {
    this.next = next;
  }

  /// A new state, which is looked at again at once.
  static Move to(RolloutState next) {
    return new Move(next).lookAgain(Duration.ZERO);
  }

  /// The same state, until an event.
  static Move stay(RolloutState state) {
    return new Move(state);
  }

  /// The same decision, ending in another state.
  Move in(RolloutState other) {
    next = other;
    return this;
  }

  Move telling(Announcement.Kind kind, String text) {
    return telling(kind, text, List.of());
  }

  Move telling(Announcement.Kind kind, String text, List<Assessment> because) {
    announcements.add(new Announcement(kind, text, because));
    return this;
  }

  /// Tells something that came before what is told already.
  Move tellingFirst(Announcement.Kind kind, String text, List<Assessment> because) {
    announcements.addFirst(new Announcement(kind, text, because));
    return this;
  }

  /// Ends a rollout with what was told last.
  Move ending(String revision, Outcome.Kind kind, String reason) {
    outcome = Optional.of(new Outcome(revision, kind, reason, Optional.empty()));
    return this;
  }

  /// Ends a rollout with what was told last, for a reason that was decided before.
  Move ending(String revision, Outcome.Kind kind, Ground why) {
    outcome = Optional.of(new Outcome(revision, kind, why.reason(), why.by()));
    return this;
  }

  Move answering(Command command, boolean accepted, String message) {
    answer = Optional.of(new Command.Answer(command.name(), accepted, message));
    return this;
  }

  Move waitingFor(String what) {
    waitingFor = what;
    return this;
  }

  Move lookAgain(Duration in) {
    lookAgain = Optional.of(in);
    return this;
  }

  Decision decision() {
    return new Decision(next, announcements, outcome, answer, waitingFor, lookAgain);
  }
}
