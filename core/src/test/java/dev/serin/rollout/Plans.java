package dev.serin.rollout;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Small plans that together use every feature of a plan. Adding one here has it walked.
final class Plans {
  static final Duration UNIT = Duration.ofSeconds(10);

  private Plans() {}

  static Plan weights() {
    return plan(
        List.of(weight(10), weight(50)), List.of(), List.of(), Plan.OnInconclusive.AUTO, false);
  }

  /// Its first step takes two rounds.
  static Plan twoRounds() {
    var first =
        new Step(
            TrafficSplit.toCanary(10), new Step.Scale.MatchWeight(), UNIT, 2, false, List.of());
    return plan(List.of(first, weight(50)), List.of(), List.of(), Plan.OnInconclusive.AUTO, false);
  }

  static Plan gated() {
    var steps =
        List.of(
            weight(10).behind("increase"),
            new Step(
                TrafficSplit.toCanary(60), new Step.Scale.Full(), UNIT, 1, true, List.of("lead")));
    var gates =
        List.of(
            gate(
                "window",
                GateSpec.Point.ROLLOUT,
                GateSpec.Kind.WEBHOOK,
                GateSpec.OnTimeout.ROLLBACK),
            gate(
                "smoke",
                GateSpec.Point.FIRST_TRAFFIC,
                GateSpec.Kind.CHECK,
                GateSpec.OnTimeout.PASS),
            gate("increase", GateSpec.Point.STEP, GateSpec.Kind.WEBHOOK, GateSpec.OnTimeout.PASS),
            gate("lead", GateSpec.Point.STEP, GateSpec.Kind.APPROVAL, GateSpec.OnTimeout.PASS),
            manager(),
            gate("stop", GateSpec.Point.ROLLBACK, GateSpec.Kind.WEBHOOK, GateSpec.OnTimeout.PASS));
    return plan(steps, List.of(25), gates, Plan.OnInconclusive.APPROVE, false);
  }

  /// Only what stands before the rollout and before steps; the other gates have plans of their own,
  /// or the walk would take every one of their combinations.
  private static Plan gatedSteps() {
    var all = gated();
    var others = Set.of("smoke", "manager", "stop");
    return plan(
        all.steps(),
        all.returnWeights(),
        all.gates().stream().filter(gate -> !others.contains(gate.name())).toList(),
        all.onInconclusive(),
        false);
  }

  static Plan blueGreen() {
    var mirrored =
        new Step(TrafficSplit.mirrored(100), new Step.Scale.Full(), UNIT, 1, false, List.of());
    var all =
        new Step(TrafficSplit.toCanary(100), new Step.Scale.Full(), UNIT, 0, false, List.of());
    return plan(List.of(mirrored, all), List.of(), List.of(), Plan.OnInconclusive.ROLLBACK, false);
  }

  static Plan unchecked() {
    return plan(List.of(weight(20)), List.of(), List.of(), Plan.OnInconclusive.PROMOTE, true);
  }

  /// An A/B test with matching requests, without a gate.
  static Plan matching() {
    var match =
        new RequestMatch(
            List.of(
                new RequestMatch.Condition(
                    RequestMatch.Source.HEADER,
                    "x-canary",
                    RequestMatch.Comparison.EXACT,
                    "insider")));
    var step =
        new Step(
            TrafficSplit.matching(List.of(match)),
            new Step.Scale.MatchWeight(),
            UNIT.multipliedBy(2),
            2,
            false,
            List.of());
    return plan(List.of(step), List.of(), List.of(), Plan.OnInconclusive.AUTO, false);
  }

  /// Users are kept where they are; copies first.
  static Plan keeping() {
    var kept = new Affinity("seen", Duration.ofHours(24));
    return plan(
        List.of(
            new Step(
                TrafficSplit.mirrored(30), new Step.Scale.MatchWeight(), UNIT, 1, false, List.of()),
            new Step(
                TrafficSplit.toCanary(50).with(kept),
                new Step.Scale.MatchWeight(),
                UNIT,
                1,
                false,
                List.of())),
        List.of(),
        List.of(),
        Plan.OnInconclusive.PROMOTE,
        false);
  }

  /// As explicit steps compile: sizes by number, moves without rounds, a pause at 0 % until
  /// somebody resumes it.
  static Plan sized() {
    var one = new Step.Scale.Fixed(1);
    var two = new Step.Scale.Fixed(2);
    return plan(
        List.of(
            new Step(TrafficSplit.toStable(), two, Duration.ZERO, 0, true, List.of()),
            new Step(TrafficSplit.toCanary(50), two, Duration.ZERO, 0, false, List.of()),
            new Step(TrafficSplit.toCanary(50), one, UNIT, 1, false, List.of())),
        List.of(),
        List.of(),
        Plan.OnInconclusive.ROLLBACK,
        false);
  }

  /// Nothing is measured.
  static Plan unmeasured() {
    var measured = weights();
    return new Plan(
        measured.steps(),
        measured.interval(),
        measured.threshold(),
        measured.progressDeadline(),
        measured.maxDuration(),
        measured.drain(),
        measured.returnWeights(),
        measured.gates(),
        measured.onInconclusive(),
        false,
        false);
  }

  /// Every rise of traffic needs one approval.
  static Plan approvedSteps() {
    return approvedSteps(1);
  }

  /// Every rise of traffic needs so many approvals.
  static Plan approvedSteps(int people) {
    var lead =
        new GateSpec(
            "lead",
            GateSpec.Point.STEP,
            GateSpec.Kind.APPROVAL,
            people,
            List.of("ann", "bob"),
            Optional.empty(),
            GateSpec.OnTimeout.ROLLBACK);
    return plan(
        List.of(weight(10).behind("lead"), weight(50).behind("lead")),
        List.of(),
        List.of(lead),
        Plan.OnInconclusive.AUTO,
        false);
  }

  /// Promotion needs an approval; an undecided analysis, too.
  static Plan gatedPromotion() {
    return plan(
        List.of(weight(50)), List.of(), List.of(manager()), Plan.OnInconclusive.APPROVE, false);
  }

  /// A smoke test without a deadline stands before the first traffic.
  static Plan smoked() {
    var smoke =
        new GateSpec(
            "smoke",
            GateSpec.Point.FIRST_TRAFFIC,
            GateSpec.Kind.CHECK,
            1,
            List.of(),
            Optional.empty(),
            GateSpec.OnTimeout.ROLLBACK);
    return plan(List.of(weight(50)), List.of(), List.of(smoke), Plan.OnInconclusive.AUTO, false);
  }

  /// A system may ask for a rollback at any time.
  static Plan stoppable() {
    var stop =
        gate("stop", GateSpec.Point.ROLLBACK, GateSpec.Kind.WEBHOOK, GateSpec.OnTimeout.PASS);
    return plan(
        List.of(weight(10), weight(100)),
        List.of(),
        List.of(stop),
        Plan.OnInconclusive.AUTO,
        false);
  }

  /// The analysis is skipped, but not the gates around it.
  static Plan skipping() {
    var window =
        gate("window", GateSpec.Point.ROLLOUT, GateSpec.Kind.WEBHOOK, GateSpec.OnTimeout.ROLLBACK);
    return plan(
        List.of(weight(20)), List.of(), List.of(window, manager()), Plan.OnInconclusive.AUTO, true);
  }

  /// Every plan that is walked; those first that take longest.
  static Map<String, Plan> all() {
    var plans = new LinkedHashMap<String, Plan>();
    plans.put("approvedSteps", approvedSteps(2));
    plans.put("gatedSteps", gatedSteps());
    plans.put("gatedPromotion", gatedPromotion());
    plans.put("weights", weights());
    plans.put("blueGreen", blueGreen());
    plans.put("unchecked", unchecked());
    plans.put("matching", matching());
    plans.put("keeping", keeping());
    plans.put("sized", sized());
    plans.put("unmeasured", unmeasured());
    plans.put("smoked", smoked());
    plans.put("stoppable", stoppable());
    plans.put("skipping", skipping());
    return plans;
  }

  /// A plan of these steps without gates.
  static Plan steps(Step... steps) {
    return plan(List.of(steps), List.of(), List.of(), Plan.OnInconclusive.AUTO, false);
  }

  static Step weight(int percent) {
    return Step.weight(percent, new Step.Scale.MatchWeight(), UNIT);
  }

  /// A pause at a weight until a person resumes it.
  static Step pause(int percent) {
    return new Step(
        TrafficSplit.toCanary(percent),
        new Step.Scale.MatchWeight(),
        Duration.ZERO,
        1,
        true,
        List.of());
  }

  private static GateSpec manager() {
    return gate(
        "manager", GateSpec.Point.PROMOTION, GateSpec.Kind.APPROVAL, GateSpec.OnTimeout.ROLLBACK);
  }

  private static GateSpec gate(
      String name, GateSpec.Point at, GateSpec.Kind kind, GateSpec.OnTimeout onTimeout) {
    return new GateSpec(name, at, kind, 1, List.of(), Optional.of(UNIT.multipliedBy(3)), onTimeout);
  }

  private static Plan plan(
      List<Step> steps,
      List<Integer> returnWeights,
      List<GateSpec> gates,
      Plan.OnInconclusive onInconclusive,
      boolean skipAnalysis) {
    return new Plan(
        steps,
        UNIT,
        2,
        UNIT.multipliedBy(3),
        UNIT.multipliedBy(3),
        UNIT,
        returnWeights,
        gates,
        onInconclusive,
        true,
        skipAnalysis);
  }
}
