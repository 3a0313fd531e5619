package dev.serin.judge;

import java.util.OptionalDouble;

/// What one check said at one look, with everything that a person needs to believe it.
///
/// @param check name of the check as the Canary declares it
/// @param verdict what it says
/// @param reason one sentence with the numbers behind the verdict
/// @param value the measured value, in the check's own unit (percent, milliseconds, …)
/// @param limit the limit in words, such as `at least 99 %`; empty when there is none
/// @param query what was asked, as it was sent; empty when nothing was
/// @param evidence the state of a sequential test in words; empty for thresholds
/// @param promising when undecided at the end: whether the point estimate lies within the limit
/// @param dryRun measured and shown, but never deciding
public record Assessment(
    String check,
    Verdict verdict,
    String reason,
    OptionalDouble value,
    String limit,
    String query,
    String evidence,
    boolean promising,
    boolean dryRun) {

  /// An assessment with nothing but a verdict and its reason.
  public static Assessment of(String check, Verdict verdict, String reason) {
    return new Assessment(
        check,
        verdict,
        reason,
        OptionalDouble.empty(),
        "",
        "",
        "",
        verdict == Verdict.PASSED,
        false);
  }

  /// The same with what was asked.
  public Assessment asking(String sent) {
    return new Assessment(check, verdict, reason, value, limit, sent, evidence, promising, dryRun);
  }

  /// The same with another account of its evidence.
  public Assessment resting(String on) {
    return new Assessment(check, verdict, reason, value, limit, query, on, promising, dryRun);
  }

  /// The same of a check that decides nothing, or that does.
  public Assessment inDryRun(boolean dry) {
    return new Assessment(check, verdict, reason, value, limit, query, evidence, promising, dry);
  }
}
