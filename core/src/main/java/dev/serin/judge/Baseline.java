package dev.serin.judge;

/// What was known of stable before the rollout began. It decides how fast a comparison is, never
/// whether it is right, except for the dispersion.
///
/// @param stable requests in the time before, such as ten minutes
/// @param dispersion how its bad requests come together
public record Baseline(Arm stable, Dispersion dispersion) {

  /// Nothing was known.
  public static final Baseline UNKNOWN = new Baseline(Arm.NONE, Dispersion.UNKNOWN);
}
