package dev.serin.judge;

import dev.serin.judge.EProcess.Side;
import java.util.List;
import java.util.function.DoublePredicate;

/// How many times stable's share of bad requests the canary's is, valid at every look: with
/// probability `1 - alpha` the true ratio is never outside, however often one looks.
///
/// @param low 0 when nothing bounds it from below
/// @param high infinite when nothing bounds it from above
public record RatioInterval(double low, double high) {

  private static final RatioInterval UNKNOWN = new RatioInterval(0, Double.POSITIVE_INFINITY);

  /// Largest ratio that is looked for; its reciprocal is the smallest.
  private static final double MOST = 1000;

  /// Fixed alternatives above and below a ratio, each so many times it.
  private static final double[] HIGHER_BETS = EProcess.failBets();

  private static final double[] LOWER_BETS = {0.91, 0.8, 0.625, 0.4, 0.2};

  /// @param phi dispersion of bad requests, at least 1
  public static RatioInterval of(List<Tick> ticks, double phi, double alpha) {
    var bound = Math.log(2 / alpha);
    var telling = ticks.stream().filter(RatioInterval::tells).toList();
    // The larger a ratio, the less speaks against "at most this", the more against "at least this".
    DoublePredicate isLow = ratio -> logEvidence(telling, ratio, phi, Side.FAIL) >= bound;
    DoublePredicate isHigh = ratio -> logEvidence(telling, ratio, phi, Side.PASS) >= bound;
    var low = isLow.test(1 / MOST) ? border(isLow, 1 / MOST, MOST) : 0;
    var high = isHigh.test(MOST) ? border(isHigh, MOST, 1 / MOST) : Double.POSITIVE_INFINITY;
    return low <= high ? new RatioInterval(low, high) : UNKNOWN;
  }

  private static boolean tells(Tick tick) {
    return tick.canary().requests() > 0
        && tick.stable().requests() > 0
        && tick.canary().bad() + tick.stable().bad() > 0;
  }

  private static double border(DoublePredicate refuted, double outside, double inside) {
    for (var i = 0; i < 40; i++) {
      var middle = Math.sqrt(outside * inside);
      if (refuted.test(middle)) {
        outside = middle;
      } else {
        inside = middle;
      }
    }
    return inside;
  }

  /// Log of the evidence against "the ratio is at most this" or "at least this". Without an
  /// absolute tolerance the best bet on `m` times the ratio is `a = m (1 + r) / (1 + m r)`, and
  /// what one bad request of stable leaves is `(1 + r) / (1 + m r)`.
  private static double logEvidence(List<Tick> ticks, double ratio, double phi, Side side) {
    var bets = side == Side.FAIL ? HIGHER_BETS : LOWER_BETS;
    var logs = new double[bets.length];
    for (var tick : ticks) {
      var canary = tick.canary();
      var r = ratio * canary.requests() / tick.stable().requests();
      var bad = canary.bad() + tick.stable().bad();
      var equal = Math.log1p(r);
      for (var j = 0; j < logs.length; j++) {
        logs[j] += bad * (equal - Math.log1p(bets[j] * r)) / phi;
      }
    }
    var ofCanary = ticks.stream().mapToLong(tick -> tick.canary().bad()).sum();
    for (var j = 0; j < logs.length; j++) {
      logs[j] += ofCanary * Math.log(bets[j]) / phi;
    }
    return EProcess.logMean(logs);
  }
}
