package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Change;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Written;
import dev.serin.judge.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The process ends after any one of its writes, or any one of them fails: the rollout ends the
/// same, whatever kind of target is released.
class CrashTest {

  /// @param end the phase that it ends in
  /// @param carried the version that the target asks for at the end
  /// @param held whether a Deployment is held at the end
  /// @param weight that the canary has at the end
  record Story(
      String name,
      Targeted targeted,
      Consumer<World> setUp,
      String end,
      String carried,
      boolean held,
      int weight) {

    @Override
    public String toString() {
      return targeted + ", " + name;
    }

    World told(Consumer<World> trouble) {
      var steps = targeted == Targeted.DEPLOYMENT ? "[10, 20, 30, 40, 50]" : "[10, 30]";
      var world =
          targeted.adopted(
              World.CANARY_YAML
                  .replace("  service:", "  progressDeadlineSeconds: 60\n  service:")
                  .replace("[10, 20, 30, 40, 50]", steps));
      setUp.accept(world);
      trouble.accept(world);
      targeted.release(world);
      world.run(Duration.ofMinutes(15));
      return world;
    }
  }

  static List<Story> stories() {
    var stuck =
        new Story(
            "stuck",
            Targeted.DEPLOYMENT,
            world -> world.deployments.stuck.add("web"),
            "PromotionFailed",
            "2",
            true,
            100);
    return Stream.concat(Stream.of(stuck), Stream.of(Targeted.values()).flatMap(CrashTest::stories))
        .toList();
  }

  private static Stream<Story> stories(Targeted of) {
    return Stream.of(
        new Story("good", of, _ -> {}, "Succeeded", "2", false, 0),
        new Story(
            "bad",
            of,
            world -> world.verdict = _ -> Verdict.FAILED,
            "Failed",
            of == Targeted.SERVICE ? "1" : "2",
            of != Targeted.SERVICE,
            0),
        new Story("deleted", of, CrashTest::deleteSoon, "gone", "1", false, 0));
  }

  private static void deleteSoon(World world) {
    world.cluster.failing(
        change -> {
          if (change instanceof Change.Merge(var ref, var patch)
              && ref.equals(World.ROUTE)
              && patch.path("spec").path("canary").asInt() == 30) {
            world.cluster.remove(World.CANARY);
          }
          return Optional.empty();
        });
  }

  static Stream<Arguments> crashes() {
    return stories().stream()
        .flatMap(
            story ->
                IntStream.rangeClosed(1, story.told(_ -> {}).cluster.writes.size())
                    .mapToObj(write -> Arguments.of(story, write)));
  }

  @ParameterizedTest
  @MethodSource("crashes")
  void crashAfterAnyWriteEndsTheSame(Story story, int write) {
    var world = story.told(it -> it.cluster.crashAfter(write));

    assertEndsWell(story, world);
  }

  @ParameterizedTest
  @MethodSource("stories")
  void anyWriteMayFailOnce(Story story) {
    var answers =
        List.of(
            new Written.Conflict("somebody else"),
            new Written.Unavailable("time-out", Optional.empty()));
    var count = story.told(_ -> {}).cluster.writes.size();
    for (int failing = 1; failing <= count; failing++) {
      for (var answer : answers) {
        if (story.targeted() == Targeted.DEPLOYMENT || failing % 2 == answers.indexOf(answer)) {
          assertEndsWell(story, story.told(failing(failing, answer)));
        }
      }
    }
  }

  private static Consumer<World> failing(int number, Written answer) {
    return world -> {
      var count = new int[1];
      world.cluster.failing(_ -> ++count[0] == number ? Optional.of(answer) : Optional.empty());
    };
  }

  private static void assertEndsWell(Story story, World world) {
    assertThat(world.phase()).isEqualTo(story.end());
    assertThat(story.targeted().carried(world)).isEqualTo(story.carried());
    assertThat(story.targeted().hasCopy(world)).isEqualTo(story.weight() > 0);
    assertThat(story.targeted().isHeld(world))
        .isEqualTo(
            story.held() || (story.targeted().isAlwaysHeld() && !story.end().equals("gone")));
    assertThat(story.targeted().isUntouched(world)).isTrue();
    if (world.cluster.has(World.ROUTE)) {
      assertThat(Fields.number(world.cluster.get(World.ROUTE), "spec", "canary"))
          .isEqualTo(story.weight());
    }
  }

  @Test
  void formerLeaderThatWakesUpLateMakesNothing() {
    var world = World.adopted();
    world.setImage("web:2");
    world.run(Duration.ofSeconds(15));
    world.cluster.remove(World.COPY);
    world.cluster.writes.clear();
    world.cluster.failing(
        change ->
            change instanceof Change.Status
                ? Optional.of(new Written.Conflict("somebody else leads"))
                : Optional.empty());

    world.look();

    assertThat(world.cluster.writes).hasOnlyElementsOfType(Change.Status.class);
    assertThat(world.cluster.has(World.COPY)).isFalse();
  }
}
