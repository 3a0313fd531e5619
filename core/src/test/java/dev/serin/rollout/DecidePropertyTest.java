package dev.serin.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.judge.Verdict;
import dev.serin.rollout.RolloutState.Failed;
import dev.serin.rollout.RolloutState.Initialized;
import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.Promoting;
import dev.serin.rollout.RolloutState.StepPhase;
import dev.serin.rollout.RolloutState.Succeeded;
import dev.serin.rollout.RolloutState.Terminating;
import dev.serin.status.StatusCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/// Whatever is seen in whatever order, also what never comes together and a clock that jumps: the
/// machine does no harm, and comes to rest once the world is well. The walk of [RolloutSafetyTest]
/// knows every state; this knows long histories and odd worlds.
class DecidePropertyTest {
  private static final List<Seen.Target> TARGETS = Sights.targets();
  private static final List<Seen.Canary> CANARIES = Sights.canaries();
  private static final List<Plan> PLANS = List.copyOf(Plans.all().values());
  private static final int LONG = 400;

  /// One look, as numbers that stand for what is seen.
  record Moment(
      int seconds,
      int target,
      int canary,
      int route,
      Optional<Verdict> verdict,
      Optional<Integer> gate,
      Optional<Command.Verb> verb,
      String by,
      boolean suspended,
      boolean condemned,
      boolean mayStart,
      Odd odd) {}

  /// What is seldom seen.
  ///
  /// @param named number of the gate that an approval or a rejection names: those of the plan, that
  ///   of an undecided analysis, one that does not exist; empty when none is named
  record Odd(
      boolean deleting,
      boolean contradicts,
      boolean held,
      boolean exposed,
      Optional<Integer> named) {}

  @Property(tries = 1500, seed = "20261129", edgeCases = EdgeCasesMode.NONE)
  void anyHistoryIsSafeAndEnds(
      @ForAll("plans") Plan plan, @ForAll("histories") List<Moment> history) {
    var state = Rollout.beginning(Walk.ORIGIN);
    var now = Walk.ORIGIN;
    for (var moment : history) {
      now = now.plusSeconds(moment.seconds());
      var seen = seen(plan, state, moment, now);
      var decision = Rollout.decide(plan, state, seen, now);
      safe(plan, state, seen, now, decision);
      state = decision.next();
    }

    comesToRest(plan, state, now);
  }

  private static void safe(
      Plan plan, RolloutState state, Seen seen, Instant now, Decision decision) {
    var next = decision.next();
    var look = new Look(plan, seen, now, false);
    var wanted = Rollout.wanted(plan, next, seen);
    var split = wanted.split();

    assertThat(StatusCodec.decode(StatusCodec.encode(next)))
        .isEqualTo(new StatusCodec.Stored.State(next));
    if (split.isPresent() && split.get().reachesCanary() && look.stableServes()) {
      assertThat(look.canaryServes()).as("the canary serves in %s", next).isTrue();
    }
    if (next instanceof Paused(var in, _, _)) {
      assertThat(in).isNotInstanceOf(Paused.class);
    }
    if (next instanceof Promoting at
        && wanted.target() instanceof Wanted.Target.Released released) {
      assertThat(released.revision()).isEqualTo(at.trial().revision());
    }
    if (!next.equals(state) && Walk.tried(next).isPresent()) {
      assertThat(seen.target())
          .as("what moves a trial on is readable, or a rollback")
          .isNotInstanceOf(Seen.Target.Unknown.class);
    }
    if (decision.outcome().isPresent()) {
      assertThat(decision.announcements()).isNotEmpty();
    }
    assertThat(decision.lookAgain().filter(java.time.Duration::isNegative)).isEmpty();
    assertThat(Rollout.gates(plan, next)).allSatisfy(gate -> assertThat(gate.gate()).isNotNull());
    leavesWhenDeleted(seen, next);
    heedsObstacles(state, seen, decision);
    rejectsWhereItWasAsked(plan, state, seen, decision);
  }

  private static void leavesWhenDeleted(Seen seen, RolloutState next) {
    if (seen.deleting()) {
      assertThat(next).isInstanceOf(Terminating.class);
    }
  }

  /// No step is passed while traffic contradicts the weight or the world forbids it, unless a
  /// person ends it.
  private static void heedsObstacles(RolloutState state, Seen seen, Decision decision) {
    var hindered = seen.proof() instanceof Seen.Proof.Contradicts || seen.hold().isPresent();
    if (hindered
        && !isAccepted(decision)
        && state instanceof Progressing before
        && before.in() instanceof StepPhase.Holding
        && decision.next() instanceof Progressing after) {
      assertThat(after.step()).isLessThanOrEqualTo(before.step());
    }
  }

  /// A no ends a rollout, and belongs to a gate at which people are asked.
  private static void rejectsWhereItWasAsked(
      Plan plan, RolloutState state, Seen seen, Decision decision) {
    var command = seen.command().filter(said -> said.verb() == Command.Verb.REJECT);
    if (command.isEmpty() || !isAccepted(decision)) {
      return;
    }
    assertThat(decision.next()).isInstanceOfAny(Failed.class, RolloutState.Reverting.class);
    assertThat(Rollout.gates(plan, state))
        .filteredOn(standing -> standing.gate().kind() == GateSpec.Kind.APPROVAL)
        .extracting(standing -> standing.gate().name())
        .anyMatch(
            name -> command.get().gate().isEmpty() || command.get().gate().get().equals(name));
  }

  private static boolean isAccepted(Decision decision) {
    return decision.answer().filter(Command.Answer::accepted).isPresent();
  }

  /// The world does what is wanted, every check passes, every gate is open, and whoever is asked
  /// says yes.
  private static void comesToRest(Plan plan, RolloutState from, Instant then) {
    var state = from;
    var now = then;
    for (int i = 0; i < LONG; i++) {
      var seen = well(plan, state, now, i % 3 == 2 ? helps(plan, state) : Optional.empty());
      var decision = Rollout.decide(plan, state, seen, now);
      if (decision.next().equals(state) && isAtRest(state)) {
        return;
      }
      state = decision.next();
      now = now.plus(decision.lookAgain().orElse(plan.interval()));
    }
    assertThat(state).as("after %s looks, from %s", LONG, from).isNull();
  }

  private static Optional<Command> helps(Plan plan, RolloutState state) {
    var revision = Walk.tried(state);
    if (revision.isEmpty()) {
      return Optional.empty();
    }
    var lacking =
        Rollout.gates(plan, state).stream()
            .filter(gate -> gate.asked().isPresent() && gate.lacksApproval())
            .findFirst();
    var verb =
        state instanceof Paused
            ? Command.Verb.RESUME
            : lacking.isPresent() ? Command.Verb.APPROVE : Command.Verb.RESUME;
    var retried = state instanceof RolloutState.PromotionFailed ? Command.Verb.RETRY : verb;
    var by = lacking.filter(gate -> gate.approvedBy().contains("ann")).isPresent() ? "bob" : "ann";
    return Optional.of(
        new Command(
            "help", retried, revision.get(), lacking.map(gate -> gate.gate().name()), by, ""));
  }

  private static boolean isAtRest(RolloutState state) {
    return state instanceof Succeeded
        || (state instanceof Initialized at && at.withdrawal() instanceof Withdrawal.Done)
        || (state instanceof Failed at && at.withdrawal() instanceof Withdrawal.Done)
        || (state instanceof Terminating at && at.withdrawal() instanceof Withdrawal.Done);
  }

  private static Seen well(Plan plan, RolloutState state, Instant now, Optional<Command> command) {
    var revision =
        state instanceof RolloutState.Reverting at
            ? at.trial().stable()
            : Walk.tried(state).orElse(stands(state));
    var target = Sights.target(revision);
    var plain = Sights.seen(target, new Seen.Canary.Absent(), new Seen.Route.Absent());
    var wanted = Rollout.wanted(plan, state, plain);
    var canary = new Seen.Canary.Present(Walk.tried(state).orElse("A"), 2, Sights.FINE);
    var split =
        Rollout.wanted(plan, state, Sights.seen(target, canary, new Seen.Route.Absent())).split();
    return new Seen(
        target,
        wanted.canary() instanceof Wanted.Canary.None ? new Seen.Canary.Absent() : canary,
        new Seen.Route.Confirmed(split.orElse(TrafficSplit.toStable())),
        Rollout.questions(plan, state, now)
            .round()
            .map(id -> new Seen.Round(id, List.of(Ride.says(Verdict.PASSED)))),
        Optional.empty(),
        new Seen.Proof.Agrees(),
        opens(plan),
        command,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        1,
        List.of());
  }

  private static String stands(RolloutState state) {
    return switch (state) {
      case Initialized at -> at.stable();
      case Succeeded at -> at.stable();
      case Failed at -> at.reverted() ? at.stable() : at.revision();
      case RolloutState.Initializing at -> at.adopting().orElse("S");
      case Terminating at -> at.stable().orElse("S");
      case RolloutState.Waiting _,
          RolloutState.Progressing _,
          RolloutState.WaitingPromotion _,
          Promoting _,
          RolloutState.Finalising _,
          RolloutState.Reverting _,
          RolloutState.PromotionFailed _,
          Paused _,
          RolloutState.Bypassed _ ->
          "S";
    };
  }

  private static Map<String, Seen.GateAnswer> opens(Plan plan) {
    var open = new HashMap<String, Seen.GateAnswer>();
    plan.gates().stream()
        .filter(gate -> gate.kind() != GateSpec.Kind.APPROVAL)
        .filter(gate -> gate.at() != GateSpec.Point.ROLLBACK)
        .forEach(gate -> open.put(gate.name(), new Seen.GateAnswer.Open()));
    return open;
  }

  private static Seen seen(Plan plan, RolloutState state, Moment moment, Instant now) {
    var target = TARGETS.get(moment.target() % TARGETS.size());
    var canary = CANARIES.get(moment.canary() % CANARIES.size());
    var plain = Sights.seen(target, canary, new Seen.Route.Absent());
    var routes = Sights.routes(Rollout.wanted(plan, state, plain).split());
    var gates = new HashMap<String, Seen.GateAnswer>();
    moment.gate().ifPresent(answer -> answer(plan, answer, now, gates));
    var odd = moment.odd();
    return new Seen(
        target,
        canary,
        routes.get(moment.route() % routes.size()),
        moment.verdict().flatMap(verdict -> round(plan, state, verdict, now)),
        moment.condemned() ? Optional.of(new Seen.Condemned(1, "worse")) : Optional.empty(),
        odd.contradicts()
            ? new Seen.Proof.Contradicts("30 % observed, 10 % wanted")
            : new Seen.Proof.Agrees(),
        gates,
        moment.verb().map(verb -> command(plan, state, verb, moment)),
        moment.suspended(),
        odd.deleting(),
        moment.mayStart() ? Optional.empty() : Optional.of("the window opens at 9:00"),
        odd.held() ? Optional.of("the autoscaler is contested") : Optional.empty(),
        1,
        odd.exposed() ? List.of("ConfigMap web") : List.of());
  }

  private static Optional<Seen.Round> round(
      Plan plan, RolloutState state, Verdict verdict, Instant now) {
    return Rollout.questions(plan, state, now)
        .round()
        .map(id -> new Seen.Round(id, List.of(Ride.says(verdict))));
  }

  private static void answer(
      Plan plan, int answer, Instant now, Map<String, Seen.GateAnswer> gates) {
    var said =
        switch (answer % 3) {
          case 0 -> new Seen.GateAnswer.Open();
          case 1 -> new Seen.GateAnswer.Closed("not yet", now);
          default -> new Seen.GateAnswer.Silent("connection refused");
        };
    plan.gates().stream()
        .filter(gate -> gate.kind() != GateSpec.Kind.APPROVAL)
        .forEach(gate -> gates.put(gate.name(), said));
  }

  private static Command command(Plan plan, RolloutState state, Command.Verb verb, Moment moment) {
    var gate =
        switch (verb) {
          case APPROVE, REJECT -> moment.odd().named().map(number -> gate(plan, number));
          case PROMOTE, ABORT, PAUSE, RESUME, RETRY, SKIP_STEP -> Optional.<String>empty();
        };
    return new Command("c", verb, Walk.tried(state).orElse("A"), gate, moment.by(), "");
  }

  private static String gate(Plan plan, int number) {
    var names = new ArrayList<>(plan.gates().stream().map(GateSpec::name).toList());
    names.add(GateSpec.UNDECIDED.name());
    names.add("nobody");
    return names.get(number % names.size());
  }

  @Provide
  Arbitrary<Plan> plans() {
    return Arbitraries.of(PLANS);
  }

  /// A revision as a rule stands before another one comes, or there would be nothing to try.
  @Provide
  Arbitrary<List<Moment>> histories() {
    return Combinators.combine(
            looks("S").list().ofMaxSize(4), looks("A").list().ofMinSize(1).ofMaxSize(60))
        .as((before, then) -> Stream.concat(before.stream(), then.stream()).toList());
  }

  /// @param revision that the target carries as a rule
  private static Arbitrary<Moment> looks(String revision) {
    // Most looks find the world as it should be, or no history would get far.
    var target =
        Arbitraries.frequencyOf(
            Tuple.of(20, Arbitraries.of(target(revision))),
            Tuple.of(1, Arbitraries.of(target("S"))),
            Tuple.of(3, Arbitraries.integers().between(0, TARGETS.size() - 1)));
    var canary =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.just(4)), Tuple.of(1, Arbitraries.integers().between(0, 5)));
    var route =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.just(0)), Tuple.of(1, Arbitraries.integers().between(0, 4)));
    var seconds =
        Arbitraries.frequencyOf(
            Tuple.of(8, Arbitraries.of(0, 1, 5, 10, 30)),
            Tuple.of(1, Arbitraries.of(-20, -1, 3600, 400_000)));
    var rest =
        Combinators.combine(
                Arbitraries.of(Verdict.values()).optional(0.7),
                Arbitraries.integers().between(0, 2).optional(0.6),
                Arbitraries.of(Command.Verb.values()).optional(0.2),
                Arbitraries.of("ann", "bob"),
                rarely(),
                rarely(),
                rarely())
            .as(Said::new);
    var odd =
        Combinators.combine(
                // A Canary that is deleted comes to nothing any more.
                Arbitraries.frequency(Tuple.of(150, false), Tuple.of(1, true)),
                rarely(),
                rarely(),
                rarely(),
                Arbitraries.integers().between(0, 11).optional(0.8))
            .as(Odd::new);
    return Combinators.combine(seconds, target, canary, route, rest, odd)
        .as(
            (wait, at, copy, way, said, seldom) ->
                new Moment(
                    wait,
                    at,
                    copy,
                    way,
                    said.verdict(),
                    said.gate(),
                    said.verb(),
                    said.by(),
                    said.suspended(),
                    said.condemned(),
                    !said.waits(),
                    seldom));
  }

  /// What is said in a look, besides the world at large.
  record Said(
      Optional<Verdict> verdict,
      Optional<Integer> gate,
      Optional<Command.Verb> verb,
      String by,
      boolean suspended,
      boolean condemned,
      boolean waits) {}

  private static Arbitrary<Boolean> rarely() {
    return Arbitraries.frequency(Tuple.of(12, false), Tuple.of(1, true));
  }

  private static int target(String revision) {
    return TARGETS.indexOf(Sights.target(revision));
  }
}
