package dev.serin.judge;

import dev.serin.judge.EProcess.Side;

/// How fast evidence grows when the true shares are known: the expected log of the factor of the
/// best bet, per request of the canary.
final class Growth {

  /// Log of the number of bets that share the evidence, of which one is nearly the best.
  static final double LOG_PASS_BETS = Math.log(EProcess.bets(Side.PASS));

  /// The same for FAIL, where the evidence since the beginning has half of the weight.
  static final double LOG_FAIL_BETS = Math.log(EProcess.bets(Side.FAIL)) + Math.log(2);

  private Growth() {}

  /// For a canary exactly as good as stable.
  ///
  /// @param share of bad requests of both
  /// @param ratio requests of the canary for each one of stable
  static double toPass(Tolerance tolerance, double share, double ratio) {
    return perRequest(Side.PASS, tolerance, share, share, ratio);
  }

  /// For a canary with this share of bad requests.
  static double toFail(Tolerance tolerance, double bad, double share, double ratio) {
    return perRequest(Side.FAIL, tolerance, bad, share, ratio);
  }

  private static double perRequest(
      Side side, Tolerance tolerance, double bad, double share, double ratio) {
    var limit = tolerance.limit(share);
    if (limit <= 0) {
      return 0;
    }
    var r = tolerance.relative() * ratio;
    var a = EProcess.bet(side, bad / limit, r, tolerance.absolute() / limit);
    return (bad == 0 ? 0 : bad * Math.log(a))
        + (r == 0 ? 0 : share / ratio * Math.log1p(-r * (a - 1)))
        - tolerance.absolute() * (a - 1);
  }
}
