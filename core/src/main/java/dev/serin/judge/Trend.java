package dev.serin.judge;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/// A gauge (memory, queue length, CPU per request) of the canary beside that of stable, one value
/// each per step of time.
///
/// Two tests: a sign test on pairs, valid at every look, condemns; a Mann–Whitney test, corrected
/// for values that resemble those before them and for the planned looks, passes and fails.
///
/// @param tolerance difference allowed, as a share of stable's value
/// @param absolute difference allowed besides, in the unit of the gauge; needed where stable is 0
/// @param direction in which a difference is bad
/// @param alpha bound on the probability that the first test condemns a canary like stable, by this
///   check alone
/// @param looks how often the second test will be asked, at least 1
public record Trend(
    double tolerance, double absolute, Direction direction, double alpha, int looks) {

  /// In which direction a difference is bad.
  public enum Direction {
    INCREASE,
    DECREASE,
    EITHER
  }

  /// The two values of one step of time.
  public record Pair(double canary, double stable) {}

  public static final double DEFAULT_TOLERANCE = 0.1;
  public static final double DEFAULT_ALPHA = 0.05;

  private static final int LEAST_POINTS = 12;

  /// The second test errs five times less often: it may be asked at every look.
  private static final double ALPHA_OF_RANKS = 0.2;

  private static final double[] STAKES = {0.2, 0.4, 0.6, 0.8};
  private static final double MOST_LIKE = 0.95;

  /// Values more than this are looked at as if they were fewer.
  private static final int MOST_POINTS = 300;

  public Trend {
    if (!(tolerance >= 0) || !(absolute >= 0) || looks < 1) {
      throw new IllegalArgumentException(
          "tolerance %s, absolute %s, looks %d; expected at least 0, 0 and 1"
              .formatted(tolerance, absolute, looks));
    }
    if (!(alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException("alpha is " + alpha + "; it must be between 0 and 1");
    }
  }

  /// A tenth more than stable is tolerated.
  public static Trend of(Direction direction, int looks) {
    return new Trend(DEFAULT_TOLERANCE, 0, direction, DEFAULT_ALPHA, looks);
  }

  /// @param check name of the check as the Canary declares it
  /// @param pairs all so far, oldest first; those with a value that is not finite are left out
  /// @param history stable's values before the rollout, oldest first: tells how much a value
  ///   resembles the one before
  /// @param query what was asked, as it was sent
  /// @param dryRun measured and shown, but never deciding
  public Assessment assess(
      String check, List<Pair> pairs, List<Double> history, String query, boolean dryRun) {
    var usable =
        pairs.stream()
            .filter(pair -> Double.isFinite(pair.canary) && Double.isFinite(pair.stable))
            .toList();
    if (usable.isEmpty()) {
      return said(check, Verdict.NO_DATA, "no values yet", usable, query, "", dryRun);
    }
    if (usable.size() < LEAST_POINTS) {
      var reason =
          usable.size() + " values; too few to judge by, needs " + (LEAST_POINTS - usable.size());
      return said(check, Verdict.TOO_FEW, reason + " more", usable, query, "", dryRun);
    }
    var logE = strongestLogE(usable, thinning(history, usable));
    var recent = usable.subList(Math.max(0, usable.size() - MOST_POINTS), usable.size());
    var shift = shift(recent);
    var verdict = verdict(logE, shift);
    return said(
        check,
        verdict,
        reason(verdict, shift, recent, logE),
        usable,
        query,
        "against " + Words.odds(logE) + " of " + Words.odds(-Math.log(alphaOfOneSide())),
        dryRun);
  }

  private Verdict verdict(double logE, Shift shift) {
    if (logE >= -Math.log(alphaOfOneSide())) {
      return Verdict.CONDEMNED;
    }
    var allowed = allowed(shift.median);
    var up = direction != Direction.DECREASE;
    var down = direction != Direction.INCREASE;
    if ((up && shift.low > allowed) || (down && shift.high < -allowed)) {
      return Verdict.FAILED;
    }
    var fine = (!up || shift.high < allowed) && (!down || shift.low > -allowed);
    return fine ? Verdict.PASSED : Verdict.UNDECIDED;
  }

  private String reason(Verdict verdict, Shift shift, List<Pair> pairs, double logE) {
    var numbers =
        "canary "
            + Words.number(median(canary(pairs)))
            + ", stable "
            + Words.number(shift.median)
            + " in the middle of "
            + pairs.size()
            + " values, difference "
            + Words.number(shift.estimate)
            + ", allowed "
            + Words.number(allowed(shift.median));
    return switch (verdict) {
      case CONDEMNED -> numbers + "; outside for too long (evidence " + Words.odds(logE) + ")";
      case FAILED -> numbers + "; surely outside";
      case PASSED -> numbers + "; surely within";
      case UNDECIDED, HOLD, NO_DATA, TOO_FEW, UNAVAILABLE -> numbers + "; undecided";
    };
  }

  private Assessment said(
      String check,
      Verdict verdict,
      String reason,
      List<Pair> pairs,
      String query,
      String evidence,
      boolean dryRun) {
    var promising =
        !pairs.isEmpty()
            && isPromising(shift(pairs.reversed().stream().limit(MOST_POINTS).toList()));
    return new Assessment(
        check,
        verdict,
        reason,
        pairs.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(pairs.getLast().canary),
        limit(),
        query,
        evidence,
        promising,
        dryRun);
  }

  private boolean isPromising(Shift shift) {
    var allowed = allowed(shift.median);
    return (direction == Direction.DECREASE || shift.estimate <= allowed)
        && (direction == Direction.INCREASE || shift.estimate >= -allowed);
  }

  private String limit() {
    var unit = absolute == 0 ? "" : " or " + Words.number(absolute);
    var of = Words.percent(tolerance) + unit;
    return switch (direction) {
      case INCREASE -> "at most " + of + " above stable";
      case DECREASE -> "at most " + of + " below stable";
      case EITHER -> "within " + of + " of stable";
    };
  }

  private double allowed(double stable) {
    return Math.max(tolerance * Math.abs(stable), absolute);
  }

  /// Both directions share the error.
  private double alphaOfOneSide() {
    return direction == Direction.EITHER ? alpha / 2 : alpha;
  }

  /// The most evidence that any look so far had.
  private double strongestLogE(List<Pair> pairs, int thinning) {
    var up = direction == Direction.DECREASE ? 0 : strongest(pairs, thinning, 1);
    var down = direction == Direction.INCREASE ? 0 : strongest(pairs, thinning, -1);
    return Math.max(up, down);
  }

  private double strongest(List<Pair> pairs, int thinning, int sign) {
    var signs = new int[(pairs.size() + thinning - 1) / thinning];
    for (var i = 0; i < signs.length; i++) {
      var pair = pairs.get(i * thinning);
      var beyond = sign * (pair.canary - pair.stable) - allowed(pair.stable);
      signs[i] = (int) Math.signum(beyond);
    }
    return strongestLogE(signs);
  }

  /// Evidence that more signs are positive than negative, as strong as it ever was: the mean over
  /// several stakes of what a gambler would have who stakes that share of his money on a plus.
  static double strongestLogE(int[] signs) {
    var logs = new double[STAKES.length];
    var strongest = 0.0;
    for (var sign : signs) {
      var sum = 0.0;
      for (var j = 0; j < STAKES.length; j++) {
        logs[j] += Math.log1p(STAKES[j] * sign);
        sum += Math.exp(logs[j]);
      }
      strongest = Math.max(strongest, Math.log(sum / STAKES.length));
    }
    return strongest;
  }

  /// Of how many values one is taken, so that those taken do not resemble each other.
  private static int thinning(List<Double> history, List<Pair> pairs) {
    var likeness =
        history.size() >= LEAST_POINTS
            ? likeness(history.stream().mapToDouble(Double::doubleValue).toArray())
            : Math.max(likeness(canary(pairs)), likeness(stable(pairs)));
    return (int) Math.ceil((1 + likeness) / (1 - likeness));
  }

  /// How much a value resembles the one before, 0 to 0.95: the autocorrelation at lag 1.
  static double likeness(double[] values) {
    var mean = Arrays.stream(values).average().orElse(0);
    var variance = 0.0;
    var covariance = 0.0;
    for (var i = 0; i < values.length; i++) {
      variance += (values[i] - mean) * (values[i] - mean);
      if (i > 0) {
        covariance += (values[i] - mean) * (values[i - 1] - mean);
      }
    }
    return variance == 0 ? 0 : Math.clamp(covariance / variance, 0, MOST_LIKE);
  }

  /// How far the canary's values lie above stable's.
  ///
  /// @param low bound on the difference, valid at the planned looks
  /// @param high the same from above
  /// @param median of stable's values
  record Shift(double estimate, double low, double high, double median) {}

  private Shift shift(List<Pair> pairs) {
    return shift(canary(pairs), stable(pairs), ALPHA_OF_RANKS * alphaOfOneSide() / looks);
  }

  /// Hodges and Lehmann's estimate and its interval by order statistics of all differences.
  static Shift shift(double[] canary, double[] stable, double alpha) {
    var n = canary.length;
    var m = stable.length;
    var differences = new double[n * m];
    for (var i = 0; i < n; i++) {
      for (var j = 0; j < m; j++) {
        differences[i * m + j] = canary[i] - stable[j];
      }
    }
    Arrays.sort(differences);
    var inflation = (inflation(likeness(canary)) + inflation(likeness(stable))) / 2;
    var sigma = Math.sqrt(n * (double) m / 12 * (n + m + 1) * inflation);
    var cut = (int) Math.floor(n * m / 2.0 - Normal.quantile(1 - alpha) * sigma);
    return new Shift(
        middle(differences),
        cut <= 0 ? Double.NEGATIVE_INFINITY : differences[cut],
        cut <= 0 ? Double.POSITIVE_INFINITY : differences[n * m - 1 - cut],
        median(stable));
  }

  private static double inflation(double likeness) {
    return (1 + likeness) / (1 - likeness);
  }

  private static double[] canary(List<Pair> pairs) {
    return pairs.stream().mapToDouble(Pair::canary).toArray();
  }

  private static double[] stable(List<Pair> pairs) {
    return pairs.stream().mapToDouble(Pair::stable).toArray();
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return middle(sorted);
  }

  private static double middle(double[] sorted) {
    var half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
