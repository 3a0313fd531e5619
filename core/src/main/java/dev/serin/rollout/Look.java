package dev.serin.rollout;

import java.time.Duration;
import java.time.Instant;

/// One look at one Canary: all that a decision depends on besides the state.
///
/// @param frozen whether progress stands still, so that only protection acts
record Look(Plan plan, Seen seen, Instant now, boolean frozen) {

  boolean passed(Instant since, Duration length) {
    return !now.isBefore(since.plus(length));
  }

  /// Time left of a length that began at an instant; never negative.
  Duration left(Instant since, Duration length) {
    var left = Duration.between(now, since.plus(length));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /// Whether the deadline for readiness has passed; never while progress stands still.
  boolean late(Instant since) {
    return !frozen && passed(since, plan.progressDeadline());
  }

  boolean confirmed(TrafficSplit split) {
    return seen.route() instanceof Seen.Route.Confirmed(var is) && is.equals(split);
  }

  /// Whether the data plane does what a step wants: its split, or everything to the canary while
  /// nobody else can serve. A step whose stable is dead must not wait for it: the revision on trial
  /// may be what repairs it.
  boolean carries(TrafficSplit split) {
    return confirmed(split) || (onlyCanaryServes() && confirmed(TrafficSplit.toCanary(100)));
  }

  /// Whether no request can reach the canary any more.
  boolean withdrawn() {
    return switch (seen.route()) {
      case Seen.Route.Confirmed(var is) -> !is.loadsCanary();
      case Seen.Route.Absent _ -> true;
      case Seen.Route.Unconfirmed _, Seen.Route.Unfit _ -> false;
    };
  }

  /// Whether callers have a route, and all of it leads to stable.
  boolean stableIsRouted() {
    return seen.route() instanceof Seen.Route.Confirmed(var is) && !is.loadsCanary();
  }

  /// Available pods of the canary that run this revision.
  int available(String revision) {
    return seen.canary() instanceof Seen.Canary.Present(var runs, int available, _)
            && runs.equals(revision)
        ? available
        : 0;
  }

  boolean canaryServes() {
    return seen.canary() instanceof Seen.Canary.Present(_, int available, _) && available > 0;
  }

  /// Whether requests would fail if they went to stable, and would not if they went to the canary.
  boolean onlyCanaryServes() {
    return !stableServes() && canaryServes();
  }

  /// Whether a canary that is to go has to serve meanwhile, because stable should and cannot. One
  /// that its owner scaled to zero should not.
  boolean canaryIsNeeded() {
    return onlyCanaryServes() && !scaledToZero();
  }

  /// Whether stable's owner wants no pods of it. Pods of a Service that are merely gone are not
  /// steady.
  boolean scaledToZero() {
    return seen.target() instanceof Seen.Target.Present target
        && target.replicas() == 0
        && target.steady();
  }

  /// Whether stable answers requests. What cannot be told is taken to be as it should be: not
  /// knowing is no reason to move traffic.
  boolean stableServes() {
    return switch (seen.target()) {
      case Seen.Target.Present target -> target.serves();
      case Seen.Target.Unknown _, Seen.Target.Unfit _ -> true;
      case Seen.Target.Missing _ -> false;
    };
  }

  /// Pods that stable wants; 0 when that is not known.
  int replicas() {
    return seen.target() instanceof Seen.Target.Present target ? target.replicas() : 0;
  }

  /// Pods that the canary needs for a split.
  int needs(Step.Scale scale, TrafficSplit split) {
    return Step.pods(scale, split, replicas());
  }

  /// Whether the canary is as large as a step needs.
  boolean ready(Trial trial, Step step) {
    return available(trial.revision()) >= needs(step.scale(), step.split());
  }

  /// Whether the canary is as large as stable.
  boolean readyForAll(Trial trial) {
    return available(trial.revision()) >= Math.max(1, replicas());
  }

  /// Whether the canary has become too small for what it carries. A few pods of many may be missing
  /// for a moment without harm, so this is a little less than [#ready].
  boolean lost(Trial trial, Step step) {
    int needed = needs(step.scale(), step.split());
    return available(trial.revision()) < Math.max(1, Math.ceilDiv(needed * 3, 4));
  }

  Withdrawal leftover() {
    var nothing =
        seen.canary() instanceof Seen.Canary.Absent
            && (withdrawn() || seen.route() instanceof Seen.Route.Unfit);
    return nothing ? new Withdrawal.Done() : new Withdrawal.Returning(now);
  }

  /// One step further on the way on which a canary loses its traffic and its pods.
  Withdrawal further(Withdrawal withdrawal) {
    return switch (withdrawal) {
      case Withdrawal.Returning _ when withdrawn() && !canaryIsNeeded() ->
          new Withdrawal.Draining(now);
      case Withdrawal.Draining _ when !withdrawn() || canaryIsNeeded() ->
          new Withdrawal.Returning(now);
      case Withdrawal.Draining(var since) when passed(since, plan.drain()) -> new Withdrawal.Done();
      case Withdrawal.Returning _, Withdrawal.Draining _, Withdrawal.Done _ -> withdrawal;
    };
  }

  Duration patience(Withdrawal withdrawal) {
    return withdrawal instanceof Withdrawal.Draining(var since)
        ? left(since, plan.drain())
        : Duration.ofMinutes(1);
  }

  /// What a withdrawal waits for, in words.
  String waitsFor(Withdrawal withdrawal) {
    return switch (withdrawal) {
      case Withdrawal.Returning _ ->
          "the data plane to take the canary's traffic away" + routeWords();
      case Withdrawal.Draining _ -> "open connections of the canary to finish";
      case Withdrawal.Done _ -> "";
    };
  }

  /// What a rollback does not bring back, as a clause that follows other words; empty when nothing
  /// is left.
  String notRevertedWords() {
    return seen.exposed().isEmpty()
        ? ""
        : "; the content of "
            + String.join(", ", seen.exposed())
            + " itself was not reverted, and stable pods have it mounted";
  }

  /// What is wrong with the route, as a clause that follows other words; empty when nothing is.
  String routeWords() {
    return switch (seen.route()) {
      case Seen.Route.Confirmed _, Seen.Route.Absent _ -> "";
      case Seen.Route.Unconfirmed(var reason, _) -> ": " + reason;
      case Seen.Route.Unfit(var problems) -> ": " + String.join("; ", problems);
    };
  }
}
