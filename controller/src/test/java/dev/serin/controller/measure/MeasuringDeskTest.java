package dev.serin.controller.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.gate.GateAnswer;
import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.parse.CheckSpec;
import dev.serin.rollout.Questions;
import dev.serin.rollout.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MeasuringDeskTest {
  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private final Queue<Runnable> work = new ArrayDeque<>();
  private final List<String> woken = new ArrayList<>();
  private Supplier<Assessment> check = () -> Assessment.of("any", Verdict.PASSED, "fine");
  private Supplier<GateAnswer> gate = GateAnswer.Open::new;
  private Function<Assignment, Optional<Forecast>> forecast = _ -> Optional.empty();
  private int asked;

  private final MeasuringDesk desk =
      new MeasuringDesk(
          work::add,
          List.of(
              new CheckRunner() {
                @Override
                public boolean runs(CheckSpec check) {
                  return true;
                }

                @Override
                public Assessment run(CheckSpec spec, Assignment assignment) {
                  asked++;
                  return check.get();
                }
              }),
          (_, _) -> {
            asked++;
            return gate.get();
          },
          EvidenceGatherer.none(),
          assignment -> forecast.apply(assignment),
          () -> now,
          (namespace, name) -> woken.add(namespace + "/" + name));

  private static Seen.RoundId round(int number) {
    return new Seen.RoundId(1, 0, Instant.EPOCH.plusSeconds(number));
  }

  private void askRound(int number) {
    desk.ask(
        Assignments.of(new Questions(Optional.of(round(number)), false, Set.of()), "now", now));
  }

  private void askGate(String situation) {
    desk.ask(
        Assignments.of(new Questions(Optional.empty(), false, Set.of("smoke")), situation, now));
  }

  private void finish() {
    while (!work.isEmpty()) {
      work.remove().run();
    }
  }

  private Measurements.Known known(String situation) {
    return desk.known("shop", "web", situation);
  }

  @Test
  void askingReturnsBeforeAnybodyAnswers() {
    askRound(1);

    assertThat(known("now").round()).isEmpty();
    assertThat(asked).isZero();
  }

  @Test
  void answeredRoundWakesItsCanaryOnceAllChecksAnswered() {
    askRound(1);
    work.remove().run();
    assertThat(woken).isEmpty();

    finish();

    assertThat(woken).containsExactly("shop/web");
    assertThat(known("now").round().orElseThrow().id()).isEqualTo(round(1));
    assertThat(known("now").round().orElseThrow().assessments()).hasSize(5);
  }

  @Test
  void sameRoundIsAskedOnce() {
    askRound(1);
    askRound(1);
    finish();
    askRound(1);
    finish();

    assertThat(asked).isEqualTo(5);
  }

  @Test
  void lateAnswerIsNotTakenForTheNextRound() {
    askRound(1);
    var late = new ArrayList<>(work);
    work.clear();
    askRound(2);
    late.forEach(Runnable::run);

    assertThat(known("now").round()).isEmpty();
    finish();
    assertThat(known("now").round().orElseThrow().id()).isEqualTo(round(2));
  }

  @Test
  void checkThatBreaksIsUnavailable() {
    check =
        () -> {
          throw new IllegalStateException("oops");
        };
    askRound(1);
    finish();

    var assessment = known("now").round().orElseThrow().assessments().getFirst();
    assertThat(assessment.verdict()).isEqualTo(Verdict.UNAVAILABLE);
    assertThat(assessment.reason()).contains("oops");
  }

  @Test
  void answerOfAGateCountsOnlyWhereItWasAsked() {
    askGate("step 1");
    finish();

    assertThat(known("step 1").gates()).containsKey("smoke");
    assertThat(known("step 2").gates()).isEmpty();
  }

  @Test
  void lateAnswerOfAGateIsNotTakenForTheNextSituation() {
    askGate("step 1");
    var late = new ArrayList<>(work);
    work.clear();
    askGate("step 2");
    late.forEach(Runnable::run);

    assertThat(known("step 2").gates()).isEmpty();
  }

  @Test
  void closedGateIsAskedAgainAfterAnInterval() {
    gate = () -> new GateAnswer.Closed("no");
    askGate("now");
    finish();
    askGate("now");
    finish();
    assertThat(asked).isEqualTo(1);

    now = now.plus(Duration.ofSeconds(10));
    askGate("now");
    finish();

    assertThat(asked).isEqualTo(2);
  }

  @Test
  void gateThatIsBeingAskedIsNotAskedAgain() {
    askGate("now");
    now = now.plus(Duration.ofMinutes(5));
    askGate("now");

    assertThat(work).hasSize(1);
  }

  @Test
  void unreachableSmokeTestIsSilentAndSaysWhy() {
    gate = () -> new GateAnswer.Unreachable("refused");
    askGate("now");
    finish();

    assertThat(known("now").gates().values())
        .containsExactly(new Seen.GateAnswer.Silent("refused"));
    assertThat(woken).containsExactly("shop/web");
  }

  @Test
  void canaryThatIsGoneIsForgotten() {
    askRound(1);
    desk.forget("shop", "web");
    finish();

    assertThat(known("now").round()).isEmpty();
  }

  private void askOutlook(String revision) {
    var asking = Assignments.of(new Questions(Optional.empty(), false, Set.of(), true), "now", now);
    desk.ask(asking.about(revision));
  }

  @Test
  void whatIsForetoldOfARevisionIsAskedOnceAndWakes() {
    forecast =
        assignment -> {
          asked++;
          return Optional.of(new Forecast(assignment.revision(), Map.of()));
        };
    askOutlook("new");
    assertThat(known("now").forecast()).isEmpty();
    finish();

    assertThat(known("now").forecast().orElseThrow().revision()).isEqualTo("new");
    assertThat(woken).hasSize(1);
    askOutlook("new");
    finish();
    assertThat(asked).isEqualTo(1);

    askOutlook("newer");
    finish();
    assertThat(known("now").forecast().orElseThrow().revision()).isEqualTo("newer");
  }

  @Test
  void whatCouldNotBeToldIsAskedAgainAfterAWhile() {
    forecast =
        _ -> {
          asked++;
          return Optional.empty();
        };
    askOutlook("new");
    finish();
    askOutlook("new");
    finish();
    assertThat(asked).isEqualTo(1);
    assertThat(woken).isEmpty();

    now = now.plusSeconds(30);
    askOutlook("new");
    finish();
    assertThat(asked).isEqualTo(2);
  }
}
