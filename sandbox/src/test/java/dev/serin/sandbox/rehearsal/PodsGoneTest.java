package dev.serin.sandbox.rehearsal;

import static dev.serin.sandbox.rehearsal.Steering.LONG;
import static dev.serin.sandbox.rehearsal.Steering.await;
import static dev.serin.sandbox.rehearsal.Steering.awaitPhase;
import static dev.serin.sandbox.rehearsal.Steering.awaitWeight;
import static dev.serin.sandbox.rehearsal.Steering.weight;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.load.Load;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What becomes of a rollout when pods are gone in its middle: those of the canary by themselves,
/// those of the target because its owner wants none.
class PodsGoneTest {

  private static final int PER_SECOND = 50;
  private static final String HELD = "steps: [{setWeight: 20}, {pause: {}}, {setWeight: 50}]";

  private static Play play() {
    var strategy = new Strategy("one", Ground.GATEWAY, HELD, true);
    return Steering.adopted(strategy, Load.of(strategy.ground().call(), PER_SECOND));
  }

  private static void scale(Play play, int replicas) {
    play.rehearsal
        .sandbox()
        .api()
        .edit(
            Kind.DEPLOYMENT,
            Play.NAMESPACE,
            Play.NAME,
            target -> Json.child(target, "spec").put("replicas", replicas));
  }

  private static boolean hasCanary(Play play) {
    return play.rehearsal
        .sandbox()
        .api()
        .find(Kind.DEPLOYMENT, Play.NAMESPACE, "web-canary")
        .isPresent();
  }

  private static long unanswered(Play play) {
    return play.stats().routingFailures().values().stream().mapToLong(Long::longValue).sum();
  }

  /// Its traffic goes to stable at once and its step begins anew, with a deadline of its own; what
  /// it did not answer until the data plane followed speaks for nothing.
  @Test
  void canaryThatLosesItsReadinessLosesItsTrafficAndIsGivenUpAtTheDeadline() {
    try (var play = play()) {
      play.release("sandbox/web:2-unready-after-30s");
      awaitWeight(play, 20);
      await(play, () -> weight(play) == 0);
      var lost = play.rehearsal.time().instant();
      assertThat(play.phase()).isEqualTo("Progressing");
      play.rehearsal.run(Duration.ofSeconds(1));
      var unanswered = unanswered(play);
      assertThat(unanswered).isLessThan((long) PER_SECOND * 20 / 100);

      awaitPhase(play, "Failed");

      assertThat(Duration.between(lost, play.rehearsal.time().instant()))
          .isEqualTo(Duration.ofMinutes(1));
      assertThat(play.status().at("/history/0/reason").asText()).contains("not ready within 60 s");
      assertThat(play.status().path("failedChecks").asInt()).isZero();
      assertThat(unanswered(play)).isEqualTo(unanswered);
      assertThat(play.rehearsal.surprises()).isEmpty();
    }
  }

  /// A canary holds a step, and then the owner of the target wants no pods of it.
  private static Play scaledToZero() {
    var play = play();
    play.release("sandbox/web:2");
    awaitWeight(play, 20);
    play.rehearsal.run(Duration.ofSeconds(20));
    scale(play, 0);
    play.rehearsal.run(Duration.ofSeconds(2));
    return play;
  }

  @Test
  void canaryOnTrialServesEverybodyWhileItsTargetIsScaledToZero() {
    try (var play = scaledToZero()) {
      var unanswered = unanswered(play);
      play.rehearsal.run(LONG);
      assertThat(play.phase()).isEqualTo("Progressing");
      assertThat(weight(play)).isEqualTo(100);

      scale(play, 2);
      awaitWeight(play, 20);
      await(play, () -> play.status().path("waitingFor").asText().contains("resume"));
      play.command("resume");
      awaitPhase(play, "Succeeded");

      assertThat(unanswered(play)).isEqualTo(unanswered);
      assertThat(play.rehearsal.surprises()).isEmpty();
    }
  }

  @Test
  void revisionOfATargetThatIsScaledToZeroIsPromotedAndItsCanaryGoes() {
    try (var play = scaledToZero()) {
      play.command("resume");
      awaitPhase(play, "Succeeded");
      play.rehearsal.run(Duration.ofSeconds(2));

      assertThat(hasCanary(play)).isFalse();
      assertThat(play.status().at("/history/0/outcome").asText()).isEqualTo("Promoted");
      assertThat(play.rehearsal.surprises()).isEmpty();
    }
  }

  @Test
  void rejectedCanaryOfATargetThatIsScaledToZeroGoes() {
    try (var play = scaledToZero()) {
      play.command("abort");
      awaitPhase(play, "Failed");
      await(play, () -> !hasCanary(play));

      scale(play, 2);
      play.rehearsal.run(Duration.ofSeconds(10));
      var unanswered = unanswered(play);
      play.rehearsal.run(LONG);

      assertThat(play.phase()).isEqualTo("Failed");
      assertThat(unanswered(play)).isEqualTo(unanswered);
      assertThat(play.rehearsal.surprises()).isEmpty();
    }
  }

  @Test
  void targetThatIsScaledToZeroIsLetGoAndLeavesNoCanaryBehind() {
    try (var play = scaledToZero()) {
      play.rehearsal.sandbox().api().delete(Kind.CANARY, Play.NAMESPACE, Play.NAME);

      await(play, () -> play.rehearsal.canary(Play.NAMESPACE, Play.NAME).isEmpty());
      play.rehearsal.run(Duration.ofSeconds(2));

      assertThat(hasCanary(play)).isFalse();
      assertThat(play.rehearsal.surprises()).isEmpty();
    }
  }
}
