package dev.serin.sandbox.telemetry;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Answers PromQL from a [SeriesStore].
public final class QueryEngine {

  private static final int MOST_POINTS = 11_000;

  /// A series and its values over time.
  public record Line(Labels labels, List<Point> points) {
    public Line {
      points = List.copyOf(points);
    }
  }

  /// @param at when, in milliseconds
  public record Point(Instant at, double value) {}

  private final SeriesStore store;
  private final Semantics semantics;

  public QueryEngine(SeriesStore store, Semantics semantics) {
    this.store = store;
    this.semantics = semantics;
  }

  /// What a query says at an instant.
  ///
  /// @throws QueryException when it cannot be answered
  public Answer instant(String query, Instant at) {
    return evaluator(at).evaluate(Parser.parse(query));
  }

  /// The samples that a selector with a range selects, such as `up[5m]`; empty for other queries.
  ///
  /// @throws QueryException when it cannot be answered
  public Optional<List<Line>> samples(String query, Instant at) {
    return evaluator(at)
        .matrix(Parser.parse(query))
        .map(windows -> windows.stream().map(QueryEngine::line).toList());
  }

  /// What a query says at the instants from start to end.
  ///
  /// @throws QueryException when it cannot be answered
  public List<Line> range(String query, Instant start, Instant end, Duration step) {
    if (!step.isPositive()) {
      throw new QueryException(
          "invalid parameter \"step\": zero or negative query resolution step widths are not accepted. Try a positive integer");
    }
    if (Duration.between(start, end).dividedBy(step) > MOST_POINTS) {
      throw new QueryException(
          "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)");
    }
    var expr = Parser.parse(query);
    var lines = new LinkedHashMap<Labels, List<Point>>();
    for (var at = start; !at.isAfter(end); at = at.plus(step)) {
      var point = at;
      switch (evaluator(at).evaluate(expr)) {
        case Answer.Scalar(var value) -> add(lines, Labels.NONE, point, value);
        case Answer.Vector(var samples) ->
            samples.forEach(sample -> add(lines, sample.labels(), point, sample.value()));
        case Answer.Text _ ->
            throw new QueryException("invalid expression type \"string\" for range query");
      }
    }
    var result = new ArrayList<Line>();
    lines.forEach((labels, points) -> result.add(new Line(labels, points)));
    return result;
  }

  private static void add(Map<Labels, List<Point>> lines, Labels labels, Instant at, double value) {
    lines.computeIfAbsent(labels, _ -> new ArrayList<>()).add(new Point(at, value));
  }

  private Evaluator evaluator(Instant at) {
    return new Evaluator(store, semantics, at.toEpochMilli());
  }

  private static Line line(Window window) {
    var points = new ArrayList<Point>();
    for (int i = 0; i < window.size(); i++) {
      points.add(new Point(Instant.ofEpochMilli(window.millis()[i]), window.values()[i]));
    }
    return new Line(window.labels(), points);
  }
}
