package dev.serin.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.rollout.RolloutState.Handover;
import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.Promoting;
import dev.serin.rollout.RolloutState.StepPhase;
import dev.serin.rollout.RolloutState.Waiting;
import dev.serin.rollout.RolloutState.WaitingPromotion;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What each command does in each phase, and the words by which it is refused.
class OrdersTest {
  private static final Instant START = Ride.START;
  private static final Duration UNIT = Plans.UNIT;

  /// People are asked before the rollout, before its second step, and before promotion.
  private static final Plan PLAN = plan();

  private static Plan plan() {
    var of = Plans.weights();
    return new Plan(
        List.of(of.steps().get(0), of.steps().get(1).behind("lead")),
        of.interval(),
        of.threshold(),
        of.progressDeadline(),
        of.maxDuration(),
        of.drain(),
        of.returnWeights(),
        List.of(
            people("start", GateSpec.Point.ROLLOUT),
            people("lead", GateSpec.Point.STEP),
            people("boss", GateSpec.Point.PROMOTION)),
        of.onInconclusive(),
        of.checks(),
        of.skipAnalysis());
  }

  private static GateSpec people(String name, GateSpec.Point at) {
    return new GateSpec(
        name,
        at,
        GateSpec.Kind.APPROVAL,
        1,
        List.of("ann"),
        Optional.empty(),
        GateSpec.OnTimeout.ROLLBACK);
  }

  private static Trial trial(Trial.Mode mode) {
    return Trial.begin(1, "A", "S", START, mode, List.of());
  }

  private static final Trial TRIAL = trial(Trial.Mode.ANALYSED);
  private static final TrafficSplit LAST = PLAN.steps().getLast().split();

  private static RolloutState state(String name) {
    return Objects.requireNonNull(states().get(name), name);
  }

  private static Map<String, RolloutState> states() {
    var waiting =
        new Waiting(
            "S",
            "A",
            START,
            Optional.of(START),
            Optional.empty(),
            Trial.Mode.ANALYSED,
            List.of(),
            new Withdrawal.Done());
    var holding =
        new Progressing(TRIAL, 0, new StepPhase.Holding(START, 0, START, Optional.empty()));
    var gated =
        new Progressing(
            TRIAL, 1, new StepPhase.Gated(START, PLAN.steps().getFirst().split(), START));
    var all = new LinkedHashMap<String, RolloutState>();
    all.put(
        "initializing",
        new RolloutState.Initializing(START, Optional.empty(), new Withdrawal.Done()));
    all.put("initialized", new RolloutState.Initialized("S", new Withdrawal.Done()));
    all.put("succeeded", new RolloutState.Succeeded("S"));
    all.put("waiting", waiting);
    all.put(
        "scaling",
        new Progressing(TRIAL, 0, new StepPhase.Scaling(START, TrafficSplit.toStable())));
    all.put("gated", gated);
    all.put("routing", new Progressing(TRIAL, 0, new StepPhase.Routing(START)));
    all.put("holding", holding);
    all.put(
        "hastened",
        new Progressing(
            trial(Trial.Mode.ORDERED), 0, new StepPhase.Scaling(START, TrafficSplit.toStable())));
    all.put("waiting promotion", new WaitingPromotion(TRIAL, START, START, false));
    all.put("undecided", new WaitingPromotion(TRIAL, START, START, true));
    all.put("promoting", new Promoting(TRIAL, new Handover.Rolling(START, LAST, START)));
    all.put(
        "finalising",
        new RolloutState.Finalising(TRIAL, 0, START, new Withdrawal.Returning(START)));
    all.put(
        "promoted", new RolloutState.Finalising(TRIAL, 0, START, new Withdrawal.Draining(START)));
    all.put(
        "reverting",
        new RolloutState.Reverting(TRIAL, "bad", START, false, Optional.empty(), List.of()));
    all.put("failed", new RolloutState.Failed("S", "A", "bad", false, new Withdrawal.Done()));
    all.put("reverted", new RolloutState.Failed("S", "A", "bad", true, new Withdrawal.Done()));
    all.put("promotion failed", new RolloutState.PromotionFailed(TRIAL, "bad", START, LAST));
    all.put("paused", new Paused(holding, START, Paused.Reason.COMMAND));
    all.put("paused at a gate", new Paused(gated, START, Paused.Reason.COMMAND));
    all.put("paused before", new Paused(waiting, START, Paused.Reason.COMMAND));
    all.put("suspended", new Paused(holding, START, Paused.Reason.SUSPENDED));
    all.put("suspended before", new Paused(waiting, START, Paused.Reason.SUSPENDED));
    all.put("bypassed", new RolloutState.Bypassed("hotfix", START));
    all.put(
        "terminating",
        new RolloutState.Terminating(
            Optional.empty(), START, false, false, new Withdrawal.Returning(START)));
    return all;
  }

  /// Said by ann without naming a gate. A word of [#WORDS] is why it is refused.
  private static final String TABLE =
      """
                        approve  reject   promote   abort    pause   resume    retry   skip-step
      initializing      rest     rest     rest      rest     rest    rest      rest    rest
      initialized       rest     rest     rest      rest     rest    rest      rest    rest
      succeeded         rest     rest     rest      rest     rest    rest      rest    rest
      waiting           yes      yes      yes       yes      yes     running   phase   phase
      scaling           name     name     yes       yes      yes     running   phase   early
      gated             yes      yes      yes       yes      yes     running   phase   gate
      routing           name     name     yes       yes      yes     running   phase   early
      holding           name     name     yes       yes      yes     running   phase   yes
      hastened          none     no-gate  yes       yes      yes     running   phase   skipped
      waiting-promotion yes      yes      yes       yes      yes     running   phase   phase
      undecided         yes      yes      yes       yes      yes     running   phase   phase
      promoting         phase    phase    under-way yes      phase   running   phase   phase
      finalising        phase    phase    under-way yes      phase   running   phase   phase
      promoted          phase    phase    under-way promoted phase   running   phase   phase
      reverting         phase    rejected phase     rejected phase   running   phase   phase
      failed            phase    rejected retry     rejected phase   running   yes     phase
      reverted          phase    rejected retry     rejected phase   running   apply   phase
      promotion-failed  phase    phase    yes       yes      phase   running   yes     phase
      paused            name     name     yes       yes      paused  yes       phase   phase
      paused-at-a-gate  yes      yes      yes       yes      paused  yes       phase   phase
      paused-before     yes      yes      yes       yes      paused  yes       phase   phase
      suspended         name     name     yes       yes      paused  suspended phase   phase
      suspended-before  yes      yes      phase     yes      paused  suspended phase   phase
      bypassed          rest     rest     rest      rest     rest    rest      rest    rest
      terminating       rest     rest     rest      rest     rest    rest      rest    rest
      """;

  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("rest", "no rollout is running; phase is PHASE"),
          Map.entry("phase", "VERB is not possible in phase PHASE"),
          Map.entry(
              "name",
              "no gate is asked now; one that is VERBed in advance has to be named: [boss]"),
          Map.entry("none", "nothing is left to approve now"),
          Map.entry(
              "no-gate", "no gate is left to say no at; `canary abort` ends a rollout anywhere"),
          Map.entry("running", "it is not paused"),
          Map.entry("paused", "it is paused already"),
          Map.entry("suspended", "spec.suspend is true; set it to false"),
          Map.entry("early", "step 1 of 2 (10 %) cannot be skipped before its traffic flows"),
          Map.entry(
              "gate",
              "step 2 of 2 (50 %) cannot be skipped before its traffic flows; it waits for approval"
                  + " lead (0 of 1). `canary promote` alone passes gates unasked"),
          Map.entry("skipped", "all steps are skipped already"),
          Map.entry("under-way", "the revision is being promoted already"),
          Map.entry("promoted", "the revision is promoted; apply the former template to go back"),
          Map.entry("rejected", "the revision is rejected already"),
          Map.entry("retry", "the revision is rejected; `canary retry` tries it again"),
          Map.entry(
              "apply", "the target does not carry revision A any more; apply it again first"));

  @Test
  void eachCommandInEachPhase() {
    var wanted = new StringBuilder();
    var lines = TABLE.lines().toList();
    var cells = lines.stream().skip(1).map(line -> line.trim().split(" +", -1)).toList();
    assertThat(cells).hasSameSizeAs(states().entrySet());

    var given = new StringBuilder();
    for (var row : cells) {
      var name = row[0].replace('-', ' ');
      var state = state(name);
      var columns = List.of(row).listIterator(1);
      for (var verb : Command.Verb.values()) {
        var cell = columns.next();
        wanted.append(line(name, verb, cell.equals("yes") ? "yes" : words(cell, verb, state)));
        given.append(line(name, verb, answer(state, verb, Optional.empty(), "ann")));
      }
    }

    assertThat(given.toString()).isEqualTo(wanted.toString());
  }

  private static String line(String state, Command.Verb verb, String answer) {
    return state + ", " + verb.word() + ": " + answer + "\n";
  }

  private static String words(String word, Command.Verb verb, RolloutState state) {
    assertThat(WORDS).containsKey(word);
    return WORDS
        .getOrDefault(word, "")
        .replace("VERBed", verb == Command.Verb.REJECT ? "rejected" : "approved")
        .replace("VERB", verb.word())
        .replace("PHASE", state.phase());
  }

  private static String answer(
      RolloutState state, Command.Verb verb, Optional<String> gate, String by) {
    var command = new Command("c", verb, "A", gate, by, "");
    var plain =
        Sights.seen(
            Sights.target("A"),
            new Seen.Canary.Present("A", 2, Sights.FINE),
            new Seen.Route.Absent());
    var split = Rollout.wanted(PLAN, state, plain).split().orElse(TrafficSplit.toStable());
    var seen =
        Sights.command(
            Sights.seen(plain.target(), plain.canary(), new Seen.Route.Confirmed(split)), command);
    var answer = Rollout.decide(PLAN, state, seen, START.plus(UNIT)).answer().orElseThrow();
    return answer.accepted() ? "yes" : answer.message();
  }

  @Test
  void everyVerbHasAColumn() {
    assertThat(TABLE.lines().findFirst().orElseThrow().trim().split(" +", -1))
        .containsExactly(
            Arrays.stream(Command.Verb.values()).map(Command.Verb::word).toArray(String[]::new));
  }

  /// Said with the name of a gate: what is answered at it, in the states in which people may be
  /// asked.
  @Test
  void gatesAreAnsweredWhereTheyAreAskedOrAhead() {
    var answers = new HashMap<String, String>();
    for (var gate : List.of("start", "lead", "boss", "nonesuch")) {
      answers.put(
          gate,
          List.of("waiting", "holding", "gated", "waiting promotion", "undecided", "hastened")
              .stream()
              .filter(
                  name -> {
                    var state = state(name);
                    var approved =
                        answer(state, Command.Verb.APPROVE, Optional.of(gate), "ann").equals("yes");
                    assertThat(
                            answer(state, Command.Verb.REJECT, Optional.of(gate), "ann")
                                .equals("yes"))
                        .as("%s is rejected where it may be approved: %s", gate, name)
                        .isEqualTo(approved);
                    return approved;
                  })
              .collect(Collectors.joining(", ")));
    }

    assertThat(answers)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "start",
                "waiting",
                "lead",
                "gated",
                "boss",
                "waiting, holding, gated, waiting promotion, undecided",
                "nonesuch",
                ""));
  }

  @Test
  void gateThatCannotBeMeantIsAnsweredWithThoseThatCan() {
    for (var verb : List.of(Command.Verb.APPROVE, Command.Verb.REJECT)) {
      var done = verb.word().toLowerCase(Locale.ROOT) + (verb == Command.Verb.REJECT ? "ed" : "d");
      var holding = state("holding");
      assertThat(answer(holding, verb, Optional.of("lead"), "ann"))
          .isEqualTo(
              "gate lead cannot be "
                  + done
                  + " now; these can be: [boss]. A gate before steps is asked anew before each of"
                  + " them");
      assertThat(answer(holding, verb, Optional.of("nonesuch"), "ann"))
          .isEqualTo("there is no gate nonesuch; these can be " + done + " now: [boss]");
    }
  }

  @Test
  void onlyApproversAnswerWhetherTheyNameTheGateOrNot() {
    for (var verb : List.of(Command.Verb.APPROVE, Command.Verb.REJECT)) {
      for (var gate : List.of(Optional.of("boss"), Optional.<String>empty())) {
        assertThat(answer(state("waiting promotion"), verb, gate, "eve"))
            .isEqualTo("eve is not among the approvers of boss: [ann]");
      }
    }
  }

  @Test
  void oneOfSeveralClosedGatesIsNamed() {
    var two =
        new Plan(
            PLAN.steps(),
            PLAN.interval(),
            PLAN.threshold(),
            PLAN.progressDeadline(),
            PLAN.maxDuration(),
            PLAN.drain(),
            PLAN.returnWeights(),
            List.of(
                people("boss", GateSpec.Point.PROMOTION),
                people("chief", GateSpec.Point.PROMOTION)),
            PLAN.onInconclusive(),
            true,
            false);
    for (var verb : List.of(Command.Verb.APPROVE, Command.Verb.REJECT)) {
      var ride = new Ride(two);
      ride.after(UNIT.multipliedBy(4));
      assertThat(ride.state).isInstanceOf(WaitingPromotion.class);

      assertThat(ride.command(verb).message())
          .isEqualTo("several gates are closed, name the one that is meant: [boss, chief]");
      ride.approve("boss", "ann");
      assertThat(ride.command(verb).message()).startsWith("gate chief");
    }
  }

  @Test
  void noAtAGateRejectsTheRevision() {
    var ride = new Ride(PLAN);
    var answer = ride.command(Command.Verb.REJECT, Optional.of("boss"), "ann");

    assertThat(answer.accepted()).isTrue();
    assertThat(ride.outcomes).hasSize(1);
    assertThat(ride.outcomes.getFirst().reason()).isEqualTo("gate boss rejected by ann");
  }

  @Test
  void whoeverApprovedInAdvanceMayStillSayNo() {
    var ride = new Ride(PLAN);
    ride.approve("boss", "ann");

    assertThat(ride.command(Command.Verb.REJECT, Optional.of("boss"), "ann").accepted()).isTrue();
  }

  @Test
  void noIsNoWayToAbortWhereNobodyIsAsked() {
    var ride = new Ride(Plans.weights());
    ride.after(Duration.ofSeconds(1));

    assertThat(ride.command(Command.Verb.REJECT).accepted()).isFalse();
    assertThat(ride.state).isInstanceOf(Progressing.class);
  }

  @Test
  void skippingAStepPassesNoGateBeforeIt() {
    var ride = new Ride(Plans.approvedSteps(2));
    ride.after(UNIT);
    ride.approve("lead", "ann");

    assertThat(ride.command(Command.Verb.SKIP_STEP).message())
        .contains("it waits for approval lead (1 of 2)");
    ride.approve("lead", "bob");
    assertThat(ride.command(Command.Verb.SKIP_STEP).accepted()).isTrue();
    assertThat(ride.last.waitingFor()).isEqualTo("approval lead (0 of 2)");
  }

  @Test
  void skippingAStepPassesNoSmokeTest() {
    var ride = new Ride(Plans.smoked());
    ride.gates.put("smoke", new Seen.GateAnswer.Closed("3 of 9 tests failed", ride.now));
    ride.look();

    assertThat(ride.command(Command.Verb.SKIP_STEP).message())
        .contains("it waits for", "smoke", "3 of 9 tests failed");
  }
}
