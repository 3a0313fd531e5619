package dev.serin.controller.measure;

import dev.serin.controller.background.Background;
import dev.serin.mesh.BuiltInQueries.Dialect;
import dev.serin.metrics.Measurement;
import dev.serin.metrics.Sample;
import dev.serin.metrics.SampleProvider;
import dev.serin.metrics.Samples;
import dev.serin.parse.CheckSpec.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Built-in numbers of canaries. Whoever asks one server for the same numbers over the same window
/// within a second is answered from one query.
final class Rates {

  /// Questions are collected up to the next whole second.
  private static final Duration COLLECTED = Duration.ofSeconds(1);

  private static final String REQUESTS = "requests";

  private final Background background;
  private final Map<Kind, List<Question>> waiting = new HashMap<>();
  private final Map<SampleProvider, Modesty> modesties = new WeakHashMap<>();

  /// What is asked together.
  ///
  /// @param window that the numbers are about
  record Kind(SampleProvider provider, Dialect dialect, Duration window) {}

  /// @param value of the number
  /// @param requests that it rests on; empty when nobody counted them
  record Rate(Measurement value, OptionalDouble requests) {}

  private record Question(Metric metric, Versions target, Consumer<Rate> answer) {}

  /// Everything that is asked about one canary.
  private record Asked(Versions target, List<Question> questions) {
    Set<Metric> metrics() {
      return questions.stream()
          .map(Question::metric)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  Rates(Background background) {
    this.background = background;
  }

  /// Asks for a number of one canary.
  void ask(Kind kind, Metric metric, Versions target, Consumer<Rate> answer) {
    boolean first;
    synchronized (waiting) {
      first = !waiting.containsKey(kind);
      waiting
          .computeIfAbsent(kind, _ -> new ArrayList<>())
          .add(new Question(metric, target, answer));
    }
    if (first) {
      background.after(untilTheSecond(), () -> send(kind));
    }
  }

  private Duration untilTheSecond() {
    var over = background.instant().toEpochMilli() % COLLECTED.toMillis();
    return COLLECTED.minusMillis(over);
  }

  private void send(Kind kind) {
    List<Question> questions;
    synchronized (waiting) {
      questions = waiting.remove(kind);
    }
    if (questions == null) {
      return;
    }
    var most = modesty(kind).most();
    for (var alike : byMetrics(questions)) {
      for (int i = 0; i < alike.size(); i += most) {
        var chunk = alike.subList(i, Math.min(alike.size(), i + most));
        background.execute(() -> send(kind, chunk));
      }
    }
  }

  /// Those of whom the same is asked, neighbours beside each other.
  private static Collection<List<Asked>> byMetrics(List<Question> questions) {
    var byTarget =
        questions.stream()
            .collect(
                Collectors.groupingBy(
                    Question::target,
                    () ->
                        new TreeMap<>(
                            Comparator.comparing(Versions::namespace)
                                .thenComparing(Versions::canary)),
                    Collectors.toList()));
    return byTarget.entrySet().stream()
        .map(target -> new Asked(target.getKey(), target.getValue()))
        .collect(Collectors.groupingBy(Asked::metrics, LinkedHashMap::new, Collectors.toList()))
        .values();
  }

  private Modesty modesty(Kind kind) {
    synchronized (modesties) {
      return modesties.computeIfAbsent(kind.provider(), _ -> new Modesty(background));
    }
  }

  /// @return whether everybody was answered
  private boolean send(Kind kind, List<Asked> chunk) {
    return switch (kind.provider().latest(text(kind, chunk))) {
      case Samples.Found(var samples) -> {
        answer(kind, chunk, samples);
        yield true;
      }
      case Samples.Refused _ when chunk.size() > 1 -> sendHalves(kind, chunk);
      case Samples.Refused(var reason) -> refuse(chunk, reason);
      case Samples.Unavailable(var reason) -> refuse(chunk, reason);
    };
  }

  /// The server may take smaller queries, or dislike one of the targets.
  private boolean sendHalves(Kind kind, List<Asked> chunk) {
    var half = (chunk.size() + 1) / 2;
    var first = send(kind, chunk.subList(0, half));
    var second = send(kind, chunk.subList(half, chunk.size()));
    if (first && second) {
      modesty(kind).took(half);
    }
    return first && second;
  }

  private static boolean refuse(List<Asked> chunk, String reason) {
    var unavailable = new Rate(new Measurement.Unavailable(reason), OptionalDouble.empty());
    chunk.stream()
        .flatMap(asked -> asked.questions().stream())
        .forEach(question -> question.answer().accept(unavailable));
    return false;
  }

  private static String text(Kind kind, List<Asked> chunk) {
    var counts = kind.dialect().counts();
    var parts = new ArrayList<String>();
    for (var metric : chunk.getFirst().metrics()) {
      parts.add(CountQuery.counted(word(metric), number(metric, kind.dialect())));
    }
    parts.add(
        CountQuery.counted(
            REQUESTS,
            CountQuery.increase(
                counts, "sum by (%s)".formatted(String.join(", ", counts.naming())))));
    return CountQuery.rendered(
        String.join(" or ", parts),
        Map.of(
            "namespaces",
            alternation(chunk, Versions::namespace),
            "workloads",
            alternation(chunk, Versions::canary),
            "interval",
            kind.window().toSeconds() + "s"));
  }

  private static String word(Metric metric) {
    return switch (metric) {
      case SUCCESS_RATE -> "request-success-rate";
      case LATENCY -> "request-duration";
    };
  }

  private static String number(Metric metric, Dialect dialect) {
    return switch (metric) {
      case SUCCESS_RATE -> dialect.successRates();
      case LATENCY -> dialect.latenciesP99();
    };
  }

  private static String alternation(List<Asked> chunk, Function<Versions, String> part) {
    return Alternation.of(
        chunk.stream().map(asked -> Alternation.literally(part.apply(asked.target()))).toList());
  }

  private static void answer(Kind kind, List<Asked> chunk, List<Sample> samples) {
    var counts = kind.dialect().counts();
    var found = new HashMap<List<String>, Double>();
    for (var sample : samples) {
      found.put(
          List.of(
              sample.label(CountQuery.COUNTED),
              sample.label(counts.namespaceLabel()),
              sample.label(counts.workloadLabel())),
          sample.value());
    }
    for (var asked : chunk) {
      var namespace = counts.namespaceLabel().isEmpty() ? "" : asked.target().namespace();
      var workload = asked.target().canary();
      var requests = found.get(List.of(REQUESTS, namespace, workload));
      for (var question : asked.questions()) {
        var value = found.get(List.of(word(question.metric()), namespace, workload));
        question
            .answer()
            .accept(
                new Rate(
                    measurement(value),
                    requests == null ? OptionalDouble.empty() : OptionalDouble.of(requests)));
      }
    }
  }

  private static Measurement measurement(@Nullable Double value) {
    if (value == null) {
      return new Measurement.NoData("the query gives no series");
    }
    return Double.isFinite(value)
        ? new Measurement.Value(value)
        : new Measurement.NoData("the query gives " + value + ", as when there were no requests");
  }
}
