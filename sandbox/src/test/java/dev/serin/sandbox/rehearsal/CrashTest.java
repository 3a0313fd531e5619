package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.cluster.Change;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Written;
import dev.serin.controller.workload.HoldMode;
import dev.serin.sandbox.dataplane.RoutingTable;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The controller's process ends after any single one of its writes, and another one starts: the
/// rollout ends as if nothing had happened, and no request of a user goes unanswered.
///
/// Of every strategy every write of a good release is one crash, and every write of a bad one, in
/// one mode of holding and the other in turn; of the other stories, whose beginnings are the same,
/// each strategy takes another share. Strategies that only differ in who splits take shares of
/// fewer stories. `-Dserin.proof=full` takes all writes of all stories in both modes of holding.
@Execution(ExecutionMode.CONCURRENT)
class CrashTest {

  private static final boolean FULL = System.getProperty("serin.proof", "").equals("full");
  private static final int SHARES = 10;
  private static final int FEWER_SHARES = 5;

  /// Of these every write of every strategy is a crash.
  private static final Set<Story> EVERYWHERE = Set.of(Story.GOOD, Story.BAD);

  /// What else is played with strategies that only differ in who splits.
  private static final Set<Story> ELSEWHERE = Set.of(Story.DELETED);

  /// What belongs to users, or carries their traffic.
  private static final Set<Kind> SHARED =
      Set.of(
          Kind.DEPLOYMENT,
          Kind.HORIZONTAL_POD_AUTOSCALER,
          RoutingTable.HTTP_ROUTE,
          RoutingTable.VIRTUAL_SERVICE,
          RoutingTable.TRAFFIC_SPLIT);

  static Stream<Arguments> plays() {
    return Strategy.ALL.stream()
        .flatMap(strategy -> Story.ALL.stream().map(story -> Arguments.of(strategy, story)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("plays")
  void crashAfterAnyWriteEndsTheSame(Strategy strategy, Story story) {
    for (var hold : List.of(HoldMode.ADMISSION_POLICY, HoldMode.PAUSED)) {
      int writes = takes(strategy, story, hold, 0) ? Play.writes(strategy, hold, story) : 0;
      for (int write = 1; write <= writes; write++) {
        if (takes(strategy, story, hold, write)) {
          crashAfter(write, strategy, hold, story);
        }
      }
    }
  }

  /// @param write its number; 0 for any
  private static boolean takes(Strategy strategy, Story story, HoldMode hold, int write) {
    if (FULL) {
      return true;
    }
    int place = strategy.place();
    if (EVERYWHERE.contains(story)) {
      return write == 0 || ((write + place) % 2 == 0) == (hold == HoldMode.PAUSED);
    }
    var only = (place + story.place()) % 2 == 0 ? HoldMode.PAUSED : HoldMode.ADMISSION_POLICY;
    int shares = strategy.isThorough() ? SHARES : FEWER_SHARES;
    return hold == only
        && (strategy.isThorough() || ELSEWHERE.contains(story))
        && (write == 0 || write % shares == place % shares);
  }

  private static void crashAfter(int write, Strategy strategy, HoldMode hold, Story story) {
    try (var play = new Play(strategy, hold, story)) {
      play.afterWrite(
          number -> {
            if (number == write) {
              throw new Crash("after write " + number);
            }
          });
      play.assertEndsAsUndisturbed("crash after write " + write);
      assertThat(play.rehearsal.crashes()).isEqualTo(1);
    }
  }

  static Stream<Arguments> shortLives() {
    return Strategy.ALL.stream()
        .flatMap(
            strategy ->
                Story.ALL.stream()
                    .filter(story -> FULL || (strategy.place() + story.place()) % 3 == 0)
                    .map(story -> Arguments.of(strategy, story)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("shortLives")
  void processesThatLiveForThreeWritesOnlyGetThereToo(Strategy strategy, Story story) {
    try (var play = new Play(strategy, HoldMode.ADMISSION_POLICY, story)) {
      play.afterWrite(
          number -> {
            if (number % 3 == 0) {
              throw new Crash("after write " + number);
            }
          });
      play.assertEndsAsUndisturbed("crash after every third write");
    }
  }

  static Stream<Arguments> formerLeaders() {
    return Stream.of(Story.GOOD, Story.BAD)
        .flatMap(
            story ->
                Strategy.ALL.stream()
                    .filter(strategy -> FULL || strategy.autoscaled())
                    .map(strategy -> Arguments.of(strategy, story)));
  }

  /// A process stops for long just before one of its writes, another one finishes the rollout, and
  /// then the first one goes on.
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("formerLeaders")
  void formerLeaderThatWakesUpLateChangesNothing(Strategy strategy, Story story) {
    int apart = 7;
    for (int first = 0; first < apart; first++) {
      int place = first;
      try (var play = new Play(strategy, HoldMode.ADMISSION_POLICY, story)) {
        play.stopsBefore(number -> number % apart == place);
        var ending = play.run();
        play.assertSame(ending, "stopped before writes " + place + " + n * " + apart);

        play.wakeFormer().forEach(CrashTest::assertRefusedWhereShared);

        play.assertSame(Ending.of(play.rehearsal), "after the former leader's writes");
      }
    }
  }

  private static void assertRefusedWhereShared(Change change, Written answer) {
    var ours = change.ref().name().equals(Play.NAME + "-canary");
    if (SHARED.contains(change.ref().kind()) && !ours) {
      assertThat(answer).as("%s", change).isNotInstanceOf(Written.Done.class);
    }
  }

  static Stream<Arguments> overtaken() {
    return Stream.of(
        Arguments.of("target", Kind.DEPLOYMENT.named(Play.NAMESPACE, Play.NAME), 2),
        Arguments.of("route", RoutingTable.HTTP_ROUTE.named(Play.NAMESPACE, Play.NAME), 4),
        Arguments.of(
            "autoscaler", Kind.HORIZONTAL_POD_AUTOSCALER.named(Play.NAMESPACE, Play.NAME), 2),
        Arguments.of("status", Kind.CANARY.named(Play.NAMESPACE, Play.NAME), 10),
        Arguments.of(
            "budget", Kind.POD_DISRUPTION_BUDGET.named(Play.NAMESPACE, Play.NAME + "-canary"), 1));
  }

  /// A process stops just before it writes something, another one leads and writes the same, and
  /// then the first one goes on: the write that it still sends is refused, because it says of which
  /// version of the object it was thought, or that there was none.
  ///
  /// @param least how often it is written in a rollout
  @ParameterizedTest(name = "{0}")
  @MethodSource("overtaken")
  void writeThatAnotherLeaderOvertookIsRefused(String what, ObjectRef ref, int least) {
    var strategy = Strategy.ALL.getFirst();
    var times = Play.writesOf(strategy, HoldMode.ADMISSION_POLICY, Story.GOOD, ref);
    assertThat(times).as("writes of the %s", what).isGreaterThanOrEqualTo(least);
    for (int time = 1; time <= times; time++) {
      overtake(strategy, ref, time);
    }
  }

  private static void overtake(Strategy strategy, ObjectRef ref, int time) {
    var seen = new AtomicInteger();
    try (var play = new Play(strategy, HoldMode.ADMISSION_POLICY, Story.GOOD)) {
      play.isOvertakenBefore(change -> change.ref().equals(ref) && seen.incrementAndGet() == time);

      play.assertEndsAsUndisturbed("stopped before write " + time + " of " + ref);

      assertThat(play.overtaken()).as("write %s of %s", time, ref).hasSize(1);
      assertThat(play.overtaken().values())
          .as("write %s of %s", time, ref)
          .allSatisfy(
              answer ->
                  // What it takes away is gone already: the server says that before it compares
                  // versions.
                  assertThat(answer)
                      .isInstanceOfAny(Written.Conflict.class, Written.Refused.class));
    }
  }
}
