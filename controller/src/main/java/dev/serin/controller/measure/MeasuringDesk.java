package dev.serin.controller.measure;

import dev.serin.gate.GateAnswer;
import dev.serin.judge.Assessment;
import dev.serin.judge.Verdict;
import dev.serin.parse.CheckSpec;
import dev.serin.parse.HookSpec;
import dev.serin.rollout.Seen;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Runs checks and asks gates on an executor of its own, and wakes the Canary when there are
/// answers.
public final class MeasuringDesk implements Measurements {
  private final Executor executor;
  private final List<CheckRunner> runners;
  private final Gatekeeper gatekeeper;
  private final EvidenceGatherer evidence;
  private final Forecasts forecasts;
  private final InstantSource clock;
  private final BiConsumer<String, String> wake;
  private final Map<Key, Sheet> sheets = new ConcurrentHashMap<>();

  private record Key(String namespace, String name) {}

  /// What is known and being asked for one Canary; a value, replaced as a whole.
  ///
  /// @param asked the round that was asked last
  /// @param answered the round that was answered last
  /// @param situation what the gates are about
  /// @param gates answers that count
  /// @param replied when each gate answered last, whatever it said
  /// @param waiting gates that were asked and have not answered
  private record Sheet(
      Optional<Seen.RoundId> asked,
      Optional<Seen.Round> answered,
      String situation,
      Map<String, Seen.GateAnswer> gates,
      Map<String, Instant> replied,
      Set<String> waiting) {

    static final Sheet BLANK =
        new Sheet(Optional.empty(), Optional.empty(), "", Map.of(), Map.of(), Set.of());

    Sheet {
      gates = Map.copyOf(gates);
      replied = Map.copyOf(replied);
      waiting = Set.copyOf(waiting);
    }

    Sheet asking(Seen.RoundId round) {
      return new Sheet(Optional.of(round), answered, situation, gates, replied, waiting);
    }

    Sheet answering(Seen.Round round) {
      return asked.filter(round.id()::equals).isPresent()
          ? new Sheet(asked, Optional.of(round), situation, gates, replied, waiting)
          : this;
    }

    Sheet about(String other) {
      return situation.equals(other)
          ? this
          : new Sheet(asked, answered, other, Map.of(), Map.of(), Set.of());
    }

    /// Whether a gate is worth asking: it is not open, and was not asked a short while ago.
    boolean isDue(String gate, Duration pause, Instant now) {
      var last = replied.get(gate);
      return !waiting.contains(gate)
          && !(gates.get(gate) instanceof Seen.GateAnswer.Open)
          && (last == null || !now.isBefore(last.plus(pause)));
    }

    Sheet awaiting(String gate) {
      var more = new HashSet<>(waiting);
      more.add(gate);
      return new Sheet(asked, answered, situation, gates, replied, more);
    }

    Sheet replied(String about, String gate, Seen.GateAnswer answer, Instant at) {
      if (!situation.equals(about)) {
        return this;
      }
      var answers = new HashMap<>(gates);
      answers.put(gate, answer);
      var times = new HashMap<>(replied);
      times.put(gate, at);
      var less = new HashSet<>(waiting);
      less.remove(gate);
      return new Sheet(asked, answered, situation, answers, times, less);
    }
  }

  /// @param executor runs everything that blocks: virtual threads in a cluster
  /// @param runners the first that runs a check is taken
  /// @param wake told namespace and name of a Canary that has new answers
  public MeasuringDesk(
      Executor executor,
      List<CheckRunner> runners,
      Gatekeeper gatekeeper,
      EvidenceGatherer evidence,
      Forecaster forecaster,
      InstantSource clock,
      BiConsumer<String, String> wake) {
    this.executor = executor;
    this.runners = List.copyOf(runners);
    this.gatekeeper = gatekeeper;
    this.evidence = evidence;
    this.forecasts = new Forecasts(executor, forecaster);
    this.clock = clock;
    this.wake = wake;
  }

  @Override
  public Known known(String namespace, String name, String situation) {
    var sheet = sheets.getOrDefault(new Key(namespace, name), Sheet.BLANK).about(situation);
    return new Known(
        sheet.answered(),
        evidence.condemned(namespace, name),
        evidence.proof(namespace, name),
        sheet.gates(),
        forecasts.known(namespace, name));
  }

  @Override
  public void forget(String namespace, String name) {
    sheets.remove(new Key(namespace, name));
    evidence.forget(namespace, name);
    forecasts.forget(namespace, name);
  }

  @Override
  public void ask(Assignment assignment) {
    var questions = assignment.questions();
    if (questions.evidence()) {
      evidence.gather(assignment);
    } else {
      evidence.rest(assignment);
    }
    if (questions.outlook()) {
      forecasts.ask(assignment, () -> wake.accept(assignment.namespace(), assignment.name()));
    }
    questions.round().ifPresent(round -> takeRound(round, assignment));
    if (!questions.gates().isEmpty()) {
      askGates(assignment);
    }
  }

  private void change(Key key, UnaryOperator<Sheet> how) {
    sheets.compute(key, (_, sheet) -> how.apply(sheet == null ? Sheet.BLANK : sheet));
  }

  /// An answer for a Canary that is gone meanwhile is nobody's.
  private void answered(Key key, UnaryOperator<Sheet> how) {
    sheets.computeIfPresent(key, (_, sheet) -> how.apply(sheet));
    wake.accept(key.namespace(), key.name());
  }

  private void takeRound(Seen.RoundId round, Assignment assignment) {
    var key = new Key(assignment.namespace(), assignment.name());
    var before = sheets.getOrDefault(key, Sheet.BLANK);
    if (before.asked().filter(round::equals).isPresent()) {
      return;
    }
    change(key, sheet -> sheet.asking(round));
    var runs = new ArrayList<Consumer<Consumer<Assessment>>>();
    for (var check : assignment.declared().checks()) {
      runs.add(answer -> start(check, assignment, answer));
    }
    for (var hook : assignment.declared().hooks(HookSpec.Type.ROLLOUT)) {
      runs.add(answer -> answer.accept(run(hook, assignment)));
    }
    var names =
        Stream.concat(
                assignment.declared().checks().stream().map(CheckSpec::name),
                assignment.declared().hooks(HookSpec.Type.ROLLOUT).stream().map(HookSpec::name))
            .toList();
    var left = new AtomicInteger(runs.size());
    var answers = new AtomicReferenceArray<Assessment>(runs.size());
    for (int i = 0; i < runs.size(); i++) {
      int place = i;
      Consumer<Assessment> answer =
          said -> {
            if (answers.compareAndSet(place, null, said) && left.decrementAndGet() == 0) {
              var all = IntStream.range(0, runs.size()).mapToObj(answers::get).toList();
              answered(key, sheet -> sheet.answering(new Seen.Round(round, all)));
            }
          };
      executor.execute(() -> surely(names.get(place), runs.get(place), answer));
    }
  }

  private static void surely(
      String check, Consumer<Consumer<Assessment>> run, Consumer<Assessment> answer) {
    try {
      run.accept(answer);
    } catch (RuntimeException surprise) {
      answer.accept(Assessment.of(check, Verdict.UNAVAILABLE, "it broke: " + surprise));
    }
  }

  private void start(CheckSpec check, Assignment assignment, Consumer<Assessment> answer) {
    runners.stream()
        .filter(runner -> runner.runs(check))
        .findFirst()
        .ifPresentOrElse(
            runner -> runner.start(check, assignment, answer),
            () ->
                answer.accept(
                    Assessment.of(
                        check.name(),
                        Verdict.UNAVAILABLE,
                        "this controller judges no checks of this kind")));
  }

  private Assessment run(HookSpec hook, Assignment assignment) {
    return switch (gatekeeper.ask(hook, assignment)) {
      case GateAnswer.Open _ -> Assessment.of(hook.name(), Verdict.PASSED, "said yes");
      case GateAnswer.Closed(var reason) ->
          Assessment.of(hook.name(), Verdict.FAILED, "said no: " + reason);
      case GateAnswer.Unreachable(var reason) ->
          Assessment.of(hook.name(), Verdict.UNAVAILABLE, reason);
    };
  }

  private void askGates(Assignment assignment) {
    var key = new Key(assignment.namespace(), assignment.name());
    var about = assignment.situation();
    // A look that comes a moment early must not cost a whole pause.
    var pause = assignment.declared().plan().interval().multipliedBy(3).dividedBy(4);
    for (var hook : assignment.declared().hooks()) {
      var name = hook.name();
      var sheet = sheets.getOrDefault(key, Sheet.BLANK).about(about);
      if (assignment.questions().gates().contains(name)
          && sheet.isDue(name, pause, assignment.at())) {
        change(key, before -> before.about(about).awaiting(name));
        executor.execute(
            () -> {
              var answer = answer(hook, assignment);
              answered(key, before -> before.replied(about, name, answer, clock.instant()));
            });
      }
    }
  }

  private Seen.GateAnswer answer(HookSpec hook, Assignment assignment) {
    try {
      return switch (gatekeeper.ask(hook, assignment)) {
        case GateAnswer.Open _ -> new Seen.GateAnswer.Open();
        case GateAnswer.Closed(var reason) -> new Seen.GateAnswer.Closed(reason, clock.instant());
        case GateAnswer.Unreachable(var reason) -> new Seen.GateAnswer.Silent(reason);
      };
    } catch (RuntimeException surprise) {
      return new Seen.GateAnswer.Silent("it broke: " + surprise);
    }
  }
}
