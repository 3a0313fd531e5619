package dev.serin.rollout;

import static dev.serin.rollout.Announcement.Kind;

import dev.serin.judge.Assessment;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.StepPhase.Holding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The hold of a step: traffic is as the step wants it, and judged round by round until it is over.
final class StepHold {
  private StepHold() {}

  static Move look(Progressing at, Holding in, Look look) {
    var plan = look.plan();
    var trial = at.trial();
    var step = plan.steps().get(at.step());
    if (look.lost(trial, step)) {
      return Analysis.lost(at, look);
    }
    if (!look.carries(step.split())) {
      return Move.to(Analysis.routing(settled(at, look), at.step(), look));
    }
    var round = Rounds.due(trial, at.step(), in.lastRound(), look);
    var failures = round.map(Rounds::failures).orElse(List.of());
    if (!failures.isEmpty()) {
      return Rounds.failed(
          trial,
          failures,
          counted ->
              new Progressing(
                  counted,
                  at.step(),
                  new Holding(in.since(), in.passed(), look.now(), in.resumed())),
          look);
    }
    if (look.frozen()) {
      return round.isPresent() ? looked(at, in, in.passed(), look) : Move.stay(at);
    }
    var passed = in.passed();
    if (round.isPresent()) {
      var last = at.step() == plan.lastStep();
      if (Rounds.blind(round.get()).isEmpty() && !(last && Rounds.undecided(round.get()))) {
        // More than enough is enough: counting on would only make states differ.
        passed = Math.min(passed + 1, Math.max(1, step.rounds()));
      }
    }
    if (ends(step, passed, in, look)) {
      return stepPassed(at, in, look);
    }
    if (passed == in.passed() && isOver(at, step, in, look)) {
      return Conclusion.undecided(at, round, look);
    }
    return round.isPresent()
        ? looked(at, in, passed, look)
        : Move.stay(at).waitingFor(waits(at, step, in, look)).lookAgain(patience(step, in, look));
  }

  private static Move looked(Progressing at, Holding in, int passed, Look look) {
    var next = new Holding(in.since(), passed, look.now(), in.resumed());
    var step = look.plan().steps().get(at.step());
    return Move.to(new Progressing(at.trial(), at.step(), next))
        .waitingFor(waits(at, step, next, look))
        .lookAgain(patience(step, next, look));
  }

  /// The step after this one, told with what the checks of this one said. A step that only moves
  /// something says nothing.
  private static Move stepPassed(Progressing at, Holding in, Look look) {
    var plan = look.plan();
    var step = plan.steps().get(at.step());
    var move = Analysis.next(new Progressing(at.trial().passing(at.step()), at.step(), in), look);
    if (step.rounds() == 0 && step.hold().isZero() && !step.untilResumed()) {
      return move;
    }
    var said =
        plan.measures(step) ? Rounds.said(at.trial(), at.step(), look) : List.<Assessment>of();
    return move.tellingFirst(
        Kind.StepPassed,
        Words.step(plan, at.step())
            + " is over after "
            + Words.of(Duration.between(in.since(), look.now()))
            + (said.isEmpty() ? "" : ": " + Words.round(said)),
        said);
  }

  private static boolean ends(Step step, int passed, Holding in, Look look) {
    return look.passed(in.since(), step.hold())
        && (passed >= step.rounds() || !look.plan().checks())
        && (!step.untilResumed() || in.resumed().isPresent())
        && obstacles(look).isEmpty();
  }

  /// What of the world keeps a step from ending, whatever the checks say.
  static List<String> obstacles(Look look) {
    var found = new ArrayList<String>();
    if (look.seen().proof() instanceof Seen.Proof.Contradicts(var reason)) {
      found.add("traffic does not follow the weight: " + reason);
    }
    look.seen().hold().ifPresent(found::add);
    return found;
  }

  /// Whether traffic was judged for as long as it may be. Without checks it never is, and nothing
  /// is undecided.
  private static boolean isOver(Progressing at, Step step, Holding in, Look look) {
    return look.plan().checks()
        && (!step.untilResumed() || in.resumed().isPresent())
        && judged(at.trial(), step, in, look.now()).compareTo(look.plan().maxDuration()) >= 0;
  }

  /// Whether that was so when the last round was taken.
  static boolean wasOver(Progressing at, Plan plan) {
    return at.in() instanceof Holding in
        && judged(at.trial(), plan.steps().get(at.step()), in, in.lastRound())
                .compareTo(plan.maxDuration())
            >= 0;
  }

  /// Nothing is concluded from this round, but from the next.
  static Move lookingOnceMore(Progressing at, Look look) {
    return at.in() instanceof Holding in ? looked(at, in, in.passed(), look) : Move.stay(at);
  }

  /// How long traffic has been judged, over all steps. The pause of a step does not count.
  private static Duration judged(Trial trial, Step step, Holding in, Instant now) {
    var from = step.untilResumed() ? in.resumed().orElse(now) : in.since();
    var here = Duration.between(from, now);
    return here.isNegative() ? trial.judged() : trial.judged().plus(here);
  }

  /// The facts of a rollout that leaves the hold of a step.
  static Trial settled(Progressing at, Look look) {
    return at.in() instanceof Holding in
        ? at.trial()
            .withJudged(judged(at.trial(), look.plan().steps().get(at.step()), in, look.now()))
        : at.trial();
  }

  private static String waits(Progressing at, Step step, Holding in, Look look) {
    if (look.seen().hold().isPresent()) {
      return look.seen().hold().get();
    }
    if (look.seen().proof() instanceof Seen.Proof.Contradicts(var reason)) {
      return "traffic to follow the weight: " + reason;
    }
    if (step.untilResumed() && in.resumed().isEmpty()) {
      return "`canary resume`";
    }
    var said = Rounds.said(at.trial(), at.step(), look);
    return Rounds.blind(said)
        .map(one -> one.check() + ": " + one.reason())
        .orElseGet(
            () ->
                look.passed(in.since(), step.hold())
                    ? aRound(Rounds.unpassed(said, at.step() == look.plan().lastStep()))
                    : Words.of(look.left(in.since(), step.hold()))
                        + " more at "
                        + step.split().inWords());
  }

  private static String aRound(List<Assessment> unpassed) {
    return "a round of checks to pass"
        + (unpassed.isEmpty() ? "" : "; the last said " + Words.reasons(unpassed));
  }

  private static Duration patience(Step step, Holding in, Look look) {
    var interval = look.plan().interval();
    var round = look.left(in.lastRound(), interval);
    var hold = look.left(in.since(), step.hold());
    if (hold.isZero()) {
      return round.isZero() ? interval : round;
    }
    return look.plan().measures(step) && !round.isZero() && round.compareTo(hold) < 0
        ? round
        : hold;
  }
}
