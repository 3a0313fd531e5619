package dev.serin.judge;

/// How much worse than stable the canary may be: a share of bad requests up to `relative * stable's
/// share + absolute`.
///
/// @param relative factor on stable's share; 1 for the same, 0 to look at the canary alone
/// @param absolute added share, of 1: 0.001 is a tenth of a percentage point
public record Tolerance(double relative, double absolute) {

  /// For services with much traffic and a tight error budget.
  public static final Tolerance STRICT = new Tolerance(1.10, 0.0002);

  /// What a comparison uses unless told otherwise.
  public static final Tolerance DEFAULT = new Tolerance(1.25, 0.001);

  /// For services with little traffic: decides sooner, about larger differences.
  public static final Tolerance LENIENT = new Tolerance(1.5, 0.005);

  /// No worse than stable at all.
  static final Tolerance NONE = new Tolerance(1, 0);

  public Tolerance {
    if (!(relative >= 0 && relative <= 1000)) {
      throw new IllegalArgumentException(
          "tolerance.relative is " + relative + "; it must be between 0 and 1000");
    }
    if (!(absolute >= 0 && absolute <= 1)) {
      throw new IllegalArgumentException(
          "tolerance.absolute is " + absolute + "; it must be between 0 and 1");
    }
    if (relative == 0 && absolute == 0) {
      throw new IllegalArgumentException(
          "tolerance.relative and tolerance.absolute are both 0; one must be larger");
    }
  }

  /// The largest tolerated share of bad requests, when stable has this one.
  public double limit(double stableShare) {
    return relative * stableShare + absolute;
  }

  /// This tolerance, wide enough for pods that differ from each other by nature (a bad node, a hot
  /// shard): such differences do not average out with traffic, only with pods.
  ///
  /// @param spread between the stable pods, as [PodSpread#of] measures it
  public Tolerance widenedFor(double spread, int canaryPods, int stablePods) {
    if (relative == 0 || canaryPods < 1 || stablePods < 1) {
      return this;
    }
    var byPods = 1 + 2 * Math.min(spread, 1) * Math.sqrt(1.0 / canaryPods + 1.0 / stablePods);
    return new Tolerance(Math.max(relative, byPods), absolute);
  }
}
