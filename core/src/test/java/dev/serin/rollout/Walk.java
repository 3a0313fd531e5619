package dev.serin.rollout;

import dev.serin.rollout.RolloutState.Failed;
import dev.serin.rollout.RolloutState.Finalising;
import dev.serin.rollout.RolloutState.Initialized;
import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.Promoting;
import dev.serin.rollout.RolloutState.Succeeded;
import dev.serin.rollout.RolloutState.Terminating;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Every state that one plan can reach, with every possible sight, early and late.
final class Walk {
  static final Instant ORIGIN = Instant.parse("2026-01-01T00:00:00Z");
  private static final List<Duration> WAITS =
      List.of(Duration.ZERO, Plans.UNIT, Plans.UNIT.multipliedBy(3));

  private final Plan plan;
  private final Consumer<Taken> rules;
  private final Consumer<Stop> stops;
  private final Set<RolloutState> known = new LinkedHashSet<>();
  private final Map<RolloutState, Set<RolloutState>> edges = new HashMap<>();
  final Set<String> parts = new HashSet<>();
  final Set<Announcement.Kind> told = EnumSet.noneOf(Announcement.Kind.class);
  final Set<Outcome.Kind> outcomes = EnumSet.noneOf(Outcome.Kind.class);
  long moves;

  /// One state at one moment, whatever is seen.
  ///
  /// @param soon what is worth asking an interval later
  record Stop(Plan plan, RolloutState state, Instant now, Questions soon) {}

  /// One move of the walk.
  ///
  /// @param stays whether the state is the same after it
  /// @param soon what is worth asking an interval later, if it is
  /// @param plain whether nothing was seen but workloads and routes
  record Taken(
      Plan plan,
      RolloutState from,
      Seen seen,
      Instant now,
      Decision decision,
      boolean stays,
      Wanted before,
      Wanted after,
      Look look,
      Questions soon,
      boolean plain) {
    RolloutState to() {
      return decision.next();
    }

    boolean asked(Command.Verb... verbs) {
      return decision.answer().isPresent()
          && decision.answer().get().accepted()
          && Arrays.asList(verbs).contains(seen.command().orElseThrow().verb());
    }
  }

  private Walk(Plan plan, Consumer<Taken> rules, Consumer<Stop> stops) {
    this.plan = plan;
    this.rules = rules;
    this.stops = stops;
  }

  static Walk of(Plan plan, Consumer<Taken> rules, Consumer<Stop> stops) {
    var walk = new Walk(plan, rules, stops);
    walk.everywhere();
    return walk;
  }

  int states() {
    return known.size();
  }

  private void everywhere() {
    var todo = new ArrayDeque<RolloutState>();
    var start = Rollout.beginning(ORIGIN);
    known.add(start);
    todo.add(start);
    while (!todo.isEmpty()) {
      var from = todo.remove();
      note(from);
      var reached = edges.computeIfAbsent(from, _ -> new HashSet<>());
      for (var wait : WAITS) {
        from(from, ORIGIN.plus(wait), reached);
      }
      for (var next : reached) {
        if (known.add(next)) {
          todo.add(next);
        }
      }
    }
  }

  /// Which states and parts of states were reached, by their names.
  private void note(RolloutState state) {
    parts.add(state.phase());
    switch (state) {
      case Progressing at -> parts.add(at.in().getClass().getSimpleName());
      case Promoting at -> parts.add("Handover." + at.in().getClass().getSimpleName());
      case Paused at -> note(at.in());
      case Initialized at -> parts.add(at.withdrawal().getClass().getSimpleName());
      case Finalising _,
          Failed _,
          Succeeded _,
          Terminating _,
          RolloutState.Initializing _,
          RolloutState.Waiting _,
          RolloutState.WaitingPromotion _,
          RolloutState.Reverting _,
          RolloutState.PromotionFailed _,
          RolloutState.Bypassed _ -> {}
    }
  }

  private void from(RolloutState from, Instant now, Set<RolloutState> reached) {
    var soon = Rollout.questions(plan, from, now.plus(plan.interval()));
    stops.accept(new Stop(plan, from, now, soon));
    var late = now.equals(ORIGIN.plus(WAITS.getLast()));
    var followers = new HashSet<RolloutState>();
    // What happens in between is seen by the rest; the world at large at once and late.
    var worlds =
        late
            ? Sights.worlds(plan, from)
            : now.equals(ORIGIN) ? Sights.someWorlds(plan, from) : List.<Seen>of();
    for (var seen : worlds) {
      take(from, seen, now, true, soon, followers);
    }
    for (var seen : Sights.events(plan, from, now)) {
      take(from, seen, now, false, soon, followers);
    }
    reached.add(now.equals(ORIGIN) ? from : Canonical.of(from, now, ORIGIN));
    followers.forEach(next -> reached.add(Canonical.of(next, now, ORIGIN)));
  }

  private void take(
      RolloutState from,
      Seen seen,
      Instant now,
      boolean plain,
      Questions soon,
      Set<RolloutState> followers) {
    moves++;
    var decision = Rollout.decide(plan, from, seen, now);
    var next = decision.next();
    var before = Rollout.wanted(plan, from, seen);
    var stays = next.equals(from);
    rules.accept(
        new Taken(
            plan,
            from,
            seen,
            now,
            decision,
            stays,
            before,
            stays ? before : Rollout.wanted(plan, next, seen),
            new Look(plan, seen, now, false),
            soon,
            plain));
    decision.announcements().forEach(one -> told.add(one.kind()));
    decision.outcome().ifPresent(outcome -> outcomes.add(outcome.kind()));
    if (!stays) {
      followers.add(next);
    }
  }

  /// States from which no state of rest can be reached.
  List<RolloutState> stuck() {
    var back = new HashMap<RolloutState, List<RolloutState>>();
    edges.forEach(
        (from, all) ->
            all.forEach(to -> back.computeIfAbsent(to, _ -> new ArrayList<>()).add(from)));
    var ends = new HashSet<RolloutState>();
    var todo = new ArrayDeque<RolloutState>();
    known.stream().filter(Walk::isAtRest).forEach(todo::add);
    while (!todo.isEmpty()) {
      var state = todo.remove();
      if (ends.add(state)) {
        todo.addAll(back.getOrDefault(state, List.of()));
      }
    }
    return known.stream().filter(state -> !ends.contains(state)).toList();
  }

  private static boolean isAtRest(RolloutState state) {
    return state instanceof Succeeded
        || (state instanceof Initialized at && at.withdrawal() instanceof Withdrawal.Done)
        || (state instanceof Failed failed && failed.withdrawal() instanceof Withdrawal.Done)
        || (state instanceof Terminating leaving
            && leaving.withdrawal() instanceof Withdrawal.Done);
  }

  /// The revision on trial.
  static Optional<String> tried(RolloutState state) {
    return switch (state) {
      case RolloutState.Waiting at -> Optional.of(at.revision());
      case Progressing at -> Optional.of(at.trial().revision());
      case RolloutState.WaitingPromotion at -> Optional.of(at.trial().revision());
      case Promoting at -> Optional.of(at.trial().revision());
      case Finalising at -> Optional.of(at.trial().revision());
      case RolloutState.Reverting at -> Optional.of(at.trial().revision());
      case RolloutState.PromotionFailed at -> Optional.of(at.trial().revision());
      case Paused at -> tried(at.in());
      case RolloutState.Initializing _,
          Initialized _,
          Succeeded _,
          Failed _,
          RolloutState.Bypassed _,
          Terminating _ ->
          Optional.empty();
    };
  }

  /// A state without the pause around it.
  static RolloutState inner(RolloutState state) {
    return state instanceof Paused(var in, _, _) ? in : state;
  }
}
