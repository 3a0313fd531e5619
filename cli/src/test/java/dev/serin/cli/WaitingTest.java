package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WaitingTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static ObjectNode status(String yaml) {
    try {
      var canary = YAML.createObjectNode();
      canary.putObject("metadata").put("namespace", "shop").put("name", "web");
      canary.set("status", YAML.readTree(yaml));
      return canary;
    } catch (JsonProcessingException e) {
      throw new AssertionError(yaml, e);
    }
  }

  private static Waiting forTarget() {
    return new Waiting(Optional.of(new Waiting.Target("u1", 4)), false);
  }

  private static final String OBSERVED = "target: {uid: u1, observedGeneration: 4}\n";

  private static String carrying(String revision) {
    return "target: {uid: u1, observedGeneration: 4, revision: " + revision + "}\n";
  }

  @Test
  void anOlderVersionOfTheDeploymentIsNotMistakenForThisOne() {
    var look =
        forTarget()
            .look(
                status(
                    """
                    phase: Succeeded
                    revision: old
                    stableRevision: old
                    target: {uid: u1, observedGeneration: 3}
                    """));
    assertThat(look.exit()).isEmpty();
  }

  @Test
  void promotedIsZero() {
    var waiting = forTarget();
    var look =
        waiting.look(status(OBSERVED + "phase: Progressing\nrevision: r\nstableRevision: s\n"));
    assertThat(look.exit()).isEmpty();
    assertThat(look.lines()).contains("revision r, stable is s");
    assertThat(
            waiting
                .look(status(OBSERVED + "phase: Succeeded\nrevision: r\nstableRevision: r\n"))
                .exit())
        .contains(Waiting.PROMOTED);
  }

  @Test
  void promotedIsToldAsSoonAsTheTargetServesEverything() {
    var look =
        forTarget()
            .look(
                status(
                    OBSERVED
                        + """
                        phase: Finalising
                        revision: r
                        stableRevision: s
                        conditions: [{type: Promoted, status: "True"}]
                        """));
    assertThat(look.exit()).contains(Waiting.PROMOTED);
  }

  @Test
  void rolledBackIsOne() {
    var look =
        forTarget()
            .look(
                status(
                    OBSERVED
                        + """
                        phase: Failed
                        revision: r
                        stableRevision: s
                        history: [{revision: r, outcome: RolledBack}]
                        decisions: [{time: "2026-01-01T00:00:00Z", kind: RolledBack, text: too many errors}]
                        """));
    assertThat(look.exit()).contains(Waiting.ROLLED_BACK);
    assertThat(look.lines()).contains("2026-01-01T00:00:00Z  RolledBack: too many errors");
  }

  @Test
  void rejectedBeforeIsFour() {
    var look =
        forTarget()
            .look(
                status(
                    OBSERVED
                        + """
                        phase: Failed
                        revision: r
                        stableRevision: s
                        decisions: [{time: t, kind: RejectedAgain, text: was rejected before}]
                        """));
    assertThat(look.exit()).contains(Waiting.REVERTED);
  }

  @Test
  void theNewestVerdictCountsWhenARevisionWasRejectedAgain() {
    var look =
        forTarget()
            .look(
                status(
                    OBSERVED
                        + """
                        phase: Failed
                        revision: r
                        stableRevision: s
                        history: [{revision: r, outcome: RolledBack, number: 1}]
                        decisions:
                          - {time: t2, kind: RejectedAgain, text: was rejected before}
                          - {time: t1, kind: RolledBack, text: too many errors}
                        """));
    assertThat(look.exit()).contains(Waiting.REVERTED);
  }

  @Test
  void aRetriedRevisionIsJudgedByItsLastOutcome() {
    var waiting = forTarget();
    var before =
        """
        history:
          - {revision: r, outcome: RolledBack, number: 1}
        """;
    assertThat(waiting.look(status(OBSERVED + before + "phase: Progressing\nrevision: r\n")).exit())
        .isEmpty();
    var after =
        """
        phase: Waiting
        revision: q
        stableRevision: r
        history:
          - {revision: r, outcome: Promoted, number: 2}
          - {revision: r, outcome: RolledBack, number: 1}
        """;
    assertThat(waiting.look(status(OBSERVED + after)).exit()).contains(Waiting.PROMOTED);
  }

  @Test
  void anOutcomeFromBeforeIsNotTakenForThisOne() {
    var waiting = forTarget();
    var before = "history: [{revision: r, outcome: RolledBack, number: 1}]\n";
    waiting.look(status(OBSERVED + before + "phase: Progressing\nrevision: r\n"));
    assertThat(waiting.look(status(OBSERVED + before + "phase: Waiting\nrevision: q\n")).exit())
        .contains(Waiting.SUPERSEDED);
  }

  @Test
  void returnedToStableIsFour() {
    var waiting = forTarget();
    waiting.look(status(OBSERVED + "phase: Progressing\nrevision: r\nstableRevision: s\n"));
    var returned =
        """
        phase: Initialized
        revision: s
        stableRevision: s
        history:
          - {revision: r, outcome: Reverted, number: 2}
          - {revision: s, outcome: Promoted, number: 1}
        decisions:
          - {time: t2, kind: Reverted, text: the target was returned}
          - {time: t1, kind: NewRevision, text: revision r is held}
        """;
    assertThat(waiting.look(status(OBSERVED + returned)).exit()).contains(Waiting.REVERTED);
    assertThat(forTarget().look(status(carrying("s") + returned)).exit())
        .as("also for who waits for the version that was returned to")
        .contains(Waiting.REVERTED);
  }

  @Test
  void aVersionThatCameDuringAPromotionIsNotMistakenForThePromotedOne() {
    var waiting = forTarget();
    var promoting = "phase: Promoting\nrevision: r\nstableRevision: s\n";
    assertThat(waiting.look(status(carrying("n") + promoting)).exit()).isEmpty();
    assertThat(waiting.revision()).contains("n");
    var promoted =
        """
        phase: Finalising
        revision: r
        stableRevision: s
        conditions: [{type: Promoted, status: "True"}]
        """;
    assertThat(waiting.look(status(carrying("n") + promoted)).exit()).isEmpty();
    assertThat(
            waiting
                .look(status(carrying("n") + "phase: Succeeded\nrevision: r\nstableRevision: r\n"))
                .exit())
        .isEmpty();
    assertThat(
            waiting
                .look(status(carrying("n") + "phase: Waiting\nrevision: n\nstableRevision: r\n"))
                .exit())
        .isEmpty();
    assertThat(
            waiting
                .look(status(carrying("n") + "phase: Succeeded\nrevision: n\nstableRevision: n\n"))
                .exit())
        .contains(Waiting.PROMOTED);
  }

  @Test
  void aVersionThatWasReplacedBeforeItsTurnIsSuperseded() {
    var waiting = forTarget();
    var promoting = "phase: Promoting\nrevision: r\nstableRevision: s\n";
    waiting.look(status(carrying("n") + promoting));
    var look = waiting.look(status(carrying("m") + promoting));
    assertThat(look.exit()).contains(Waiting.SUPERSEDED);
    assertThat(look.lines()).contains("revision n was superseded by m");
  }

  @Test
  void theStoryIsToldFromItsBeginningAndWithoutThatOfTheRevisionBefore() {
    var look =
        forTarget()
            .look(
                status(
                    OBSERVED
                        + """
                        phase: Progressing
                        revision: r
                        stableRevision: s
                        decisions:
                          - {time: t3, kind: StepStarted, text: step 1 of 2}
                          - {time: t2, kind: RolloutStarted, text: in 2 steps}
                          - {time: t1, kind: NewRevision, text: revision r is held}
                          - {time: t0, kind: Succeeded, text: revision s}
                        """));
    assertThat(look.lines())
        .containsExactly(
            "revision r, stable is s",
            "t1  NewRevision: revision r is held",
            "t2  RolloutStarted: in 2 steps",
            "t3  StepStarted: step 1 of 2");
  }

  @Test
  void aGateThatTheRolloutHasNotComeToNeedsNoApprovalYet() {
    var strict = new Waiting(Optional.of(new Waiting.Target("u1", 4)), true);
    var gates =
        """
        phase: Progressing
        revision: r
        gates:
          - {name: tests, kind: webhook, before: step, state: Closed, askedAt: t}
          - {name: first, kind: approval, before: rollout, state: Open, askedAt: t, approvedBy: [ann]}
          - {name: manager, kind: approval, before: promotion, state: Closed}
        """;
    assertThat(strict.look(status(OBSERVED + gates)).exit()).isEmpty();
  }

  @Test
  void anUndecidedAnalysisThatAsksPeopleNeedsApproval() {
    var strict = new Waiting(Optional.of(new Waiting.Target("u1", 4)), true);
    var look =
        strict.look(
            status(
                OBSERVED
                    + """
                    phase: WaitingPromotion
                    revision: r
                    gates: [{name: inconclusive, kind: approval, before: promotion, state: Closed, askedAt: t}]
                    """));
    assertThat(look.exit()).contains(Waiting.NEEDS_APPROVAL);
    assertThat(look.lines())
        .contains("gate inconclusive needs approval: canary approve web --gate inconclusive");
  }

  @Test
  void aCanaryThatCannotGoOnSaysWhyOnce() {
    var waiting = forTarget();
    var stalled =
        status(
            """
            phase: Initializing
            conditions: [{type: Stalled, status: "True", reason: Invalid, message: spec.provider is 'isto'}]
            """);
    assertThat(waiting.look(stalled).lines())
        .containsExactly("stalled (Invalid): spec.provider is 'isto'");
    assertThat(waiting.look(stalled).lines()).isEmpty();
  }

  @Test
  void aTargetThatIsAdoptedAnewCannotBeTold() {
    var waiting = forTarget();
    waiting.look(status(OBSERVED + "phase: Progressing\nrevision: r\nstableRevision: s\n"));
    assertThat(waiting.look(status("phase: Initializing")).exit()).contains(Waiting.UNKNOWN);
  }

  @Test
  void aCanaryThatIsDeletedCannotBeTold() {
    assertThat(forTarget().look(status("phase: Terminating")).exit()).contains(Waiting.UNKNOWN);
  }

  @Test
  void anotherRevisionIsThree() {
    var waiting = forTarget();
    assertThat(waiting.look(status(OBSERVED + "phase: Progressing\nrevision: r\n")).exit())
        .isEmpty();
    assertThat(waiting.look(status(OBSERVED + "phase: Waiting\nrevision: q\n")).exit())
        .contains(Waiting.SUPERSEDED);
  }

  @Test
  void needsApprovalIsSixOnlyWhenAskedFor() {
    var gated =
        status(
            OBSERVED
                + """
                phase: WaitingPromotion
                revision: r
                gates: [{name: manager, kind: approval, before: promotion, state: Closed, askedAt: t}]
                """);
    assertThat(forTarget().look(gated).exit()).isEmpty();
    var strict = new Waiting(Optional.of(new Waiting.Target("u1", 4)), true);
    assertThat(strict.look(gated).exit()).contains(Waiting.NEEDS_APPROVAL);
  }

  @Test
  void brokenGlassCannotBeTold() {
    assertThat(forTarget().look(status("phase: Bypassed")).exit()).contains(Waiting.UNKNOWN);
  }

  @Test
  void failedPromotionIsNine() {
    assertThat(forTarget().look(status(OBSERVED + "phase: PromotionFailed\nrevision: r\n")).exit())
        .contains(Waiting.PROMOTION_FAILED);
  }

  @Test
  void aDecisionIsToldOnce() {
    var waiting = forTarget();
    var one =
        status(
            OBSERVED
                + """
                phase: Progressing
                revision: r
                decisions: [{time: "1", kind: StepStarted, text: step 1 of 2}]
                """);
    assertThat(waiting.look(one).lines()).contains("1  StepStarted: step 1 of 2");
    assertThat(waiting.look(one).lines()).isEmpty();
  }
}
