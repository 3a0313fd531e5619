package dev.serin.judge;

import java.time.Duration;
import java.util.OptionalDouble;

/// How two versions are compared: what is tolerated, and how sure one must be.
///
/// @param tolerance how much worse than stable the canary may be
/// @param alpha bound on the probability that a canary within the limit is ever condemned
/// @param beta bound on the probability that a canary outside the limit ever passes
/// @param hold bound on the probability that a canary no worse than stable is ever held
/// @param bursts what an accident of a few seconds may do
/// @param starts steps of the rollout, at least 1
/// @param prior requests' worth of doubt about stable's share before anything was seen
public record Comparison(
    Tolerance tolerance,
    double alpha,
    double beta,
    double hold,
    Bursts bursts,
    int starts,
    double prior) {

  private static final double ALPHA = 0.05;
  private static final double BETA = 0.05;
  private static final double HOLD = 0.05;

  /// Prior for shares of failed requests, which are small.
  private static final double PRIOR_OF_FAILURES = 500;

  /// Prior for shares of slow requests, which need not be small.
  private static final double PRIOR_OF_SLOWNESS = 50;

  public Comparison {
    if (!(alpha > 0 && alpha < 1 && beta > 0 && beta < 1 && hold > 0 && hold < 1)) {
      throw new IllegalArgumentException(
          "alpha %s, beta %s, hold %s; each must be between 0 and 1".formatted(alpha, beta, hold));
    }
    if (starts < 1 || !(prior > 0)) {
      throw new IllegalArgumentException(
          "starts %d, prior %s; expected at least 1 and more than 0".formatted(starts, prior));
    }
  }

  /// The comparison of failed requests as Serin makes it.
  ///
  /// @param tick time between two looks
  /// @param steps of the rollout's plan, at least 1
  /// @param checks sequential checks of the Canary, this one included: they share `alpha`
  public static Comparison ofFailures(Tolerance tolerance, Duration tick, int steps, int checks) {
    return of(tolerance, tick, steps, checks, PRIOR_OF_FAILURES);
  }

  /// The comparison of requests slower than a limit as Serin makes it.
  public static Comparison ofSlowness(Tolerance tolerance, Duration tick, int steps, int checks) {
    return of(tolerance, tick, steps, checks, PRIOR_OF_SLOWNESS);
  }

  private static Comparison of(
      Tolerance tolerance, Duration tick, int steps, int checks, double prior) {
    return new Comparison(
        tolerance,
        ALPHA / Math.max(1, checks),
        BETA,
        HOLD,
        Bursts.at(tick),
        Math.max(1, steps),
        prior);
  }

  /// The same, as sure as somebody wants to be.
  ///
  /// @param alpha over all sequential checks together; empty for the usual one
  /// @param beta empty for the usual one
  /// @param checks that share `alpha`
  public Comparison as(OptionalDouble alpha, OptionalDouble beta, int checks) {
    return new Comparison(
        tolerance,
        alpha.isPresent() ? alpha.getAsDouble() / Math.max(1, checks) : this.alpha,
        beta.orElse(this.beta),
        hold,
        bursts,
        starts,
        prior);
  }

  /// The same with another tolerance.
  public Comparison with(Tolerance other) {
    return new Comparison(other, alpha, beta, hold, bursts, starts, prior);
  }
}
