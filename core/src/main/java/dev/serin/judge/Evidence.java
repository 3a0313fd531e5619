package dev.serin.judge;

import dev.serin.judge.EProcess.Side;
import java.util.List;

/// What all ticks of a rollout so far say about the canary beside stable. A value: the same ticks
/// give exactly the same evidence, so that after a restart it is rebuilt by replaying them.
///
/// What it once decided it stays with: the bounds on errors hold for the first time that it
/// decides.
public final class Evidence {

  private static final double ALPHA_OF_RATIO = 0.05;

  private final Comparison comparison;
  private final Baseline baseline;
  private final int step;
  private final int ticks;
  private final Arm canary;
  private final Arm stable;

  /// What the canary did since stable was last asked anything: waits for requests to compare with.
  private final Arm waiting;

  /// Requests of the canary that were compared with some of stable.
  private final Arm compared;

  /// How many of those would have been bad on stable, tick by tick: differs from stable's overall
  /// share when weights and shares both changed on the way.
  private final double expectedBad;

  /// The same ticks, for the ratio.
  private final Blocks blocks;

  private final EProcess fail;
  private final EProcess pass;
  private final EProcess hold;
  private final boolean condemned;
  private final boolean passed;

  private Evidence(
      Comparison comparison,
      Baseline baseline,
      int step,
      int ticks,
      Arm canary,
      Arm stable,
      Arm waiting,
      Arm compared,
      double expectedBad,
      Blocks blocks,
      EProcess fail,
      EProcess pass,
      EProcess hold,
      boolean condemned,
      boolean passed) {
    this.comparison = comparison;
    this.baseline = baseline;
    this.step = step;
    this.ticks = ticks;
    this.canary = canary;
    this.stable = stable;
    this.waiting = waiting;
    this.compared = compared;
    this.expectedBad = expectedBad;
    this.blocks = blocks;
    this.fail = fail;
    this.pass = pass;
    this.hold = hold;
    this.condemned = condemned;
    this.passed = passed;
  }

  /// Nothing seen yet.
  public static Evidence none(Comparison comparison, Baseline baseline) {
    var tolerance = comparison.tolerance();
    var phi = baseline.dispersion().phi();
    var bursts = comparison.bursts();
    return new Evidence(
        comparison,
        baseline,
        0,
        0,
        Arm.NONE,
        Arm.NONE,
        Arm.NONE,
        Arm.NONE,
        0,
        Blocks.NONE,
        new EProcess(Side.FAIL, tolerance, phi, bursts, comparison.starts()),
        new EProcess(Side.PASS, tolerance, phi, bursts.capped(), 1),
        new EProcess(Side.FAIL, Tolerance.NONE, phi, bursts.capped(), comparison.starts()),
        false,
        false);
  }

  /// The evidence of these ticks, oldest first.
  public static Evidence replay(Comparison comparison, Baseline baseline, List<Tick> ticks) {
    var evidence = none(comparison, baseline);
    for (var tick : ticks) {
      evidence = evidence.add(tick);
    }
    return evidence;
  }

  /// This evidence and one more tick.
  public Evidence add(Tick tick) {
    var expected = expectedShare();
    var against = fail.copy();
    var worse = hold.copy();
    for (var s = step; s < tick.step(); s++) {
      against.startAnew();
      worse.startAnew();
    }
    var waits = comparesWithStable() && tick.stable().requests() == 0;
    var now = waits ? Arm.NONE : waiting.plus(tick.canary());
    against.add(now, tick.stable(), expected);
    worse.add(now, tick.stable(), expected);
    // A canary that passed stays so: nothing is left to find out on this side.
    var inFavour = passed ? pass : pass.copy();
    if (!passed) {
      inFavour.add(now, tick.stable(), expected);
    }
    return new Evidence(
        comparison,
        baseline,
        Math.max(step, tick.step()),
        ticks + 1,
        canary.plus(tick.canary()),
        stable.plus(tick.stable()),
        waits ? waiting.plus(tick.canary()) : Arm.NONE,
        compared.plus(now),
        expectedBad + now.requests() * tick.stable().share(),
        waits ? blocks : blocks.add(new Tick(tick.step(), now, tick.stable())),
        against,
        inFavour,
        worse,
        condemned || condemns(against),
        passed || inFavour.reaches(-Math.log(comparison.beta())));
  }

  private boolean condemns(EProcess against) {
    return against.reaches(-Math.log(comparison.alpha())) && against.lasts();
  }

  /// Stable's share of bad requests as far as it is known, never 0.
  private double expectedShare() {
    var known = baseline.stable().plus(stable);
    return (known.bad() + 0.5) / (known.requests() + comparison.prior());
  }

  /// What it says: [Verdict#CONDEMNED] before all else, then [Verdict#HOLD] while the last seconds
  /// speak against the canary, [Verdict#PASSED], [Verdict#HOLD], [Verdict#UNDECIDED];
  /// [Verdict#NO_DATA] while a version that matters was asked nothing.
  public Verdict verdict() {
    if (condemned) {
      return Verdict.CONDEMNED;
    }
    if (doubted()) {
      return Verdict.HOLD;
    }
    if (passed) {
      return Verdict.PASSED;
    }
    if (canary.requests() == 0 || (comparesWithStable() && stable.requests() == 0)) {
      return Verdict.NO_DATA;
    }
    return held() ? Verdict.HOLD : Verdict.UNDECIDED;
  }

  private boolean held() {
    return comparesWithStable() && hold.reaches(-Math.log(comparison.hold()));
  }

  /// Whether the last ticks alone, as many as one burst can touch, speak against the canary as
  /// clearly as would hold it. A burst is over in a moment and a bad version is condemned in one:
  /// no weight should rise before it is known which of them this is.
  boolean doubted() {
    return !condemned && logLatest() >= -Math.log(comparison.hold());
  }

  /// Log of the evidence of the last ticks alone that the canary is outside the limit.
  double logLatest() {
    return fail.latestLogE();
  }

  private boolean comparesWithStable() {
    return comparison.tolerance().relative() > 0;
  }

  /// Whether, undecided as it may be, the canary's share lies within the limit.
  public boolean promising() {
    return compared.requests() > 0 && compared.share() <= limit();
  }

  /// The largest tolerated share of bad requests, 0 to 1, by what stable did in the same ticks.
  public double limit() {
    return comparison.tolerance().limit(stableShare());
  }

  /// Stable's share of bad requests, each tick weighted by the canary's requests in it.
  public double stableShare() {
    return compared.requests() == 0 ? stable.share() : expectedBad / compared.requests();
  }

  /// How many times as often as stable's the canary's requests were bad, 95 % sure.
  public RatioInterval ratio() {
    return RatioInterval.of(blocks.over(), baseline.dispersion().phi(), ALPHA_OF_RATIO);
  }

  /// How many more requests to the canary until it passes, if it does as stable does; infinite when
  /// it cannot.
  public double requestsToPass() {
    if (passed) {
      return 0;
    }
    var missing = -Math.log(comparison.beta()) - pass.logE();
    var share = comparesWithStable() ? expectedShare() : Math.min(canary.share(), limit());
    var ratio = stable.requests() == 0 ? 1 : (double) canary.requests() / stable.requests();
    var growth = Growth.toPass(comparison.tolerance(), share, ratio);
    return growth > 0 ? missing * baseline.dispersion().phi() / growth : Double.POSITIVE_INFINITY;
  }

  /// Log of the evidence that the canary is outside the limit.
  public double logAgainst() {
    return fail.logE();
  }

  /// Log of the evidence that the canary is within the limit; stands still once it passed.
  public double logInFavour() {
    return pass.logE();
  }

  /// Log of the evidence that the canary is worse than stable at all.
  public double logWorse() {
    return hold.logE();
  }

  /// Whether the evidence against the canary is more than one burst.
  boolean lasts() {
    return fail.lasts();
  }

  /// What the canary did in all ticks.
  public Arm canary() {
    return canary;
  }

  /// What stable did in all ticks.
  public Arm stable() {
    return stable;
  }

  public Comparison comparison() {
    return comparison;
  }

  public Baseline baseline() {
    return baseline;
  }

  /// How many ticks were counted in.
  public int ticks() {
    return ticks;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Evidence that
        && comparison.equals(that.comparison)
        && baseline.equals(that.baseline)
        && step == that.step
        && ticks == that.ticks
        && canary.equals(that.canary)
        && stable.equals(that.stable)
        && waiting.equals(that.waiting)
        && compared.equals(that.compared)
        && expectedBad == that.expectedBad
        && blocks.equals(that.blocks)
        && fail.equals(that.fail)
        && pass.equals(that.pass)
        && hold.equals(that.hold)
        && condemned == that.condemned
        && passed == that.passed;
  }

  @Override
  public int hashCode() {
    return 31 * canary.hashCode() + stable.hashCode();
  }
}
