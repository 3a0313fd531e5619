package dev.serin.sandbox.telemetry;

import dev.serin.sandbox.telemetry.Expr.Aggregation;
import dev.serin.sandbox.telemetry.Expr.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Answers one query at one instant.
final class Evaluator {

  private static final long LOOKBACK_MILLIS = Duration.ofMinutes(5).toMillis();

  private final SeriesStore store;
  private final Semantics semantics;
  private final long now;

  /// @param now the instant, in milliseconds of the epoch
  Evaluator(SeriesStore store, Semantics semantics, long now) {
    this.store = store;
    this.semantics = semantics;
    this.now = now;
  }

  Answer evaluate(Expr expr) {
    return switch (expr) {
      case Expr.Literal(var value) -> new Answer.Scalar(value);
      case Expr.Text(var value) -> new Answer.Text(value);
      case Selector selector -> instant(selector);
      case Expr.Call call -> call(call);
      case Aggregation aggregation -> aggregate(aggregation);
      case Expr.Binary binary ->
          Operators.apply(binary, evaluate(binary.left()), evaluate(binary.right()));
      case Expr.Negation(var of) ->
          switch (evaluate(of)) {
            case Answer.Scalar(var value) -> new Answer.Scalar(-value);
            case Answer.Vector(var samples) -> each(samples, value -> -value);
            case Answer.Text _ -> throw new QueryException("parse error: a string has no sign");
          };
    };
  }

  // ---- series

  private Answer instant(Selector selector) {
    if (selector.range().isPresent()) {
      throw new QueryException(
          "invalid expression type \"range vector\" for range query, must be Scalar or instant Vector");
    }
    return new Answer.Vector(newest(selector).stream().map(Newest::sample).toList());
  }

  private record Newest(Sample sample, long millis) {}

  private List<Newest> newest(Selector selector) {
    long at = now - selector.offset().toMillis();
    return store.select(
        selector.metric(),
        selector.matchers(),
        all -> {
          var samples = new ArrayList<Newest>();
          for (TimeSeries series : all) {
            int index = series.newestUpTo(at);
            if (index >= 0
                && series.millis(index) >= semantics.firstOf(at - LOOKBACK_MILLIS)
                && !TimeSeries.stale(series.value(index))) {
              samples.add(
                  new Newest(
                      new Sample(series.labels(), series.value(index)), series.millis(index)));
            }
          }
          return samples;
        });
  }

  private List<Window> windows(Expr expr, String function) {
    if (!(expr instanceof Selector selector) || selector.range().isEmpty()) {
      throw new QueryException(
          "parse error: expected type range vector in call to function \"%s\"".formatted(function));
    }
    long end = now - selector.offset().toMillis();
    long start = end - selector.range().get().toMillis();
    return store.select(
        selector.metric(),
        selector.matchers(),
        all -> {
          var windows = new ArrayList<Window>();
          for (TimeSeries series : all) {
            var window = window(series, start, end);
            if (window.size() > 0) {
              windows.add(window);
            }
          }
          return windows;
        });
  }

  private Window window(TimeSeries series, long start, long end) {
    int last = series.newestUpTo(end);
    if (last < 0) {
      return new Window(series.labels(), new long[0], new double[0], start, end);
    }
    int first = Math.max(series.newestUpTo(semantics.firstOf(start) - 1) + 1, series.first());
    long[] millis = new long[Math.max(0, last - first + 1)];
    double[] values = new double[millis.length];
    int size = 0;
    for (int i = first; i <= last; i++) {
      if (!TimeSeries.stale(series.value(i))) {
        millis[size] = series.millis(i);
        values[size++] = series.value(i);
      }
    }
    return new Window(
        series.labels(), Arrays.copyOf(millis, size), Arrays.copyOf(values, size), start, end);
  }

  // ---- functions

  private Answer call(Expr.Call call) {
    var ofWindow = Functions.OF_WINDOWS.get(call.function());
    if (ofWindow != null) {
      arity(call, 1, 1);
      var samples = new ArrayList<Sample>();
      boolean keepsName = call.function().equals("last_over_time");
      for (Window window : windows(call.arguments().getFirst(), call.function())) {
        var labels = keepsName ? window.labels() : window.labels().withoutName();
        ofWindow
            .apply(window, semantics)
            .ifPresent(value -> samples.add(new Sample(labels, value)));
      }
      return new Answer.Vector(samples);
    }
    var ofValue = Functions.OF_VALUES.get(call.function());
    if (ofValue != null) {
      arity(call, 1, 1);
      return each(vector(call, 0), ofValue);
    }
    return switch (call.function()) {
      case "time" -> new Answer.Scalar(now / 1000.0);
      case "vector" -> new Answer.Vector(List.of(new Sample(Labels.NONE, scalar(call, 0))));
      case "scalar" -> {
        var samples = vector(call, 0);
        yield new Answer.Scalar(samples.size() == 1 ? samples.getFirst().value() : Double.NaN);
      }
      case "histogram_quantile" -> {
        arity(call, 2, 2);
        yield new Answer.Vector(Histograms.quantile(scalar(call, 0), vector(call, 1)));
      }
      case "clamp_min" -> {
        double least = scalar(call, 1);
        yield each(vector(call, 0), value -> Math.max(value, least));
      }
      case "clamp_max" -> {
        double most = scalar(call, 1);
        yield each(vector(call, 0), value -> Math.min(value, most));
      }
      case "clamp" -> {
        double least = scalar(call, 1);
        double most = scalar(call, 2);
        yield each(vector(call, 0), value -> Math.max(least, Math.min(most, value)));
      }
      case "round" -> {
        double to = call.arguments().size() > 1 ? scalar(call, 1) : 1;
        yield each(vector(call, 0), value -> Math.floor(value / to + 0.5) * to);
      }
      case "sort", "sort_desc" -> {
        int sign = call.function().equals("sort") ? 1 : -1;
        yield new Answer.Vector(
            vector(call, 0).stream()
                .sorted((a, b) -> sign * Double.compare(a.value(), b.value()))
                .toList());
      }
      case "timestamp" -> timestamps(call);
      case "absent" -> absent(call);
      case "label_replace" -> new Answer.Vector(labelReplace(call));
      default -> throw new QueryException("unknown function: " + call.function());
    };
  }

  private Answer timestamps(Expr.Call call) {
    arity(call, 1, 1);
    if (call.arguments().getFirst() instanceof Selector selector && selector.range().isEmpty()) {
      return new Answer.Vector(
          newest(selector).stream()
              .map(n -> new Sample(n.sample().labels().withoutName(), n.millis() / 1000.0))
              .toList());
    }
    return each(vector(call, 0), _ -> now / 1000.0);
  }

  private Answer absent(Expr.Call call) {
    arity(call, 1, 1);
    if (!vector(call, 0).isEmpty()) {
      return new Answer.Vector(List.of());
    }
    var labels = Labels.NONE;
    if (call.arguments().getFirst() instanceof Selector selector) {
      for (Matcher matcher : selector.matchers()) {
        if (matcher.operator() == Matcher.Operator.EQUAL && !matcher.label().equals(Labels.NAME)) {
          labels = labels.with(matcher.label(), matcher.value());
        }
      }
    }
    return new Answer.Vector(List.of(new Sample(labels, 1)));
  }

  private List<Sample> labelReplace(Expr.Call call) {
    arity(call, 5, 5);
    var target = text(call, 1);
    var replacement = text(call, 2).replaceAll("\\$\\{(\\d+)}", "\\$$1");
    var source = text(call, 3);
    var pattern = Pattern.compile(text(call, 4), Pattern.DOTALL);
    return vector(call, 0).stream()
        .map(
            sample -> {
              var matcher = pattern.matcher(sample.labels().get(source));
              return matcher.matches()
                  ? new Sample(
                      sample.labels().with(target, matcher.replaceFirst(replacement)),
                      sample.value())
                  : sample;
            })
        .toList();
  }

  // ---- aggregation

  private Answer aggregate(Aggregation aggregation) {
    if (!(evaluate(aggregation.of()) instanceof Answer.Vector(var samples))) {
      throw new QueryException(
          "parse error: expected type instant vector in aggregation expression");
    }
    var groups = new LinkedHashMap<Labels, List<Double>>();
    var grouping = aggregation.grouping();
    for (Sample sample : samples) {
      var key =
          grouping.without()
              ? sample.labels().without(grouping.labels()).withoutName()
              : sample.labels().only(grouping.labels());
      groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(sample.value());
    }
    var result = new ArrayList<Sample>();
    groups.forEach(
        (labels, values) ->
            result.add(new Sample(labels, aggregate(aggregation.operator(), values))));
    return new Answer.Vector(result);
  }

  private static double aggregate(String operator, List<Double> values) {
    var stream = values.stream().mapToDouble(Double::doubleValue);
    return switch (operator) {
      case "sum" -> stream.sum();
      case "avg" -> stream.sum() / values.size();
      case "min" -> stream.filter(v -> !Double.isNaN(v)).min().orElse(Double.NaN);
      case "max" -> stream.filter(v -> !Double.isNaN(v)).max().orElse(Double.NaN);
      case "count" -> values.size();
      case "group" -> 1;
      default -> throw new IllegalArgumentException("no aggregation: " + operator);
    };
  }

  // ---- arguments

  private static void arity(Expr.Call call, int least, int most) {
    int given = call.arguments().size();
    if (given < least || given > most) {
      throw new QueryException(
          "parse error: expected %d argument(s) in call to \"%s\", got %d"
              .formatted(least, call.function(), given));
    }
  }

  private Answer argument(Expr.Call call, int index) {
    if (index >= call.arguments().size()) {
      throw new QueryException(
          "parse error: expected at least %d argument(s) in call to \"%s\", got %d"
              .formatted(index + 1, call.function(), call.arguments().size()));
    }
    return evaluate(call.arguments().get(index));
  }

  private List<Sample> vector(Expr.Call call, int index) {
    if (argument(call, index) instanceof Answer.Vector(var samples)) {
      return samples;
    }
    throw wrongType(call, "instant vector");
  }

  private double scalar(Expr.Call call, int index) {
    if (argument(call, index) instanceof Answer.Scalar(var value)) {
      return value;
    }
    throw wrongType(call, "scalar");
  }

  private String text(Expr.Call call, int index) {
    if (argument(call, index) instanceof Answer.Text(var value)) {
      return value;
    }
    throw wrongType(call, "string");
  }

  private static QueryException wrongType(Expr.Call call, String expected) {
    return new QueryException(
        "parse error: expected type %s in call to function \"%s\""
            .formatted(expected, call.function()));
  }

  private static Answer.Vector each(
      List<Sample> samples, java.util.function.DoubleUnaryOperator change) {
    return new Answer.Vector(
        samples.stream()
            .map(s -> new Sample(s.labels().withoutName(), change.applyAsDouble(s.value())))
            .toList());
  }

  /// The matrix of a selector with a range: all its samples; empty for other expressions.
  Optional<List<Window>> matrix(Expr expr) {
    return expr instanceof Selector selector && selector.range().isPresent()
        ? Optional.of(windows(selector, ""))
        : Optional.empty();
  }
}
