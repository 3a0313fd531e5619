package dev.serin.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.judge.EProcess.Side;
import org.junit.jupiter.api.Test;

/// The foundation of every bound: while the claim is true, no bet gains on average.
class FairBetsTest {

  private static final double[] FAIL = {1.1, 1.25, 1.6, 2.5, 5, 15, 60};
  private static final double[] PASS = {0.5, 0.75, 1.0, 1.5, 2.5};

  @Test
  void noBetGainsOnAverageWhileTheClaimIsTrue() {
    var draw = new Draw(1);
    var worst = Double.NEGATIVE_INFINITY;
    for (var i = 0; i < 50_000; i++) {
      var side = draw.uniform() < 0.5 ? Side.FAIL : Side.PASS;
      var canary = 1 + (int) (draw.uniform() * 400);
      var stable = 1 + (int) (draw.uniform() * 2000);
      var relative = 0.5 + 2.5 * draw.uniform();
      var absolute = draw.uniform() < 0.5 ? 0 : 0.05 * draw.uniform();
      var tolerance = new Tolerance(relative, absolute);
      var share = 0.4 * draw.uniform();
      var limit = tolerance.limit(share);
      if (side == Side.PASS && limit > 1) {
        continue;
      }
      var bound = Math.min(1, limit);
      var bad =
          draw.uniform() < 0.5
              ? bound
              : side == Side.FAIL ? bound * draw.uniform() : bound + (1 - bound) * draw.uniform();
      var expected = 1e-5 + 0.5 * draw.uniform();
      worst = Math.max(worst, mostExpected(side, canary, stable, tolerance, share, bad, expected));
    }

    assertThat(worst).isLessThanOrEqualTo(1e-9);
  }

  /// Log of the expected factor of the best of all bets, exactly.
  private static double mostExpected(
      Side side,
      int canary,
      int stable,
      Tolerance tolerance,
      double share,
      double bad,
      double expected) {
    var r = tolerance.relative() * canary / stable;
    var limit = tolerance.limit(expected);
    var v = tolerance.absolute() / limit;
    var most = Double.NEGATIVE_INFINITY;
    for (var m : side == Side.FAIL ? FAIL : PASS) {
      var multiple = side == Side.FAIL ? m : Math.pow(Math.clamp(expected / limit, 0.05, 1), m);
      var a = EProcess.bet(side, multiple, r, v);
      var b = 1 - r * (a - 1);
      assertThat(b).isPositive();
      most =
          Math.max(
              most,
              canary * Math.log1p(bad * (a - 1))
                  + stable * Math.log1p(share * (b - 1))
                  - canary * tolerance.absolute() * (a - 1));
    }
    return most;
  }
}
