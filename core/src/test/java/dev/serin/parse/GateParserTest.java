package dev.serin.parse;

import static dev.serin.parse.CanaryParserTest.problems;
import static dev.serin.parse.CanaryParserTest.valid;
import static dev.serin.parse.CanaryParserTest.withAnalysis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.serin.rollout.GateSpec;
import dev.serin.rollout.GateSpec.Kind;
import dev.serin.rollout.GateSpec.OnTimeout;
import dev.serin.rollout.GateSpec.Point;
import dev.serin.rollout.Step;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateParserTest {

  @Test
  void hooksThatCanSayNoAreGatesUnderTheirNames() {
    var canary =
        valid(
            withAnalysis(
                """
                stepWeights: [10, 50]
                webhooks:
                  - {name: a, type: confirm-rollout, url: "http://x", deadline: 2h, onTimeout: pass}
                  - {name: b, type: pre-rollout, url: "http://x"}
                  - {name: c, type: rollout, url: "http://x"}
                  - {name: d, type: confirm-traffic-increase, url: "http://x"}
                  - {name: e, type: confirm-promotion, url: "http://x"}
                  - {name: f, type: post-rollout, url: "http://x"}
                  - {name: g, type: rollback, url: "http://x"}
                  - {name: h, type: event, url: "http://x"}
                  - {name: i, url: "http://x"}
                """));

    assertThat(canary.plan().gates())
        .extracting(GateSpec::name, GateSpec::at, GateSpec::kind)
        .containsExactly(
            tuple("a", Point.ROLLOUT, Kind.WEBHOOK),
            tuple("b", Point.FIRST_TRAFFIC, Kind.CHECK),
            tuple("d", Point.STEP, Kind.WEBHOOK),
            tuple("e", Point.PROMOTION, Kind.WEBHOOK),
            tuple("g", Point.ROLLBACK, Kind.WEBHOOK));
    assertThat(canary.plan().gates().getFirst().timeout()).contains(Duration.ofHours(2));
    assertThat(canary.plan().gates().getFirst().onTimeout()).isEqualTo(OnTimeout.PASS);
    assertThat(canary.plan().checks()).as("the rollout hooks are asked in each round").isTrue();
    assertThat(canary.hooks(HookSpec.Type.ROLLOUT))
        .extracting(HookSpec::name)
        .containsExactly("c", "i");
    assertThat(canary.plan().steps())
        .extracting(Step::gates)
        .containsExactly(List.of("d"), List.of("d"));
  }

  @Test
  void checkBeforeTheFirstTrafficMayHaveADeadline() {
    var gate =
        valid(
                withAnalysis(
                    """
                    stepWeight: 50
                    webhooks: [{name: b, type: pre-rollout, url: "http://x", deadline: 5m}]
                    """))
            .plan()
            .gates()
            .getFirst();

    assertThat(gate.kind()).isEqualTo(Kind.CHECK);
    assertThat(gate.timeout()).contains(Duration.ofMinutes(5));
  }

  @Test
  void nameByWhichAnUndecidedAnalysisAsksIsTaken() {
    assertThat(problems(withAnalysis("{stepWeight: 50, approvals: [{name: inconclusive}]}")))
        .containsExactly(
            "spec.analysis.approvals[0].name is 'inconclusive', which is how an undecided analysis"
                + " asks for approval; give it another name");
  }

  @Test
  void onlyRisesOfTrafficAreConfirmed() {
    var canary =
        valid(
            withAnalysis(
                """
                steps: [{setWeight: 20}, {pause: {}}, {setWeight: 10}, {setWeight: 50}]
                webhooks: [{name: d, type: confirm-traffic-increase, url: "http://x"}]
                """));

    assertThat(canary.plan().steps())
        .extracting(Step::gates)
        .containsExactly(List.of("d"), List.of(), List.of(), List.of("d"));
  }

  @Test
  void anApprovalStandsWhereItIsWanted() {
    var canary =
        valid(
            withAnalysis(
                """
                stepWeights: [10, 50]
                approvals:
                  - {name: start, before: rollout, approvers: [ann, bob, eve], required: 2}
                  - {name: half, before: step, step: 2}
                  - {name: last}
                """));

    assertThat(canary.plan().gates())
        .extracting(GateSpec::name, GateSpec::at, GateSpec::approvals)
        .containsExactly(
            tuple("start", Point.ROLLOUT, 2),
            tuple("half", Point.STEP, 1),
            tuple("last", Point.PROMOTION, 1));
    assertThat(canary.plan().steps())
        .extracting(Step::gates)
        .containsExactly(List.of(), List.of("half"));
  }

  @Test
  void aHookCarriesItsSecretsByReference() {
    var hook =
        valid(
                withAnalysis(
                    """
                    stepWeight: 50
                    webhooks:
                      - name: load
                        url: https://tester.shop/gate
                        timeout: 30s
                        retries: 2
                        metadata: {cmd: hey}
                        muteAlert: true
                        disableTLS: true
                        secretRef: {name: signing}
                        headersFrom:
                          - {name: Authorization, secretKeyRef: {name: tokens, key: tester}}
                    """))
            .hooks()
            .getFirst();

    assertThat(hook)
        .isEqualTo(
            new HookSpec(
                "load",
                HookSpec.Type.ROLLOUT,
                URI.create("https://tester.shop/gate"),
                Duration.ofSeconds(30),
                2,
                Map.of("cmd", "hey"),
                true,
                HookSpec.Tls.UNVERIFIED,
                Optional.of(new HookSpec.SecretKey("signing", "hmac-key")),
                List.of(
                    new HookSpec.Header(
                        "Authorization", new HookSpec.SecretKey("tokens", "tester")))));
  }

  @Test
  void gatesThatCannotBeToldApartOrCanNeverOpenAreRefused() {
    assertThat(
            problems(
                withAnalysis(
                    """
                    stepWeights: [10, 50]
                    webhooks:
                      - {name: a, url: "http://x"}
                      - {name: a, url: "http://x"}
                      - {name: b, url: "http://x", deadline: 1h}
                    approvals:
                      - {name: a}
                      - {name: few, approvers: [ann], required: 2}
                      - {name: far, before: step, step: 9}
                      - {name: odd, step: 1}
                      - {name: never, onTimeout: pass}
                    """)))
        .containsExactlyInAnyOrder(
            "spec.analysis.webhooks[1].name is 'a', which is the name of another webhook or"
                + " approval as well; give each a name of its own",
            "spec.analysis.approvals[0].name is 'a', which is the name of another webhook or"
                + " approval as well; give each a name of its own",
            "spec.analysis.webhooks[2].deadline is '1h', which is for gates, and a rollout is none;"
                + " remove it",
            "spec.analysis.approvals[1].required is '2', which is more than there are approvers;"
                + " name more approvers or require fewer",
            "spec.analysis.approvals[2].step is '9', which is none of the steps; use 1 to 2",
            "spec.analysis.approvals[3].step is '1', which needs before: step; set it or remove the"
                + " step",
            "spec.analysis.approvals[4].onTimeout is 'pass', which needs a timeout; give a timeout"
                + " as well");
  }
}
