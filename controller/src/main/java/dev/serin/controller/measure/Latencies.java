package dev.serin.controller.measure;

import dev.serin.judge.LatencyBounds;
import dev.serin.judge.Tolerance;
import dev.serin.mesh.BuiltInQueries.Counts;
import dev.serin.metrics.Sample;
import dev.serin.metrics.SampleProvider;
import dev.serin.metrics.Samples;
import dev.serin.parse.CheckSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The latencies that a data plane reports to one server: how the server keeps them, and from where
/// on a request is slow. What was found out once stays.
final class Latencies {
  private final SampleProvider provider;
  private final Counts counts;

  private volatile Set<Double> bounds = Set.of();
  private volatile Buckets buckets = Buckets.CLASSIC;

  Latencies(SampleProvider provider, Counts counts) {
    this.provider = provider;
    this.counts = counts;
  }

  /// How the server keeps them, as far as that was found out.
  Buckets buckets() {
    return buckets;
  }

  private static boolean isAbout(CheckSpec check) {
    return check.source().equals(new CheckSpec.Source.BuiltIn(CheckSpec.Metric.LATENCY));
  }

  /// One question about the latencies of one Canary.
  ///
  /// @param before when stable begins to be looked at, by the server's clock
  /// @param origin when the canary gets its first traffic
  /// @param now the latest time that the server can tell of
  /// @param troubled told why nobody answers
  record Question(
      Versions versions, Instant before, Instant origin, Instant now, Consumer<String> troubled) {}

  /// What comparisons look at; empty when nobody answered. Nothing is asked where none is about
  /// latencies.
  Optional<List<Compared>> compared(List<CheckSpec> comparisons, Question question) {
    var compared = new ArrayList<Compared>();
    for (var check : comparisons) {
      if (isAbout(check)) {
        var slowness = slowness(check, question);
        if (slowness.isEmpty()) {
          return Optional.empty();
        }
        compared.add(slowness.get());
      } else {
        compared.add(new Compared.Failures(check));
      }
    }
    return Optional.of(compared);
  }

  private Optional<Compared> slowness(CheckSpec check, Question question) {
    var there = bounds(question);
    if (there.isEmpty()) {
      return Optional.empty();
    }
    var declared = (CheckSpec.Judgement.Comparison) check.judgement();
    return declared
        .slowerThan()
        .map(asked -> Optional.of(asked(check, asked, declared.tolerance(), there.get())))
        .orElseGet(() -> chosen(check, declared.tolerance(), question));
  }

  private Optional<Set<Double>> bounds(Question question) {
    if (!bounds.isEmpty()) {
      return Optional.of(bounds);
    }
    var versions = List.of(question.versions());
    return found(Survey.buckets(counts, versions), question.now(), question.troubled())
        .map(
            samples -> {
              bounds = Survey.bounds(samples);
              if (bounds.isEmpty() && areWhole(versions, question.now())) {
                buckets = Buckets.NATIVE;
                bounds = Buckets.bounds(counts);
              }
              return bounds;
            });
  }

  /// Asked only where there is no classic histogram, for not every server understands the question.
  private boolean areWhole(List<Versions> versions, Instant now) {
    return provider.instant(Survey.nativeBuckets(counts, versions), now)
            instanceof Samples.Found(var samples)
        && !samples.isEmpty();
  }

  private Compared asked(
      CheckSpec check, Duration slowerThan, Tolerance tolerance, Set<Double> there) {
    var bound = LatencyBounds.snap(there, slowerThan.toNanos() / 1e9 / counts.bucketUnitSeconds());
    return bound.isPresent()
        ? new Compared.Slowness(check, List.of(limit(bound.getAsDouble(), tolerance)))
        : new Compared.Nothing(
            check,
            "there are no latency buckets in "
                + counts.goodBuckets()
                + "; have them scraped, or use a MetricTemplate");
  }

  private Optional<Compared> chosen(CheckSpec check, Tolerance tolerance, Question question) {
    var query = Survey.stableBuckets(counts, buckets, question.versions());
    var before = found(query, question.before(), question.troubled());
    var then = before.flatMap(_ -> found(query, question.origin(), question.troubled()));
    if (before.isEmpty() || then.isEmpty()) {
      return Optional.empty();
    }
    var upTo = Survey.upTo(before.get(), then.get());
    var all = upTo.getOrDefault(Double.POSITIVE_INFINITY, 0L);
    var limits =
        LatencyBounds.choose(upTo, all).stream()
            .map(
                each ->
                    limit(
                        each.bound(),
                        tolerance.equals(Tolerance.DEFAULT) ? each.tolerance() : tolerance))
            .toList();
    return Optional.of(
        limits.isEmpty()
            ? new Compared.Nothing(
                check,
                "stable answered no request with a known latency in the "
                    + Terms.BEFORE.toMinutes()
                    + " minutes before the rollout, so there is no limit to hold the canary to; set"
                    + " comparison.slowerThan")
            : new Compared.Slowness(check, limits));
  }

  private Compared.Limit limit(double bound, Tolerance tolerance) {
    return new Compared.Limit(bound, bound * counts.bucketUnitSeconds() * 1000, tolerance);
  }

  private Optional<List<Sample>> found(String query, Instant at, Consumer<String> troubled) {
    return switch (provider.instant(query, at)) {
      case Samples.Found(var samples) -> Optional.of(samples);
      case Samples.Refused(var reason) -> {
        troubled.accept(reason);
        yield Optional.empty();
      }
      case Samples.Unavailable(var reason) -> {
        troubled.accept(reason);
        yield Optional.empty();
      }
    };
  }
}
