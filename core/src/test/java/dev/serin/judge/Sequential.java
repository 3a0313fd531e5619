package dev.serin.judge;

import dev.serin.judge.EProcess.Side;

/// The two-arm test as it is used in tables: decides for or against at the first look that can.
///
/// @param beta 0 to never pass
/// @param starts at which the evidence may start anew
/// @param prior requests' worth of doubt about stable's share
record Sequential(
    Tolerance tolerance,
    double alpha,
    double beta,
    double phi,
    Bursts rule,
    int starts,
    double prior) {

  enum Decision {
    FAIL,
    PASS,
    NONE
  }

  /// @param at seconds from the beginning
  /// @param requests of the canary until then
  record Outcome(Decision decision, double at, long requests) {

    boolean failed() {
      return decision == Decision.FAIL;
    }

    boolean passed() {
      return decision == Decision.PASS;
    }

    double failedAt() {
      return failed() ? at : Double.POSITIVE_INFINITY;
    }
  }

  static final Bursts CAP_3 = Bursts.cappedPerTick(3);
  static final Bursts NO_CAP = Bursts.cappedPerTick(Double.POSITIVE_INFINITY);

  /// No worse than stable at all, as the tables call it.
  static Sequential strict(double alpha) {
    return new Sequential(Tolerance.NONE, alpha, 0, 1, CAP_3, 10, 500);
  }

  /// The default tolerance.
  static Sequential standard() {
    return new Sequential(Tolerance.DEFAULT, 0.05, 0.05, 1, CAP_3, 10, 500);
  }

  Sequential neverPassing() {
    return new Sequential(tolerance, alpha, 0, phi, rule, starts, prior);
  }

  Sequential phi(double value) {
    return new Sequential(tolerance, alpha, beta, value, rule, starts, prior);
  }

  Sequential rule(Bursts value) {
    return new Sequential(tolerance, alpha, beta, phi, value, starts, prior);
  }

  Sequential starts(int value) {
    return new Sequential(tolerance, alpha, beta, phi, rule, value, prior);
  }

  Sequential tolerance(Tolerance value) {
    return new Sequential(value, alpha, beta, phi, rule, starts, prior);
  }

  Outcome judge(Tick[] ticks, Arm history, double seconds) {
    var fail = new EProcess(Side.FAIL, tolerance, phi, rule, starts);
    var pass = new EProcess(Side.PASS, tolerance, phi, rule, 1);
    var known = history;
    var step = 0;
    var requests = 0L;
    for (var t = 0; t < ticks.length; t++) {
      var tick = ticks[t];
      for (; step < tick.step(); step++) {
        fail.startAnew();
      }
      requests += tick.canary().requests();
      var expected = (known.bad() + 0.5) / (known.requests() + prior);
      fail.add(tick.canary(), tick.stable(), expected);
      if (fail.reaches(-Math.log(alpha)) && fail.lasts()) {
        return new Outcome(Decision.FAIL, (t + 1) * seconds, requests);
      }
      if (beta > 0) {
        pass.add(tick.canary(), tick.stable(), expected);
        if (pass.reaches(-Math.log(beta))) {
          return new Outcome(Decision.PASS, (t + 1) * seconds, requests);
        }
      }
      known = known.plus(tick.stable());
    }
    return new Outcome(Decision.NONE, Double.POSITIVE_INFINITY, requests);
  }
}
