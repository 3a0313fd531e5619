package dev.serin.judge;

import java.util.Arrays;

/// Evidence against one claim about two versions, from counts alone, valid at every look.
///
/// The claim on side `FAIL` is "the canary's share of bad requests is at most `relative * stable's
/// + absolute`", on side `PASS` that it is at least that. While a claim is true, the evidence
///   exceeds `1/alpha` with probability `alpha` at most, ever, however often one looks and however
///   traffic, weights and the shares of both versions together change: per tick it is multiplied by
///   a factor whose expectation is at most 1.
///
/// With `r = relative * canary requests / stable requests` and a bet `a`, that factor is
/// `a^bad_canary * (1 - r(a-1))^bad_stable * exp(-canary requests * absolute * (a-1))`. The
/// evidence is a mixture over several bets, each the best one against one true size of the
/// difference, and over the starts of the rollout's steps.
///
/// What a tick adds is the same since every start. So a bet has one running sum, and the mixture
/// over the starts is one weight for each bet, which only a new start changes: a look costs as much
/// as if there were one start.
///
/// Mutable, for the speed of simulations; [Evidence] is the value made of it.
final class EProcess {

  enum Side {
    FAIL,
    PASS
  }

  /// The differences bet on, as multiples of the limit.
  private static final double[] FAIL_BETS = {1.1, 1.25, 1.6, 2.5, 5, 15, 60};

  /// The same for PASS, as powers of stable's share over the limit: a fixed grid would never pass
  /// where the limit is close to stable's share.
  private static final double[] PASS_BETS = {0.5, 0.75, 1.0, 1.5, 2.5};

  /// Least factor that one bad request of stable may leave.
  private static final double LEAST_FACTOR = 0.1;

  /// Weight of the evidence since the beginning; the later starts share the rest.
  private static final double FIRST_WEIGHT = 0.5;

  /// Where e^-x is nothing beside 1.
  private static final double NEGLIGIBLE = 40;

  private final Side side;
  private final Tolerance tolerance;
  private final double phi;
  private final Bursts rule;
  private final int starts;

  /// Starts that have been reached; the evidence of the others is 1.
  private int active = 1;

  private int ticks;

  /// Log of the evidence of each bet since the beginning.
  private final double[] sums;

  /// What the sums were at each start: `[start * bets + bet]`. Never changed, only replaced.
  private double[] sumsAtStart;

  /// Log of what to multiply each bet's evidence since the beginning with to have the mixture over
  /// the starts reached. Never changed, only replaced.
  private double[] logWeights;

  /// The most that one burst can have added to each bet since each start, laid out as
  /// `sumsAtStart`; empty where no burst is to be left out.
  private final double[] bursts;

  /// Bad requests of the canary in the worst burst since each start; empty likewise.
  private final long[] worst;

  /// What the last ticks added to each bet, in a ring: `[tick modulo memory * bets + bet]`.
  private final double[] recent;

  /// What the canary did in them.
  private final Arm[] recentCanary;

  /// What the last ticks that one burst can touch, the present one included, say of each bet
  /// without any cap, in a ring laid out as `recent`; empty where no burst is to be left out.
  private final double[] uncapped;

  /// @param phi divisor of the log of each factor, at least 1: as many bad requests may have one
  ///   cause
  /// @param starts steps of the rollout, at least 1
  EProcess(Side side, Tolerance tolerance, double phi, Bursts rule, int starts) {
    this.side = side;
    this.tolerance = tolerance;
    this.phi = phi;
    this.rule = rule;
    this.starts = starts;
    var leavesOut = side == Side.FAIL && rule.leavesBurstsOut();
    this.sums = new double[bets()];
    this.sumsAtStart = new double[bets()];
    this.logWeights = new double[bets()];
    Arrays.fill(logWeights, Math.log(weight(0)));
    this.bursts = new double[leavesOut ? starts * bets() : 0];
    this.worst = new long[leavesOut ? starts : 0];
    this.recent = new double[rule.memory() * bets()];
    this.recentCanary = new Arm[leavesOut ? rule.memory() : 0];
    Arrays.fill(recentCanary, Arm.NONE);
    this.uncapped = new double[leavesOut ? rule.touchedTicks() * bets() : 0];
  }

  private EProcess(EProcess other) {
    side = other.side;
    tolerance = other.tolerance;
    phi = other.phi;
    rule = other.rule;
    starts = other.starts;
    active = other.active;
    ticks = other.ticks;
    sums = other.sums.clone();
    sumsAtStart = other.sumsAtStart;
    logWeights = other.logWeights;
    bursts = other.bursts.clone();
    worst = other.worst.clone();
    recent = other.recent.clone();
    recentCanary = other.recentCanary.clone();
    uncapped = other.uncapped.clone();
  }

  EProcess copy() {
    return new EProcess(this);
  }

  /// Starts the evidence anew beside the old, while the rollout has planned starts left.
  void startAnew() {
    if (active == starts) {
      return;
    }
    sumsAtStart = Arrays.copyOf(sumsAtStart, (active + 1) * bets());
    System.arraycopy(sums, 0, sumsAtStart, active * bets(), bets());
    var weights = logWeights.clone();
    for (var j = 0; j < bets(); j++) {
      weights[j] = logSum(weights[j], Math.log(weight(active)) - sums[j]);
    }
    logWeights = weights;
    active++;
  }

  /// Log of the evidence of the last ticks alone, as many as one burst can touch, without any cap:
  /// 0 where no burst is to be left out.
  double latestLogE() {
    if (uncapped.length == 0) {
      return 0;
    }
    var sums = new double[bets()];
    for (var i = 0; i < uncapped.length; i++) {
      sums[i % sums.length] += uncapped[i];
    }
    return logMean(sums);
  }

  /// Log of the mean of what these are the logs of.
  static double logMean(double[] logs) {
    var max = Arrays.stream(logs).max().orElseThrow();
    var sum = 0.0;
    for (var log : logs) {
      sum += Math.exp(log - max);
    }
    return max + Math.log(sum / logs.length);
  }

  private static double logSum(double a, double b) {
    return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
  }

  /// Counts a tick in. One in which a version that matters was asked nothing says nothing.
  ///
  /// @param expected stable's share of bad requests as known before this tick; decides how good the
  ///   bets are, never whether they are fair
  void add(Arm canary, Arm stable, double expected) {
    var says = canary.requests() > 0 && (tolerance.relative() == 0 || stable.requests() > 0);
    var oneBurst = worst.length > 0 && isOneBurst(canary);
    var r = ratio(canary, stable);
    var limit = tolerance.limit(expected);
    var v = limit > 0 ? tolerance.absolute() / limit : 0;
    var logWithin = Math.log(Math.clamp(expected / limit, 0.05, 1.0));
    var now = recent.length == 0 ? 0 : ticks % rule.memory() * bets();
    var latest = ticks % rule.touchedTicks() * bets();
    for (var j = 0; j < bets(); j++) {
      var said = 0.0;
      if (says) {
        var m = side == Side.FAIL ? FAIL_BETS[j] : Math.exp(PASS_BETS[j] * logWithin);
        said = logFactor(bet(side, m, r, v), r, tolerance, canary, stable) / phi;
      }
      var added = says ? capped(j, said) : 0;
      if (uncapped.length > 0) {
        uncapped[latest + j] = said;
      }
      sums[j] += added;
      if (oneBurst) {
        leaveOut(j, added);
      }
      if (recent.length > 0) {
        recent[now + j] = added;
      }
    }
    if (recentCanary.length > 0) {
      recentCanary[ticks % recentCanary.length] = canary;
    }
    ticks++;
  }

  private double ratio(Arm canary, Arm stable) {
    return tolerance.relative() == 0 || stable.requests() == 0
        ? 0
        : tolerance.relative() * canary.requests() / stable.requests();
  }

  /// Log of the factor of one bet for one tick.
  static double logFactor(double a, double r, Tolerance tolerance, Arm canary, Arm stable) {
    return (canary.bad() == 0 ? 0 : canary.bad() * Math.log(a))
        + (stable.bad() == 0 ? 0 : stable.bad() * Math.log1p(-r * (a - 1)))
        - canary.requests() * tolerance.absolute() * (a - 1);
  }

  private double capped(int bet, double logFactor) {
    var gained = 0.0;
    for (var back = 1; back < rule.cappedTicks(); back++) {
      gained += Math.max(0, before(back, bet));
    }
    return Math.min(logFactor, rule.cap() - gained);
  }

  /// Whether one burst can have made the bad requests of this tick and those before it that it can
  /// have touched; remembers the worst.
  private boolean isOneBurst(Arm canary) {
    var touched = touchedWith(canary);
    if (!rule.canExplain(touched, Math.min(rule.touchedTicks(), ticks + 1))) {
      return false;
    }
    for (var k = 0; k < active; k++) {
      worst[k] = Math.max(worst[k], touched.bad());
    }
    return true;
  }

  /// What the canary did in the present tick and those before it that one burst can have touched.
  private Arm touchedWith(Arm canary) {
    var requests = canary.requests();
    var bad = canary.bad();
    for (var back = 1; back < rule.touchedTicks(); back++) {
      var before = recentCanary[Math.floorMod(ticks - back, recentCanary.length)];
      requests += before.requests();
      bad += before.bad();
    }
    return new Arm(requests, bad);
  }

  private void leaveOut(int bet, double added) {
    var burst = added;
    for (var back = 1; back < rule.touchedTicks(); back++) {
      burst += before(back, bet);
    }
    for (int k = 0, i = bet; k < active; k++, i += bets()) {
      bursts[i] = Math.max(bursts[i], burst);
    }
  }

  private double before(int back, int bet) {
    return recent[Math.floorMod(ticks - back, rule.memory()) * bets() + bet];
  }

  /// Whether the log of the evidence is at least this, more than 0. Most looks are far from it, and
  /// cheap: a mixture is never more than the best part of it, and the starts that have not been
  /// reached add less than 1.
  boolean reaches(double logE) {
    return strongest() >= logE - Math.max(1, 1 / logE) && logE() >= logE;
  }

  private double strongest() {
    var max = Double.NEGATIVE_INFINITY;
    for (var j = 0; j < sums.length; j++) {
      max = Math.max(max, sums[j] + logWeights[j]);
    }
    return max;
  }

  /// Log of the evidence.
  double logE() {
    var max = active == starts ? strongest() : Math.max(0, strongest());
    var sum = 0.0;
    for (var j = 0; j < sums.length; j++) {
      var below = max - sums[j] - logWeights[j];
      sum += below > NEGLIGIBLE ? 0 : Math.exp(-below);
    }
    var mean = sum / sums.length;
    return max + Math.log(active == starts ? mean : mean + unreached() * Math.exp(-max));
  }

  /// Weight of the starts that have not been reached, whose evidence is 1.
  private double unreached() {
    return (1 - FIRST_WEIGHT) * (starts - active) / (starts - 1);
  }

  private double weight(int start) {
    if (starts == 1) {
      return 1;
    }
    return start == 0 ? FIRST_WEIGHT : (1 - FIRST_WEIGHT) / (starts - 1);
  }

  /// Whether the evidence lasts when the strongest burst is left out, since any of the starts: what
  /// remains when those few seconds were an accident. For `FAIL` only.
  boolean lasts() {
    if (worst.length == 0) {
      return true;
    }
    for (var k = 0; k < active; k++) {
      if (lastingLogE(k) >= rule.demand(worst[k])) {
        return true;
      }
    }
    return false;
  }

  private double lastingLogE(int start) {
    var logs = new double[bets()];
    for (var j = 0; j < logs.length; j++) {
      logs[j] = lasting(start * bets(), j);
    }
    return logMean(logs);
  }

  private double lasting(int from, int bet) {
    return sums[bet] - sumsAtStart[from + bet] - bursts[from + bet];
  }

  private int bets() {
    return bets(side);
  }

  static int bets(Side side) {
    return side == Side.FAIL ? FAIL_BETS.length : PASS_BETS.length;
  }

  /// The bet that grows fastest when the canary's share is `m` times the limit: the stable root of
  /// `v r a^2 - (1 + m r + v r) a + m (1 + r) = 0`.
  static double bet(Side side, double m, double r, double v) {
    var b = 1 + m * r + v * r;
    var a = 2 * m * (1 + r) / (b + Math.sqrt(Math.max(0, b * b - 4 * v * r * m * (1 + r))));
    return side == Side.FAIL
        ? Math.max(1, Math.min(a, 1 + (1 - LEAST_FACTOR) / r))
        : Math.min(1, a);
  }

  /// The differences that FAIL bets on, as multiples of the limit.
  static double[] failBets() {
    return FAIL_BETS.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EProcess that
        && side == that.side
        && tolerance.equals(that.tolerance)
        && phi == that.phi
        && rule.equals(that.rule)
        && starts == that.starts
        && active == that.active
        && ticks == that.ticks
        && Arrays.equals(sums, that.sums)
        && Arrays.equals(sumsAtStart, that.sumsAtStart)
        && Arrays.equals(logWeights, that.logWeights)
        && Arrays.equals(bursts, that.bursts)
        && Arrays.equals(worst, that.worst)
        && Arrays.equals(recent, that.recent)
        && Arrays.equals(recentCanary, that.recentCanary)
        && Arrays.equals(uncapped, that.uncapped);
  }

  @Override
  public int hashCode() {
    return 31 * ticks + Arrays.hashCode(sums);
  }
}
