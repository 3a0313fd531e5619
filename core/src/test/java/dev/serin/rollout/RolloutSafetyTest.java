package dev.serin.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.rollout.RolloutState.Failed;
import dev.serin.rollout.RolloutState.Handover;
import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.Promoting;
import dev.serin.rollout.RolloutState.PromotionFailed;
import dev.serin.rollout.RolloutState.StepPhase;
import dev.serin.rollout.RolloutState.Terminating;
import dev.serin.rollout.RolloutState.Waiting;
import dev.serin.rollout.RolloutState.WaitingPromotion;
import dev.serin.rollout.Walk.Stop;
import dev.serin.rollout.Walk.Taken;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// Walks every reachable state of several plans with every possible sight, early and late, and
/// holds every move against the rules of safety.
@Order(2)
class RolloutSafetyTest {
  /// Fewer would mean that something is not reached any more.
  private static final int LEAST_STATES = 5_000;

  private static final Map<String, String> BROKEN = new ConcurrentSkipListMap<>();
  private static Map<String, Walk> walks = Map.of();

  @BeforeAll
  static void walk() {
    var began = System.nanoTime();
    var walking = new HashMap<String, Future<Walk>>();
    try (var threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      Plans.all()
          .forEach((name, plan) -> walking.put(name, threads.submit(() -> walked(name, plan))));
    }
    walks =
        walking.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, walk -> walk.getValue().resultNow()));
    System.out.printf(
        "RolloutSafetyTest: %d plans, %,d states, %,d moves in %d s%n",
        walks.size(), states(), moves(), Duration.ofNanos(System.nanoTime() - began).toSeconds());
  }

  private static Walk walked(String name, Plan plan) {
    var walk = Walk.of(plan, RolloutSafetyTest::hold, RolloutSafetyTest::stop);
    var broken = BROKEN.isEmpty() ? "" : ", broken so far: " + BROKEN.keySet();
    System.out.printf("  %s: %,d states, %,d moves%s%n", name, walk.states(), walk.moves, broken);
    return walk;
  }

  private static int states() {
    return walks.values().stream().mapToInt(Walk::states).sum();
  }

  private static long moves() {
    return walks.values().stream().mapToLong(walk -> walk.moves).sum();
  }

  private static void hold(Taken move) {
    check("canary without serving pods gets traffic", emptyCanary(move), move);
    check("traffic goes where nobody serves", deadEnd(move), move);
    check("traffic rises before the canary is ready", risesEarly(move), move);
    check("an early wake-up advanced", early(move), move);
    check("an analysis was undecided before its time", undecidedEarly(move), move);
    check("a rejected revision is tried unasked", triedAgain(move), move);
    check("something else than the analysed revision is released", releasedWrong(move), move);
    check("promotion without proof", unproven(move), move);
    check("promotion without the people it needs", unapproved(move), move);
    check("a step began without its own approvals", stepUnapproved(move), move);
    check("a step began though a system did not let it", stepClosed(move), move);
    check("a no was followed where nobody was asked", rejectedUnasked(move), move);
    check("a gate ran out of time while nobody could be asked", refusedUnasked(move), move);
    check("the canary is removed before its traffic is gone", removedEarly(move), move);
    check("pods are taken from a canary before its split is confirmed", shrunkEarly(move), move);
    check("a pause let traffic rise", roseInPause(move), move);
    check("a condemned canary stays", condemnedStays(move), move);
    check("a canary stays that a gate wants rolled back", unwantedStays(move), move);
    check("an unreadable target started something", startedBlind(move), move);
    check("a command was not answered", unanswered(move), move);
    check("spins without an event", spins(move), move);
    check("the target is held by nobody while a revision is on trial", unheld(move), move);
    check("an unavailable metric was counted", countedBlind(move), move);
    check("nobody looks again", sleeps(move), move);
    check("an outcome is told by something else", toldWrong(move), move);
    check("a target is adopted before its route is there", adoptedEarly(move), move);
  }

  private static void stop(Stop at) {
    if (unprotected(at)) {
      BROKEN.putIfAbsent("a pause stopped protection", at.toString());
    }
    if (unmeasured(at)) {
      BROKEN.putIfAbsent("traffic is not measured", at.toString());
    }
  }

  private static void check(String rule, boolean broken, Taken move) {
    if (broken) {
      BROKEN.putIfAbsent(
          rule,
          "\n from "
              + move.from()
              + "\n seen "
              + move.seen()
              + "\n after "
              + Duration.between(Walk.ORIGIN, move.now())
              + "\n to   "
              + move.to()
              + "\n wants "
              + move.after()
              + "\n because "
              + move.decision().announcements());
    }
  }

  private static boolean emptyCanary(Taken move) {
    var split = move.after().split();
    return split.isPresent()
        && split.get().reachesCanary()
        && move.look().stableServes()
        && !move.look().canaryServes();
  }

  private static boolean adoptedEarly(Taken move) {
    return move.from() instanceof RolloutState.Initializing
        && move.to() instanceof RolloutState.Initialized
        && !move.look().confirmed(TrafficSplit.toStable());
  }

  /// Whoever scales a target to zero wants nobody to be served by a canary that is on its way out.
  private static boolean deadEnd(Taken move) {
    var split = move.after().split();
    return split.isPresent()
        && split.get().reachesStable()
        && move.look().onlyCanaryServes()
        && !(move.look().scaledToZero() && move.after().canary() instanceof Wanted.Canary.Untouched)
        && !(move.after().canary() instanceof Wanted.Canary.None)
        && !(move.after().canary() instanceof Wanted.Canary.Abandoned);
  }

  private static boolean risesEarly(Taken move) {
    var before = move.before().split();
    var after = move.after().split();
    if (before.isEmpty() || after.isEmpty() || move.look().onlyCanaryServes()) {
      return false;
    }
    if (!(move.to() instanceof Progressing(var trial, int step, StepPhase.Routing _))) {
      return false;
    }
    return after.get().canary() > before.get().canary()
        && move.look().lost(trial, move.plan().steps().get(step));
  }

  private static boolean early(Taken move) {
    if (!(move.from() instanceof Progressing(var trial, int step, StepPhase.Holding in))
        || move.asked(Command.Verb.SKIP_STEP, Command.Verb.PROMOTE)) {
      return false;
    }
    var held = move.plan().steps().get(step).hold();
    var later = move.to() instanceof Progressing(_, int other, _) && other > step;
    return move.now().isBefore(in.since().plus(held))
        && judged(trial, move.plan().steps().get(step), in, move.now())
                .compareTo(move.plan().maxDuration())
            < 0
        && (later || move.to() instanceof WaitingPromotion || move.to() instanceof Promoting);
  }

  /// How long traffic was judged, without the pauses that steps themselves make.
  private static Duration judged(Trial trial, Step step, StepPhase.Holding in, Instant now) {
    var from = step.untilResumed() ? in.resumed() : Optional.of(in.since());
    return from.map(since -> trial.judged().plus(Duration.between(since, now)))
        .orElse(trial.judged());
  }

  private static boolean undecidedEarly(Taken move) {
    if (move.decision().announcements().isEmpty() && move.decision().outcome().isEmpty()) {
      return false;
    }
    var undecided =
        move.decision().announcements().stream()
                .anyMatch(one -> one.kind() == Announcement.Kind.Inconclusive)
            || move.decision().outcome().stream()
                .anyMatch(outcome -> outcome.reason().startsWith("undecided"));
    if (!undecided) {
      return false;
    }
    return !(move.from() instanceof Progressing(var trial, int step, StepPhase.Holding in))
        || !move.plan().checks()
        || (move.plan().steps().get(step).untilResumed() && in.resumed().isEmpty())
        || judged(trial, move.plan().steps().get(step), in, move.now())
                .compareTo(move.plan().maxDuration())
            < 0;
  }

  private static boolean triedAgain(Taken move) {
    return move.seen().target() instanceof Seen.Target.Present target
        && target.standing() == Seen.Standing.REJECTED
        && !move.asked(Command.Verb.RETRY)
        && (move.to() instanceof Waiting || move.to() instanceof Progressing)
        && !Walk.tried(move.from()).equals(Optional.of(target.revision()))
        && Walk.tried(move.to()).equals(Optional.of(target.revision()));
  }

  private static boolean releasedWrong(Taken move) {
    return move.after().target() instanceof Wanted.Target.Released(var revision)
        && !Walk.tried(move.to()).equals(Optional.of(revision));
  }

  /// A promotion out of the analysis is earned in the last step, asked for by a person, or what the
  /// plan says about an analysis that nobody could decide.
  private static boolean unproven(Taken move) {
    if (!(move.to() instanceof Promoting promoting) || move.from() instanceof Promoting) {
      return false;
    }
    return switch (Walk.inner(move.from())) {
      case WaitingPromotion at -> at.inconclusive() && !move.asked(Command.Verb.PROMOTE);
      case PromotionFailed _ -> false;
      case Progressing(var trial, int step, StepPhase.Holding in) ->
          !move.asked(Command.Verb.PROMOTE)
              && !isSkipped(move, step)
              && !isEarned(move, trial, step, in)
              && !isPromotedUndecided(move, trial, step, in);
      case Progressing _ -> !promoting.trial().skipsSteps();
      case RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          Waiting _,
          Promoting _,
          RolloutState.Finalising _,
          RolloutState.Reverting _,
          Failed _,
          Paused _,
          RolloutState.Bypassed _,
          Terminating _ ->
          true;
    };
  }

  /// Whether a person skipped what was left of the last step.
  private static boolean isSkipped(Taken move, int step) {
    return step == move.plan().lastStep() && move.asked(Command.Verb.SKIP_STEP);
  }

  /// Whether the last step was held for its time, and as many of its rounds passed as it needs.
  private static boolean isEarned(Taken move, Trial trial, int step, StepPhase.Holding in) {
    var last = move.plan().steps().get(step);
    int passed = in.passed() + (passes(round(move, trial, step, in)) ? 1 : 0);
    return step == move.plan().lastStep()
        && !move.now().isBefore(in.since().plus(last.hold()))
        && (passed >= last.rounds() || !move.plan().checks())
        && isUnhindered(move);
  }

  /// What the checks said in the round that is due; empty when it is not there.
  private static List<Assessment> round(Taken move, Trial trial, int step, StepPhase.Holding in) {
    var due = new Seen.RoundId(trial.number(), step, in.lastRound().plus(move.plan().interval()));
    return move.seen()
        .round()
        .filter(round -> round.id().equals(due) && !move.now().isBefore(due.due()))
        .map(Seen.Round::assessments)
        .orElse(List.of());
  }

  private static boolean passes(List<Assessment> round) {
    return !round.isEmpty() && round.stream().allMatch(said -> said.verdict() == Verdict.PASSED);
  }

  private static boolean isUnhindered(Taken move) {
    return move.seen().proof() instanceof Seen.Proof.Agrees && move.seen().hold().isEmpty();
  }

  /// Whether traffic was judged for as long as the plan allows, nothing failed at the end of it,
  /// and what then counts says yes.
  ///
  /// `onInconclusive: promote` says it from any step, whatever is known by then: whoever writes it
  /// wants the revision to go out unless something speaks against it, and a rollout that reached
  /// its time limit in the middle is the case that it is written for. So it is no loophole that the
  /// machine takes by itself: `auto` says it from the last step only, with a round in which every
  /// estimate lies within its limit, and `approve` with the word of a person.
  private static boolean isPromotedUndecided(
      Taken move, Trial trial, int step, StepPhase.Holding in) {
    var round = round(move, trial, step, in);
    var isOver =
        judged(trial, move.plan().steps().get(step), in, move.now())
                .compareTo(move.plan().maxDuration())
            >= 0;
    var isTold =
        move.decision().announcements().stream()
            .anyMatch(one -> one.kind() == Announcement.Kind.Inconclusive);
    return move.plan().checks()
        && isOver
        && isTold
        && round.stream().noneMatch(said -> said.verdict().isFailure())
        && switch (move.plan().onInconclusive()) {
          case PROMOTE -> true;
          case ROLLBACK -> false;
          case APPROVE ->
              trial.approvals().stream()
                  .anyMatch(approval -> approval.gate().equals(GateSpec.UNDECIDED.name()));
          case AUTO ->
              step == move.plan().lastStep()
                  && !round.isEmpty()
                  && round.stream().allMatch(Assessment::promising)
                  && round.stream().noneMatch(said -> said.verdict() == Verdict.HOLD)
                  && isUnhindered(move);
        };
  }

  /// Only a person who promotes, and the fast way back, pass the approvals before promotion.
  private static boolean unapproved(Taken move) {
    if (!(move.to() instanceof Promoting at)
        || move.from() instanceof Promoting
        || move.from() instanceof PromotionFailed
        || move.asked(Command.Verb.PROMOTE)) {
      return false;
    }
    return switch (at.trial().mode()) {
      case ORDERED, PROVEN -> false;
      case ANALYSED, UNCHECKED ->
          lacksPeople(at.trial(), Optional.empty(), move.plan().gatesAt(GateSpec.Point.PROMOTION));
    };
  }

  private static boolean lacksPeople(Trial trial, Optional<Integer> step, List<GateSpec> gates) {
    return gates.stream()
        .filter(gate -> gate.kind() == GateSpec.Kind.APPROVAL)
        .filter(gate -> gate.timeout().isEmpty() || gate.onTimeout() == GateSpec.OnTimeout.ROLLBACK)
        .anyMatch(
            gate ->
                trial.approvals().stream()
                        .filter(approval -> approval.gate().equals(gate.name()))
                        .filter(approval -> approval.step().equals(step))
                        .map(Trial.Approval::by)
                        .distinct()
                        .count()
                    < gate.approvals());
  }

  private static boolean stepUnapproved(Taken move) {
    if (!(move.to() instanceof Progressing(var trial, int step, StepPhase.Routing _))
        || isUnderWay(move, step)) {
      return false;
    }
    var names = move.plan().steps().get(step).gates();
    return lacksPeople(
        trial,
        Optional.of(step),
        move.plan().gates().stream().filter(gate -> names.contains(gate.name())).toList());
  }

  /// Whether a step whose traffic flowed before goes on.
  private static boolean isUnderWay(Taken move, int step) {
    return (Walk.inner(move.from()) instanceof Progressing(_, int before, var in)
            && before == step
            && (in instanceof StepPhase.Routing || in instanceof StepPhase.Holding))
        || Walk.inner(move.from()) instanceof WaitingPromotion;
  }

  private static boolean stepClosed(Taken move) {
    if (!(move.to() instanceof Progressing(_, int step, StepPhase.Routing _))
        || isUnderWay(move, step)) {
      return false;
    }
    var names = move.plan().steps().get(step).gates();
    var first = step == 0 && !move.before().split().orElseThrow().loadsCanary();
    return move.plan().gates().stream()
        .filter(gate -> gate.kind() != GateSpec.Kind.APPROVAL)
        .filter(
            gate ->
                names.contains(gate.name()) || (first && gate.at() == GateSpec.Point.FIRST_TRAFFIC))
        .anyMatch(gate -> !letsPass(gate, move));
  }

  /// Whether a system said yes, or was silent for so long that it does not matter.
  private static boolean letsPass(GateSpec gate, Taken move) {
    return move.seen().gates().get(gate.name()) instanceof Seen.GateAnswer.Open
        || (gate.onTimeout() == GateSpec.OnTimeout.PASS
            && Walk.inner(move.from()) instanceof Progressing(_, _, StepPhase.Gated in)
            && !move.now().isBefore(in.since().plus(gate.timeout().orElseThrow())));
  }

  /// A no belongs to a gate at which people are asked, now or later in this rollout.
  private static boolean rejectedUnasked(Taken move) {
    if (!move.asked(Command.Verb.REJECT)) {
      return false;
    }
    var named = move.seen().command().orElseThrow().gate();
    return Rollout.gates(move.plan(), move.from()).stream()
        .filter(standing -> standing.gate().kind() == GateSpec.Kind.APPROVAL)
        .filter(standing -> named.isEmpty() || named.get().equals(standing.gate().name()))
        .filter(
            standing ->
                standing.asked().isPresent()
                    || (named.isPresent() && standing.gate().at() != GateSpec.Point.STEP))
        .findAny()
        .isEmpty();
  }

  private static boolean refusedUnasked(Taken move) {
    return move.from() instanceof Waiting
        && (move.seen().suspended() || move.seen().mayNotStart().isPresent())
        && move.to() instanceof Failed;
  }

  private static boolean removedEarly(Taken move) {
    return move.seen().canary() instanceof Seen.Canary.Present
        && move.after().canary() instanceof Wanted.Canary.None
        && !(move.before().canary() instanceof Wanted.Canary.None)
        && !move.look().withdrawn();
  }

  private static boolean shrunkEarly(Taken move) {
    return move.after().canary() instanceof Wanted.Canary.Running(_, var split, _, var surplus)
        && surplus == Wanted.Canary.Surplus.REMOVED
        && !(move.look().confirmed(split) && move.look().stableServes());
  }

  private static boolean roseInPause(Taken move) {
    if (!(move.from() instanceof Paused at)
        || move.asked(Command.Verb.RESUME, Command.Verb.PROMOTE)
        || (at.by() == Paused.Reason.SUSPENDED && !move.seen().suspended())
        || move.look().onlyCanaryServes()) {
      return false;
    }
    var before = move.before().split();
    var after = move.after().split();
    return before.isPresent() && after.isPresent() && after.get().canary() > before.get().canary();
  }

  /// In a pause the same is asked as without it, but for gates that only let a rollout go on.
  private static boolean unprotected(Stop stop) {
    if (!(stop.state() instanceof Paused at)) {
      return false;
    }
    var asked = Rollout.questions(stop.plan(), at, stop.now());
    var moving = Rollout.questions(stop.plan(), at.in(), stop.now());
    var stops = names(stop.plan().gatesAt(GateSpec.Point.ROLLBACK));
    stops.retainAll(moving.gates());
    return !asked.round().equals(moving.round())
        || asked.evidence() != moving.evidence()
        || !asked.gates().equals(stops);
  }

  private static Set<String> names(List<GateSpec> gates) {
    return gates.stream().map(GateSpec::name).collect(Collectors.toCollection(HashSet::new));
  }

  /// Where the canary's traffic is held and judged, a round is due within every interval.
  private static boolean unmeasured(Stop stop) {
    var in = Walk.inner(stop.state());
    var judged =
        in instanceof Progressing(_, int step, StepPhase.Holding _)
            ? loads(stop.plan(), step)
            : in instanceof WaitingPromotion && loads(stop.plan(), stop.plan().lastStep());
    return stop.plan().checks() && judged && stop.soon().round().isEmpty();
  }

  private static boolean loads(Plan plan, int step) {
    return plan.steps().get(step).split().loadsCanary();
  }

  /// In every state in which the canary has traffic that is compared with stable's.
  private static boolean condemnedStays(Taken move) {
    var evidence = move.seen().evidence();
    return evidence.isPresent()
        && evidence.get().rollout() == 1
        && isExposed(move)
        && trial(move.from()).filter(trial -> !trial.skipsSteps()).isPresent()
        && isTriedOn(move);
  }

  private static boolean unwantedStays(Taken move) {
    return !move.seen().gates().isEmpty()
        && move.seen().command().isEmpty()
        && move.plan().gatesAt(GateSpec.Point.ROLLBACK).stream()
            .anyMatch(gate -> move.seen().gates().get(gate.name()) instanceof Seen.GateAnswer.Open)
        && isExposed(move)
        && isTriedOn(move)
        && !(move.to() instanceof RolloutState.Reverting);
  }

  private static boolean isExposed(Taken move) {
    var split = move.before().split();
    return split.isPresent() && split.get().loadsCanary() && !move.look().onlyCanaryServes();
  }

  private static Optional<Trial> trial(RolloutState state) {
    return switch (Walk.inner(state)) {
      case Progressing at -> Optional.of(at.trial());
      case WaitingPromotion at -> Optional.of(at.trial());
      case Promoting(var trial, Handover.Scaling _) -> Optional.of(trial);
      case Promoting(var trial, Handover.Routing _) -> Optional.of(trial);
      // The target has it by now: there is nothing left to compare with.
      case Promoting(_, Handover.Rolling _) -> Optional.empty();
      case RolloutState.Initializing _,
          RolloutState.Initialized _,
          RolloutState.Succeeded _,
          Waiting _,
          RolloutState.Finalising _,
          RolloutState.Reverting _,
          Failed _,
          PromotionFailed _,
          Paused _,
          RolloutState.Bypassed _,
          Terminating _ ->
          Optional.empty();
    };
  }

  /// Whether the revision is still on trial, though it was looked at for what it does.
  private static boolean isTriedOn(Taken move) {
    var suspending = move.to() instanceof Paused != move.from() instanceof Paused;
    var tried = Walk.tried(move.from());
    return tried.isPresent()
        && trial(move.from()).isPresent()
        && !suspending
        && Objects.equals(Walk.tried(move.to()), tried);
  }

  private static boolean startedBlind(Taken move) {
    return move.seen().target() instanceof Seen.Target.Unknown
        && !move.seen().deleting()
        && !move.to().equals(move.from())
        && !(move.to() instanceof Failed)
        && !(move.from() instanceof Terminating);
  }

  private static boolean unanswered(Taken move) {
    return move.seen().command().isPresent()
        && !move.seen().deleting()
        && move.seen().target() instanceof Seen.Target.Present target
        && target.bypass().isEmpty()
        && !target.remade()
        && !(move.from() instanceof Terminating)
        && move.decision().answer().isEmpty();
  }

  /// Deciding again at the same time with the same sight must come to an end.
  private static boolean spins(Taken move) {
    // Every state that an event leads to is walked with the plain sights as well.
    if (!move.plain() || move.stays()) {
      return false;
    }
    var state = move.to();
    for (int i = 0; i < 12; i++) {
      var next = Rollout.decide(move.plan(), state, move.seen(), move.now()).next();
      if (next.equals(state)) {
        return false;
      }
      state = next;
    }
    return true;
  }

  private static boolean unheld(Taken move) {
    return (move.to() instanceof Progressing
            || move.to() instanceof WaitingPromotion
            || move.to() instanceof Waiting
            || move.to() instanceof Promoting(_, Handover.Scaling _)
            || move.to() instanceof Promoting(_, Handover.Routing _))
        && !(move.after().target() instanceof Wanted.Target.Held);
  }

  private static boolean countedBlind(Taken move) {
    var blind =
        move.seen().round().isPresent()
            && move.seen().round().get().assessments().stream()
                .allMatch(assessment -> assessment.verdict().holdsStep());
    return blind
        && move.from() instanceof Progressing(var before, _, StepPhase.Holding from)
        && move.to() instanceof Progressing(var after, _, StepPhase.Holding to)
        && (after.failedChecks() != before.failedChecks() || to.passed() != from.passed());
  }

  /// Whatever is to be asked within an interval has somebody who looks by then, in a pause, too.
  private static boolean sleeps(Taken move) {
    if (!move.stays() || move.seen().deleting()) {
      return false;
    }
    var holds = move.from() instanceof Progressing(_, _, StepPhase.Holding _);
    var waits = holds || move.soon().round().isPresent() || !move.soon().gates().isEmpty();
    return waits
        && move.decision()
            .lookAgain()
            .filter(in -> holds || in.compareTo(move.plan().interval()) <= 0)
            .isEmpty();
  }

  private static final Map<Outcome.Kind, Announcement.Kind> TELLS =
      Map.of(
          Outcome.Kind.Promoted, Announcement.Kind.Promoted,
          Outcome.Kind.RolledBack, Announcement.Kind.RolledBack,
          Outcome.Kind.Reverted, Announcement.Kind.Reverted,
          Outcome.Kind.Superseded, Announcement.Kind.Superseded,
          Outcome.Kind.PromotionFailed, Announcement.Kind.PromotionFailed,
          Outcome.Kind.Released, Announcement.Kind.Terminating);

  /// The last thing that is told about a decision is what carries its outcome.
  private static boolean toldWrong(Taken move) {
    var outcome = move.decision().outcome();
    var told = move.decision().announcements();
    return outcome.isPresent()
        && (told.isEmpty() || told.getLast().kind() != TELLS.get(outcome.get().kind()));
  }

  private static void holds(String rule) {
    assertThat(BROKEN.get(rule)).as(rule).isNull();
  }

  @Test
  void canaryGetsTrafficOnlyWhenItServes() {
    holds("canary without serving pods gets traffic");
  }

  @Test
  void nothingGetsTrafficThatCannotServeWhileAnotherCan() {
    holds("traffic goes where nobody serves");
  }

  @Test
  void trafficRisesOnlyToACanaryThatIsLargeEnough() {
    holds("traffic rises before the canary is ready");
  }

  @Test
  void beingWokenEarlyNeverAdvances() {
    holds("an early wake-up advanced");
  }

  @Test
  void rejectedRevisionIsNotTriedAgainUnasked() {
    holds("a rejected revision is tried unasked");
  }

  @Test
  void onlyTheRevisionOnTrialIsEverReleased() {
    holds("something else than the analysed revision is released");
  }

  @Test
  void promotionNeedsAllStepsOrAPerson() {
    holds("promotion without proof");
  }

  @Test
  void canaryIsRemovedOnlyAfterItsTrafficIsConfirmedGone() {
    holds("the canary is removed before its traffic is gone");
  }

  @Test
  void pauseNeverLetsTrafficRise() {
    holds("a pause let traffic rise");
  }

  @Test
  void condemnedCanaryIsRolledBackAtOnceEvenWhenPaused() {
    holds("a condemned canary stays");
  }

  @Test
  void unreadableTargetStartsNothing() {
    holds("an unreadable target started something");
  }

  @Test
  void everyCommandIsAnswered() {
    holds("a command was not answered");
  }

  @Test
  void decidingAgainComesToRest() {
    holds("spins without an event");
  }

  @Test
  void targetIsHeldWhileARevisionIsOnTrial() {
    holds("the target is held by nobody while a revision is on trial");
  }

  @Test
  void missingMetricsNeitherPassNorFail() {
    holds("an unavailable metric was counted");
  }

  @Test
  void stepThatWaitsForTimeIsLookedAtAgain() {
    holds("nobody looks again");
  }

  @Test
  void analysisIsUndecidedOnlyAfterItsTime() {
    holds("an analysis was undecided before its time");
  }

  @Test
  void promotionNeedsThePeopleOfThePlan() {
    holds("promotion without the people it needs");
  }

  @Test
  void eachStepNeedsItsOwnApprovals() {
    holds("a step began without its own approvals");
  }

  @Test
  void noStepPassesASystemThatDidNotLetIt() {
    holds("a step began though a system did not let it");
  }

  @Test
  void rolloutIsRejectedOnlyWherePeopleAreAsked() {
    holds("a no was followed where nobody was asked");
  }

  @Test
  void gateWaitsOnlyWhileItCanBeAsked() {
    holds("a gate ran out of time while nobody could be asked");
  }

  @Test
  void canaryShrinksOnlyAfterItsSplitIsConfirmed() {
    holds("pods are taken from a canary before its split is confirmed");
  }

  @Test
  void pauseNeverStopsProtection() {
    holds("a pause stopped protection");
  }

  @Test
  void trafficIsMeasuredWheneverItIsHeld() {
    holds("traffic is not measured");
  }

  @Test
  void gateThatAsksForARollbackGetsIt() {
    holds("a canary stays that a gate wants rolled back");
  }

  @Test
  void targetIsAdoptedOnlyWhenItsRouteIsConfirmed() {
    holds("a target is adopted before its route is there");
  }

  @Test
  void oneAnnouncementCarriesTheOutcome() {
    holds("an outcome is told by something else");
  }

  @Test
  void everyStateCanEnd() {
    assertThat(walks.values()).allSatisfy(walk -> assertThat(walk.stuck()).isEmpty());
  }

  @Test
  void everyStateAndPartOfItIsReached() {
    var all =
        Stream.of(
                Stream.of(RolloutState.class.getPermittedSubclasses()).map(Class::getSimpleName),
                Stream.of(StepPhase.class.getPermittedSubclasses()).map(Class::getSimpleName),
                Stream.of(Withdrawal.class.getPermittedSubclasses()).map(Class::getSimpleName),
                Stream.of(Handover.class.getPermittedSubclasses())
                    .map(part -> "Handover." + part.getSimpleName()))
            .flatMap(names -> names)
            .toList();

    assertThat(walks.values().stream().flatMap(walk -> walk.parts.stream()).distinct())
        .containsExactlyInAnyOrderElementsOf(all);
    assertThat(states()).isGreaterThan(LEAST_STATES);
  }

  /// What a plan cannot decide, and what somebody else made of a target at rest, is found out and
  /// told outside of the machine.
  @Test
  void everyAnnouncementIsReached() {
    var outside =
        EnumSet.of(
            Announcement.Kind.Underpowered,
            Announcement.Kind.Bursty,
            Announcement.Kind.PauseLifted);
    assertThat(walks.values().stream().flatMap(walk -> walk.told.stream()).distinct())
        .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(outside));
  }

  @Test
  void everyOutcomeIsReached() {
    assertThat(walks.values().stream().flatMap(walk -> walk.outcomes.stream()).distinct())
        .containsExactlyInAnyOrder(Outcome.Kind.values());
  }
}
