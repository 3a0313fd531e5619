package dev.serin.rollout;

import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.rollout.RolloutState.Initialized;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A rollout of revision A against stable S in a world that does what is wanted at once, unless a
/// test says otherwise.
final class Ride {
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final Plan plan;
  final List<Announcement> told = new ArrayList<>();
  final List<Outcome> outcomes = new ArrayList<>();
  final Map<String, Seen.GateAnswer> gates = new HashMap<>();
  final List<Questions> asked = new ArrayList<>();
  Instant now = START;
  RolloutState state = new Initialized("S", new Withdrawal.Done());
  Seen.Target.Present target = Sights.target("A");
  Seen.Canary canary = new Seen.Canary.Present("A", 2, Sights.FINE);
  Seen.Proof proof = new Seen.Proof.Agrees();
  List<Assessment> round = List.of(says(Verdict.PASSED));
  private Optional<Seen.Round> answered = Optional.empty();
  Optional<Seen.Condemned> evidence = Optional.empty();
  Optional<String> mayNotStart = Optional.empty();
  boolean suspended;
  Decision last;

  Ride(Plan plan) {
    this.plan = plan;
    this.last = look(Optional.empty());
  }

  static Assessment says(Verdict verdict) {
    return Assessment.of("success-rate", verdict, "it said " + verdict);
  }

  /// Looks after so much time, and at every moment before that was asked for.
  Ride after(Duration wait) {
    var until = now.plus(wait);
    while (last.lookAgain().isPresent() && now.plus(last.lookAgain().get()).isBefore(until)) {
      now = now.plus(max(last.lookAgain().get(), Duration.ofMillis(100)));
      look(Optional.empty());
    }
    now = until;
    look(Optional.empty());
    return this;
  }

  /// Looks once more at the same moment.
  Ride look() {
    look(Optional.empty());
    return this;
  }

  Command.Answer command(Command.Verb verb) {
    return command(verb, Optional.empty(), "ann");
  }

  Command.Answer approve(String gate, String by) {
    return command(Command.Verb.APPROVE, Optional.of(gate), by);
  }

  Command.Answer command(Command.Verb verb, Optional<String> gate, String by) {
    var command = new Command("c", verb, "A", gate, by, "");
    return look(Optional.of(command)).answer().orElseThrow();
  }

  private Decision look(Optional<Command> command) {
    var first = decide(command);
    last = first;
    for (int i = 0; i < 16 && last.lookAgain().equals(Optional.of(Duration.ZERO)); i++) {
      last = decide(Optional.empty());
    }
    return command.isPresent() ? first : last;
  }

  private Decision decide(Optional<Command> command) {
    var questions = Rollout.questions(plan, state, now);
    asked.add(questions);
    answered = questions.round().map(id -> new Seen.Round(id, round)).or(() -> answered);
    var plain = seen(new Seen.Route.Absent(), command);
    var split = Rollout.wanted(plan, state, plain).split().orElse(TrafficSplit.toStable());
    var decision = Rollout.decide(plan, state, seen(new Seen.Route.Confirmed(split), command), now);
    state = decision.next();
    told.addAll(decision.announcements());
    decision.outcome().ifPresent(outcomes::add);
    return decision;
  }

  /// What is wanted of the world now.
  Wanted wanted() {
    return Rollout.wanted(plan, state, seen(new Seen.Route.Absent(), Optional.empty()));
  }

  private Seen seen(Seen.Route route, Optional<Command> command) {
    return new Seen(
        target,
        canary,
        route,
        answered,
        evidence,
        proof,
        gates,
        command,
        suspended,
        false,
        mayNotStart,
        Optional.empty(),
        1,
        List.of());
  }

  List<String> toldKinds() {
    return told.stream().map(announcement -> announcement.kind().name()).toList();
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
