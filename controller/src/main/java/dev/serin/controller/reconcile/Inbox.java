package dev.serin.controller.reconcile;

import dev.serin.controller.reconcile.ReconcilerSettings.Trust;
import dev.serin.rollout.Command;
import dev.serin.rollout.Decision;
import dev.serin.rollout.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The oldest command that nobody has answered, on its way through one reconcile.
final class Inbox {
  private final Optional<Commands.Pending> pending;
  private final Set<String> present;
  private final Trust trust;
  private boolean followed;

  Inbox(Commands commands, Trust trust) {
    this.pending = commands.oldest();
    this.present = commands.names();
    this.trust = trust;
  }

  /// The command to decide about; empty when there is none, or it is refused without asking.
  Optional<Command> command() {
    return trust instanceof Trust.Given
        ? pending.flatMap(Commands.Pending::command)
        : Optional.empty();
  }

  /// Why a command is refused whatever the state is; empty when it is not.
  Optional<String> refused() {
    if (pending.isEmpty()) {
      return Optional.empty();
    }
    return switch (trust) {
      case Trust.Withheld(var reason) -> Optional.of(reason);
      case Trust.Given _ ->
          pending.get().command().isPresent()
              ? Optional.empty()
              : Optional.of(Commands.notUnderstood(pending.get().object()));
    };
  }

  /// Who asked for a decision, now or when what it ends was decided.
  Optional<String> by(Decision decision) {
    return decision
        .outcome()
        .flatMap(Outcome::by)
        .or(
            () ->
                decision
                    .answer()
                    .filter(Command.Answer::accepted)
                    .flatMap(_ -> command())
                    .map(Command::by));
  }

  /// The memory with the answer that a decision gave.
  Chronicle remember(Decision decision, Chronicle chronicle, Instant now) {
    if (decision.answer().isEmpty() || pending.isEmpty()) {
      return chronicle;
    }
    followed = true;
    return chronicle.answering(
        Commands.remember(pending.get().object(), decision.answer().get(), now), present);
  }

  /// The memory with the refusal of a command that no decision was asked about.
  Chronicle rememberRefused(Chronicle chronicle, Instant now) {
    var object = pending.orElseThrow().object();
    var name = object.path("metadata").path("name").asText();
    var answer = new Command.Answer(name, false, refused().orElseThrow());
    return chronicle.answering(Commands.remember(object, answer, now), present);
  }

  /// Whether a command was answered in this reconcile.
  boolean answered() {
    return followed || refused().isPresent();
  }

  /// Names of the commands that were answered in this reconcile.
  List<String> fresh() {
    return answered()
        ? pending.stream().map(one -> one.object().path("metadata").path("name").asText()).toList()
        : List.of();
  }
}
