package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serin.cluster.Kind;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// `canary wait` as CI calls it, with a controller that is played.
class WaitCommandTest {
  @TempDir private Path directory = Path.of("");

  /// How it ended, and what the status says then.
  static Stream<Arguments> endings() {
    return Stream.of(
        Arguments.of(0, "phase: Succeeded\nrevision: r\nstableRevision: r\n"),
        Arguments.of(
            1,
            """
            phase: Failed
            revision: r
            stableRevision: s
            decisions: [{time: "2026-01-01T00:00:01Z", kind: RolledBack, text: too many errors}]
            history: [{revision: r, outcome: RolledBack, reason: too many errors}]
            """),
        Arguments.of(
            4,
            """
            phase: Failed
            revision: r
            stableRevision: s
            decisions:
              - {time: "2026-01-01T00:00:02Z", kind: RejectedAgain, text: rejected before}
              - {time: "2026-01-01T00:00:01Z", kind: RolledBack, text: too many errors}
            history: [{revision: r, outcome: RolledBack, reason: too many errors}]
            """),
        Arguments.of(
            4,
            """
            phase: Initialized
            revision: r
            stableRevision: r
            history: [{revision: q, outcome: Reverted}]
            """),
        Arguments.of(5, "phase: Progressing\nrevision: r\nstableRevision: s\n"),
        Arguments.of(
            6,
            """
            phase: WaitingPromotion
            revision: r
            stableRevision: s
            gates: [{name: boss, kind: approval, before: promotion, state: Closed, askedAt: "2026-01-01T00:00:00Z"}]
            """),
        Arguments.of(8, "phase: Bypassed\n"),
        Arguments.of(9, "phase: PromotionFailed\nrevision: r\nstableRevision: s\n"));
  }

  private TestCluster cluster() {
    var cluster = new TestCluster(directory);
    cluster.canary("shop", "web");
    return cluster;
  }

  /// What a controller says of the Deployment that is there now.
  private static void observed(TestCluster cluster, String rest) {
    var target = cluster.deployment("shop", "web");
    cluster.status(
        "shop",
        "web",
        "target: {uid: \"%s\", observedGeneration: %d}\n%s"
            .formatted(
                target.at("/metadata/uid").asText(),
                target.at("/metadata/generation").asLong(),
                rest));
  }

  @ParameterizedTest
  @MethodSource("endings")
  void everyEndingHasItsExitCode(int code, String status) {
    try (var cluster = cluster()) {
      observed(cluster, status);
      var run = cluster.run("wait", "deployment/web", "--fail-on-approval", "--timeout", "0");
      assertThat(run.code()).as(run.out() + run.err()).isEqualTo(code);
    }
  }

  @ParameterizedTest
  @MethodSource("endings")
  void everyEndingIsOneDocumentWhereItIsAskedFor(int code, String status) throws Exception {
    try (var cluster = cluster()) {
      observed(cluster, status);
      var run =
          cluster.run(
              "wait", "deployment/web", "--fail-on-approval", "--timeout", "0", "-o", "json");
      assertThat(run.code()).as(run.out() + run.err()).isEqualTo(code);
      var document = new ObjectMapper().readTree(run.out());
      assertThat(document.path("exitCode").asInt()).isEqualTo(code);
      assertThat(document.path("outcome").asText()).isEqualTo(Waiting.outcome(code));
      assertThat(status).contains("phase: " + document.path("phase").asText() + "\n");
      assertThat(run.err()).endsWith(document.path("reason").asText() + "\n");
    }
  }

  @Test
  void theDocumentSaysWhatBecameOfWhichRevisionAndWhy() {
    try (var cluster = cluster()) {
      observed(
          cluster,
          """
          phase: Failed
          revision: r
          stableRevision: s
          decisions: [{time: "2026-01-01T00:00:01Z", kind: RolledBack, text: too many errors}]
          history: [{revision: r, outcome: RolledBack, reason: too many errors}]
          """);
      assertThat(cluster.run("wait", "canary/web", "-o", "json").out())
          .isEqualToNormalizingWhitespace(
              """
              {
                "namespace" : "shop",
                "canary" : "web",
                "phase" : "Failed",
                "revision" : "r",
                "outcome" : "RolledBack",
                "reason" : "revision r was rolled back: too many errors",
                "exitCode" : 1
              }
              """);
    }
  }

  @Test
  void whatNoCanaryHasAdoptedIsADocumentWithoutOne() {
    try (var cluster = cluster()) {
      cluster.admin.delete(Kind.CANARY, "shop", "web");
      var run = cluster.run("wait", "deployment/web", "-o", "json");
      assertThat(run.code()).isEqualTo(7);
      assertThat(run.out()).contains("\"NotAdopted\"").doesNotContain("\"phase\"");
    }
  }

  @Test
  void wrongUsageIsTwoAndNamesTheCure() {
    try (var cluster = cluster()) {
      assertThat(cluster.run("wait", "web").code()).isEqualTo(2);
      assertThat(cluster.run("wait", "web").err()).contains("did you mean deployment/web?");
      assertThat(cluster.run("wait", "deployment/wbe").code()).isEqualTo(2);
      assertThat(cluster.run("wait", "deployment/wbe").err()).contains("there is web");
      assertThat(cluster.run("wait", "deployment/web", "--timeout", "soon").err())
          .contains("--timeout", "'soon' is not a duration such as 90s, 30m or 2h");
    }
  }

  @Test
  void supersededIsThree() throws Exception {
    try (var cluster = cluster()) {
      observed(cluster, "phase: Progressing\nrevision: r\nstableRevision: s\n");
      var wait = cluster.start("wait", "canary/web");
      wait.awaitOutput("revision r");
      cluster.status("shop", "web", "{phase: Waiting, revision: q, stableRevision: s}");
      assertThat(wait.ended().code()).isEqualTo(3);
    }
  }

  @Test
  void aDeploymentWithoutACanaryIsSeven() {
    try (var cluster = cluster()) {
      cluster.admin.delete(Kind.CANARY, "shop", "web");
      var run = cluster.run("wait", "deployment/web");
      assertThat(run.code()).isEqualTo(7);
      assertThat(run.out()).contains("no Canary for deployment/web in namespace shop");
    }
  }

  @Test
  void aVersionThatSerinHasNotSeenIsNotAdoptedInTime() {
    try (var cluster = cluster()) {
      cluster.status("shop", "web", "{phase: Succeeded, revision: old, stableRevision: old}");
      assertThat(cluster.run("wait", "deployment/web", "--timeout", "0").code()).isEqualTo(7);
    }
  }

  @Test
  void anApiServerThatRefusesIsEight() {
    try (var cluster = cluster()) {
      assertThat(cluster.run("wait", "canary/web", "--context", "nobody").code()).isEqualTo(8);
      assertThat(cluster.run("wait", "canary/web", "--context", "away").code())
          .as("a cluster that was never reached is not waited for")
          .isEqualTo(8);
    }
  }

  @Test
  void aCanaryThatIsDeletedMeanwhileIsEight() throws Exception {
    try (var cluster = cluster()) {
      observed(cluster, "phase: Progressing\nrevision: r\nstableRevision: s\n");
      var wait = cluster.start("wait", "deployment/web");
      wait.awaitOutput("revision r");
      cluster.admin.delete(Kind.CANARY, "shop", "web");
      var run = wait.ended();
      assertThat(run.code()).isEqualTo(8);
      assertThat(run.out()).contains("the Canary was deleted");
    }
  }

  @Test
  void theStoryIsToldWhileItHappens() throws Exception {
    try (var cluster = cluster()) {
      observed(
          cluster,
          """
          phase: Waiting
          revision: r
          stableRevision: s
          decisions: [{time: "2026-01-01T00:00:01Z", kind: NewRevision, text: revision r is held}]
          """);
      var wait = cluster.start("wait", "deployment/web");
      wait.awaitOutput("2026-01-01T00:00:01Z  NewRevision: revision r is held");
      observed(
          cluster,
          """
          phase: Succeeded
          revision: r
          stableRevision: r
          decisions:
            - {time: "2026-01-01T00:00:03Z", kind: Promoted, text: revision r serves}
            - {time: "2026-01-01T00:00:02Z", kind: RolloutStarted, text: in 2 steps}
            - {time: "2026-01-01T00:00:01Z", kind: NewRevision, text: revision r is held}
          """);
      var run = wait.ended();
      assertThat(run.code()).isZero();
      assertThat(run.out())
          .isEqualTo(
              """
              revision r, stable is s
              2026-01-01T00:00:01Z  NewRevision: revision r is held
              2026-01-01T00:00:02Z  RolloutStarted: in 2 steps
              2026-01-01T00:00:03Z  Promoted: revision r serves
              revision r is stable
              """);
    }
  }
}
