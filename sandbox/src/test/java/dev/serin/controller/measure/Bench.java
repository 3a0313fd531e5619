package dev.serin.controller.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.serin.controller.background.Background;
import dev.serin.controller.mesh.Meshes;
import dev.serin.mesh.Mesh;
import dev.serin.metrics.Measurement;
import dev.serin.metrics.MetricsProvider;
import dev.serin.metrics.Sample;
import dev.serin.metrics.SampleProvider;
import dev.serin.metrics.Samples;
import dev.serin.parse.CanaryDeclaration;
import dev.serin.parse.CanaryParser;
import dev.serin.parse.MetricsServer;
import dev.serin.parse.Parsed;
import dev.serin.parse.Settings;
import dev.serin.rollout.Questions;
import dev.serin.rollout.TrafficSplit;
import dev.serin.sandbox.telemetry.EmbeddedPrometheus;
import dev.serin.sandbox.telemetry.QueryEngine;
import dev.serin.sandbox.telemetry.Semantics;
import dev.serin.sandbox.telemetry.SeriesStore;
import dev.serin.sandbox.time.VirtualScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A Prometheus, and loops that gather evidence from it, in turned time.
final class Bench {
  static final Duration SCRAPE = Duration.ofSeconds(2);

  private static final Map<String, Mesh> MESHES =
      Meshes.all().stream().collect(Collectors.toUnmodifiableMap(Mesh::name, mesh -> mesh));

  private static final String SUM = "(sum by \\([^)]*\\) \\([a-z_]+)(\\{[^}]*)}\\)\\)";
  private static final String FRACTION =
      "histogram_fraction\\(-Inf, ([0-9.]+), %s \\* histogram_count\\(%s >= 0".formatted(SUM, SUM);

  final VirtualScheduler time = new VirtualScheduler();
  final SeriesStore store = new SeriesStore(Duration.ofHours(2));
  final EmbeddedPrometheus prometheus =
      new EmbeddedPrometheus(new QueryEngine(store, Semantics.PROMETHEUS_3), time);
  final Traffic traffic;

  /// Queries in the order they were sent.
  final List<String> asked = new ArrayList<>();

  final List<String> woken = new ArrayList<>();

  /// Queries that the server takes.
  Predicate<String> takes = _ -> true;

  /// What answers in its place: its engine looks at every series for every query, which takes too
  /// long where there are very many.
  Optional<Answers> instead = Optional.empty();

  interface Answers {
    /// @param times that are asked about
    List<Sample> answer(String query, List<Instant> times);
  }

  /// Whether it has no series at all.
  boolean empty;

  boolean down;

  /// Whether it keeps all buckets of a histogram in one series.
  boolean whole;

  /// How wrong the controller's clock is.
  Duration wrong = Duration.ZERO;

  Bench() {
    this(SCRAPE);
  }

  Bench(Duration scrapeInterval) {
    traffic = new Traffic(time, store, scrapeInterval);
  }

  final SampleProvider server =
      new SampleProvider() {
        @Override
        public Measurement query(String query) {
          asked.add(query);
          return prometheus.query(query);
        }

        @Override
        public Measurement probe() {
          return prometheus.probe();
        }

        @Override
        public Samples latest(String query) {
          return answer(query, List.of(time.instant()), () -> prometheus.latest(understood(query)));
        }

        @Override
        public Samples instant(String query, Instant at) {
          return answer(query, List.of(at), () -> prometheus.instant(understood(query), at));
        }

        @Override
        public Samples range(String query, Instant start, Instant end, Duration step) {
          return answer(
              query,
              Stream.iterate(start, at -> !at.isAfter(end), at -> at.plus(step)).toList(),
              () -> prometheus.range(understood(query), start, end, step));
        }

        private Samples answer(String query, List<Instant> times, Supplier<Samples> answer) {
          asked.add(query);
          if (down) {
            return new Samples.Unavailable("down");
          }
          if (!takes.test(query)) {
            return new Samples.Refused("413: too large");
          }
          if (instead.isPresent()) {
            return new Samples.Found(instead.get().answer(query, times));
          }
          return empty ? new Samples.Found(List.of()) : answer.get();
        }

        // The engine has a series for each bucket. Where the server is to keep them in one, these
        // are not found, and what is asked of whole histograms is answered by them.
        private String understood(String query) {
          return whole
              ? query
                  .replace("_bucket{", "_nowhere{")
                  .replaceAll(FRACTION, "$2_bucket$3,le=\"$1\"})")
                  .replaceAll("histogram_count\\(" + SUM, "$1_bucket$2,le=\"+Inf\"})")
                  .replaceAll("histogram_count\\(([a-z_]+)(\\{[^}]*})\\)", "$1_bucket$2")
              : query;
        }
      };

  final MetricSources sources =
      new MetricSources() {
        @Override
        public Optional<MetricsProvider> prometheus(Optional<MetricsServer> named) {
          return Optional.of(server);
        }

        @Override
        public Template template(String namespace, String name) {
          return new Template.Unusable("there are none");
        }
      };

  final Background background =
      new Background() {
        @Override
        public Scheduled after(Duration delay, Runnable work) {
          var scheduled = time.after(delay, work);
          return scheduled::cancel;
        }

        @Override
        public void execute(Runnable work) {
          time.soon(work);
        }

        @Override
        public Instant instant() {
          return time.instant().plus(wrong);
        }

        @Override
        public void close() {}
      };

  EvidenceLoop loop() {
    return loop(Optional.empty());
  }

  EvidenceLoop loop(Optional<Duration> scrapeInterval) {
    return new EvidenceLoop(
        background,
        MESHES,
        sources,
        scrapeInterval,
        (namespace, name) -> woken.add(namespace + "/" + name));
  }

  /// A loop that asks the first server for `http://slow`, the second for all others.
  EvidenceLoop loop(Background elsewhere, List<? extends SampleProvider> servers) {
    return new EvidenceLoop(
        elsewhere,
        MESHES,
        new MetricSources() {
          @Override
          public Optional<MetricsProvider> prometheus(Optional<MetricsServer> named) {
            return Optional.of(
                servers.get(
                    named.map(MetricsServer::address).equals(Optional.of(URI.create("http://slow")))
                        ? 0
                        : 1));
          }

          @Override
          public Template template(String namespace, String name) {
            return new Template.Unusable("there are none");
          }
        },
        Optional.of(Duration.ofSeconds(1)),
        (_, _) -> {});
  }

  ThresholdRunner thresholds() {
    return new ThresholdRunner(background, MESHES, sources);
  }

  /// A Canary with these metrics, in the flow style of YAML.
  static CanaryDeclaration canary(String namespace, String name, String... metrics) {
    return asking("http://prometheus", namespace, name, metrics);
  }

  /// The same, that names its server.
  static CanaryDeclaration asking(String server, String namespace, String name, String... metrics) {
    var yaml =
        """
        metadata: {name: %s, namespace: %s}
        spec:
          targetRef: {kind: Deployment, name: %s}
          provider: istio
          metricsServer: %s
          service: {port: 80}
          analysis:
            interval: 10s
            stepWeights: [10, 50]
            metrics: [%s]
        """
            .formatted(name, namespace, name, server, String.join(", ", metrics));
    try {
      return switch (CanaryParser.parse(
          (ObjectNode) new YAMLMapper().readTree(yaml), Settings.of("istio", Meshes.all()))) {
        case Parsed.Valid(var declared) -> declared;
        case Parsed.Invalid invalid -> throw new AssertionError(invalid.inWords());
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An assignment in its first step, whose split was wanted at a time and confirmed at once.
  static Assignment assignment(CanaryDeclaration declared, Instant routed) {
    return new Assignment(
        declared,
        new Questions(Optional.empty(), true, Set.of()),
        "Progressing",
        1,
        "new",
        "old",
        0,
        TrafficSplit.toCanary(10),
        List.of(routed),
        Optional.of(routed),
        Optional.empty(),
        true,
        "now",
        routed);
  }

  static Assignment exposed(Assignment to) {
    return new Assignment(
        to.declared(),
        to.questions(),
        to.phase(),
        to.rollout(),
        to.revision(),
        to.stable(),
        to.step(),
        to.split(),
        to.routedAt(),
        to.confirmed(),
        to.dialect(),
        false,
        to.situation(),
        to.at());
  }
}
