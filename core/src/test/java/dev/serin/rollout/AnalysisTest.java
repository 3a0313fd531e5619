package dev.serin.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.rollout.RolloutState.Failed;
import dev.serin.rollout.RolloutState.Initialized;
import dev.serin.rollout.RolloutState.Paused;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.Promoting;
import dev.serin.rollout.RolloutState.StepPhase;
import dev.serin.rollout.RolloutState.Waiting;
import dev.serin.rollout.RolloutState.WaitingPromotion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/// How the time of an analysis is counted, and what ends it.
class AnalysisTest {
  private static final Duration UNIT = Plans.UNIT;
  private static final Duration DAYS = Duration.ofDays(3);

  @Test
  void longPauseOfAPersonDoesNotEndTheAnalysis() {
    var ride = new Ride(Plans.steps(Plans.weight(10), Plans.pause(10), Plans.weight(50)));
    ride.after(UNIT.multipliedBy(2)).after(DAYS);
    assertThat(ride.command(Command.Verb.RESUME).accepted()).isTrue();

    ride.after(Duration.ofSeconds(1));

    assertThat(step(ride)).isEqualTo(2);
    assertThat(ride.toldKinds()).doesNotContain("RolledBack", "Inconclusive");
  }

  @Test
  void afterThePauseOfAStepTimeIsCountedAgain() {
    var ride = new Ride(Plans.steps(Plans.pause(10), Plans.weight(50)));
    ride.after(DAYS);
    ride.round = List.of(Ride.says(Verdict.NO_DATA));
    ride.command(Command.Verb.RESUME);

    ride.after(ride.plan.maxDuration().minusSeconds(1));
    assertThat(ride.state).isInstanceOf(Progressing.class);
    ride.after(UNIT.multipliedBy(2));

    assertThat(ride.state).isInstanceOf(Failed.class);
  }

  @Test
  void waitForApprovalDoesNotEndTheAnalysis() {
    var ride = new Ride(Plans.approvedSteps());
    ride.after(UNIT).after(DAYS);
    assertThat(ride.approve("lead", "ann").accepted()).isTrue();

    ride.after(Duration.ofSeconds(1));

    assertThat(ride.state).isInstanceOf(Progressing.class);
    assertThat(ride.toldKinds()).doesNotContain("RolledBack", "Inconclusive");
  }

  @Test
  void commandPauseIsNotCounted() {
    var ride = new Ride(Plans.weights());
    ride.after(Duration.ofSeconds(2));
    ride.command(Command.Verb.PAUSE);
    ride.after(DAYS);
    ride.command(Command.Verb.RESUME);

    ride.after(UNIT);

    assertThat(step(ride)).isEqualTo(1);
  }

  @Test
  void timeInWhichNothingIsKnownIsCountedOverAllSteps() {
    var ride = new Ride(Plans.weights());
    ride.after(UNIT.plusSeconds(1));
    assertThat(step(ride)).isEqualTo(1);
    ride.round = List.of(Ride.says(Verdict.UNAVAILABLE));

    ride.after(ride.plan.maxDuration());

    assertThat(ride.state).isInstanceOf(Failed.class);
    assertThat(ride.outcomes.getLast().reason()).contains("undecided after 30 s");
  }

  @Test
  void withoutChecksAnalysisIsNeverUndecided() {
    var ride = new Ride(Plans.unmeasured());
    ride.proof = new Seen.Proof.Contradicts("30 % observed, 10 % wanted");
    ride.after(DAYS);
    assertThat(step(ride)).isZero();
    ride.proof = new Seen.Proof.Agrees();

    ride.after(UNIT.multipliedBy(3));

    assertThat(ride.toldKinds()).contains("PromotionStarted").doesNotContain("Inconclusive");
  }

  private static Assessment promising(Verdict verdict) {
    var plain = Ride.says(verdict);
    return new Assessment(
        plain.check(), verdict, plain.reason(), plain.value(), "", "", "", true, false);
  }

  /// In the last step, with one round left before the time of the analysis is over.
  private static Ride undecidedAtTheEnd() {
    var ride = new Ride(Plans.weights());
    ride.after(UNIT.plusSeconds(1));
    assertThat(step(ride)).isEqualTo(1);
    ride.round = List.of(promising(Verdict.UNDECIDED));
    ride.after(Duration.ofSeconds(12));
    return ride;
  }

  @Test
  void heldCanaryIsNotPromotedByTheTimeLimitHoweverWellItLooks() {
    var ride = undecidedAtTheEnd();
    ride.round = List.of(promising(Verdict.HOLD));

    ride.after(UNIT.multipliedBy(3));

    assertThat(ride.outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.RolledBack);
    assertThat(ride.outcomes.getLast().reason())
        .isEqualTo("undecided after 30 s: success-rate: it said HOLD");
  }

  @Test
  void canaryThatIsHeldForAMomentAtTheTimeLimitIsLookedAtOnceMore() {
    var ride = undecidedAtTheEnd();
    ride.round = List.of(promising(Verdict.HOLD));
    ride.after(UNIT);
    assertThat(ride.state).isInstanceOf(Progressing.class);
    assertThat(ride.outcomes).isEmpty();
    ride.round = List.of(promising(Verdict.UNDECIDED));

    ride.after(UNIT);

    assertThat(ride.outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.Promoted);
  }

  @Test
  void contradictedTrafficIsNoReasonToPromoteWhatIsUndecided() {
    var ride = new Ride(Plans.weights());
    ride.after(UNIT.plusSeconds(1));
    ride.proof = new Seen.Proof.Contradicts("0 % observed, 50 % wanted");

    ride.after(ride.plan.maxDuration().plus(UNIT));

    assertThat(ride.state).isInstanceOf(Failed.class);
    assertThat(ride.outcomes.getLast().reason()).contains("0 % observed, 50 % wanted");
  }

  @Test
  void pausedRolloutGoesOnMeasuringAndRollsBack() {
    var ride = new Ride(Plans.weights());
    ride.after(Duration.ofSeconds(2));
    ride.command(Command.Verb.PAUSE);
    ride.after(UNIT.multipliedBy(5));
    assertThat(ride.state).isInstanceOf(Paused.class);
    ride.round = List.of(Ride.says(Verdict.FAILED));

    ride.after(UNIT.multipliedBy(3));

    assertThat(ride.state).isInstanceOf(Failed.class);
  }

  @Test
  void suspendedWaitForPromotionGoesOnMeasuring() {
    var ride = new Ride(Plans.gatedPromotion());
    ride.after(UNIT.multipliedBy(2));
    assertThat(ride.state).isInstanceOf(WaitingPromotion.class);
    ride.suspended = true;
    ride.look();
    ride.round = List.of(Ride.says(Verdict.FAILED));

    ride.after(UNIT.multipliedBy(3));

    assertThat(ride.state).isInstanceOf(Failed.class);
  }

  @Test
  void stepsWithoutTrafficAreNotMeasured() {
    var plan =
        Plans.steps(
            new Step(TrafficSplit.toStable(), new Step.Scale.Full(), UNIT, 0, false, List.of()),
            Plans.weight(50));
    var ride = new Ride(plan);
    ride.round = List.of(Ride.says(Verdict.NO_DATA));

    ride.after(UNIT.plusSeconds(1));

    assertThat(step(ride)).isEqualTo(1);
    assertThat(ride.asked).noneMatch(asked -> asked.round().isPresent());
  }

  @Test
  void canaryThatIsCondemnedWhileItGrowsIsRolledBack() {
    var ride = new Ride(Plans.steps(Plans.weight(10), Plans.weight(100)));
    ride.canary = new Seen.Canary.Present("A", 1, Sights.FINE);
    ride.after(UNIT.plusSeconds(1));
    assertThat(((Progressing) ride.state).in()).isInstanceOf(StepPhase.Scaling.class);
    ride.evidence = Optional.of(new Seen.Condemned(1, "canary 40 of 800 failed"));

    ride.look();

    assertThat(ride.state).isInstanceOf(Failed.class);
  }

  @Test
  void canaryThatIsCondemnedBehindAGateIsRolledBackEvenInAPause() {
    var ride = new Ride(Plans.approvedSteps());
    ride.after(UNIT.plusSeconds(1));
    ride.approve("lead", "ann");
    ride.after(UNIT.plusSeconds(1));
    assertThat(((Progressing) ride.state).in()).isInstanceOf(StepPhase.Gated.class);
    ride.command(Command.Verb.PAUSE);
    ride.evidence = Optional.of(new Seen.Condemned(1, "canary 40 of 800 failed"));

    ride.look();

    assertThat(ride.state).isInstanceOf(Failed.class);
  }

  @Test
  void rollbackGateIsAskedByScheduleWhereverTheCanaryHasTraffic() {
    var ride = new Ride(Plans.stoppable());
    ride.canary = new Seen.Canary.Present("A", 1, Sights.FINE);
    ride.after(UNIT.plusSeconds(1));
    assertThat(((Progressing) ride.state).in()).isInstanceOf(StepPhase.Scaling.class);
    assertThat(ride.last.lookAgain())
        .hasValueSatisfying(in -> assertThat(in).isLessThanOrEqualTo(UNIT));
    assertThat(ride.asked.getLast().gates()).containsExactly("stop");
    ride.gates.put("stop", new Seen.GateAnswer.Open());

    ride.look();

    assertThat(ride.state).isInstanceOf(Failed.class);
  }

  @Test
  void rollbackGateIsAskedDuringPromotion() {
    var ride = new Ride(Plans.stoppable());
    ride.target =
        new Seen.Target.Present(
            "A",
            Seen.Standing.NEW,
            false,
            true,
            false,
            false,
            true,
            2,
            true,
            Sights.FINE,
            Optional.empty());
    ride.after(UNIT.multipliedBy(4));
    assertThat(ride.state).isInstanceOf(Promoting.class);
    assertThat(ride.asked.getLast().gates()).containsExactly("stop");
    ride.gates.put("stop", new Seen.GateAnswer.Open());

    ride.look();

    assertThat(ride.state).isInstanceOf(RolloutState.Reverting.class);
  }

  @Test
  void dryRunsAreNotBlamedForWaiting() {
    var ride = new Ride(Plans.weights());
    ride.round =
        List.of(
            new Assessment(
                "trial",
                Verdict.NO_DATA,
                "no data of the trial",
                OptionalDouble.empty(),
                "",
                "",
                "",
                false,
                true),
            Ride.says(Verdict.NO_DATA));

    ride.after(UNIT.plusSeconds(1));

    assertThat(ride.last.waitingFor()).isEqualTo("success-rate: it said NO_DATA");
  }

  @Test
  void whoWaitsForARoundToPassIsToldWhyTheLastDidNot() {
    var ride = undecidedAtTheEnd();

    assertThat(ride.last.waitingFor())
        .isEqualTo("a round of checks to pass; the last said success-rate: it said UNDECIDED");
  }

  @Test
  void whatIsUndecidedKeepsNoRoundOfAnEarlierStepFromPassing() {
    var ride = new Ride(Plans.twoRounds());
    ride.round = List.of(Ride.says(Verdict.UNDECIDED));

    ride.after(UNIT.plusSeconds(1));

    assertThat(ride.last.waitingFor()).isEqualTo("a round of checks to pass");
  }

  @Test
  void everyDecisionCarriesWhatItRestsOn() {
    var ride = new Ride(Plans.weights());
    ride.after(UNIT.plusSeconds(1));
    var passed = told(ride, Announcement.Kind.StepPassed);
    assertThat(passed.text())
        .isEqualTo("step 1 of 2 (10 %) is over after 10 s: 1 of 1 checks passed");
    assertThat(passed.because()).extracting(said -> said.verdict()).containsExactly(Verdict.PASSED);
    ride.round = List.of(Ride.says(Verdict.CONDEMNED), Ride.says(Verdict.PASSED));

    ride.after(UNIT);

    var rolledBack = told(ride, Announcement.Kind.RolledBack);
    assertThat(rolledBack.because())
        .extracting(said -> said.verdict())
        .containsExactly(Verdict.CONDEMNED);
    assertThat(ride.state).isInstanceOf(Failed.class);
  }

  @Test
  void targetThatDoesNotGoBackIsToldOnce() {
    var ride = new Ride(Plans.stoppable());
    ride.target =
        new Seen.Target.Present(
            "A",
            Seen.Standing.NEW,
            false,
            true,
            false,
            false,
            true,
            2,
            true,
            Sights.SLOW,
            Optional.empty());
    ride.after(UNIT.multipliedBy(3));
    ride.command(Command.Verb.ABORT);

    ride.after(UNIT.multipliedBy(20));

    assertThat(ride.toldKinds()).containsOnlyOnce("RevertStalled");
    assertThat(told(ride, Announcement.Kind.RevertStalled).text())
        .contains("image is being pulled");
    assertThat(ride.state).isInstanceOf(RolloutState.Reverting.class);
  }

  @Test
  void replacedRevisionThatWaitedIsTold() {
    var waits = new Ride(Plans.weights());
    waits.mayNotStart = Optional.of("the window opens at 9:00");
    waits.state = new Initialized("S", new Withdrawal.Done());
    waits.look();
    assertThat(waits.state).isInstanceOf(Waiting.class);
    waits.target = Sights.target("B");

    waits.look();

    assertThat(waits.outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.Superseded);
    assertThat(waits.told.getLast().kind()).isEqualTo(Announcement.Kind.Superseded);
  }

  private static Announcement told(Ride ride, Announcement.Kind kind) {
    return ride.told.stream().filter(one -> one.kind() == kind).findFirst().orElseThrow();
  }

  private static int step(Ride ride) {
    return ((Progressing) ride.state).step();
  }
}
