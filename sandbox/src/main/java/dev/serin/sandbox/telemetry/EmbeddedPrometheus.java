package dev.serin.sandbox.telemetry;

import dev.serin.metrics.Measurement;
import dev.serin.metrics.SampleProvider;
import dev.serin.metrics.Samples;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// A metrics provider without network, for queries in PromQL.
public final class EmbeddedPrometheus implements SampleProvider {

  private final QueryEngine engine;
  private final InstantSource clock;
  private final LongAdder asked = new LongAdder();
  private volatile String outage = "";

  public EmbeddedPrometheus(QueryEngine engine, InstantSource clock) {
    this.engine = engine;
    this.clock = clock;
  }

  /// Answers nothing any more.
  ///
  /// @param reason what it says instead
  public void fail(String reason) {
    outage = reason;
  }

  /// How often something was asked so far.
  public long asked() {
    return asked.sum();
  }

  /// Ends [#fail(String)].
  public void recover() {
    outage = "";
  }

  @Override
  public Measurement query(String query) {
    asked.increment();
    if (!outage.isEmpty()) {
      return new Measurement.Unavailable(outage);
    }
    try {
      return switch (engine.instant(query, clock.instant())) {
        case Answer.Scalar(var value) -> measurement(value);
        case Answer.Vector(var samples) ->
            samples.isEmpty()
                ? new Measurement.NoData("the query selects no series")
                : measurement(samples.getFirst().value());
        case Answer.Text(var text) ->
            new Measurement.Unavailable("the query answers a text: " + text);
      };
    } catch (QueryException e) {
      return new Measurement.Unavailable(String.valueOf(e.getMessage()));
    }
  }

  private static Measurement measurement(double value) {
    return Double.isFinite(value)
        ? new Measurement.Value(value)
        : new Measurement.NoData("the query answers " + Exposition.number(value));
  }

  @Override
  public Measurement probe() {
    asked.increment();
    return outage.isEmpty() ? new Measurement.Value(1) : new Measurement.Unavailable(outage);
  }

  @Override
  public Samples latest(String query) {
    return instant(query, clock.instant());
  }

  @Override
  public Samples instant(String query, Instant time) {
    return answered(
        () ->
            switch (engine.instant(query, time)) {
              case Answer.Scalar(var value) -> found(List.of(sample(Labels.NONE, time, value)));
              case Answer.Vector(var samples) ->
                  found(samples.stream().map(s -> sample(s.labels(), time, s.value())).toList());
              case Answer.Text(var text) ->
                  new Samples.Refused("the query answers a text: " + text);
            });
  }

  @Override
  public Samples range(String query, Instant start, Instant end, Duration step) {
    return answered(
        () ->
            found(
                engine.range(query, start, end, step).stream()
                    .flatMap(
                        line ->
                            line.points().stream()
                                .map(p -> sample(line.labels(), p.at(), p.value())))
                    .toList()));
  }

  private Samples answered(Supplier<Samples> answer) {
    asked.increment();
    if (!outage.isEmpty()) {
      return new Samples.Unavailable(outage);
    }
    try {
      return answer.get();
    } catch (QueryException e) {
      return new Samples.Refused(String.valueOf(e.getMessage()));
    }
  }

  private static Samples found(List<dev.serin.metrics.Sample> samples) {
    return new Samples.Found(samples);
  }

  private static dev.serin.metrics.Sample sample(Labels labels, Instant at, double value) {
    return new dev.serin.metrics.Sample(labels.values(), at, value);
  }
}
