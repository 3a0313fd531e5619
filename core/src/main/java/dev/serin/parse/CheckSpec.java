package dev.serin.parse;

import dev.serin.judge.Tolerance;
import dev.serin.judge.Trend.Direction;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// One check of a Canary: what is measured and what is asked of it.
///
/// @param name unique among the Canary's checks
/// @param metric name of the metric that it belongs to
/// @param source where the measurement comes from
/// @param window what `{{ interval }}` means in its query
/// @param judgement what is asked of the measurement
/// @param onNoData what an answer without data means
/// @param dryRun measured and shown, but never deciding
public record CheckSpec(
    String name,
    String metric,
    Source source,
    Duration window,
    Judgement judgement,
    OnNoData onNoData,
    boolean dryRun) {

  /// Where a measurement comes from.
  public sealed interface Source {

    /// A query that comes with the mesh.
    record BuiltIn(Metric metric) implements Source {}

    /// A MetricTemplate.
    ///
    /// @param variables values of `{{ variables.x }}`
    record Template(String namespace, String name, Map<String, String> variables)
        implements Source {
      public Template {
        variables = Map.copyOf(variables);
      }
    }

    /// PromQL in the Canary itself, with the variables of metric templates.
    record Inline(String query, Map<String, String> variables) implements Source {
      public Inline {
        variables = Map.copyOf(variables);
      }
    }
  }

  /// What comes with every mesh.
  public enum Metric {
    /// `request-success-rate`, in percent, 0 to 100.
    SUCCESS_RATE,
    /// `request-duration`, the 99th percentile in milliseconds.
    LATENCY
  }

  /// What is asked of a measurement.
  public sealed interface Judgement {

    /// The value lies within the limits, both of which are allowed values.
    ///
    /// @param minSamples requests that the value must rest on; empty for what the limit itself
    ///   needs
    record Threshold(OptionalDouble min, OptionalDouble max, OptionalInt minSamples)
        implements Judgement {}

    /// The canary is not worse than stable over the same requests.
    ///
    /// @param alpha bound on the probability to condemn a canary within its limit, over all checks
    ///   together; empty for the judge's own
    /// @param beta bound on the probability to pass a canary outside its limit; empty for the
    ///   judge's own
    /// @param slowerThan for latency: requests slower than this are the bad ones; empty to choose
    ///   limits from what stable did before
    record Comparison(
        Tolerance tolerance,
        OptionalDouble alpha,
        OptionalDouble beta,
        Optional<Duration> slowerThan)
        implements Judgement {}

    /// The canary's values do not run away from stable's.
    ///
    /// @param worse the direction that is bad
    /// @param tolerance how far the canary may lie on that side, as a share of stable's value
    /// @param absolute how far it may in any case, in the unit of the gauge
    /// @param alpha bound on the probability of a false alarm
    record Trend(Direction worse, double tolerance, double absolute, double alpha)
        implements Judgement {}
  }

  /// What an answer without data means.
  public enum OnNoData {
    /// Nothing: the step is held.
    INCONCLUSIVE,
    FAIL,
    PASS
  }
}
