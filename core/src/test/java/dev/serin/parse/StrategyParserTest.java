package dev.serin.parse;

import static dev.serin.parse.CanaryParserTest.problems;
import static dev.serin.parse.CanaryParserTest.valid;
import static dev.serin.parse.CanaryParserTest.withAnalysis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.parse.CanaryDeclaration.Strategy;
import dev.serin.rollout.Affinity;
import dev.serin.rollout.RequestMatch.Comparison;
import dev.serin.rollout.RequestMatch.Condition;
import dev.serin.rollout.RequestMatch.Source;
import dev.serin.rollout.Step;
import dev.serin.rollout.TrafficSplit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StrategyParserTest {

  @Test
  void evenWeightsNeverOvershootTheirMaximum() {
    assertThat(weights("{stepWeight: 20, maxWeight: 50}")).containsExactly(20, 40, 50);
    assertThat(weights("{stepWeight: 25, maxWeight: 50}")).containsExactly(25, 50);
    assertThat(weights("{stepWeight: 40}")).containsExactly(40, 80, 100);
    assertThat(weights("{stepWeight: 80, maxWeight: 50}")).containsExactly(50);
  }

  @Test
  void aWeightIsHeldForAnIntervalAndARoundOfChecks() {
    var step = steps("{stepWeights: [10], interval: 30s}").getFirst();

    assertThat(step.hold()).isEqualTo(Duration.ofSeconds(30));
    assertThat(step.rounds()).isEqualTo(1);
    assertThat(step.untilResumed()).isFalse();
  }

  @Test
  void mirroringComesBeforeTheFirstWeight() {
    assertThat(steps("{stepWeights: [10, 50], mirror: true, mirrorWeight: 30}"))
        .extracting(Step::split)
        .containsExactly(
            TrafficSplit.mirrored(30), TrafficSplit.toCanary(10), TrafficSplit.toCanary(50));
  }

  @Test
  void blueGreenTestsWithoutUsersAndThenMovesAllOfThem() {
    var canary = valid(withAnalysis("{iterations: 10, interval: 1m}"));

    assertThat(canary.strategy()).isEqualTo(Strategy.BLUE_GREEN);
    assertThat(canary.scale()).isEqualTo(new Step.Scale.Full());
    assertThat(canary.plan().steps())
        .extracting(Step::split)
        .containsExactly(TrafficSplit.toStable(), TrafficSplit.toCanary(100));
    var tested = canary.plan().steps().getFirst();
    assertThat(tested.hold()).isEqualTo(Duration.ofMinutes(10));
    assertThat(tested.rounds()).isEqualTo(10);
  }

  @Test
  void blueGreenWithMirroringTestsOnCopies() {
    assertThat(steps("{iterations: 2, mirror: true}"))
        .extracting(Step::split)
        .containsExactly(TrafficSplit.mirrored(100), TrafficSplit.toCanary(100));
  }

  @Test
  void aBSendsMatchingRequestsForAllItsIterations() {
    var canary =
        valid(
            withAnalysis(
                """
                iterations: 4
                interval: 1m
                match:
                  - headers: {X-Canary: {exact: insider}}
                    cookies: {canary: {regex: "always|often"}}
                  - headers: {user-agent: {suffix: "(beta)"}}
                  - cookies: {canary: {suffix: ".always"}}
                  - sourceLabels: {app: frontend}
                    queryParams: {v: {prefix: "2."}}
                """));

    assertThat(canary.strategy()).isEqualTo(Strategy.AB);
    var step = canary.plan().steps().getFirst();
    assertThat(canary.plan().steps()).hasSize(1);
    assertThat(step.rounds()).isEqualTo(4);
    assertThat(step.split().canary()).isEqualTo(100);
    assertThat(step.split().matches())
        .extracting(match -> match.conditions())
        .containsExactly(
            List.of(
                new Condition(Source.HEADER, "x-canary", Comparison.EXACT, "insider"),
                new Condition(Source.COOKIE, "canary", Comparison.REGEX, "always|often")),
            List.of(new Condition(Source.HEADER, "user-agent", Comparison.REGEX, ".*\\(beta\\)")),
            List.of(new Condition(Source.COOKIE, "canary", Comparison.REGEX, "[^;]*\\.always")),
            List.of(
                new Condition(Source.QUERY_PARAMETER, "v", Comparison.PREFIX, "2."),
                new Condition(Source.SOURCE_LABEL, "app", Comparison.EXACT, "frontend")));
  }

  @Test
  void explicitStepsAreOneForEachThatIsWritten() {
    var steps =
        steps(
            """
            interval: 1m
            steps:
              - setReplicas: 3
              - setWeight: 10
              - pause: {duration: 5m}
              - setWeight: 20
              - analysis: {iterations: 4}
              - setReplicas: MatchWeight
              - setWeight: 40
              - setWeight: 60
              - pause: {}
            """);

    assertThat(steps)
        .extracting(step -> step.split().canary())
        .containsExactly(0, 10, 10, 20, 20, 20, 40, 60, 60);
    assertThat(steps)
        .extracting(Step::hold)
        .containsExactly(
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMinutes(5),
            Duration.ZERO,
            Duration.ofMinutes(4),
            Duration.ZERO,
            Duration.ofMinutes(1),
            Duration.ZERO,
            Duration.ZERO);
    assertThat(steps).extracting(Step::rounds).containsExactly(0, 0, 1, 0, 4, 0, 1, 0, 1);
    assertThat(steps).extracting(Step::untilResumed).endsWith(false, true);
    assertThat(steps.get(4).scale()).isEqualTo(new Step.Scale.Fixed(3));
    assertThat(steps.get(5).scale()).isEqualTo(new Step.Scale.MatchWeight());
  }

  @Test
  void aWeightThatNothingFollowsIsStillJudged() {
    assertThat(steps("{steps: [{setWeight: 10}, {setWeight: 50}]}"))
        .extracting(Step::rounds)
        .containsExactly(1, 1);
  }

  @Test
  void sizesBetweenAWeightAndWhatFollowsLeaveNoWeightUnjudged() {
    assertThat(steps("{interval: 1m, steps: [{setWeight: 20}, {setReplicas: 5}, {setWeight: 50}]}"))
        .extracting(Step::rounds)
        .containsExactly(1, 0, 1);
    assertThat(steps("{interval: 1m, steps: [{setWeight: 100}, {setReplicas: 3}]}"))
        .extracting(Step::rounds)
        .containsExactly(1, 0);
    assertThat(steps("{steps: [{setWeight: 20}, {setReplicas: 5}, {analysis: {iterations: 3}}]}"))
        .extracting(Step::rounds)
        .containsExactly(0, 0, 3);
  }

  @Test
  void stepsWithoutTrafficWaitForNoRound() {
    var steps =
        steps("{steps: [{pause: {duration: 5m}}, {pause: {}}, {setWeight: 0}, {setWeight: 10}]}");

    assertThat(steps).extracting(Step::rounds).containsExactly(0, 0, 0, 1);
    assertThat(steps.getFirst().hold()).isEqualTo(Duration.ofMinutes(5));
    assertThat(steps.get(1).untilResumed()).isTrue();
  }

  @Test
  void analysisBeforeAnyTrafficIsJudgedAndAdvisedAgainst() {
    var declared =
        valid(
            withAnalysis(
                """
                iterations: 5
                metrics: [{name: request-success-rate, thresholdRange: {min: 99}}]
                """));

    assertThat(declared.plan().steps()).extracting(Step::rounds).containsExactly(5, 1);
    assertThat(Advice.of(declared))
        .singleElement()
        .asString()
        .startsWith(
            "step 1 of 2 judges request-success-rate before any user's request reaches the canary")
        .contains("a webhook of type rollout, or set mirror: true");
    assertThat(
            Advice.of(
                valid(
                    withAnalysis(
                        "{iterations: 5, mirror: true, metrics: [{name: request-success-rate,"
                            + " thresholdRange: {min: 99}}]}"))))
        .isEmpty();
  }

  @Test
  void planThatMovesNobodyIsAdvisedAgainst() {
    assertThat(Advice.of(valid(withAnalysis("{steps: [{pause: {duration: 5m}}]}"))))
        .singleElement()
        .asString()
        .contains("add a setWeight");
  }

  @Test
  void affinityIsKeptWhereverUsersAreSplit() {
    var steps =
        steps(
            "{stepWeights: [10, 50], mirror: true, sessionAffinity: {cookieName: c, maxAge: 60}}");

    assertThat(steps.getFirst().split().affinity()).isEmpty();
    assertThat(steps.subList(1, 3))
        .allSatisfy(
            step ->
                assertThat(step.split().affinity())
                    .contains(new Affinity("c", Duration.ofMinutes(1))));
  }

  @Test
  void trafficReturnsInStepsWhenAsked() {
    assertThat(
            valid(withAnalysis("{stepWeights: [50], stepWeightPromotion: 20}"))
                .plan()
                .returnWeights())
        .containsExactly(30, 10);
    assertThat(
            valid(withAnalysis("{stepWeights: [50], stepWeightPromotion: 50}"))
                .plan()
                .returnWeights())
        .isEmpty();
  }

  @Test
  void strategiesExcludeEachOther() {
    assertThat(problems(withAnalysis("{stepWeight: 10, iterations: 3}")))
        .containsExactly(
            "spec.analysis is 'stepWeight and iterations', which exclude each other; keep one of"
                + " them");
    assertThat(problems(withAnalysis("{interval: 1m}")))
        .containsExactly(
            "spec.analysis names no strategy; give one of stepWeight, stepWeights, steps,"
                + " iterations");
    assertThat(problems(withAnalysis("{match: [{headers: {a: {exact: b}}}], stepWeight: 10}")))
        .contains(
            "spec.analysis.match needs spec.analysis.iterations; say how many rounds it is"
                + " tested");
  }

  @Test
  void aStepIsExactlyOneThing() {
    assertThat(problems(withAnalysis("{steps: [{setWeight: 10, pause: {}}, {}]}")))
        .containsExactly(
            "spec.analysis.steps[0] is 'setWeight and pause', which is not exactly one thing to do;"
                + " give one of setWeight, setReplicas, pause, analysis",
            "spec.analysis.steps[1] is not exactly one thing to do; give one of setWeight,"
                + " setReplicas, pause, analysis");
  }

  @Test
  void aLongestTimeShorterThanTheStepsIsRefused() {
    assertThat(problems(withAnalysis("{interval: 10m, stepWeights: [1, 2], maxDuration: 5m}")))
        .containsExactly(
            "spec.analysis.maxDuration is '5m', which is shorter than the steps, which take 20m;"
                + " use more than that");
  }

  private static List<Step> steps(String analysis) {
    return valid(withAnalysis(analysis)).plan().steps();
  }

  private static List<Integer> weights(String analysis) {
    return steps(analysis).stream().map(step -> step.split().canary()).toList();
  }
}
