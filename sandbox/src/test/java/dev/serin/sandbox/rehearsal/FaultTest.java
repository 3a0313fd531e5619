package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.controller.workload.HoldMode;
import dev.serin.sandbox.api.Faults;
import dev.serin.sandbox.api.SandboxCluster;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever goes wrong between the controller and the API server: the rollout ends as if nothing
/// had happened, and no request of a user goes unanswered.
///
/// Every strategy is played with one story for each answer that a write may get, three times: every
/// third write gets it, from another one on each time, so that each write does. Likewise with each
/// trouble with watches and clocks, which comes after every fifth write, in five plays. The
/// strategies take the stories in turn, so that every story meets every answer and every trouble.
/// `-Dserin.proof=full` plays every strategy with every story, and each trouble after one write at
/// a time.
@Execution(ExecutionMode.CONCURRENT)
class FaultTest {

  private static final boolean FULL = System.getProperty("serin.proof", "").equals("full");
  private static final int APART = 3;
  private static final int TROUBLES_APART = 5;

  /// What becomes of a request.
  @SuppressWarnings("ImmutableEnumChecker") // faults are constants
  enum Answer {
    CONFLICT(Faults.refuse(409)),
    INVALID(Faults.refuse(422)),
    TOO_MANY_REQUESTS(Faults.refuse(429)),
    INTERNAL_ERROR(Faults.refuse(500)),
    UNAVAILABLE(Faults.refuse(503)),
    TIMEOUT_BEFORE_IT_WAS_APPLIED(new Faults.Fault.LoseRequest()),
    TIMEOUT_AFTER_IT_WAS_APPLIED(new Faults.Fault.LoseAnswer());

    final Faults.Fault fault;

    Answer(Faults.Fault fault) {
      this.fault = fault;
    }

    int place() {
      return List.of(values()).indexOf(this);
    }
  }

  static Stream<Arguments> answers() {
    return Strategy.ALL.stream()
        .flatMap(s -> Stream.of(Answer.values()).map(answer -> Arguments.of(s, answer)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("answers")
  void anyWriteMayFail(Strategy strategy, Answer answer) {
    for (var story : stories(strategy.place() + answer.place())) {
      for (int first = 0; first < APART; first++) {
        int place = first;
        try (var play = new Play(strategy, hold(strategy.place() + first), story)) {
          var hits = failing(play, number -> number % APART == place, answer.fault);
          play.assertEndsAsUndisturbed(answer + " for writes " + place + " + n * " + APART);
          assertThat(hits).hasValueGreaterThan(3);
        }
      }
    }
  }

  private static List<Story> stories(int number) {
    return FULL ? Story.ALL : List.of(Story.ALL.get(number % Story.ALL.size()));
  }

  private static HoldMode hold(int number) {
    return number % 2 == 0 ? HoldMode.ADMISSION_POLICY : HoldMode.PAUSED;
  }

  private static AtomicInteger failing(Play play, IntPredicate which, Faults.Fault fault) {
    var written = new AtomicInteger();
    var hits = new AtomicInteger();
    play.rehearsal
        .sandbox()
        .store()
        .faults()
        .add(
            request -> {
              var ours = request.caller().name().equals(Rehearsal.SERIN.name());
              if (!request.writes() || !ours || !which.test(written.incrementAndGet())) {
                return Optional.empty();
              }
              hits.incrementAndGet();
              return Optional.of(fault);
            });
    return hits;
  }

  /// What happens to a process after one of its writes.
  @SuppressWarnings("ImmutableEnumChecker") // what happens is code
  enum Trouble {
    WATCH_DROPPED((play, _) -> interrupted(play, SandboxCluster::reconnect)),
    WATCH_GONE((play, _) -> interrupted(play, SandboxCluster::relist)),
    CLOCK_FORWARD((play, time) -> jumps(play, time % 2 == 0 ? 45 : -45)),
    CLOCK_BACK((play, time) -> jumps(play, time % 2 == 0 ? -45 : 45));

    private final ObjIntConsumer<Play> happens;

    Trouble(ObjIntConsumer<Play> happens) {
      this.happens = happens;
    }

    /// @param time how often it happened before
    void happen(Play play, int time) {
      happens.accept(play, time);
    }

    /// There and back, so that together the jumps are no longer than one.
    private static void jumps(Play play, int seconds) {
      play.rehearsal.jumpClock(Duration.ofSeconds(seconds));
    }

    int place() {
      return List.of(values()).indexOf(this);
    }

    /// No news for twenty seconds.
    private static void interrupted(Play play, Consumer<SandboxCluster> resume) {
      var view = play.rehearsal.view().orElseThrow();
      view.cutOff();
      play.rehearsal.time().after(Duration.ofSeconds(20), () -> resume.accept(view));
    }
  }

  static Stream<Arguments> troubles() {
    return Strategy.ALL.stream()
        .flatMap(s -> Stream.of(Trouble.values()).map(trouble -> Arguments.of(s, trouble)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("troubles")
  void whateverHappensAfterAWrite(Strategy strategy, Trouble trouble) {
    var hold = hold(strategy.place());
    for (var story : stories(strategy.place() + trouble.place())) {
      int writes = Play.writes(strategy, hold, story);
      int apart = FULL ? writes : TROUBLES_APART;
      for (int first = 0; first < apart; first++) {
        int place = first;
        try (var play = new Play(strategy, hold, story)) {
          var times = new AtomicInteger();
          play.afterWrite(
              number -> {
                if (number % apart == place) {
                  trouble.happen(play, times.getAndIncrement());
                }
              });
          play.assertEndsAsUndisturbed(trouble + " after writes " + place + " + n * " + apart);
          assertThat(times).hasPositiveValue();
        }
      }
    }
  }

  static Stream<Arguments> plays() {
    return Strategy.ALL.stream()
        .flatMap(
            strategy ->
                Story.ALL.stream()
                    .filter(story -> FULL || place(strategy, story) % 3 == 0)
                    .map(story -> Arguments.of(strategy, story)));
  }

  private static int place(Strategy strategy, Story story) {
    return strategy.place() + story.place();
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("plays")
  void cachesMayBeTwoSecondsBehind(Strategy strategy, Story story) {
    var hold = hold(place(strategy, story) / 3);
    try (var play = new Play(strategy, hold, story, Duration.ofSeconds(2))) {
      play.assertEndsAsUndisturbed("caches 2 s behind");
    }
  }
}
