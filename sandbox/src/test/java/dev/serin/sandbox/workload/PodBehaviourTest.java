package dev.serin.sandbox.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.sandbox.workload.PodBehaviour.Fate;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PodBehaviourTest {

  @Test
  void anOrdinaryTagBehavesWell() {
    assertThat(of("sandbox/web:1.0")).isEqualTo(PodBehaviour.GOOD);
    assertThat(of("registry.local:5000/team/web:v2")).isEqualTo(PodBehaviour.GOOD);
    assertThat(of("web")).isEqualTo(PodBehaviour.GOOD);
  }

  @Test
  void errorsAreAPercentageInTheTag() {
    assertThat(of("sandbox/web:bad-errors-20").errorRate()).isEqualTo(0.2);
    assertThat(of("sandbox/web:errors-0.5").errorRate()).isEqualTo(0.005);
    assertThat(of("sandbox/web:errors-200").errorRate()).isEqualTo(1);
  }

  @Test
  void severalWordsOfATagCombine() {
    var behaviour = of("sandbox/web:v2-errors-5-slow-300ms-slow-start-30s");

    assertThat(behaviour.errorRate()).isEqualTo(0.05);
    assertThat(behaviour.latency()).isEqualTo(Duration.ofMillis(300));
    assertThat(behaviour.startDelay()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void aSlowStartIsNotASlowAnswer() {
    assertThat(of("sandbox/web:slow-start-30s").latency()).isEqualTo(PodBehaviour.GOOD.latency());
  }

  @Test
  void failuresOfThePodItselfAreInTheTag() {
    assertThat(of("a/b:crash").fate()).isEqualTo(new Fate.Crashes(Duration.ZERO));
    assertThat(of("a/b:crash-after-30s").fate())
        .isEqualTo(new Fate.Crashes(Duration.ofSeconds(30)));
    assertThat(of("a/b:not-ready").fate()).isEqualTo(new Fate.LosesReadiness(Duration.ZERO));
    assertThat(of("a/b:unready-after-1m").fate())
        .isEqualTo(new Fate.LosesReadiness(Duration.ofMinutes(1)));
    assertThat(of("a/b:pull-fails").fate()).isEqualTo(new Fate.CannotPull());
    assertThat(of("a/b:unschedulable").fate()).isEqualTo(new Fate.Unschedulable());
    assertThat(of("A/b:!").fate()).isEqualTo(new Fate.InvalidImage());
  }

  @Test
  void wordsInsideOfOtherWordsMeanNothing() {
    assertThat(of("a/b:nocrash")).isEqualTo(PodBehaviour.GOOD);
    assertThat(of("a/b:crashless")).isEqualTo(PodBehaviour.GOOD);
  }

  @Test
  void theEnvironmentWinsOverTheTag() {
    var behaviour =
        PodBehaviour.of(
            "sandbox/web:errors-20",
            Map.of("SERIN_ERROR_RATE", "2%", "SERIN_LATENCY", "50ms", "SERIN_CRASH_AFTER", "10s"));

    assertThat(behaviour.errorRate()).isEqualTo(0.02);
    assertThat(behaviour.latency()).isEqualTo(Duration.ofMillis(50));
    assertThat(behaviour.fate()).isEqualTo(new Fate.Crashes(Duration.ofSeconds(10)));
  }

  @Test
  void valuesThatDoNotReadAreIgnored() {
    assertThat(PodBehaviour.of("a/b:1", Map.of("SERIN_ERROR_RATE", "much", "SERIN_LATENCY", "-1")))
        .isEqualTo(PodBehaviour.GOOD);
  }

  private static PodBehaviour of(String image) {
    return PodBehaviour.of(image, Map.of());
  }
}
