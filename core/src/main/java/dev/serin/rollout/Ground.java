package dev.serin.rollout;

import dev.serin.judge.Assessment;
import java.util.List;
import java.util.Optional;

/// Why a rollout comes to its end. It is decided long before the end itself, which only a target
/// that has rolled makes: so it is part of the state.
///
/// @param reason in one sentence
/// @param by the person who decided it; empty when nobody but the evidence did
/// @param because what checks said last, when that was the reason
public record Ground(String reason, Optional<String> by, List<Assessment> because) {

  public Ground {
    because = List.copyOf(because);
  }

  /// Something that neither checks nor a person said.
  static Ground of(String reason) {
    return new Ground(reason, Optional.empty(), List.of());
  }

  /// What a person said.
  static Ground saidBy(Command command, String reason) {
    return new Ground(reason, Optional.of(command.by()), List.of());
  }

  /// The same, but a person had the last word.
  Ground decided(Command command, String how) {
    return new Ground(reason + "; " + how, Optional.of(command.by()), because);
  }
}
