package dev.serin.judge;

/// What one check says about the canary at one look, and what that means for its rollout.
public enum Verdict {
  /// Within its limit.
  PASSED,
  /// Outside its limit; counts towards the analysis' threshold of failed checks.
  FAILED,
  /// Proven worse than allowed by a test that is valid at every look; the rollout is rolled back at
  /// once.
  CONDEMNED,
  /// Proven worse than stable, but within the tolerance, or the last seconds speak against it and
  /// may be a burst: the step is held.
  HOLD,
  /// The evidence says nothing yet: weights go on by schedule, promotion waits.
  UNDECIDED,
  /// The query answered, with nothing in it: holds the step.
  NO_DATA,
  /// Too few samples to judge by: holds the step.
  TOO_FEW,
  /// Nobody answered: holds the step.
  UNAVAILABLE;

  /// Whether a step may not end while a check says this.
  public boolean holdsStep() {
    return switch (this) {
      case HOLD, NO_DATA, TOO_FEW, UNAVAILABLE -> true;
      case PASSED, FAILED, CONDEMNED, UNDECIDED -> false;
    };
  }

  /// Whether this counts as a failed check.
  public boolean isFailure() {
    return this == FAILED || this == CONDEMNED;
  }
}
