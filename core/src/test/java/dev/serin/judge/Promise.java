package dev.serin.judge;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// One thing that is promised of the judge, and what a simulation found. It is kept where the
/// figure, and all that it could be by chance (99 %), keeps it: too few runs fail, as a broken
/// judge does.
///
/// @param target what is promised
/// @param where under which circumstances
/// @param limit a share of the runs, or seconds for half of them; 0 for never
/// @param figure a share, or times
record Promise(String target, String where, double limit, Figure figure) {

  /// The probability that is left outside at the upper end.
  private static final double CHANCE = 0.01;

  /// On the ramp of table T1. "Ever" is when the evidence is ever over 20 : 1, also after the
  /// canary passed and also when a burst explains it: more than is rolled back.
  static Stream<Promise> onARamp(Cell cell) {
    return Stream.of(
            of(cell, "a canary as good as stable is condemned", "ever", 0.005),
            of(cell, "without tolerance, a canary as good as stable is held", "strict05", 0.025),
            cell.key().startsWith("rps=100 ") && !cell.key().endsWith("0.005")
                ? of(
                    cell,
                    "a canary as good as stable that passes within ten minutes does so",
                    "pass-median",
                    400)
                : Optional.<Promise>empty(),
            cell.key().startsWith("rps=1000 ") && !cell.key().endsWith("0.005")
                ? of(
                    cell,
                    "a canary as good as stable that passes within ten minutes does so",
                    "pass-median",
                    120)
                : Optional.<Promise>empty())
        .flatMap(Optional::stream);
  }

  /// Exactly at the limit, for an hour: table T1c.
  static Stream<Promise> atTheLimit(Cell cell) {
    return Stream.of(
            of(cell, "a canary at the limit is condemned", "fail", 0.05),
            of(cell, "a canary at the limit passes", "pass", 0.05))
        .flatMap(Optional::stream);
  }

  /// On a ramp with a look every 2 s.
  static Stream<Promise> everyTwoSeconds(Cell cell) {
    return Stream.of(
            of(cell, "looked at every 2 s, a canary as good as stable is condemned", "calm", 0.005),
            of(cell, "likewise in an incident of both", "incident", 0.005))
        .flatMap(Optional::stream);
  }

  /// Both versions fail: table T2.
  static Stream<Promise> inAnIncident(Cell cell) {
    return of(cell, "a canary as good as stable is condemned in an incident of both", "ever", 0.005)
        .stream();
  }

  /// At 10 % weight with a look every 10 s.
  static Stream<Promise> soon(Cell cell) {
    return limit(cell.key())
        .flatMap(most -> of(cell, "a worse canary is condemned", "independent", most))
        .stream();
  }

  private static Optional<Double> limit(String key) {
    return Optional.ofNullable(
        switch (key) {
          case "tick=10.0 base=0.001 canary=0.005" -> 470.0;
          case "tick=10.0 base=0.001 canary=0.011" -> 80.0;
          case "tick=10.0 base=0.001 canary=0.051" -> 30.0;
          case "tick=10.0 base=0.01 canary=0.05" -> 40.0;
          case "tick=2.0 base=0.001 canary=0.011" -> 75.0;
          case "tick=2.0 base=0.001 canary=0.051" -> 15.0;
          case "tick=2.0 base=0.001 canary=1.0" -> 10.0;
          default -> null;
        });
  }

  /// Likewise with a look every 2 s, by a judge who measures how bad requests come together.
  static Stream<Promise> sooner(Cell cell) {
    return limit(cell.key())
        .flatMap(
            most ->
                of(
                    cell,
                    "a worse canary is condemned, how bad requests come together being measured",
                    "measured",
                    most))
        .stream();
  }

  /// A canary that always fails, with a look every 10 s.
  static Stream<Promise> inTwoTicks(Cell cell) {
    return of(cell, "a canary that always fails is condemned in two ticks", "median", 20).stream();
  }

  /// Bad requests that come together: table T6b.
  static Stream<Promise> bursty(Cell cell) {
    return of(cell, "a canary as good as stable is condemned in bursts", "fail-shipped", 0.02)
        .stream();
  }

  /// The canary fails for less than 5 s and never else.
  static Stream<Promise> burstAlone(Cell cell) {
    return of(cell, "a burst of the canary alone condemns it", "condemned", 0).stream();
  }

  /// Everything that is promised, each played as often as the independent simulation was, or more
  /// often where it is close.
  ///
  /// @param effort by what to multiply the runs
  static Stream<Promise> all(double effort) {
    var traffic = List.of(10, 100, 1000);
    var bases = List.of(0.001, 0.01);
    return Stream.of(
            played(
                Stream.of(1, 10, 100, 1000)
                    .flatMap(
                        rps ->
                            Stream.of(0.001, 0.005, 0.01)
                                .map(
                                    base ->
                                        () ->
                                            FalseAlarmTables.promised(
                                                rps, base, runs(20_000, effort)))),
                Promise::onARamp),
            played(
                traffic.stream()
                    .flatMap(
                        rps ->
                            bases.stream()
                                .map(
                                    base ->
                                        () -> FalseAlarmTables.t1c(rps, base, runs(8000, effort)))),
                Promise::atTheLimit),
            played(
                traffic.stream()
                    .flatMap(
                        rps ->
                            Stream.<Supplier<Cell>>of(
                                () ->
                                    FalseAlarmTables.promised(
                                        rps, 0.001, 0.02, runs(10_000, effort)),
                                () ->
                                    FalseAlarmTables.promised(
                                        rps, 0.01, 0.05, runs(10_000, effort)))),
                Promise::inAnIncident),
            played(
                traffic.stream()
                    .flatMap(
                        rps ->
                            bases.stream()
                                .map(
                                    base ->
                                        () ->
                                            ShippedRule.falseAlarm(rps, base, runs(4000, effort)))),
                Promise::everyTwoSeconds),
            played(
                Stream.of(100, 1000)
                    .flatMap(
                        rps ->
                            bases.stream()
                                .map(
                                    base ->
                                        () ->
                                            FalseAlarmTables.passing(
                                                rps, base, runs(4000, effort)))),
                Promise::onARamp),
            played(
                Stream.<Supplier<Cell>>of(
                    () -> ShippedRule.delay(10, 0.001, 0.005, runs(1000, effort), "independent"),
                    () -> ShippedRule.delay(10, 0.001, 0.011, runs(8000, effort), "independent"),
                    () -> ShippedRule.delay(10, 0.001, 0.051, runs(8000, effort), "independent"),
                    () -> ShippedRule.delay(10, 0.01, 0.05, runs(8000, effort), "independent")),
                Promise::soon),
            played(
                traffic.stream().map(rps -> () -> ShippedRule.allFailing(rps, runs(4000, effort))),
                Promise::inTwoTicks),
            played(
                Stream.<Supplier<Cell>>of(
                    () -> ShippedRule.delay(2, 0.001, 0.011, runs(20_000, effort), "measured"),
                    () -> ShippedRule.delay(2, 0.001, 0.051, runs(20_000, effort), "measured"),
                    () -> ShippedRule.delay(2, 0.001, 1.0, runs(4000, effort), "measured")),
                Promise::sooner),
            played(
                traffic.stream()
                    .flatMap(
                        rps ->
                            bases.stream()
                                .flatMap(
                                    base ->
                                        Stream.of("fixed1", "fixed3", "fixed10", "geom3", "geom10")
                                            .map(
                                                burst ->
                                                    () ->
                                                        BurstTables.promised(
                                                            rps,
                                                            base,
                                                            burst,
                                                            runs(4000, effort))))),
                Promise::bursty),
            played(
                traffic.stream()
                    .flatMap(
                        rps ->
                            Stream.of(2.0, 3.0, 5.0)
                                .flatMap(
                                    tick ->
                                        Stream.of(1.0, 0.3)
                                            .map(
                                                share ->
                                                    () ->
                                                        ShippedRule.burstAlone(
                                                            rps,
                                                            tick,
                                                            4.99,
                                                            share,
                                                            runs(2000, effort))))),
                Promise::burstAlone))
        .flatMap(promises -> promises);
  }

  private static int runs(int usual, double effort) {
    return Math.max(50, (int) (usual * effort));
  }

  /// Plays cells, on as many cores as there are.
  static Stream<Promise> played(
      Stream<Supplier<Cell>> cells, Function<Cell, Stream<Promise>> promises) {
    return cells.toList().parallelStream().map(Supplier::get).toList().stream().flatMap(promises);
  }

  private static Optional<Promise> of(Cell cell, String target, String figure, double limit) {
    return Optional.ofNullable(cell.figures().get(figure))
        .map(found -> new Promise(target, cell.key(), limit, Objects.requireNonNull(found)));
  }

  boolean isKept() {
    return switch (figure) {
      case Figure.Share share ->
          limit == 0 ? share.hits() == 0 : Exact.high(share.hits(), share.runs(), CHANCE) <= limit;
      case Figure.Seconds seconds -> seconds.medianAtMost(Figure.SHOWN) <= limit;
      case Figure.Quantile _, Figure.Mean _ ->
          throw new IllegalStateException("not promised: " + this);
    };
  }

  /// What the figure may well be at most, beside what is promised.
  double strain() {
    return switch (figure) {
      case Figure.Share share ->
          Exact.high(share.hits(), share.runs(), CHANCE) / Math.max(limit, 1e-9);
      case Figure.Seconds seconds -> seconds.medianAtMost(Figure.SHOWN) / limit;
      case Figure.Quantile _, Figure.Mean _ ->
          throw new IllegalStateException("not promised: " + this);
    };
  }

  /// The figure with its interval, in words.
  String found() {
    return switch (figure) {
      case Figure.Share share when limit == 0 ->
          "%s of %s runs".formatted(Words.count(share.hits()), Words.count(share.runs()));
      case Figure.Share share ->
          "%s (%s to %s)"
              .formatted(
                  Words.percent(share.value()),
                  Words.percent(Exact.low(share.hits(), share.runs(), CHANCE)),
                  Words.percent(Exact.high(share.hits(), share.runs(), CHANCE)));
      case Figure.Seconds seconds ->
          "%s s (%s to %s s)"
              .formatted(
                  Words.number(seconds.median()),
                  Words.number(seconds.medianAtLeast(Figure.SHOWN)),
                  Words.number(seconds.medianAtMost(Figure.SHOWN)));
      case Figure.Quantile _, Figure.Mean _ ->
          throw new IllegalStateException("not promised: " + this);
    };
  }

  String promised() {
    return switch (figure) {
      case Figure.Share _ -> limit == 0 ? "never" : "at most " + Words.percent(limit);
      case Figure.Seconds _, Figure.Quantile _, Figure.Mean _ ->
          "half within " + Words.number(limit) + " s";
    };
  }

  @Override
  public String toString() {
    return "%s (%s): %s promised, %s found".formatted(target, where, promised(), figure);
  }
}
