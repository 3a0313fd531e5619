package dev.serin.judge;

import java.util.OptionalDouble;

/// What a comparison says, in words: the counts of both versions, the limit, how strong the
/// evidence is, and what it waits for.
public final class ComparisonAssessment {

  private ComparisonAssessment() {}

  /// @param check name of the check as the Canary declares it
  /// @param query what was asked, as it was sent
  /// @param dryRun measured and shown, but never deciding
  public static Assessment of(
      String check, Subject subject, Evidence evidence, String query, boolean dryRun) {
    return new Assessment(
        check,
        evidence.verdict(),
        reason(subject, evidence),
        value(subject, evidence),
        limit(subject, evidence),
        query,
        strength(evidence),
        evidence.promising(),
        dryRun);
  }

  private static OptionalDouble value(Subject subject, Evidence evidence) {
    if (evidence.canary().requests() == 0) {
      return OptionalDouble.empty();
    }
    var percent = evidence.canary().share() * 100;
    return OptionalDouble.of(
        switch (subject) {
          case Subject.Failures _ -> 100 - percent;
          case Subject.SlowerThan _ -> percent;
        });
  }

  private static String limit(Subject subject, Evidence evidence) {
    var limit = evidence.limit();
    return switch (subject) {
      case Subject.Failures _ -> "at least " + Words.percent(1 - limit) + origin(evidence);
      case Subject.SlowerThan _ ->
          "at most " + Words.percent(limit) + " " + slower(subject) + origin(evidence);
    };
  }

  private static String slower(Subject subject) {
    return subject.did().replace("took over", "over");
  }

  /// Where the limit comes from, such as ` (1.25 × stable + 0.1 points)`.
  private static String origin(Evidence evidence) {
    var tolerance = evidence.comparison().tolerance();
    if (tolerance.relative() == 0) {
      return "";
    }
    var points =
        tolerance.absolute() == 0
            ? ""
            : " + " + Words.number(tolerance.absolute() * 100) + " points";
    return " (" + Words.number(tolerance.relative()) + " × stable" + points + ")";
  }

  private static String reason(Subject subject, Evidence evidence) {
    return switch (evidence.verdict()) {
      case NO_DATA -> nothing(evidence);
      case CONDEMNED ->
          numbers(subject, evidence)
              + "; worse than allowed beyond doubt (evidence "
              + Words.odds(Math.max(evidence.logAgainst(), -Math.log(alpha(evidence))))
              + " against it, "
              + needed(alpha(evidence))
              + " needed)";
      case PASSED ->
          numbers(subject, evidence)
              + "; within the limit (evidence "
              + Words.odds(evidence.logInFavour())
              + " for it, "
              + needed(evidence.comparison().beta())
              + " needed)";
      case HOLD -> numbers(subject, evidence) + "; " + held(evidence);
      case UNDECIDED, FAILED, TOO_FEW, UNAVAILABLE ->
          numbers(subject, evidence) + "; undecided, " + missing(evidence);
    };
  }

  private static String held(Evidence evidence) {
    return evidence.doubted()
        ? "the last seconds speak against it (evidence "
            + Words.odds(evidence.logLatest())
            + "), so the weight stays until it is known whether that goes on"
        : "surely worse than stable (evidence "
            + Words.odds(evidence.logWorse())
            + ") but not yet surely beyond the limit, so the weight stays; "
            + missing(evidence);
  }

  private static String nothing(Evidence evidence) {
    return evidence.canary().requests() == 0
        ? "no request to the canary was counted yet"
        : "no request to stable was counted yet; canary got "
            + Words.count(evidence.canary().requests());
  }

  private static String numbers(Subject subject, Evidence evidence) {
    var canary = "canary " + Words.arm(evidence.canary(), subject);
    if (evidence.comparison().tolerance().relative() == 0) {
      return canary + ", limit " + Words.percent(evidence.limit());
    }
    return canary
        + ", stable "
        + Words.arm(evidence.stable(), subject)
        + sameSeconds(evidence)
        + ratio(evidence)
        + ", limit "
        + Words.percent(evidence.limit());
  }

  /// Stable's share at the times of the canary's requests, where it is far from its overall share:
  /// weights and shares both changed, and the limit goes by this one.
  private static String sameSeconds(Evidence evidence) {
    var overall = evidence.stable().share();
    var then = evidence.stableShare();
    return Math.abs(then - overall) > 0.1 * overall + 0.0001
        ? " (" + Words.percent(then) + " at the times of the canary's requests)"
        : "";
  }

  /// How sure it is how much worse, such as `, 1.4 to 8.2 times as often (95 % sure)`.
  private static String ratio(Evidence evidence) {
    var ratio = evidence.ratio();
    if (ratio.low() == 0 && Double.isInfinite(ratio.high())) {
      return "";
    }
    var times =
        ratio.low() == 0
            ? "at most " + rounded(ratio.high())
            : Double.isInfinite(ratio.high())
                ? "at least " + rounded(ratio.low())
                : rounded(ratio.low()) + " to " + rounded(ratio.high());
    return ", " + times + " times as often (95 % sure)";
  }

  private static String rounded(double ratio) {
    return Words.number(ratio, 2);
  }

  private static String missing(Evidence evidence) {
    var more = evidence.requestsToPass();
    return Double.isFinite(more)
        ? "needs about " + Words.count(Math.max(1, Math.round(more))) + " more canary requests"
        : "and cannot pass at this error rate of stable";
  }

  private static String strength(Evidence evidence) {
    if (evidence.verdict() == Verdict.NO_DATA) {
      return "";
    }
    var phi = evidence.baseline().dispersion();
    return "against "
        + Words.odds(evidence.logAgainst())
        + " of "
        + needed(alpha(evidence))
        + ", for "
        + Words.odds(evidence.logInFavour())
        + " of "
        + needed(evidence.comparison().beta())
        + (phi.phi() > 1
            ? ", divided by "
                + Words.number(phi.phi())
                + (phi.measured()
                    ? " because bad requests come together"
                    : " because it is not known how bad requests come together")
            : "");
  }

  private static double alpha(Evidence evidence) {
    return evidence.comparison().alpha();
  }

  private static String needed(double probability) {
    return Words.odds(-Math.log(probability));
  }
}
