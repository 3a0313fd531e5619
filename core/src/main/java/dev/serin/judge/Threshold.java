package dev.serin.judge;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/// A number of the canary alone, held between bounds.
///
/// @param min least value allowed
/// @param max largest value allowed
/// @param unit of the value and the bounds
/// @param minSamples requests that a value must be made of; 0 to take any
/// @param onNoData what an empty answer means
public record Threshold(
    OptionalDouble min, OptionalDouble max, Unit unit, long minSamples, OnNoData onNoData) {

  /// What a value is.
  public enum Unit {
    /// Percent of requests that succeeded, 0 to 100.
    SUCCESS_PERCENT,
    /// Percent of requests that failed, 0 to 100.
    FAILURE_PERCENT,
    MILLISECONDS,
    /// Anything else.
    PLAIN
  }

  /// What an empty answer means.
  public enum OnNoData {
    /// Nothing: the step is held.
    INCONCLUSIVE,
    /// A failed check.
    FAIL,
    /// A passed check.
    PASS
  }

  public Threshold {
    if (min.isEmpty() && max.isEmpty()) {
      throw new IllegalArgumentException("a threshold needs a min or a max");
    }
    if (min.isPresent() && max.isPresent() && min.getAsDouble() > max.getAsDouble()) {
      throw new IllegalArgumentException(
          "min %s is more than max %s".formatted(min.getAsDouble(), max.getAsDouble()));
    }
    if (minSamples < 0) {
      throw new IllegalArgumentException("minSamples is " + minSamples + "; it must be 0 or more");
    }
  }

  /// A threshold that demands as many samples as its bound needs to mean something.
  public static Threshold of(OptionalDouble min, OptionalDouble max, Unit unit) {
    return new Threshold(min, max, unit, defaultMinSamples(min, max, unit), OnNoData.INCONCLUSIVE);
  }

  /// `ceil(2/p)` for a rate of which a share `p` may fail: with fewer requests a single failure
  /// decides. 0 where no failure is allowed at all, and for everything that is not a rate.
  public static long defaultMinSamples(OptionalDouble min, OptionalDouble max, Unit unit) {
    var allowed =
        switch (unit) {
          case SUCCESS_PERCENT -> min.isPresent() ? 1 - min.getAsDouble() / 100 : 0;
          case FAILURE_PERCENT -> max.isPresent() ? max.getAsDouble() / 100 : 0;
          case MILLISECONDS, PLAIN -> 0;
        };
    // Percent are not exact in binary: 2 / (1 - 0.99) must not become 201.
    return allowed <= 0 ? 0 : (long) Math.ceil(2 / allowed - 1e-6);
  }

  /// Holds a measured number against the bounds.
  ///
  /// @param check name of the check as the Canary declares it
  /// @param query what was asked, as it was sent
  /// @param dryRun measured and shown, but never deciding
  public Assessment assess(String check, Measured measured, String query, boolean dryRun) {
    var verdict = verdict(measured);
    return new Assessment(
        check,
        verdict,
        reason(measured, verdict),
        measured instanceof Measured.Value(var value, _) && Double.isFinite(value)
            ? OptionalDouble.of(value)
            : OptionalDouble.empty(),
        limit(),
        query,
        "",
        verdict == Verdict.PASSED || tooFewButWithin(measured, verdict),
        dryRun);
  }

  private boolean tooFewButWithin(Measured measured, Verdict verdict) {
    return verdict == Verdict.TOO_FEW
        && measured instanceof Measured.Value(var value, _)
        && within(value);
  }

  private Verdict verdict(Measured measured) {
    return switch (measured) {
      case Measured.Unavailable _ -> Verdict.UNAVAILABLE;
      case Measured.NoData _ -> onNoDataVerdict();
      case Measured.Value(var value, var requests) -> {
        if (!Double.isFinite(value) || requests.orElse(1) == 0) {
          yield onNoDataVerdict();
        }
        if (tooFew(requests) && !lost(value, requests.getAsLong())) {
          yield Verdict.TOO_FEW;
        }
        yield within(value) ? Verdict.PASSED : Verdict.FAILED;
      }
    };
  }

  private Verdict onNoDataVerdict() {
    return switch (onNoData) {
      case INCONCLUSIVE -> Verdict.NO_DATA;
      case FAIL -> Verdict.FAILED;
      case PASS -> Verdict.PASSED;
    };
  }

  private boolean within(double value) {
    return value >= min.orElse(Double.NEGATIVE_INFINITY)
        && value <= max.orElse(Double.POSITIVE_INFINITY);
  }

  private boolean tooFew(OptionalLong requests) {
    return requests.isPresent() && requests.getAsLong() < minSamples;
  }

  /// Whether the value would be outside its bounds even if all requests that are missing for
  /// [#minSamples] succeeded.
  private boolean lost(double value, long requests) {
    var missing = minSamples - requests;
    return switch (unit) {
      case SUCCESS_PERCENT -> !within((value * requests + 100.0 * missing) / minSamples);
      case FAILURE_PERCENT -> !within(value * requests / minSamples);
      case MILLISECONDS, PLAIN -> false;
    };
  }

  private String reason(Measured measured, Verdict verdict) {
    return switch (measured) {
      case Measured.Unavailable(var reason) -> reason;
      case Measured.NoData(var reason) -> reason + onNoDataWords(verdict);
      case Measured.Value(var value, var requests) -> {
        if (!Double.isFinite(value) || requests.orElse(1) == 0) {
          yield "no requests in the interval" + onNoDataWords(verdict);
        }
        var of =
            requests.isPresent() ? " of " + Words.count(requests.getAsLong()) + " requests" : "";
        var shown = shown(value) + of;
        if (verdict == Verdict.TOO_FEW) {
          yield shown
              + "; too few to judge by, needs "
              + Words.count(minSamples - requests.orElse(0))
              + " more";
        }
        if (verdict == Verdict.FAILED && tooFew(requests)) {
          yield shown
              + ", limit "
              + limit()
              + "; the "
              + Words.count(minSamples - requests.orElse(0))
              + " requests missing to judge by could not save it";
        }
        yield shown + ", limit " + limit();
      }
    };
  }

  private String onNoDataWords(Verdict verdict) {
    return verdict == Verdict.NO_DATA
        ? ""
        : "; counts as " + (verdict == Verdict.FAILED ? "failed" : "passed") + " (onNoData)";
  }

  /// The value with as many digits as it takes to tell it from the bounds.
  private String shown(double value) {
    var shown = Words.number(value);
    for (var digits = 4; digits <= 12 && hidesTruth(value, shown); digits++) {
      shown = Words.number(value, digits);
    }
    return shown + suffix();
  }

  private boolean hidesTruth(double value, String shown) {
    return within(Double.parseDouble(shown.replace(",", ""))) != within(value);
  }

  private String limit() {
    var least = min.isPresent() ? "at least " + Words.number(min.getAsDouble(), 6) + suffix() : "";
    var most = max.isPresent() ? "at most " + Words.number(max.getAsDouble(), 6) + suffix() : "";
    return least.isEmpty() || most.isEmpty() ? least + most : least + " and " + most;
  }

  private String suffix() {
    return switch (unit) {
      case SUCCESS_PERCENT, FAILURE_PERCENT -> " %";
      case MILLISECONDS -> " ms";
      case PLAIN -> "";
    };
  }
}
