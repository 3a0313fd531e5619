package dev.serin.judge;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// How long one look takes, in the last of ten steps, with all three tests still going on.
///
/// The promise is [#oneTest]: a tick counted into one test and its evidence read within 2 µs. What
/// a look of a comparison costs is [#look]: three tests, and the value around them. Every look
/// starts from the same evidence, far from decided; evidence that went on growing would soon be so
/// one-sided that there is little left to compute.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JudgeBenchmark {
  private static final int TICKS = 64;

  /// Nanoseconds.
  private static final double PROMISED = 2000;

  private final Tick[] ticks = new Tick[TICKS];
  private Evidence evidence = Evidence.none(comparison(), Baseline.UNKNOWN);
  private final EProcess process =
      new EProcess(EProcess.Side.FAIL, Tolerance.DEFAULT, 1, comparison().bursts(), 10);
  private int next;

  private static Comparison comparison() {
    return Comparison.ofFailures(Tolerance.DEFAULT, Duration.ofSeconds(2), 10, 1);
  }

  /// A canary as good as stable, at 10 requests/s, so that it is far from decided.
  @Setup
  public void prepare() {
    var draw = new Draw(90);
    for (var step = 0; step < 10; step++) {
      if (step > 0) {
        process.startAnew();
      }
      for (var t = 0; t < 30; t++) {
        var tick = tick(draw, step, 0.05 * (step + 1));
        evidence = evidence.add(tick);
        process.add(tick.canary(), tick.stable(), 0.05);
      }
    }
    if (evidence.verdict() != Verdict.UNDECIDED) {
      throw new IllegalStateException("it is " + evidence.verdict() + " already");
    }
    for (var t = 0; t < TICKS; t++) {
      ticks[t] = tick(draw, 9, 0.5);
    }
  }

  private static Tick tick(Draw draw, int step, double weight) {
    var canary = draw.poisson(20 * weight);
    var stable = draw.poisson(20 * (1 - weight));
    return new Tick(
        step,
        new Arm(canary, draw.binomial(canary, 0.05)),
        new Arm(stable, draw.binomial(stable, 0.05)));
  }

  private Tick next() {
    next = (next + 1) % TICKS;
    return ticks[next];
  }

  /// A tick counted in as a value, and the evidence read.
  @Benchmark
  public double look() {
    return evidence.add(next()).logAgainst();
  }

  /// The same with what a check says of it.
  @Benchmark
  public Verdict lookAndVerdict() {
    return evidence.add(next()).verdict();
  }

  /// One test alone, copied first, so that the next look finds it as it was.
  @Benchmark
  public double oneTest() {
    var tick = next();
    var after = process.copy();
    after.add(tick.canary(), tick.stable(), 0.05);
    return after.logE();
  }

  /// Measures, and ends with 1 where the promise is not kept.
  public static void main(String... arguments) throws RunnerException {
    var options = new OptionsBuilder().include(JudgeBenchmark.class.getName()).build();
    var kept = true;
    for (var result : new Runner(options).run()) {
      var found = result.getPrimaryResult();
      var median = found.getStatistics().getPercentile(50);
      System.out.printf("%s: %.0f ns%n", found.getLabel(), median);
      kept &= !found.getLabel().equals("oneTest") || median <= PROMISED;
    }
    System.out.printf("one test within %.0f ns: %s%n", PROMISED, kept ? "kept" : "NOT KEPT");
    System.exit(kept ? 0 : 1);
  }
}
