package dev.serin.controller.reconcile;

import dev.serin.resource.CanaryStatus;
import dev.serin.resource.CanaryStatus.CheckStatus;
import dev.serin.resource.CanaryStatus.CommandStatus;
import dev.serin.resource.CanaryStatus.DecisionStatus;
import dev.serin.resource.CanaryStatus.RolloutStatus;
import dev.serin.rollout.Announcement;
import dev.serin.rollout.Decision;
import dev.serin.rollout.Outcome;
import dev.serin.rollout.RolloutState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a Canary remembers of its past, newest first.
///
/// @param history rollouts that ended
/// @param rejected revisions that are not tried again by themselves
/// @param formerStables revisions that were stable before the present one
/// @param commands that were answered
/// @param decisions what was told last
record Chronicle(
    List<RolloutStatus> history,
    List<String> rejected,
    List<String> formerStables,
    List<CommandStatus> commands,
    List<DecisionStatus> decisions) {

  static final int ROLLOUTS = 10;
  private static final int DECISIONS = 10;
  private static final int COMMANDS = 20;

  /// Far more than people give; it bounds the size of the Canary when a program gives them.
  private static final int MOST_COMMANDS = 200;

  private static final int REVISIONS = 20;

  static Chronicle of(CanaryStatus status) {
    return new Chronicle(
        orNone(status.history()),
        orNone(status.rejected()),
        orNone(status.formerStables()),
        orNone(status.commands()),
        orNone(status.decisions()));
  }

  private static <T> List<T> orNone(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  /// Number of the last rollout that this Canary remembers; 0 for none.
  int lastRollout() {
    return history.stream()
        .map(RolloutStatus::number)
        .filter(Objects::nonNull)
        .mapToInt(Integer::intValue)
        .max()
        .orElse(0);
  }

  /// How the last rollout ended.
  Optional<Outcome.Kind> lastOutcome() {
    return history.stream()
        .map(RolloutStatus::outcome)
        .flatMap(
            word ->
                List.of(Outcome.Kind.values()).stream().filter(kind -> kind.name().equals(word)))
        .findFirst();
  }

  /// The last stable revisions before the present one, at most so many.
  Set<String> proven(int window) {
    return Set.copyOf(formerStables.subList(0, Math.min(window, formerStables.size())));
  }

  /// The same after one more decision.
  ///
  /// @param before the state that it was decided in
  /// @param by who asked for it, when somebody did
  Chronicle after(RolloutState before, Decision decision, Optional<String> by, Instant now) {
    var next = this;
    for (var announcement : decision.announcements()) {
      next = next.telling(announcement, now);
    }
    var stood = Standpoint.of(before).stable();
    var stands = Standpoint.of(decision.next()).stable();
    if (stood.isPresent() && stands.isPresent() && !stood.equals(stands)) {
      next = next.replacing(stood.get(), stands.get());
    }
    return decision.outcome().isPresent()
        ? next.ending(before, decision, decision.outcome().get(), by, now)
        : next;
  }

  /// What was asked and answered before something was told.
  private static @Nullable List<CheckStatus> checks(Announcement announcement) {
    var checks = announcement.because().stream().map(Said::check).toList();
    return checks.isEmpty() ? null : checks;
  }

  /// The same with one more answered command. One that comes back must not act again, so it is
  /// remembered as long as its object is there, or its revision could be on trial again.
  ///
  /// @param present names of the commands that are there
  Chronicle answering(CommandStatus command, Set<String> present) {
    var revisions = new HashSet<String>();
    revisions.add(command.revision());
    history.forEach(rollout -> revisions.add(rollout.revision()));
    revisions.addAll(rejected);
    revisions.addAll(formerStables);
    var kept = new ArrayList<CommandStatus>();
    kept.add(command);
    for (var answered : commands) {
      var counts =
          present.contains(answered.name())
              || (kept.size() < MOST_COMMANDS && revisions.contains(answered.revision()));
      if (kept.size() < COMMANDS || counts) {
        kept.add(answered);
      }
    }
    return new Chronicle(history, rejected, formerStables, List.copyOf(kept), decisions);
  }

  private Chronicle telling(Announcement announcement, Instant now) {
    var told =
        new DecisionStatus(
            text(now), announcement.kind().name(), announcement.text(), checks(announcement));
    return new Chronicle(
        history, rejected, formerStables, commands, first(told, decisions, DECISIONS));
  }

  private Chronicle replacing(String former, String stable) {
    var others = formerStables.stream().filter(known -> !known.equals(stable)).toList();
    return new Chronicle(history, rejected, unique(former, others), commands, decisions);
  }

  private Chronicle ending(
      RolloutState before, Decision decision, Outcome outcome, Optional<String> by, Instant now) {
    var trial =
        Standpoint.of(before).trial().filter(of -> of.revision().equals(outcome.revision()));
    var started = trial.map(of -> of.startedAt());
    var ended =
        new RolloutStatus(
            trial.map(of -> of.number()).orElse(null),
            outcome.revision(),
            outcome.kind().name(),
            outcome.reason(),
            by.orElse(null),
            started.map(Chronicle::text).orElse(null),
            text(now),
            started.map(since -> (int) Duration.between(since, now).toSeconds()).orElse(null),
            decision.announcements().isEmpty() ? null : checks(decision.announcements().getLast()));
    return new Chronicle(
        first(ended, history, ROLLOUTS), rejected(outcome), formerStables, commands, decisions);
  }

  private List<String> rejected(Outcome outcome) {
    return switch (outcome.kind()) {
      case RolledBack, PromotionFailed -> unique(outcome.revision(), rejected);
      case Promoted ->
          rejected.stream().filter(revision -> !revision.equals(outcome.revision())).toList();
      case Reverted, Superseded, Released -> rejected;
    };
  }

  private static List<String> unique(String newest, List<String> others) {
    return first(
        newest, others.stream().filter(other -> !other.equals(newest)).toList(), REVISIONS);
  }

  private static <T> List<T> first(T newest, List<T> others, int most) {
    var all = new ArrayList<T>();
    all.add(newest);
    all.addAll(others);
    return List.copyOf(all.subList(0, Math.min(most, all.size())));
  }

  private static String text(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
