package dev.serin.sandbox.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SamplesTest {

  private static final int DRAWS = 40_000;

  private final Samples samples = new Samples(new SplittableRandom(7));

  @ParameterizedTest
  @CsvSource({"0.3", "4", "9.9", "10.1", "55", "2000"})
  void poissonNumbersHaveTheirMeanAsVariance(double mean) {
    check(() -> samples.poisson(mean), mean, mean);
  }

  @ParameterizedTest
  @CsvSource({"20, 0.01", "1000, 0.005", "30, 0.45", "1000, 0.02", "5000, 0.5", "400, 0.9"})
  void binomialNumbersHaveTheirMeanAndVariance(long tries, double chance) {
    check(() -> samples.binomial(tries, chance), tries * chance, tries * chance * (1 - chance));
  }

  @ParameterizedTest
  @CsvSource({"5, 2", "200, 3", "1000, 10"})
  void dispersedNumbersVaryMoreThanPoisson(double mean, double dispersion) {
    check(() -> samples.dispersed(mean, dispersion), mean, mean * dispersion);
  }

  @Test
  void sharesAddUpToAllTries() {
    long[] counts = samples.multinomial(100_000, new double[] {70, 0, 30});

    assertThat(counts[0] + counts[1] + counts[2]).isEqualTo(100_000);
    assertThat(counts[1]).isZero();
    assertThat(counts[2]).isCloseTo(30_000, within(600L));
  }

  @Test
  void certainAndImpossibleEventsAreExact() {
    assertThat(samples.binomial(10, 0)).isZero();
    assertThat(samples.binomial(10, 1)).isEqualTo(10);
    assertThat(samples.poisson(0)).isZero();
  }

  /// Five standard errors of the mean; the variance within a twentieth.
  private static void check(LongSupplier draw, double mean, double variance) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      double x = draw.getAsLong();
      sum += x;
      squares += (x - mean) * (x - mean);
    }
    assertThat(sum / DRAWS).isCloseTo(mean, within(5 * Math.sqrt(variance / DRAWS)));
    assertThat(squares / DRAWS).isCloseTo(variance, within(variance * 0.05));
  }
}
