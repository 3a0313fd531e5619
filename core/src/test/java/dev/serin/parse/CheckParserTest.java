package dev.serin.parse;

import static dev.serin.parse.CanaryParserTest.problems;
import static dev.serin.parse.CanaryParserTest.valid;
import static dev.serin.parse.CanaryParserTest.withAnalysis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.judge.Tolerance;
import dev.serin.judge.Trend.Direction;
import dev.serin.parse.CheckSpec.Judgement.Comparison;
import dev.serin.parse.CheckSpec.Judgement.Threshold;
import dev.serin.parse.CheckSpec.Judgement.Trend;
import dev.serin.parse.CheckSpec.Metric;
import dev.serin.parse.CheckSpec.OnNoData;
import dev.serin.parse.CheckSpec.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class CheckParserTest {

  @Test
  void aThresholdIsAsItIsWritten() {
    var check =
        check(
            "{name: request-success-rate, thresholdRange: {min: 99.5}, minSamples: 200,"
                + " onNoData: fail, interval: 2m, dryRun: true}");

    assertThat(check)
        .isEqualTo(
            new CheckSpec(
                "request-success-rate",
                "request-success-rate",
                new Source.BuiltIn(Metric.SUCCESS_RATE),
                Duration.ofMinutes(2),
                new Threshold(OptionalDouble.of(99.5), OptionalDouble.empty(), OptionalInt.of(200)),
                OnNoData.FAIL,
                true));
  }

  @Test
  void aBuiltInMetricWithoutALimitIsComparedWithStable() {
    assertThat(check("{name: request-duration}").judgement())
        .isEqualTo(
            new Comparison(
                Tolerance.DEFAULT,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty()));
  }

  @Test
  void toleranceIsAWordOrTwoNumbers() {
    assertThat(tolerance("strict")).isEqualTo(Tolerance.STRICT);
    assertThat(tolerance("lenient")).isEqualTo(Tolerance.LENIENT);
    assertThat(tolerance("{relative: 2, absolute: 0.01}")).isEqualTo(new Tolerance(2, 0.01));
    assertThat(tolerance("{absolute: 0.01}")).isEqualTo(new Tolerance(1.25, 0.01));
  }

  @Test
  void aMetricWithALimitAndAComparisonIsTwoChecks() {
    var checks = checks("{name: request-success-rate, thresholdRange: {min: 90}, comparison: {}}");

    assertThat(checks)
        .extracting(CheckSpec::name)
        .containsExactly("request-success-rate:threshold", "request-success-rate:comparison");
    assertThat(checks).extracting(CheckSpec::metric).containsOnly("request-success-rate");
  }

  @Test
  void templatesAndQueriesAreMeasuredInTheirOwnWords() {
    assertThat(
            check(
                "{name: queue, templateRef: {name: depth}, templateVariables: {queue: orders},"
                    + " trend: {direction: either, tolerance: 0.2, absolute: 3}}"))
        .isEqualTo(
            new CheckSpec(
                "queue",
                "queue",
                new Source.Template("shop", "depth", Map.of("queue", "orders")),
                Duration.ofMinutes(1),
                new Trend(Direction.EITHER, 0.2, 3, 0.05),
                OnNoData.INCONCLUSIVE,
                false));
    assertThat(check("{name: errors, query: 'sum(x)', thresholdRange: {max: 1}}").source())
        .isEqualTo(new Source.Inline("sum(x)", Map.of()));
  }

  @Test
  void whatCannotBeComparedIsRefused() {
    assertThat(metricProblems("{name: mine, query: q, comparison: {}}"))
        .containsExactly(
            "spec.analysis.metrics[0].comparison needs counts of requests, which only built-in"
                + " metrics have; use trend instead");
    assertThat(metricProblems("{name: request-success-rate, comparison: {slowerThan: 300ms}}"))
        .containsExactly(
            "spec.analysis.metrics[0].comparison.slowerThan is '300ms', which is about"
                + " request-duration; remove it or move it there");
    assertThat(
            problems(
                withAnalysis(
                    """
                    iterations: 3
                    match: [{headers: {a: {exact: b}}}]
                    metrics: [{name: request-success-rate}]
                    """)))
        .containsExactly(
            "spec.analysis.metrics[0] says nowhere what is right; give thresholdRange");
  }

  @Test
  void requestsAreCountedForBuiltInMetricsOnly() {
    assertThat(metricProblems("{name: mine, query: q, thresholdRange: {max: 1}, minSamples: 50}"))
        .containsExactly(
            "spec.analysis.metrics[0].minSamples is '50', which is for built-in metrics, whose"
                + " requests are counted; remove it and let the query give nothing for too few,"
                + " such as with 'and sum(increase(requests[{{ interval }}])) >= 50'");
    assertThat(
            metricProblems(
                "{name: mine, templateRef: {name: t}, thresholdRange: {max: 1}, minSamples: 0}"))
        .singleElement()
        .asString()
        .contains("is for built-in metrics");
  }

  @Test
  void limitsThatNothingMeetsAreRefused() {
    assertThat(metricProblems("{name: request-success-rate, thresholdRange: {min: 101}}"))
        .containsExactly(
            "spec.analysis.metrics[0].thresholdRange.min is '101.0', which is no percentage; use a"
                + " number 0 to 100");
    assertThat(metricProblems("{name: request-duration, thresholdRange: {min: 9, max: 1}}"))
        .containsExactly(
            "spec.analysis.metrics[0].thresholdRange is '9.0 to 1.0', which contains no number; let"
                + " min be less than max");
    assertThat(metricProblems("{name: request-duration, comparison: {tolerance: {relative: -1}}}"))
        .containsExactly(
            "spec.analysis.metrics[0].comparison.tolerance.relative is '-1', which is out of range;"
                + " use a number 0 to 1000");
  }

  private static List<String> metricProblems(String metric) {
    return problems(withAnalysis("{stepWeight: 50, metrics: [" + metric + "]}"));
  }

  private static Tolerance tolerance(String yaml) {
    var check = check("{name: request-duration, comparison: {tolerance: " + yaml + "}}");
    return ((Comparison) check.judgement()).tolerance();
  }

  private static CheckSpec check(String metric) {
    return checks(metric).getFirst();
  }

  private static List<CheckSpec> checks(String metric) {
    return valid(withAnalysis("{stepWeight: 50, metrics: [" + metric + "]}")).checks();
  }
}
