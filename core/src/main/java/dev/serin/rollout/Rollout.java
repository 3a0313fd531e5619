package dev.serin.rollout;

import static dev.serin.rollout.Announcement.Kind;

import dev.serin.rollout.RolloutState.Bypassed;
import dev.serin.rollout.RolloutState.Failed;
import dev.serin.rollout.RolloutState.Finalising;
import dev.serin.rollout.RolloutState.Initialized;
import dev.serin.rollout.RolloutState.Initializing;
import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.Promoting;
import dev.serin.rollout.RolloutState.PromotionFailed;
import dev.serin.rollout.RolloutState.Reverting;
import dev.serin.rollout.RolloutState.Succeeded;
import dev.serin.rollout.RolloutState.Terminating;
import dev.serin.rollout.RolloutState.Waiting;
import dev.serin.rollout.RolloutState.WaitingPromotion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The state machine. Pure functions from values to values: the same plan, state, sight and time
/// always give the same decision, so a crash anywhere is answered by deciding again.
public final class Rollout {
  private Rollout() {}

  /// Where every Canary begins.
  public static RolloutState beginning(Instant now) {
    return new Initializing(now, Optional.empty(), new Withdrawal.Done());
  }

  /// What is worth finding out before [#decide], beyond what costs nothing to look at.
  public static Questions questions(Plan plan, RolloutState state, Instant now) {
    return Asking.questions(plan, state, now);
  }

  /// The world that a state wants.
  public static Wanted wanted(Plan plan, RolloutState state, Seen seen) {
    return Worlds.wanted(plan, state, seen);
  }

  /// What to do next.
  public static Decision decide(Plan plan, RolloutState state, Seen seen, Instant now) {
    var look = new Look(plan, seen, now, false);
    var move =
        everywhere(state, look)
            .or(() -> Orders.follow(state, look))
            .orElseGet(() -> step(state, look));
    return scheduled(plan, move.decision(), state, now);
  }

  /// A state that stays is looked at again when something is to be asked again.
  private static Decision scheduled(Plan plan, Decision decision, RolloutState state, Instant now) {
    if (!decision.next().equals(state)) {
      return decision;
    }
    return Asking.again(plan, state, now).map(decision::lookingAgainBy).orElse(decision);
  }

  /// Whether a waiting rollout could ask its gates and start now, if somebody has a slot for it.
  public static boolean couldStart(Plan plan, Waiting state, Seen seen, Instant now) {
    return Resting.couldStart(state, new Look(plan, seen, now, false));
  }

  /// How the gates of a rollout stand, in the order of the plan; none while no revision is on trial
  /// or waits for its trial.
  public static List<GateStanding> gates(Plan plan, RolloutState state) {
    return GateStanding.all(plan, state);
  }

  /// What overrules every state: deletion, an unknown or lost target, the break glass.
  private static Optional<Move> everywhere(RolloutState state, Look look) {
    if (state instanceof Terminating) {
      return Optional.empty();
    }
    if (look.seen().deleting()) {
      return Optional.of(Leaving.begin(state, look));
    }
    return switch (look.seen().target()) {
      case Seen.Target.Unknown(var reason) ->
          Optional.of(
              Analysis.condemned(state, look)
                  .orElseGet(
                      () ->
                          Move.stay(state)
                              .waitingFor("the target to be readable: " + reason)
                              .lookAgain(Duration.ofSeconds(30))));
      case Seen.Target.Unfit _ -> Optional.empty();
      case Seen.Target.Missing _ -> lost(state, look, "the target is gone");
      case Seen.Target.Present target ->
          target.bypass().isPresent()
              ? bypass(state, target.bypass().get(), look)
              : target.remade() ? lost(state, look, "the target was made again") : Optional.empty();
    };
  }

  private static Optional<Move> lost(RolloutState state, Look look, String why) {
    if (state instanceof Initializing) {
      return Optional.empty();
    }
    if (state instanceof Bypassed) {
      return Optional.of(
          Move.to(new Initializing(look.now(), Optional.empty(), look.leftover()))
              .telling(Kind.TargetLost, why));
    }
    return Optional.of(
        Move.to(new Initializing(look.now(), Optional.empty(), look.leftover()))
            .telling(
                Kind.TargetLost, why + "; traffic stays where it is served until it is steady"));
  }

  private static Optional<Move> bypass(RolloutState state, String reason, Look look) {
    return Optional.of(
        state instanceof Bypassed
            ? Move.stay(state).waitingFor("the annotation serin.dev/bypass to be removed")
            : Move.to(new Bypassed(reason, look.now()))
                .telling(
                    Kind.Bypassed, "the glass was broken: " + reason + "; nothing is touched"));
  }

  /// The rules of each state.
  static Move step(RolloutState state, Look look) {
    return switch (state) {
      case Initializing at -> Resting.initialize(at, look);
      case Initialized at -> Resting.rest(at, at.stable(), at.withdrawal(), look);
      case Succeeded at -> Resting.rest(at, at.stable(), new Withdrawal.Done(), look);
      case Waiting at -> Resting.await(at, look);
      case Failed at -> Resting.stayRejected(at, look);
      case Progressing at -> Analysis.progress(at, look);
      case WaitingPromotion at -> Analysis.awaitPromotion(at, look);
      case Promoting at -> Promotion.promote(at, look);
      case Finalising at -> Promotion.finish(at, look);
      case Reverting at -> Promotion.revert(at, look);
      case PromotionFailed at -> Promotion.recover(at, look);
      case Paused at -> Pauses.stand(at, look);
      case Bypassed _ ->
          Move.to(new Initializing(look.now(), Optional.empty(), look.leftover()))
              .telling(
                  Kind.Resumed,
                  "the annotation serin.dev/bypass is gone; the target is adopted anew");
      case Terminating at -> Leaving.leave(at, look);
    };
  }
}
