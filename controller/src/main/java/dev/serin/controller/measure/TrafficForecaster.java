package dev.serin.controller.measure;

import dev.serin.judge.Evidence;
import dev.serin.judge.Outlook;
import dev.serin.mesh.BuiltInQueries.Dialect;
import dev.serin.mesh.Mesh;
import dev.serin.metrics.SampleProvider;
import dev.serin.metrics.Samples;
import dev.serin.parse.CheckSpec;
import dev.serin.rollout.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Plays the time before a rollout through the counts that its evidence would begin with, and holds
/// what stable was asked in it against the plan.
public final class TrafficForecaster implements Forecaster {

  /// Between two looks where it is not known how often a server scrapes.
  private static final Duration USUAL = Duration.ofSeconds(30);

  private final Map<String, Mesh> meshes;
  private final MetricSources sources;
  private final Optional<Duration> scrapeInterval;

  /// @param meshes every known mesh by name
  /// @param scrapeInterval of all servers; empty when it is not known
  public TrafficForecaster(
      Map<String, Mesh> meshes, MetricSources sources, Optional<Duration> scrapeInterval) {
    this.meshes = Map.copyOf(meshes);
    this.sources = sources;
    this.scrapeInterval = scrapeInterval;
  }

  @Override
  public Optional<Forecast> foretell(Assignment assignment) {
    var comparisons = Member.comparisons(assignment);
    if (comparisons.isEmpty()) {
      return Optional.of(new Forecast(assignment.revision(), Map.of()));
    }
    return sources.prometheus(assignment.declared().metricsServer()).orElse(null)
                instanceof SampleProvider provider
            && Spoken.of(assignment, meshes) instanceof Spoken.Known(var dialect)
        ? foretell(assignment, comparisons, provider, dialect)
        : Optional.empty();
  }

  private Optional<Forecast> foretell(
      Assignment assignment,
      List<CheckSpec> comparisons,
      SampleProvider provider,
      Dialect dialect) {
    if (!(ServerClock.of(provider, assignment::at) instanceof ServerClock.Known(var ahead))) {
      return Optional.empty();
    }
    var grid = Grid.of(scrapeInterval.orElse(USUAL));
    var origin = grid.latest(assignment.at().plus(ahead));
    var versions = Versions.of(assignment, dialect.counts());
    var latencies = new Latencies(provider, dialect.counts());
    var question =
        new Latencies.Question(versions, origin.minus(Terms.BEFORE), origin, origin, _ -> {});
    var compared = latencies.compared(comparisons, question);
    if (compared.isEmpty()) {
      return Optional.empty();
    }
    var terms =
        Terms.of(
            grid,
            ahead,
            origin.minus(ahead),
            versions,
            dialect.counts(),
            compared.get(),
            assignment.declared());
    var query =
        new CountQuery(dialect.counts(), latencies.buckets(), List.of(versions), terms.bounds());
    return provider.range(query.text(), terms.first(), origin, grid.tick())
            instanceof Samples.Found(var samples)
        ? Optional.of(
            new Forecast(
                assignment.revision(),
                outlooks(terms, query.read(samples).getOrDefault(versions, new TreeMap<>()))))
        : Optional.empty();
  }

  private static Map<String, Outlook> outlooks(
      Terms terms, NavigableMap<Instant, Snapshot> snapshots) {
    var tally = Tally.of(terms);
    var windows = 0;
    while (!tally.next().isAfter(terms.origin())) {
      var at = tally.next();
      windows = tally.before().size() + 1;
      tally =
          tally.look(snapshots.getOrDefault(at, Snapshot.empty(at)), List.of(), Optional.empty());
    }
    var seconds = windows * terms.grid().tick().toMillis() / 1000.0;
    var outlooks = new LinkedHashMap<String, Outlook>();
    for (var judged : tally.judged()) {
      switch (judged) {
        case Judged.Failures(var check, var evidence) ->
            outlooks.put(check.name(), outlook(evidence, terms.plan(), seconds));
        case Judged.Slowness(var check, _, var evidence) ->
            evidence.parts().stream()
                .map(part -> outlook(part, terms.plan(), seconds))
                .max(Comparator.comparingDouble(Outlook::requestsToPass))
                .ifPresent(worst -> outlooks.put(check.name(), worst));
        case Judged.Nothing _ -> {}
      }
    }
    return outlooks;
  }

  private static Outlook outlook(Evidence before, Plan plan, double seconds) {
    var stable = before.baseline().stable();
    return Outlook.of(
        before.comparison(),
        stages(plan),
        new Outlook.Traffic(stable.requests() / seconds, stable.share()),
        before.baseline().dispersion());
  }

  private static List<Outlook.Stage> stages(Plan plan) {
    return plan.steps().stream()
        .map(
            step -> {
              var rounds = plan.interval().multipliedBy(step.rounds());
              return new Outlook.Stage(
                  step.split().canary(), step.hold().compareTo(rounds) > 0 ? step.hold() : rounds);
            })
        .toList();
  }
}
