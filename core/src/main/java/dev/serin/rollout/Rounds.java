package dev.serin.rollout;

import static dev.serin.rollout.Announcement.Kind;

import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What a round of checks means.
final class Rounds {
  private Rounds() {}

  /// The answered round that is due now, if it is there.
  static Optional<List<Assessment>> due(Trial trial, int step, Instant last, Look look) {
    var due = new Seen.RoundId(trial.number(), step, last.plus(look.plan().interval()));
    return look.seen()
        .round()
        .filter(round -> round.id().equals(due) && !look.now().isBefore(due.due()))
        .map(round -> deciding(round.assessments()));
  }

  /// What the deciding checks of a step said last.
  static List<Assessment> said(Trial trial, int step, Look look) {
    return look.seen().round().stream()
        .filter(round -> round.id().rollout() == trial.number() && round.id().step() == step)
        .flatMap(round -> deciding(round.assessments()).stream())
        .toList();
  }

  /// What the deciding checks of a rollout said last, in whatever step.
  static List<Assessment> last(Trial trial, Look look) {
    return look.seen().round().stream()
        .filter(round -> round.id().rollout() == trial.number())
        .flatMap(round -> deciding(round.assessments()).stream())
        .toList();
  }

  private static List<Assessment> deciding(List<Assessment> all) {
    return all.stream().filter(assessment -> !assessment.dryRun()).toList();
  }

  static List<Assessment> failures(List<Assessment> round) {
    return round.stream().filter(assessment -> assessment.verdict().isFailure()).toList();
  }

  static Optional<Assessment> blind(List<Assessment> round) {
    return round.stream().filter(assessment -> assessment.verdict().holdsStep()).findFirst();
  }

  /// What keeps a round from passing that holds no step.
  ///
  /// @param last whether it is of the last step, where everything has to be decided
  static List<Assessment> unpassed(List<Assessment> round, boolean last) {
    return round.stream()
        .filter(one -> one.verdict().isFailure() || (last && one.verdict() == Verdict.UNDECIDED))
        .toList();
  }

  static boolean undecided(List<Assessment> round) {
    return round.stream().anyMatch(assessment -> assessment.verdict() == Verdict.UNDECIDED);
  }

  /// Counts a failed round, and rolls back when it was one too many.
  static Move failed(
      Trial trial, List<Assessment> failures, Function<Trial, RolloutState> goOn, Look look) {
    var counted = trial.withFailedChecks(trial.failedChecks() + 1);
    var why = Words.reasons(failures);
    if (failures.stream().anyMatch(failure -> failure.verdict() == Verdict.CONDEMNED)) {
      return Analysis.rollBack(counted, why, failures, look);
    }
    var threshold = look.plan().threshold();
    if (counted.failedChecks() >= threshold) {
      return Analysis.rollBack(
          counted,
          counted.failedChecks() + " of " + threshold + " failed checks: " + why,
          failures,
          look);
    }
    return Move.to(goOn.apply(counted))
        .telling(
            Kind.CheckFailed,
            "failed check " + counted.failedChecks() + " of " + threshold + ": " + why,
            failures)
        .lookAgain(look.plan().interval());
  }
}
