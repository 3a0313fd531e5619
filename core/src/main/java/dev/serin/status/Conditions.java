package dev.serin.status;

import dev.serin.resource.CanaryStatus.Condition;
import dev.serin.rollout.Outcome;
import dev.serin.rollout.RolloutState;
import dev.serin.rollout.Withdrawal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The conditions that every Canary has: `Promoted`, for `kubectl wait` and for habits from
/// Flagger, and `Ready`, `Reconciling`, `Stalled`, as kstatus reads them. The page `status.md` of
/// the documentation has the same table.
public final class Conditions {

  public static final String PROMOTED = "Promoted";
  public static final String READY = "Ready";
  public static final String RECONCILING = "Reconciling";
  public static final String STALLED = "Stalled";

  private Conditions() {}

  /// A condition's status.
  enum Answer {
    True,
    False,
    Unknown
  }

  /// The answers of one state.
  record Row(Answer promoted, Answer ready, Answer reconciling, Answer stalled) {}

  private static final Row AT_REST = new Row(Answer.True, Answer.True, Answer.False, Answer.False);
  private static final Row RETURNED =
      new Row(Answer.False, Answer.True, Answer.False, Answer.False);
  private static final Row UNDER_WAY =
      new Row(Answer.Unknown, Answer.False, Answer.True, Answer.False);
  private static final Row PROMOTED_UNDER_WAY =
      new Row(Answer.True, Answer.False, Answer.True, Answer.False);
  private static final Row REJECTED_UNDER_WAY =
      new Row(Answer.False, Answer.False, Answer.True, Answer.False);
  private static final Row GIVEN_UP =
      new Row(Answer.False, Answer.False, Answer.False, Answer.True);
  static final Row INVALID = new Row(Answer.Unknown, Answer.False, Answer.False, Answer.True);

  /// The conditions of a valid Canary.
  ///
  /// @param last how the last rollout ended, if there was one
  /// @param message why it stands where it stands, for people
  public static List<Condition> of(
      RolloutState state, Optional<Outcome.Kind> last, String message) {
    return conditions(row(state, last), state.phase(), message);
  }

  /// The conditions of a Canary that nothing can be done with: its spec is wrong, or the world that
  /// it names is.
  ///
  /// @param reason one word in camel case, such as `Invalid`
  /// @param message all problems
  public static List<Condition> stalled(String reason, String message) {
    return conditions(INVALID, reason, message);
  }

  /// The answers of a state.
  static Row row(RolloutState state, Optional<Outcome.Kind> last) {
    return switch (state) {
      case RolloutState.Initializing _,
          RolloutState.Waiting _,
          RolloutState.Progressing _,
          RolloutState.WaitingPromotion _,
          RolloutState.Promoting _,
          RolloutState.Terminating _ ->
          UNDER_WAY;
      case RolloutState.Initialized at ->
          isDone(at.withdrawal())
              ? last.filter(kind -> kind == Outcome.Kind.Reverted).isPresent() ? RETURNED : AT_REST
              : REJECTED_UNDER_WAY;
      case RolloutState.Succeeded _ -> AT_REST;
      case RolloutState.Finalising at ->
          at.withdrawal() instanceof Withdrawal.Returning ? UNDER_WAY : PROMOTED_UNDER_WAY;
      case RolloutState.Reverting at -> at.stalled() ? GIVEN_UP : REJECTED_UNDER_WAY;
      case RolloutState.Failed at -> isDone(at.withdrawal()) ? GIVEN_UP : REJECTED_UNDER_WAY;
      case RolloutState.PromotionFailed _ -> GIVEN_UP;
      case RolloutState.Paused at -> row(at.in(), last);
      case RolloutState.Bypassed _ -> INVALID;
    };
  }

  private static boolean isDone(Withdrawal withdrawal) {
    return withdrawal instanceof Withdrawal.Done;
  }

  private static List<Condition> conditions(Row row, String reason, String message) {
    return List.of(
        condition(PROMOTED, row.promoted(), reason, message),
        condition(READY, row.ready(), reason, message),
        condition(RECONCILING, row.reconciling(), reason, message),
        condition(STALLED, row.stalled(), reason, message));
  }

  private static Condition condition(String type, Answer answer, String reason, String message) {
    return new Condition(type, answer.name(), reason, message, null, null);
  }

  /// The conditions to write: the wanted ones, each with the time of its last change of status.
  ///
  /// @param before the conditions as they are stored; types that are not wanted any more go
  /// @param generation of the spec that was looked at
  public static List<Condition> merge(
      List<Condition> before, List<Condition> wanted, long generation, Instant now) {
    var merged = new ArrayList<Condition>();
    for (var condition : wanted) {
      var since =
          before.stream()
              .filter(old -> Objects.equals(old.type(), condition.type()))
              .filter(old -> Objects.equals(old.status(), condition.status()))
              .map(Condition::lastTransitionTime)
              .filter(Objects::nonNull)
              .findFirst()
              .orElse(now.truncatedTo(ChronoUnit.SECONDS).toString());
      merged.add(
          new Condition(
              condition.type(),
              condition.status(),
              condition.reason(),
              condition.message(),
              generation,
              since));
    }
    return merged;
  }
}
