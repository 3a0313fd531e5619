package dev.serin.rollout;

import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that can be seen: the alphabet of the exhaustive walk. Revisions are S (stable), A
/// and B.
final class Sights {
  static final Seen.Health FINE = new Seen.Health.Fine();
  static final Seen.Health SLOW = new Seen.Health.Slow("image is being pulled");
  static final Seen.Health BROKEN = new Seen.Health.Broken("CrashLoopBackOff, 3 restarts");

  private Sights() {}

  /// A target that carries a revision and is all right.
  static Seen.Target.Present target(String revision) {
    return new Seen.Target.Present(
        revision,
        Seen.Standing.NEW,
        false,
        true,
        true,
        true,
        true,
        2,
        true,
        FINE,
        Optional.empty());
  }

  private static Seen.Target.Present target(
      String revision,
      Seen.Standing standing,
      boolean steady,
      boolean serves,
      boolean keeps,
      Seen.Health health) {
    return new Seen.Target.Present(
        revision,
        standing,
        false,
        true,
        steady,
        steady,
        serves,
        2,
        keeps,
        health,
        Optional.empty());
  }

  /// A target without pods.
  ///
  /// @param wanted whether its owner wants none
  static Seen.Target.Present zero(boolean wanted) {
    return new Seen.Target.Present(
        "A",
        Seen.Standing.NEW,
        false,
        true,
        wanted,
        wanted,
        false,
        0,
        true,
        FINE,
        Optional.empty());
  }

  static List<Seen.Target> targets() {
    var all = new ArrayList<Seen.Target>();
    all.add(new Seen.Target.Unknown("the cache is not filled"));
    all.add(new Seen.Target.Missing());
    all.add(new Seen.Target.Unfit(List.of("spec.revisionHistoryLimit is 0")));
    for (var revision : List.of("S", "A", "B")) {
      all.add(target(revision));
      all.add(target(revision, Seen.Standing.NEW, false, true, true, FINE));
      all.add(target(revision, Seen.Standing.NEW, false, false, true, SLOW));
    }
    all.add(target("A", Seen.Standing.NEW, false, true, false, FINE));
    all.add(target("A", Seen.Standing.NEW, false, true, true, SLOW));
    all.add(target("A", Seen.Standing.NEW, false, true, true, BROKEN));
    all.add(target("A", Seen.Standing.NEW, false, false, true, BROKEN));
    all.add(target("S", Seen.Standing.NEW, false, false, true, BROKEN));
    all.add(target("A", Seen.Standing.REJECTED, false, true, true, FINE));
    all.add(target("B", Seen.Standing.REJECTED, false, true, true, FINE));
    all.add(target("B", Seen.Standing.PROVEN, false, true, true, FINE));
    all.add(zero(false));
    all.add(zero(true));
    all.add(
        new Seen.Target.Present(
            "S",
            Seen.Standing.NEW,
            true,
            false,
            true,
            true,
            true,
            2,
            true,
            FINE,
            Optional.empty()));
    all.add(
        new Seen.Target.Present(
            "S",
            Seen.Standing.NEW,
            false,
            false,
            true,
            true,
            true,
            2,
            true,
            FINE,
            Optional.empty()));
    all.add(
        new Seen.Target.Present(
            "A",
            Seen.Standing.NEW,
            false,
            true,
            true,
            false,
            true,
            2,
            true,
            FINE,
            Optional.of("hotfix")));
    return all;
  }

  static List<Seen.Canary> canaries() {
    return List.of(
        new Seen.Canary.Absent(),
        new Seen.Canary.Present("A", 0, FINE),
        new Seen.Canary.Present("A", 0, BROKEN),
        new Seen.Canary.Present("A", 1, FINE),
        new Seen.Canary.Present("A", 2, FINE),
        new Seen.Canary.Present("B", 2, FINE));
  }

  static List<Seen.Route> routes(Optional<TrafficSplit> wanted) {
    var all = new ArrayList<Seen.Route>();
    all.add(new Seen.Route.Confirmed(TrafficSplit.toStable()));
    all.add(new Seen.Route.Confirmed(TrafficSplit.toCanary(100)));
    all.add(new Seen.Route.Unconfirmed("generation 4 is not observed yet", true));
    all.add(new Seen.Route.Absent());
    wanted
        .map(Seen.Route.Confirmed::new)
        .filter(route -> !all.contains(route))
        .ifPresent(all::addFirst);
    return all;
  }

  private static final List<Seen.Target> TARGETS = targets();
  private static final List<Seen.Canary> CANARIES = canaries();

  /// The world at large: every target with every canary and every route; where the canary does not
  /// serve, with the routes that matter then.
  static List<Seen> worlds(Plan plan, RolloutState from) {
    var sights = new ArrayList<Seen>();
    for (var target : TARGETS) {
      for (var canary : CANARIES) {
        var plain = seen(target, canary, new Seen.Route.Absent());
        var serves = canary instanceof Seen.Canary.Present(_, int available, _) && available > 0;
        var routes = routes(Rollout.wanted(plan, from, plain).split());
        for (var route : serves ? routes : routes.subList(0, 3)) {
          sights.add(seen(target, canary, route));
        }
      }
    }
    return sights;
  }

  /// Some of them: what matters to a state that has just begun.
  static List<Seen> someWorlds(Plan plan, RolloutState from) {
    var sights = new ArrayList<Seen>();
    for (var target : TARGETS) {
      for (var canary : List.of(CANARIES.get(1), CANARIES.get(4))) {
        var plain = seen(target, canary, new Seen.Route.Absent());
        for (var route : routes(Rollout.wanted(plan, from, plain).split()).subList(0, 3)) {
          sights.add(seen(target, canary, route));
        }
      }
    }
    return sights;
  }

  /// What happens in worlds where the route is as it is wanted: everything where all is well, and
  /// what may make a difference where it is not.
  static List<Seen> events(Plan plan, RolloutState from, Instant now) {
    var sights =
        new ArrayList<>(
            extras(asWanted(plan, from, target("A"), CANARIES.get(4)), plan, from, now));
    for (var target : List.of(target("S"), target("A"), unserving(), target("B"))) {
      for (var canary : List.of(CANARIES.get(1), CANARIES.get(4))) {
        sights.addAll(few(asWanted(plan, from, target, canary), plan, from, now));
      }
    }
    return sights;
  }

  private static Seen asWanted(
      Plan plan, RolloutState from, Seen.Target target, Seen.Canary canary) {
    var plain = seen(target, canary, new Seen.Route.Absent());
    return seen(target, canary, routes(Rollout.wanted(plan, from, plain).split()).getFirst());
  }

  private static List<Seen> few(Seen base, Plan plan, RolloutState from, Instant now) {
    var all = new ArrayList<Seen>();
    Rollout.questions(plan, from, now)
        .round()
        .ifPresent(
            id -> all.add(with(base, new Seen.Round(id, List.of(says(Verdict.FAILED, false))))));
    all.add(evidence(base, 1));
    all.add(copy(base, base.proof(), Map.of(), true, false, Optional.empty(), Optional.empty()));
    all.add(copy(base, base.proof(), Map.of(), false, true, Optional.empty(), Optional.empty()));
    if (!plan.gates().isEmpty()) {
      all.add(
          copy(
              base,
              base.proof(),
              answers(plan, new Seen.GateAnswer.Open()),
              false,
              false,
              Optional.empty(),
              Optional.empty()));
    }
    for (var verb :
        List.of(
            Command.Verb.ABORT, Command.Verb.PROMOTE, Command.Verb.RESUME, Command.Verb.RETRY)) {
      all.add(said(base, verb, "A", Optional.empty(), "ann"));
    }
    return all;
  }

  private static Seen.Target unserving() {
    return target("A", Seen.Standing.NEW, false, false, true, FINE);
  }

  /// What can be seen besides workloads and routes, each on its own.
  static List<Seen> extras(Seen base, Plan plan, RolloutState state, Instant now) {
    var all = new ArrayList<Seen>();
    var asked = Rollout.questions(plan, state, now);
    asked
        .round()
        .ifPresent(
            id -> {
              all.add(with(base, new Seen.Round(id, List.of(says(Verdict.PASSED, true)))));
              all.add(with(base, new Seen.Round(id, List.of(says(Verdict.FAILED, false)))));
              all.add(with(base, new Seen.Round(id, List.of(says(Verdict.CONDEMNED, false)))));
              all.add(with(base, new Seen.Round(id, List.of(says(Verdict.UNAVAILABLE, false)))));
              all.add(with(base, new Seen.Round(id, List.of(says(Verdict.UNDECIDED, true)))));
              all.add(with(base, new Seen.Round(id, List.of(says(Verdict.UNDECIDED, false)))));
              all.add(with(base, new Seen.Round(id, List.of(says(Verdict.HOLD, true)))));
              all.add(
                  with(
                      base,
                      new Seen.Round(
                          new Seen.RoundId(id.rollout() + 1, id.step(), id.due()),
                          List.of(says(Verdict.FAILED, false)))));
            });
    all.add(
        seen(
            base.target(),
            base.canary(),
            new Seen.Route.Unfit(List.of("HTTPRoute web belongs to somebody else"))));
    all.add(seen(base.target(), new Seen.Canary.Present("A", 0, SLOW), base.route()));
    all.add(evidence(base, 1));
    all.add(evidence(base, 2));
    all.add(
        copy(
            base,
            new Seen.Proof.Contradicts("30 % observed, 10 % wanted"),
            Map.of(),
            false,
            false,
            Optional.empty(),
            Optional.empty()));
    all.add(
        copy(
            base,
            base.proof(),
            answers(plan, new Seen.GateAnswer.Open()),
            false,
            false,
            Optional.empty(),
            Optional.empty()));
    all.add(
        copy(
            base,
            base.proof(),
            answers(plan, new Seen.GateAnswer.Closed("not yet", now)),
            false,
            false,
            Optional.empty(),
            Optional.empty()));
    all.add(
        copy(
            base,
            base.proof(),
            answers(plan, new Seen.GateAnswer.Silent("connection refused")),
            false,
            false,
            Optional.empty(),
            Optional.empty()));
    all.add(
        copy(
            base,
            base.proof(),
            without(plan, GateSpec.Point.ROLLBACK),
            false,
            false,
            Optional.empty(),
            Optional.empty()));
    all.add(copy(base, base.proof(), Map.of(), true, false, Optional.empty(), Optional.empty()));
    all.add(copy(base, base.proof(), Map.of(), false, true, Optional.empty(), Optional.empty()));
    all.add(
        copy(
            base,
            base.proof(),
            Map.of(),
            false,
            false,
            Optional.of("the window opens at 9:00"),
            Optional.empty()));
    all.add(
        copy(
            base,
            base.proof(),
            Map.of(),
            false,
            false,
            Optional.empty(),
            Optional.of("the autoscaler is contested")));
    for (var verb : Command.Verb.values()) {
      all.add(said(base, verb, "A", Optional.empty(), "ann"));
    }
    all.add(said(base, Command.Verb.PROMOTE, "B", Optional.empty(), "ann"));
    for (var gate : plan.gates()) {
      all.add(said(base, Command.Verb.REJECT, "A", Optional.of(gate.name()), "ann"));
      if (gate.kind() == GateSpec.Kind.APPROVAL) {
        all.add(said(base, Command.Verb.APPROVE, "A", Optional.of(gate.name()), "ann"));
      }
      if (gate.kind() == GateSpec.Kind.APPROVAL && gate.approvals() > 1) {
        all.add(said(base, Command.Verb.APPROVE, "A", Optional.of(gate.name()), "bob"));
      }
    }
    return all;
  }

  private static Seen said(
      Seen base, Command.Verb verb, String revision, Optional<String> gate, String by) {
    return command(base, new Command("c", verb, revision, gate, by, "because"));
  }

  private static Assessment says(Verdict verdict, boolean promising) {
    var plain = Assessment.of("success-rate", verdict, "it said " + verdict);
    return new Assessment(
        plain.check(), verdict, plain.reason(), plain.value(), "", "", "", promising, false);
  }

  private static Map<String, Seen.GateAnswer> answers(Plan plan, Seen.GateAnswer answer) {
    var all = new HashMap<String, Seen.GateAnswer>();
    plan.gates().stream()
        .filter(gate -> gate.kind() != GateSpec.Kind.APPROVAL)
        .forEach(gate -> all.put(gate.name(), answer));
    return all;
  }

  private static Map<String, Seen.GateAnswer> without(Plan plan, GateSpec.Point point) {
    var all = answers(plan, new Seen.GateAnswer.Open());
    plan.gatesAt(point).forEach(gate -> all.remove(gate.name()));
    return all;
  }

  static Seen seen(Seen.Target target, Seen.Canary canary, Seen.Route route) {
    return new Seen(
        target,
        canary,
        route,
        Optional.empty(),
        Optional.empty(),
        new Seen.Proof.Agrees(),
        Map.of(),
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        1,
        List.of());
  }

  static Seen with(Seen base, Seen.Round round) {
    return new Seen(
        base.target(),
        base.canary(),
        base.route(),
        Optional.of(round),
        base.evidence(),
        base.proof(),
        base.gates(),
        base.command(),
        base.suspended(),
        base.deleting(),
        base.mayNotStart(),
        base.hold(),
        1,
        base.exposed());
  }

  private static Seen evidence(Seen base, int rollout) {
    return new Seen(
        base.target(),
        base.canary(),
        base.route(),
        base.round(),
        Optional.of(new Seen.Condemned(rollout, "canary 40 of 800 failed, stable 8 of 7200")),
        base.proof(),
        base.gates(),
        base.command(),
        base.suspended(),
        base.deleting(),
        base.mayNotStart(),
        base.hold(),
        1,
        base.exposed());
  }

  static Seen command(Seen base, Command command) {
    return new Seen(
        base.target(),
        base.canary(),
        base.route(),
        base.round(),
        base.evidence(),
        base.proof(),
        base.gates(),
        Optional.of(command),
        base.suspended(),
        base.deleting(),
        base.mayNotStart(),
        base.hold(),
        1,
        base.exposed());
  }

  static Seen copy(
      Seen base,
      Seen.Proof proof,
      Map<String, Seen.GateAnswer> gates,
      boolean suspended,
      boolean deleting,
      Optional<String> mayNotStart,
      Optional<String> hold) {
    return new Seen(
        base.target(),
        base.canary(),
        base.route(),
        base.round(),
        base.evidence(),
        proof,
        gates,
        base.command(),
        suspended,
        deleting,
        mayNotStart,
        hold,
        1,
        base.exposed());
  }
}
