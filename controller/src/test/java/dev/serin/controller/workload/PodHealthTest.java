package dev.serin.controller.workload;

import static dev.serin.controller.workload.Yaml.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.rollout.Seen.Health;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodHealthTest {
  private static final Instant MADE = Instant.parse("2026-11-21T10:00:00Z");

  private static Health of(String status, long secondsAfter) {
    var pod =
        yaml(
            "{metadata: {name: web-1, creationTimestamp: \"2026-11-21T10:00:00Z\"}, status: {"
                + status
                + "}}");
    return PodHealth.of(yaml("{}"), List.of(pod), MADE.plusSeconds(secondsAfter));
  }

  private static String waiting(String reason) {
    return "containerStatuses: [{name: web, restartCount: 0, state: {waiting: {reason: "
        + reason
        + ", message: said}}}]";
  }

  @ParameterizedTest
  @CsvSource({
    "InvalidImageName, 0, Broken",
    "CreateContainerConfigError, 59, Slow",
    "CreateContainerConfigError, 60, Broken",
    "RunContainerError, 61, Broken",
    "ImagePullBackOff, 3600, Slow",
    "ErrImagePull, 0, Slow",
    "ContainerCreating, 3600, Fine",
    "PodInitializing, 3600, Fine",
  })
  void reasonOfAWaitingContainerDecides(String reason, long after, String expected) {
    assertThat(of(waiting(reason), after).getClass().getSimpleName()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, Slow", "2, Slow", "3, Broken", "7, Broken"})
  void threeCrashesAreNoCoincidence(int restarts, String expected) {
    var health =
        of(
            "containerStatuses: [{name: web, ready: false, restartCount: "
                + restarts
                + ", state: {waiting: {reason: CrashLoopBackOff}},"
                + " lastState: {terminated: {exitCode: 2, reason: Error}}}]",
            10);

    assertThat(health.getClass().getSimpleName()).isEqualTo(expected);
  }

  @Test
  void brokenPodSpeaksWithItsOwnReason() {
    assertThat(of(waiting("InvalidImageName"), 0))
        .isEqualTo(new Health.Broken("container web of pod web-1: InvalidImageName: said"));
  }

  @Test
  void initContainersCount() {
    var health =
        of(
            "initContainerStatuses: [{name: migrate, restartCount: 3, ready: false,"
                + " lastState: {terminated: {exitCode: 1, reason: Error}}}]",
            10);

    assertThat(health).isInstanceOf(Health.Broken.class);
  }

  @Test
  void podWithoutANodeIsWorthWaitingFor() {
    assertThat(
            of(
                "conditions: [{type: PodScheduled, status: \"False\", reason: Unschedulable,"
                    + " message: no cpu}]",
                3600))
        .isEqualTo(new Health.Slow("pod web-1 finds no node: no cpu"));
  }

  @Test
  void quotaIsWorthWaitingFor() {
    var deployment =
        yaml(
            "{status: {conditions: [{type: ReplicaFailure, status: \"True\", message: exceeded"
                + " quota}]}}");

    assertThat(PodHealth.of(deployment, List.of(), MADE))
        .isEqualTo(new Health.Slow("pods cannot be made: exceeded quota"));
  }

  @Test
  void readyPodIsFineWhateverItDidBefore() {
    assertThat(
            of(
                "conditions: [{type: Ready, status: \"True\"}], containerStatuses: [{name: web,"
                    + " ready: true, restartCount: 9, lastState: {terminated: {exitCode: 1}}}]",
                10))
        .isInstanceOf(Health.Fine.class);
  }

  @Test
  void aBrokenPodOutweighsASlowOne() {
    var slow = yaml("{metadata: {name: a}, status: {" + waiting("ErrImagePull") + "}}");
    var broken = yaml("{metadata: {name: b}, status: {" + waiting("InvalidImageName") + "}}");

    assertThat(PodHealth.of(yaml("{}"), List.of(slow, broken), MADE))
        .isInstanceOf(Health.Broken.class);
  }

  @Test
  void patienceWithMissingConfigurationEndsWithoutAnyEvent() {
    var pod =
        yaml(
            "{metadata: {creationTimestamp: \"2026-11-21T10:00:00Z\"}, status: {"
                + waiting("CreateContainerConfigError")
                + "}}");

    assertThat(PodHealth.turns(List.of(pod))).contains(MADE.plus(PodHealth.PATIENCE));
  }
}
