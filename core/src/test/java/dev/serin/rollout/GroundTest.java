package dev.serin.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.rollout.RolloutState.Finalising;
import dev.serin.rollout.RolloutState.Progressing;
import dev.serin.rollout.RolloutState.Promoting;
import dev.serin.rollout.RolloutState.PromotionFailed;
import dev.serin.rollout.RolloutState.Reverting;
import dev.serin.rollout.RolloutState.WaitingPromotion;
import dev.serin.status.StatusCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/// What the end of a rollout says of how it came to it: why, who decided it, and what checks said.
class GroundTest {
  private static final Duration UNIT = Plans.UNIT;

  private static Outcome outcome(Ride ride) {
    assertThat(ride.outcomes).isNotEmpty();
    return ride.outcomes.getLast();
  }

  private static List<Assessment> checks(Ride ride, Announcement.Kind kind) {
    return ride.told.stream().filter(one -> one.kind() == kind).toList().getLast().because();
  }

  private static List<Verdict> promotedBy(Ride ride) {
    assertThat(outcome(ride).kind()).isEqualTo(Outcome.Kind.Promoted);
    return checks(ride, Announcement.Kind.Promoted).stream().map(Assessment::verdict).toList();
  }

  /// The target rolls and does not come to its end.
  private static void stuck(Ride ride) {
    ride.target = rolling("A", Sights.FINE);
  }

  private static Seen.Target.Present rolling(String revision, Seen.Health health) {
    return new Seen.Target.Present(
        revision,
        Seen.Standing.NEW,
        false,
        true,
        true,
        false,
        true,
        2,
        true,
        health,
        Optional.empty());
  }

  @Test
  void everyStepThatPassedIsTheReasonWithItsChecks() {
    var ride = new Ride(Plans.weights());
    ride.after(UNIT.multipliedBy(4));

    assertThat(promotedBy(ride)).containsExactly(Verdict.PASSED);
    assertThat(outcome(ride).reason()).isEqualTo("every step passed");
    assertThat(outcome(ride).by()).isEmpty();
  }

  @Test
  void undecidedAnalysisSaysThatItWasUndecided() {
    var ride = new Ride(Plans.weights());
    ride.round =
        List.of(
            new Assessment(
                "success-rate",
                Verdict.UNDECIDED,
                "too early",
                OptionalDouble.of(99.5),
                "",
                "",
                "",
                true,
                false));
    ride.after(UNIT.multipliedBy(9));

    assertThat(promotedBy(ride)).containsExactly(Verdict.UNDECIDED);
    assertThat(outcome(ride).reason())
        .isEqualTo("undecided after 30 s; every estimate lies within its limit");
  }

  @Test
  void whoLetAnUndecidedRevisionPassIsKnownInTheEnd() {
    var ride = new Ride(Plans.gatedPromotion());
    ride.round = List.of(Ride.says(Verdict.UNDECIDED));
    ride.after(ride.plan.maxDuration().plus(UNIT));
    ride.command(Command.Verb.APPROVE, Optional.empty(), "bob");
    ride.approve("manager", "ann");
    ride.after(UNIT);

    assertThat(promotedBy(ride)).containsExactly(Verdict.UNDECIDED);
    assertThat(outcome(ride).reason()).isEqualTo("undecided after 30 s; approved by bob");
    assertThat(outcome(ride).by()).contains("bob");
  }

  @Test
  void skippedStepIsNotSaidToHavePassed() {
    var ride = new Ride(Plans.weights());
    ride.after(Duration.ofSeconds(1));
    ride.command(Command.Verb.SKIP_STEP);
    ride.after(UNIT.multipliedBy(2));

    assertThat(outcome(ride).reason())
        .isEqualTo("step 1 of 2 (10 %) was skipped by ann; every other step passed");
  }

  @Test
  void nothingPassedWhereEveryStepWasSkipped() {
    var ride = new Ride(Plans.weights());
    ride.after(Duration.ofSeconds(1));
    ride.command(Command.Verb.SKIP_STEP);
    ride.after(Duration.ofSeconds(1));
    ride.command(Command.Verb.SKIP_STEP, Optional.empty(), "bob");
    ride.after(UNIT);

    assertThat(outcome(ride).reason())
        .isEqualTo("step 1 of 2 (10 %) was skipped by ann, step 2 of 2 (50 %) was skipped by bob");
  }

  @Test
  void whoPromotedIsKnownInTheEndWhereverItWasSaid() {
    var waiting = new Ride(Plans.gated());
    waiting.command(Command.Verb.PROMOTE);
    waiting.after(UNIT.multipliedBy(3));
    var stepping = new Ride(Plans.weights());
    stepping.after(Duration.ofSeconds(1));
    stepping.command(Command.Verb.PROMOTE);
    stepping.after(UNIT);

    for (var ride : List.of(waiting, stepping)) {
      assertThat(promotedBy(ride)).isEmpty();
      assertThat(outcome(ride).reason()).isEqualTo("promoted by ann");
      assertThat(outcome(ride).by()).contains("ann");
    }
  }

  @Test
  void whoPromotedPastTheGatesIsKnownBesideWhatTheAnalysisFound() {
    var ride = new Ride(Plans.gatedPromotion());
    ride.after(UNIT.multipliedBy(2));
    assertThat(ride.state).isInstanceOf(WaitingPromotion.class);
    ride.command(Command.Verb.PROMOTE);
    ride.after(UNIT);

    assertThat(promotedBy(ride)).containsExactly(Verdict.PASSED);
    assertThat(outcome(ride).reason()).isEqualTo("every step passed; promoted by ann");
    assertThat(outcome(ride).by()).contains("ann");
  }

  @Test
  void whoLetTheTargetRollAgainIsKnownInTheEnd() {
    var ride = new Ride(Plans.weights());
    stuck(ride);
    ride.after(UNIT.multipliedBy(3));
    ride.target = rolling("A", Sights.BROKEN);
    ride.look();
    assertThat(ride.state).isInstanceOf(PromotionFailed.class);
    ride.command(Command.Verb.RETRY);
    ride.target = Sights.target("A");
    ride.after(UNIT);

    assertThat(promotedBy(ride)).containsExactly(Verdict.PASSED);
    assertThat(outcome(ride).reason()).isEqualTo("every step passed");
    assertThat(outcome(ride).by()).contains("ann");
  }

  @Test
  void checksThatRevertAreToldAgainAtTheEnd() {
    var ride = new Ride(Plans.weights());
    stuck(ride);
    ride.after(UNIT.multipliedBy(3));
    assertThat(ride.state).isInstanceOf(Promoting.class);
    ride.round = List.of(Ride.says(Verdict.FAILED));
    ride.after(UNIT.multipliedBy(3));
    assertThat(ride.state).isInstanceOf(Reverting.class);
    ride.round = List.of();
    ride.target = Sights.target("S");
    ride.look();

    assertThat(outcome(ride).kind()).isEqualTo(Outcome.Kind.RolledBack);
    assertThat(outcome(ride).by()).isEmpty();
    assertThat(checks(ride, Announcement.Kind.RolledBack))
        .isEqualTo(checks(ride, Announcement.Kind.Reverting))
        .extracting(Assessment::verdict)
        .containsExactly(Verdict.FAILED);
  }

  @Test
  void whoAbortedAPromotionIsKnownInTheEnd() {
    var ride = new Ride(Plans.weights());
    stuck(ride);
    ride.after(UNIT.multipliedBy(3));
    assertThat(ride.state).isInstanceOf(Promoting.class);
    ride.command(Command.Verb.ABORT);
    ride.after(UNIT);
    ride.target = Sights.target("S");
    ride.look();

    assertThat(outcome(ride).kind()).isEqualTo(Outcome.Kind.RolledBack);
    assertThat(outcome(ride).reason()).isEqualTo("aborted by ann");
    assertThat(outcome(ride).by()).contains("ann");
    assertThat(checks(ride, Announcement.Kind.RolledBack)).isEmpty();
  }

  /// A state that was stored before there was a ground in it goes on, and claims nothing.
  @Test
  void stateOfAnOlderVersionEndsWithoutClaims() {
    var trial = Trial.begin(1, "A", "S", Ride.START, Trial.Mode.ANALYSED, List.of());
    var ride = new Ride(Plans.weights());
    ride.state = new Finalising(trial, 0, Ride.START, new Withdrawal.Returning(Ride.START));
    assertThat(StatusCodec.encode(ride.state).at("/trial").properties())
        .extracting(Map.Entry::getKey)
        .doesNotContain("ground", "skipped");
    ride.look();

    assertThat(outcome(ride).reason()).isEqualTo("the analysis passed");
    assertThat(ride.state).isNotInstanceOf(Progressing.class);
  }
}
