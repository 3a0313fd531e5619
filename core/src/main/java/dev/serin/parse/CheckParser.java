package dev.serin.parse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serin.judge.Tolerance;
import dev.serin.judge.Trend;
import dev.serin.judge.Trend.Direction;
import dev.serin.parse.CheckSpec.Judgement;
import dev.serin.parse.CheckSpec.Metric;
import dev.serin.parse.CheckSpec.OnNoData;
import dev.serin.parse.CheckSpec.Source;
import dev.serin.resource.AnalysisSpec;
import dev.serin.resource.MetricSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// `spec.analysis.metrics`: what is measured, and what is asked of it.
final class CheckParser {

  private static final Duration WINDOW = Duration.ofMinutes(1);

  private static final Map<String, Metric> BUILT_IN =
      Map.of("request-success-rate", Metric.SUCCESS_RATE, "request-duration", Metric.LATENCY);

  private static final Map<String, Tolerance> TOLERANCES =
      Map.of(
          "strict", Tolerance.STRICT, "default", Tolerance.DEFAULT, "lenient", Tolerance.LENIENT);

  private static final Map<String, OnNoData> NO_DATA =
      Map.of("inconclusive", OnNoData.INCONCLUSIVE, "fail", OnNoData.FAIL, "pass", OnNoData.PASS);

  private static final Map<String, Direction> DIRECTIONS =
      Map.of(
          "increase", Direction.INCREASE,
          "decrease", Direction.DECREASE,
          "either", Direction.EITHER);

  private final AnalysisSpec analysis;
  private final References references;
  private final Place at;
  private final List<CheckSpec> checks = new ArrayList<>();

  CheckParser(AnalysisSpec analysis, References references, Place at) {
    this.analysis = analysis;
    this.references = references;
    this.at = at;
  }

  List<CheckSpec> parse() {
    var names = new Unique("metric");
    var given = CanaryParser.all(analysis.metrics());
    for (int i = 0; i < given.size(); i++) {
      var here = at.at(i);
      var name = here.at("name").required(given.get(i).name(), "give the metric a name");
      names.take(name, here.at("name"));
      parse(name, given.get(i), here);
    }
    return checks;
  }

  private void parse(String name, MetricSpec metric, Place here) {
    var source = source(name, metric, here);
    var judgements = judgements(source, metric, here);
    var window = here.at("interval").duration(metric.interval(), WINDOW, Duration.ofSeconds(1));
    var onNoData = here.at("onNoData").oneOf(metric.onNoData(), OnNoData.INCONCLUSIVE, NO_DATA);
    var dryRun = CanaryParser.isTrue(metric.dryRun(), false);
    for (var judgement : judgements) {
      var suffix = judgements.size() == 1 ? "" : ":" + word(judgement);
      checks.add(new CheckSpec(name + suffix, name, source, window, judgement, onNoData, dryRun));
    }
  }

  private static String word(Judgement judgement) {
    return switch (judgement) {
      case Judgement.Threshold _ -> "threshold";
      case Judgement.Comparison _ -> "comparison";
      case Judgement.Trend _ -> "trend";
    };
  }

  private Source source(String name, MetricSpec metric, Place here) {
    var variables = CanaryParser.all(metric.templateVariables());
    var query = metric.query();
    if (metric.templateRef() != null && query != null) {
      here.at("query").wrong("", "is given beside templateRef", "keep one of them");
    }
    if (metric.templateRef() != null) {
      var ref = references.parse(metric.templateRef(), here.at("templateRef"), "name a template");
      return ref.<Source>map(to -> new Source.Template(to.namespace(), to.name(), variables))
          .orElse(new Source.Inline("", variables));
    }
    if (query != null) {
      here.at("query").required(query, "write the query");
      return new Source.Inline(query, variables);
    }
    var builtIn = BUILT_IN.get(name);
    if (builtIn == null && !name.isEmpty()) {
      here.at("name")
          .wrong(
              name,
              "is not a built-in metric, and says nowhere what is measured",
              "give templateRef or query, or use one of "
                  + BUILT_IN.keySet().stream().sorted().toList());
    }
    return new Source.BuiltIn(builtIn == null ? Metric.SUCCESS_RATE : builtIn);
  }

  private List<Judgement> judgements(Source source, MetricSpec metric, Place here) {
    var judgements = new ArrayList<Judgement>();
    if (metric.thresholdRange() != null) {
      judgements.add(threshold(source, metric, here));
    } else if (metric.minSamples() != null) {
      here.at("minSamples")
          .wrong(metric.minSamples(), "belongs to thresholdRange, which is missing", "remove it");
    }
    if (metric.comparison() != null) {
      judgements.add(comparison(source, metric.comparison(), here.at("comparison")));
    }
    if (metric.trend() != null) {
      judgements.add(trend(source, metric.trend(), here.at("trend")));
    }
    if (judgements.isEmpty()) {
      judgements.add(usual(source, here));
    }
    return judgements;
  }

  /// What is asked of a metric that says nothing of it: evidence where there can be any.
  private Judgement usual(Source source, Place here) {
    if (!(source instanceof Source.BuiltIn)) {
      here.wrong("", "says nowhere what is right", "give thresholdRange or trend");
    } else if (comparesUnlike()) {
      here.wrong("", "says nowhere what is right", "give thresholdRange");
    }
    return new Judgement.Comparison(
        Tolerance.DEFAULT, OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty());
  }

  private static Judgement threshold(Source source, MetricSpec metric, Place here) {
    var range = Objects.requireNonNull(metric.thresholdRange());
    var place = here.at("thresholdRange");
    if (range.min() == null && range.max() == null) {
      place.wrong("", "has no limit", "give min, max or both");
    }
    if (range.min() != null && range.max() != null && range.min() > range.max()) {
      place.wrong(
          range.min() + " to " + range.max(), "contains no number", "let min be less than max");
    }
    if (source instanceof Source.BuiltIn(var builtIn) && builtIn == Metric.SUCCESS_RATE) {
      percent(range.min(), place.at("min"));
      percent(range.max(), place.at("max"));
    }
    var samples = metric.minSamples();
    if (samples != null && !(source instanceof Source.BuiltIn)) {
      here.at("minSamples")
          .wrong(
              samples,
              "is for built-in metrics, whose requests are counted",
              "remove it and let the query give nothing for too few, such as with"
                  + " 'and sum(increase(requests[{{ interval }}])) >= "
                  + samples
                  + "'");
    }
    return new Judgement.Threshold(
        optional(range.min()),
        optional(range.max()),
        samples == null
            ? OptionalInt.empty()
            : OptionalInt.of(here.at("minSamples").whole(samples, 0, 0, Integer.MAX_VALUE)));
  }

  private static void percent(@Nullable Double value, Place at) {
    if (value != null && !(value >= 0 && value <= 100)) {
      at.wrong(value, "is no percentage", "use a number 0 to 100");
    }
  }

  private Judgement comparison(Source source, MetricSpec.ComparisonSpec given, Place here) {
    if (!(source instanceof Source.BuiltIn)) {
      here.wrong(
          "", "needs counts of requests, which only built-in metrics have", "use trend instead");
    }
    if (comparesUnlike()) {
      here.wrong(
          "",
          "compares users who match with users who do not",
          "use thresholdRange beside spec.analysis.match");
    }
    if (given.slowerThan() != null && source.equals(new Source.BuiltIn(Metric.SUCCESS_RATE))) {
      here.at("slowerThan")
          .wrong(given.slowerThan(), "is about request-duration", "remove it or move it there");
    }
    return new Judgement.Comparison(
        tolerance(given.tolerance(), here.at("tolerance")),
        probability(given.alpha(), here.at("alpha")),
        probability(given.beta(), here.at("beta")),
        here.at("slowerThan").duration(given.slowerThan(), Duration.ofMillis(1)));
  }

  /// Whether the two versions serve different kinds of users, so that they cannot be compared.
  private boolean comparesUnlike() {
    return !CanaryParser.all(analysis.match()).isEmpty();
  }

  private static Tolerance tolerance(@Nullable JsonNode given, Place here) {
    if (given == null) {
      return Tolerance.DEFAULT;
    }
    if (given.isTextual()) {
      return here.oneOf(given.textValue(), Tolerance.DEFAULT, TOLERANCES);
    }
    if (!given.isObject()) {
      here.wrong(
          given, "is not a tolerance", "use strict, default, lenient or {relative, absolute}");
      return Tolerance.DEFAULT;
    }
    given.properties().stream()
        .map(Map.Entry::getKey)
        .filter(field -> !field.equals("relative") && !field.equals("absolute"))
        .forEach(field -> here.at(field).unknown(field, List.of("absolute", "relative")));
    double relative =
        number(given.path("relative"), Tolerance.DEFAULT.relative(), 1000, here.at("relative"));
    double absolute =
        number(given.path("absolute"), Tolerance.DEFAULT.absolute(), 1, here.at("absolute"));
    if (relative == 0 && absolute == 0) {
      here.wrong(given, "tolerates nothing at all", "let one of the two be above 0");
      return Tolerance.DEFAULT;
    }
    return new Tolerance(relative, absolute);
  }

  private static double number(JsonNode given, double fallback, double most, Place here) {
    if (given.isMissingNode()) {
      return fallback;
    }
    if (!given.isNumber() || given.doubleValue() < 0 || given.doubleValue() > most) {
      here.wrong(given, "is out of range", "use a number 0 to " + (int) most);
      return fallback;
    }
    return given.doubleValue();
  }

  private static Judgement trend(Source source, MetricSpec.TrendSpec given, Place here) {
    if (source instanceof Source.BuiltIn) {
      here.wrong("", "is for templates and queries", "use comparison instead");
    }
    var tolerance = given.tolerance();
    if (tolerance != null && !(tolerance >= 0 && tolerance <= 100)) {
      here.at("tolerance")
          .wrong(tolerance, "is out of range", "use a share of stable's value, such as 0.1");
    }
    var absolute = given.absolute();
    if (absolute != null && !(absolute >= 0 && Double.isFinite(absolute))) {
      here.at("absolute").wrong(absolute, "is out of range", "use a number of at least 0");
    }
    return new Judgement.Trend(
        here.at("direction").oneOf(given.direction(), Direction.INCREASE, DIRECTIONS),
        tolerance == null ? Trend.DEFAULT_TOLERANCE : tolerance,
        absolute == null ? 0 : absolute,
        probability(given.alpha(), here.at("alpha")).orElse(Trend.DEFAULT_ALPHA));
  }

  private static OptionalDouble probability(@Nullable Double given, Place here) {
    if (given != null && !(given > 0 && given <= 0.5)) {
      here.wrong(given, "is not a probability of an error", "use a number above 0, up to 0.5");
      return OptionalDouble.empty();
    }
    return optional(given);
  }

  private static OptionalDouble optional(@Nullable Double value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
