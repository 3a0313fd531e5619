package dev.serin.sandbox.rehearsal;

import static dev.serin.sandbox.rehearsal.Steering.await;
import static dev.serin.sandbox.rehearsal.Steering.awaitPhase;
import static dev.serin.sandbox.rehearsal.Steering.weight;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.dataplane.RoutingTable;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What each strategy does with users' requests, seen at the data plane.
class StrategiesTest {

  private static final Call USER = Call.atGateway("web.example.com");
  private static final List<String> CANARIES = List.of("web-canary 2", "web-canary 3");

  private static Play play(String analysis) {
    return play(new Strategy("one", Ground.GATEWAY, analysis, true));
  }

  private static Play play(Strategy strategy) {
    return Steering.adopted(strategy, Load.of(USER, 50));
  }

  private static void awaitWeight(Play play, int weight) {
    Steering.awaitWeight(play, weight);
    play.rehearsal.run(Duration.ofSeconds(2));
  }

  private static long byCanary(Play play) {
    return CANARIES.stream().mapToLong(canary -> play.stats().version(canary).requests()).sum();
  }

  private static void assertNobodyWasLost(Play play) {
    assertThat(play.stats().routingFailures()).isEmpty();
    assertThat(play.rehearsal.surprises()).isEmpty();
  }

  /// What the canary gets of some load alone, within ten seconds.
  private static double shareOfCanary(Play play, Call call) {
    play.rehearsal.sandbox().traffic(List.of(Load.of(call, 100)));
    long all = play.stats().requests();
    long canary = byCanary(play);
    play.rehearsal.run(Duration.ofSeconds(5));
    return (double) (byCanary(play) - canary) / (play.stats().requests() - all);
  }

  @Test
  void abSendsMatchingRequestsToTheCanaryAndNoOther() {
    try (var play = play("iterations: 20\nmatch: [{headers: {x-group: {exact: insider}}}]")) {
      play.release("sandbox/web:2");
      awaitPhase(play, "Progressing");
      play.rehearsal.run(Duration.ofSeconds(10));

      assertThat(shareOfCanary(play, USER)).isZero();
      assertThat(shareOfCanary(play, USER.withHeader("x-group", "outsider"))).isZero();
      assertThat(shareOfCanary(play, USER.withHeader("x-group", "insider"))).isEqualTo(1);
      awaitPhase(play, "Succeeded");
      assertNobodyWasLost(play);
    }
  }

  @Test
  void mirroringLoadsTheCanaryAndAnswersNobodyWithIt() {
    try (var play = play("iterations: 3\nmirror: true")) {
      play.release("sandbox/web:2");
      awaitPhase(play, "Progressing");
      await(play, () -> play.status().path("step").asInt() == 1 && passed(play));

      assertThat(byCanary(play)).isZero();
      awaitPhase(play, "Succeeded");
      assertNobodyWasLost(play);
    }
  }

  private static boolean passed(Play play) {
    return play.status().at("/checks/0/verdict").asText().equals("PASSED");
  }

  @Test
  void badCanaryThatIsOnlyMirroredHurtsNobody() {
    try (var play = play("iterations: 3\nmirror: true")) {
      play.release("sandbox/web:2-errors-100");
      awaitPhase(play, "Failed");
      assertThat(play.stats().failedByVersions()).isZero();
      assertNobodyWasLost(play);
    }
  }

  @Test
  void blueGreenShowsUsersNothingBeforeAllChecksPassed() {
    try (var play = play(new Strategy("blue/green", Ground.ISTIO, "iterations: 3", false))) {
      var user = Load.of(Call.inMesh("web.shop"), 50);
      var tester = new Load("tester", Call.inMesh("web-canary.shop"), 20, 1);
      play.rehearsal.sandbox().traffic(List.of(user));
      play.release("sandbox/web:2");
      awaitPhase(play, "Progressing");
      play.rehearsal.run(Duration.ofSeconds(20));
      assertThat(byCanary(play)).isZero();

      play.rehearsal.sandbox().traffic(List.of(user, tester));
      awaitWeight(play, 100);
      play.rehearsal.sandbox().traffic(List.of(user));
      long stable = play.stats().version("web 1").requests();
      play.rehearsal.run(Duration.ofSeconds(5));
      assertThat(play.stats().version("web 1").requests()).isEqualTo(stable);
      awaitPhase(play, "Succeeded");
    }
  }

  @Test
  void pauseHoldsTheWeightUntilSomebodyResumes() {
    try (var play = play("steps: [{setWeight: 20}, {pause: {}}, {setWeight: 50}]")) {
      play.release("sandbox/web:2");
      awaitWeight(play, 20);
      play.rehearsal.run(Duration.ofMinutes(30));
      assertThat(play.phase()).isEqualTo("Progressing");
      assertThat(weight(play)).isEqualTo(20);

      play.command("resume");
      awaitPhase(play, "Succeeded");
      assertNobodyWasLost(play);
    }
  }

  @Test
  void skipStepEndsAStepAtOnce() {
    try (var play = play("steps: [{setWeight: 20}, {pause: {duration: 40m}}, {setWeight: 50}]")) {
      play.release("sandbox/web:2");
      awaitWeight(play, 20);
      await(play, () -> play.status().path("step").asInt() == 2);

      play.command("skip-step");
      awaitPhase(play, "Succeeded");
      assertNobodyWasLost(play);
    }
  }

  @Test
  void setReplicasSizesTheCanaryWhateverItsWeight() {
    try (var play =
        play(
            """
            steps:
              - setReplicas: 3
              - setWeight: 10
              - pause: {duration: 30s}
              - setReplicas: 1
              - setWeight: 20
              - pause: {duration: 30s}
            """)) {
      play.release("sandbox/web:2");
      awaitWeight(play, 10);
      assertThat(replicasOfCanary(play)).isEqualTo(3);
      awaitWeight(play, 20);
      play.rehearsal.run(Duration.ofSeconds(10));
      assertThat(replicasOfCanary(play)).isEqualTo(1);
      awaitPhase(play, "Succeeded");
      assertNobodyWasLost(play);
    }
  }

  private static int replicasOfCanary(Play play) {
    return play.rehearsal
        .sandbox()
        .api()
        .get(Kind.DEPLOYMENT, Play.NAMESPACE, "web-canary")
        .at("/spec/replicas")
        .asInt();
  }

  @Test
  void promotedTrafficGoesBackInSteps() {
    try (var play = play("stepWeight: 30\nmaxWeight: 60\nstepWeightPromotion: 25")) {
      var weights = new ArrayList<Integer>();
      play.release("sandbox/web:2");
      await(
          play,
          () -> {
            if (weights.isEmpty() || weights.getLast() != weight(play)) {
              weights.add(weight(play));
            }
            return play.phase().equals("Succeeded");
          });
      assertThat(weights).containsExactly(0, 30, 60, 35, 10, 0);
      assertNobodyWasLost(play);
    }
  }

  @Test
  void whoSawTheCanaryStaysWithItAndGoesBackAtRollback() {
    try (var play =
        play(
            "steps: [{setWeight: 20}, {pause: {}}, {setWeight: 50}]\n"
                + "sessionAffinity: {cookieName: version, maxAge: 3600}")) {
      play.release("sandbox/web:2");
      awaitWeight(play, 20);
      var returning = USER.withHeader("cookie", "theme=dark; " + cookieOfCanary(play));
      assertThat(shareOfCanary(play, USER)).isBetween(0.1, 0.3);
      assertThat(shareOfCanary(play, returning)).isEqualTo(1);

      play.command("abort");
      awaitPhase(play, "Failed");
      play.rehearsal.run(Duration.ofSeconds(30));
      assertThat(shareOfCanary(play, returning)).isZero();
      assertNobodyWasLost(play);
    }
  }

  @Test
  void whoSawTheCanaryComesBackToItWhenItWasAwayForAWhile() {
    try (var play =
        play(
            "steps: [{setWeight: 20}, {pause: {}}, {setWeight: 50}]\n"
                + "sessionAffinity: {cookieName: version, maxAge: 3600}")) {
      play.release("sandbox/web:2");
      awaitWeight(play, 20);
      var cookie = cookieOfCanary(play);

      play.rehearsal.sandbox().api().delete(Kind.DEPLOYMENT, Play.NAMESPACE, "web-canary");
      await(play, () -> weight(play) == 0);
      awaitWeight(play, 20);
      assertThat(cookieOfCanary(play)).isEqualTo(cookie);
      assertThat(shareOfCanary(play, USER.withHeader("cookie", cookie))).isEqualTo(1);

      play.rehearsal.crash();
      play.rehearsal.run(Duration.ofSeconds(30));
      assertThat(cookieOfCanary(play)).isEqualTo(cookie);
      play.command("resume");
      awaitPhase(play, "Succeeded");

      play.release("sandbox/web:3");
      awaitWeight(play, 20);
      assertThat(cookieOfCanary(play)).isNotEqualTo(cookie);
      assertThat(shareOfCanary(play, USER.withHeader("cookie", cookie))).isBetween(0.1, 0.3);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Ground.class,
      names = {"GATEWAY", "ISTIO"})
  void mirroringComesToAnEndAndTheWeightsBegin(Ground ground) {
    try (var play =
        play(new Strategy("mirror first", ground, "stepWeights: [30, 60]\nmirror: true", true))) {
      if (ground == Ground.ISTIO) {
        play.rehearsal.sandbox().traffic(List.of(Load.of(Call.inMesh("web.shop"), 50)));
      }
      var weights = new ArrayList<Integer>();
      play.release("sandbox/web:2");
      await(
          play,
          () -> {
            if (weights.isEmpty() || weights.getLast() != weight(play)) {
              weights.add(weight(play));
            }
            return play.phase().equals("Succeeded");
          });
      assertThat(weights).containsExactly(0, 30, 60, 0);
      // Nobody routes the requests at the gateway that came before those in the mesh.
      assertThat(play.stats().routingFailures().keySet())
          .isSubsetOf(ground == Ground.ISTIO ? List.of("404 web.example.com") : List.of());
    }
  }

  /// What the route sets on answers of the canary, as a browser sends it back.
  private static String cookieOfCanary(Play play) {
    var route =
        play.rehearsal.sandbox().api().get(RoutingTable.HTTP_ROUTE, Play.NAMESPACE, Play.NAME);
    for (JsonNode value : route.findValues("value")) {
      var text = value.asText();
      if (text.startsWith("version=") && text.contains(";")) {
        return text.substring(0, text.indexOf(';'));
      }
    }
    throw new AssertionError("no cookie is set: " + Json.write(route.path("spec")));
  }

  @Test
  void skipAnalysisPromotesWhatIsReadyWithoutSteps() {
    try (var play = play("stepWeights: [20, 50]")) {
      play.rehearsal
          .sandbox()
          .api()
          .edit(
              Kind.CANARY,
              Play.NAMESPACE,
              Play.NAME,
              canary -> Json.child(canary, "spec").put("skipAnalysis", true));
      play.release("sandbox/web:2");
      var start = play.rehearsal.time().instant();
      awaitPhase(play, "Succeeded");
      assertThat(Duration.between(start, play.rehearsal.time().instant()))
          .isLessThan(Duration.ofSeconds(20));
      assertThat(play.status().at("/checks")).isEmpty();
      assertNobodyWasLost(play);
    }
  }

  @Test
  void returnToAFormerStableRevisionSkipsTheSteps() {
    try (var play = play("stepWeights: [10, 20, 30, 40, 50, 60, 70]")) {
      play.rehearsal
          .sandbox()
          .api()
          .edit(
              Kind.CANARY,
              Play.NAMESPACE,
              Play.NAME,
              canary ->
                  Json.child(Json.child(canary, "spec"), "rollbackWindow").put("revisions", 2));
      play.release("sandbox/web:2");
      awaitPhase(play, "Succeeded");
      play.release("sandbox/web:1");
      var start = play.rehearsal.time().instant();
      awaitPhase(play, "Progressing");
      awaitPhase(play, "Succeeded");
      assertThat(Duration.between(start, play.rehearsal.time().instant()))
          .isLessThan(Duration.ofSeconds(40));
      assertThat(play.status().at("/history/0/outcome").asText()).isEqualTo("Promoted");
      assertNobodyWasLost(play);
    }
  }
}
