package dev.serin.controller.measure;

import dev.serin.controller.background.Background;
import dev.serin.judge.Assessment;
import dev.serin.judge.Measured;
import dev.serin.judge.Threshold;
import dev.serin.judge.Verdict;
import dev.serin.mesh.BuiltInQueries.Dialect;
import dev.serin.mesh.Mesh;
import dev.serin.metrics.Measurement;
import dev.serin.metrics.MetricsProvider;
import dev.serin.metrics.QueryTemplate.Rendered;
import dev.serin.metrics.SampleProvider;
import dev.serin.parse.CheckSpec;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// Asks for one number and holds it against its limits.
public final class ThresholdRunner implements CheckRunner {
  private final Map<String, Mesh> meshes;
  private final MetricSources sources;
  private final Rates rates;

  /// @param background where servers are asked
  /// @param meshes every known mesh by name
  public ThresholdRunner(Background background, Map<String, Mesh> meshes, MetricSources sources) {
    this.meshes = Map.copyOf(meshes);
    this.sources = sources;
    this.rates = new Rates(background);
  }

  @Override
  public boolean runs(CheckSpec check) {
    return check.judgement() instanceof CheckSpec.Judgement.Threshold;
  }

  @Override
  public Assessment run(CheckSpec check, Assignment assignment) {
    return check.source() instanceof CheckSpec.Source.BuiltIn(var metric)
        ? builtIn(check, metric, assignment)
        : switch (OwnQuery.of(check.source(), assignment, sources)) {
          case OwnQuery.Usable(var provider, var template, var own) ->
              ask(check, provider, template, Variables.of(assignment, check.window(), own));
          case OwnQuery.Unusable(var reason) -> unavailable(check, reason);
        };
  }

  /// Built-in numbers are asked for together with those of other Canaries.
  @Override
  public void start(CheckSpec check, Assignment assignment, Consumer<Assessment> answer) {
    if (check.source() instanceof CheckSpec.Source.BuiltIn(var metric)
        && sources.prometheus(assignment.declared().metricsServer()).orElse(null)
            instanceof SampleProvider provider
        && Spoken.of(assignment, meshes) instanceof Spoken.Known(var dialect)) {
      rates.ask(
          new Rates.Kind(provider, dialect, check.window()),
          metric,
          Versions.of(assignment, dialect.counts()),
          rate -> answer.accept(assess(check, metric, dialect, rate, assignment)));
    } else {
      answer.accept(run(check, assignment));
    }
  }

  private static Assessment assess(
      CheckSpec check,
      CheckSpec.Metric metric,
      Dialect dialect,
      Rates.Rate rate,
      Assignment assignment) {
    var limits = limits(check, unit(metric));
    var measured =
        rate.value() instanceof Measurement.Value(var value) && limits.minSamples() > 0
            ? rate.requests().isPresent()
                ? new Measured.Value(
                    value, OptionalLong.of(Math.round(rate.requests().getAsDouble())))
                : uncounted("the query gives no series")
            : measured(rate.value());
    return switch (variables(check, dialect, assignment).query(template(metric, dialect))) {
      case Rendered.Query(var query) ->
          limits.assess(check.name(), measured, query, check.dryRun());
      case Rendered.Unfit(var problems) -> unavailable(check, String.join("; ", problems));
    };
  }

  private static Threshold.Unit unit(CheckSpec.Metric metric) {
    return switch (metric) {
      case SUCCESS_RATE -> Threshold.Unit.SUCCESS_PERCENT;
      case LATENCY -> Threshold.Unit.MILLISECONDS;
    };
  }

  /// The query of one Canary, as it is shown.
  private static String template(CheckSpec.Metric metric, Dialect dialect) {
    return switch (metric) {
      case SUCCESS_RATE -> dialect.successRate();
      case LATENCY -> dialect.latencyP99();
    };
  }

  private Assessment builtIn(CheckSpec check, CheckSpec.Metric metric, Assignment assignment) {
    var provider = sources.prometheus(assignment.declared().metricsServer());
    if (provider.isEmpty()) {
      return unavailable(check, OwnQuery.NO_SERVER);
    }
    return switch (Spoken.of(assignment, meshes)) {
      case Spoken.Known(var dialect) -> builtIn(check, metric, dialect, provider.get(), assignment);
      case Spoken.Unknown(var reason) -> unavailable(check, reason);
    };
  }

  private static Assessment builtIn(
      CheckSpec check,
      CheckSpec.Metric metric,
      Dialect dialect,
      MetricsProvider provider,
      Assignment assignment) {
    var variables = variables(check, dialect, assignment);
    var limits = limits(check, unit(metric));
    return switch (variables.query(template(metric, dialect))) {
      case Rendered.Query(var query) -> {
        var answer = provider.query(query);
        var measured =
            answer instanceof Measurement.Value(var value) && limits.minSamples() > 0
                ? counted(
                    value, provider, variables.query(CountQuery.increase(dialect.counts(), "sum")))
                : measured(answer);
        yield limits.assess(check.name(), measured, query, check.dryRun());
      }
      case Rendered.Unfit(var problems) -> unavailable(check, String.join("; ", problems));
    };
  }

  private static Variables variables(CheckSpec check, Dialect dialect, Assignment assignment) {
    var variables = Variables.of(assignment, check.window(), Map.of());
    var workload = variables.text(dialect.counts().canary());
    return variables
        .with("namespaces", Variables.literally(assignment.namespace()))
        .with("workloads", Variables.literally(workload));
  }

  /// A value with the number of requests that it rests on. One that nobody can count proves
  /// nothing.
  private static Measured counted(double value, MetricsProvider provider, Rendered query) {
    return switch (query) {
      case Rendered.Unfit(var problems) -> new Measured.Unavailable(String.join("; ", problems));
      case Rendered.Query(var text) ->
          switch (provider.query(text)) {
            case Measurement.Value(var requests) ->
                new Measured.Value(value, OptionalLong.of(Math.round(requests)));
            case Measurement.NoData(var reason) -> uncounted(reason);
            case Measurement.Unavailable(var reason) -> uncounted(reason);
          };
    };
  }

  private static Measured uncounted(String reason) {
    return new Measured.Unavailable(
        "the requests behind the value cannot be counted, so that it proves nothing: " + reason);
  }

  private static Measured measured(Measurement measured) {
    return switch (measured) {
      case Measurement.Value(var value) -> new Measured.Value(value, OptionalLong.empty());
      case Measurement.NoData(var reason) -> new Measured.NoData(reason);
      case Measurement.Unavailable(var reason) -> new Measured.Unavailable(reason);
    };
  }

  private static Threshold limits(CheckSpec check, Threshold.Unit unit) {
    var declared = (CheckSpec.Judgement.Threshold) check.judgement();
    var needed =
        declared.minSamples().isPresent()
            ? declared.minSamples().getAsInt()
            : Threshold.defaultMinSamples(declared.min(), declared.max(), unit);
    var onNoData =
        switch (check.onNoData()) {
          case INCONCLUSIVE -> Threshold.OnNoData.INCONCLUSIVE;
          case FAIL -> Threshold.OnNoData.FAIL;
          case PASS -> Threshold.OnNoData.PASS;
        };
    return new Threshold(declared.min(), declared.max(), unit, needed, onNoData);
  }

  private static Assessment ask(
      CheckSpec check, MetricsProvider provider, String template, Variables variables) {
    return switch (variables.query(template)) {
      case Rendered.Query(var query) ->
          limits(check, Threshold.Unit.PLAIN)
              .assess(check.name(), measured(provider.query(query)), query, check.dryRun());
      case Rendered.Unfit(var problems) -> unavailable(check, String.join("; ", problems));
    };
  }

  private static Assessment unavailable(CheckSpec check, String reason) {
    return Assessment.of(check.name(), Verdict.UNAVAILABLE, reason).inDryRun(check.dryRun());
  }
}
