package dev.serin.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.judge.Verdict;
import dev.serin.rollout.RolloutState.Failed;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.Promoting;
import dev.serin.rollout.RolloutState.StepPhase;
import dev.serin.rollout.RolloutState.Waiting;
import dev.serin.rollout.RolloutState.WaitingPromotion;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Who is asked when, how often, and what silence means.
class GatesTest {
  private static final Duration UNIT = Plans.UNIT;
  private static final Seen.GateAnswer CLOSED = new Seen.GateAnswer.Closed("not yet", Ride.START);

  @Test
  void eachRiseOfTrafficIsApprovedAnew() {
    var ride = new Ride(Plans.approvedSteps());
    ride.after(UNIT);
    assertThat(ride.approve("lead", "ann").message())
        .isEqualTo("gate lead before step 1 of 2 (10 %) approved by ann");
    ride.after(UNIT.plusSeconds(1));

    assertThat(((Progressing) ride.state).step()).isEqualTo(1);
    assertThat(((Progressing) ride.state).in()).isInstanceOf(StepPhase.Gated.class);
    assertThat(ride.last.waitingFor()).isEqualTo("approval lead (0 of 1)");
    assertThat(ride.approve("lead", "ann").accepted()).isTrue();
    assertThat(ride.state).isInstanceOf(Progressing.class);
    assertThat(((Progressing) ride.state).in()).isInstanceOf(StepPhase.Holding.class);
  }

  @Test
  void stepIsNotApprovedBeforeItIsAsked() {
    var ride = new Ride(Plans.approvedSteps());
    ride.approve("lead", "ann");
    ride.after(Duration.ofSeconds(1));

    var early = ride.approve("lead", "ann");

    assertThat(early.accepted()).isFalse();
    assertThat(early.message()).isEqualTo("nothing is left to approve now");
  }

  @Test
  void severalPeopleApproveEachStep() {
    var ride = new Ride(Plans.approvedSteps(2));
    assertThat(ride.approve("lead", "ann").accepted()).isTrue();
    assertThat(ride.approve("lead", "ann").message()).isEqualTo("ann has approved lead already");
    assertThat(ride.last.waitingFor()).isEqualTo("approval lead (1 of 2)");
    ride.approve("lead", "bob");
    ride.after(UNIT.plusSeconds(1));

    assertThat(((Progressing) ride.state).in()).isInstanceOf(StepPhase.Gated.class);
    assertThat(ride.last.waitingFor()).isEqualTo("approval lead (0 of 2)");
  }

  @Test
  void clockOfAGateStandsWhileItCannotBeAsked() {
    var ride = new Ride(Plans.gated());
    ride.gates.put("window", CLOSED);
    ride.after(UNIT.multipliedBy(2));
    ride.suspended = true;
    ride.look().after(Duration.ofDays(1));
    ride.suspended = false;
    ride.look().after(Duration.ofSeconds(9));
    assertThat(ride.state).isInstanceOf(Waiting.class);
    ride.mayNotStart = Optional.of("another rollout to end");
    ride.look().after(Duration.ofDays(1));
    ride.mayNotStart = Optional.empty();
    ride.look();
    assertThat(ride.state).isInstanceOf(Waiting.class);

    ride.after(Duration.ofSeconds(2));

    assertThat(ride.state).isInstanceOf(Failed.class);
    assertThat(ride.outcomes.getLast().reason()).isEqualTo("waited 30 s for gate window: not yet");
  }

  @Test
  void gateIsNotAskedWhileItsClockStands() {
    var ride = new Ride(Plans.gated());
    ride.gates.put("window", CLOSED);
    ride.after(UNIT);
    assertThat(ride.asked.getLast().gates()).containsExactly("window");
    ride.suspended = true;

    ride.look().look();

    assertThat(ride.asked.getLast().gates()).isEmpty();
    assertThat(Rollout.gates(ride.plan, ride.state))
        .allMatch(standing -> standing.asked().isEmpty());
  }

  @Test
  void systemThatNeverAnswersIsWaitedForNoLongerThanAnAnalysisMayTake() {
    var ride = new Ride(Plans.smoked());
    ride.gates.put("smoke", new Seen.GateAnswer.Silent("connection refused"));
    ride.after(ride.plan.maxDuration().minusSeconds(1));
    assertThat(ride.last.waitingFor()).isEqualTo("an answer of gate smoke: connection refused");

    ride.after(Duration.ofSeconds(2));

    assertThat(ride.outcomes).extracting(Outcome::kind).containsExactly(Outcome.Kind.RolledBack);
    assertThat(ride.outcomes.getLast().reason())
        .isEqualTo("waited 30 s for an answer of gate smoke: connection refused");
  }

  @Test
  void noOfACheckIsNotHiddenBehindAnotherGate() {
    var ride = new Ride(Plans.gated());
    ride.gates.put("window", new Seen.GateAnswer.Open());
    ride.look();
    ride.gates.put("increase", CLOSED);
    ride.gates.put("smoke", new Seen.GateAnswer.Closed("3 of 9 tests failed", ride.now));

    ride.look();

    assertThat(ride.toldKinds()).contains("CheckFailed");
  }

  @Test
  void onlyGatesOfThePresentPointAreAsked() {
    var ride = new Ride(Plans.gated());
    assertThat(askedNow(ride)).containsExactly("window");
    ride.gates.put("window", new Seen.GateAnswer.Open());
    ride.look();
    assertThat(askedNow(ride)).containsExactly("smoke", "increase");
    ride.gates.put("smoke", new Seen.GateAnswer.Open());
    ride.gates.put("increase", new Seen.GateAnswer.Open());
    ride.look();
    assertThat(((Progressing) ride.state).in()).isInstanceOf(StepPhase.Holding.class);
    assertThat(askedNow(ride)).isEmpty();
  }

  @Test
  void undecidedAnalysisAsksPeopleAndThenTheOtherGates() {
    var ride = new Ride(Plans.gatedPromotion());
    ride.round = List.of(Ride.says(Verdict.UNDECIDED));
    ride.after(ride.plan.maxDuration().plus(UNIT));
    assertThat(ride.state).isInstanceOf(WaitingPromotion.class);
    assertThat(askedNow(ride)).containsExactly("inconclusive");
    assertThat(ride.command(Command.Verb.APPROVE).message()).contains("inconclusive");

    assertThat(askedNow(ride)).containsExactly("manager");
    ride.after(UNIT.multipliedBy(2));
    assertThat(ride.state)
        .as("its clock began when it was asked")
        .isInstanceOf(WaitingPromotion.class);
    ride.approve("manager", "ann");

    assertThat(ride.state).isInstanceOf(RolloutState.Finalising.class);
  }

  @Test
  void skippedAnalysisStillAsksBeforeTheRolloutAndBeforePromotion() {
    var ride = new Ride(Plans.skipping());
    assertThat(askedNow(ride)).containsExactly("window");
    ride.gates.put("window", new Seen.GateAnswer.Open());
    ride.look();

    assertThat(askedNow(ride)).containsExactly("manager");
    assertThat(
            Rollout.wanted(
                    ride.plan,
                    ride.state,
                    Sights.seen(ride.target, ride.canary, new Seen.Route.Absent()))
                .split())
        .contains(TrafficSplit.toStable());
    ride.approve("manager", "ann");
    assertThat(ride.toldKinds()).contains("PromotionStarted").doesNotContain("StepStarted");
  }

  @Test
  void personWhoPromotesAsksNobodyElse() {
    var ride = new Ride(Plans.gated());
    assertThat(ride.state).isInstanceOf(Waiting.class);

    assertThat(ride.command(Command.Verb.PROMOTE).accepted()).isTrue();

    assertThat(ride.toldKinds()).contains("PromotionStarted").doesNotContain("GatePassed");
  }

  @Test
  void revisionThatWasStableBeforeIsNotAskedAboutBeforePromotion() {
    var ride = new Ride(Plans.gated());
    ride.state =
        new Waiting(
            "S",
            "A",
            ride.now,
            Optional.empty(),
            Optional.empty(),
            Trial.Mode.PROVEN,
            List.of(),
            new Withdrawal.Done());
    ride.look();
    assertThat(askedNow(ride)).containsExactly("window");
    ride.gates.put("window", new Seen.GateAnswer.Open());

    ride.look();

    assertThat(ride.toldKinds()).contains("PromotionStarted").doesNotContain("PromotionWaiting");
    assertThat(ride.state).isNotInstanceOf(Promoting.class);
  }

  @Test
  void approvalInAdvanceIsNamed() {
    var ride = new Ride(Plans.gatedPromotion());
    var unnamed = ride.command(Command.Verb.APPROVE);
    assertThat(unnamed.accepted()).isFalse();
    assertThat(unnamed.message())
        .isEqualTo(
            "no gate is asked now; one that is approved in advance has to be named: [manager]");

    assertThat(ride.approve("manager", "ann").accepted()).isTrue();
  }

  private static List<String> askedNow(Ride ride) {
    return Rollout.gates(ride.plan, ride.state).stream()
        .filter(standing -> standing.asked().isPresent())
        .map(standing -> standing.gate().name())
        .toList();
  }
}
