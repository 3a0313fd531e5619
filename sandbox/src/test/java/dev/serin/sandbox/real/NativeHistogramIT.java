package dev.serin.sandbox.real;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.serin.controller.background.Background;
import dev.serin.controller.background.ThreadedBackground;
import dev.serin.controller.measure.Assignment;
import dev.serin.controller.measure.CheckRunner;
import dev.serin.controller.measure.EvidenceLoop;
import dev.serin.controller.measure.MetricSources;
import dev.serin.controller.measure.ThresholdRunner;
import dev.serin.controller.mesh.Meshes;
import dev.serin.judge.Assessment;
import dev.serin.mesh.Mesh;
import dev.serin.metrics.Measurement;
import dev.serin.metrics.MetricsProvider;
import dev.serin.metrics.providers.Built;
import dev.serin.metrics.providers.MetricsProviders;
import dev.serin.metrics.providers.ProviderSettings;
import dev.serin.parse.CanaryDeclaration;
import dev.serin.parse.CanaryParser;
import dev.serin.parse.MetricsServer;
import dev.serin.parse.Parsed;
import dev.serin.parse.Settings;
import dev.serin.rollout.Questions;
import dev.serin.rollout.TrafficSplit;
import dev.serin.sandbox.real.Exporter.Pod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Latencies that a Prometheus of its own keeps in native histograms, as the judge reads them.
class NativeHistogramIT {
  private static final Map<String, Mesh> MESHES =
      Meshes.all().stream().collect(Collectors.toUnmodifiableMap(Mesh::name, mesh -> mesh));

  private static final MetricSources SOURCES =
      new MetricSources() {
        @Override
        public Optional<MetricsProvider> prometheus(Optional<MetricsServer> server) {
          return Optional.of(provider);
        }

        @Override
        public Template template(String namespace, String name) {
          return new Template.Unusable("there are none");
        }
      };

  @TempDir private static Path directory;

  private static RealCluster cluster;
  private static Exporter exporter;
  private static Program prometheus;
  private static MetricsProvider provider;
  private static Background background;

  @BeforeAll
  static void prepare() throws IOException {
    cluster = RealCluster.open();
    exporter = new Exporter();
    var config = directory.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s}
        scrape_configs:
          - {job_name: pods, honor_labels: true, static_configs: [{targets: ["%s"]}]}
        """
            .formatted(exporter.address()));
    var address = "127.0.0.1:" + ControllerProcess.freePort();
    prometheus =
        Program.start(
            List.of(
                cluster.property("bin") + "/prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=" + address,
                "--enable-feature=native-histograms",
                "--log.level=warn"),
            "",
            Map.of());
    // It does not outlive tests that are ended from outside.
    Runtime.getRuntime().addShutdownHook(new Thread(prometheus::kill));
    provider =
        switch (new MetricsProviders(Clock.systemUTC())
            .of(ProviderSettings.prometheus(URI.create("http://" + address)))) {
          case Built.Ready(var ready) -> ready;
          case Built.Unfit(var problems) -> throw new AssertionError(problems);
        };
    background = new ThreadedBackground();
    cluster.await(
        () -> "Prometheus answers; it says: " + prometheus.said(),
        App.SOON,
        () -> provider.probe() instanceof Measurement.Value);
  }

  @AfterAll
  static void tidy() {
    if (background != null) {
      background.close();
    }
    if (prometheus != null) {
      prometheus.kill();
      prometheus.await();
    }
    if (exporter != null) {
      exporter.close();
    }
  }

  @Test
  void atABoundOfABucketCountsAreExact() {
    var stable = exporter.pod("exact").answer(50, 0.5).answer(7, 1.05);
    var release = new Release("exact", "{name: request-duration, comparison: {slowerThan: 1ms}}");
    stable.answerEachTime(6, 0.5, 1, 1.05, 400);
    var canary = exporter.pod("exact-canary").answerEachTime(4, 0.95, 1, 1, 1.01, 1.05);

    assertThat(release.said(stable, canary).reason())
        .startsWith("canary 8 of 20 took over 1 ms = 40 %, stable 12 of 24 took over 1 ms = 50 %");
  }

  /// 250 lies 71.8 % up the bucket from 234.8 to 256: of 12 requests in it 8.6 are within the
  /// bound, of stable's 1.4 before and 18.7 afterwards.
  @Test
  void withinABucketRequestsAreSharedAlikeForBothVersions() {
    var stable = exporter.pod("shared").answer(100, 40).answer(2, 245);
    var release =
        new Release("shared", "{name: request-duration, comparison: {slowerThan: 300ms}}");
    stable.answerEachTime(12, 40, 245, 245, 400);
    var canary = exporter.pod("shared-canary").answerEachTime(12, 245);

    assertThat(release.said(stable, canary).reason())
        .startsWith("canary 3 of 12 took over 250 ms = 25 %, stable 18 of 48 took over 250 ms");
    assertThat(percentile("shared")).isBetween(255.5, 256.0);
  }

  /// What 99 of 100 requests of the canary stay within, in milliseconds, by a threshold.
  private static double percentile(String name) {
    var threshold = "{name: request-duration, thresholdRange: {max: 300}, interval: 30s}";
    var said =
        ask(
            new ThresholdRunner(background, MESHES, SOURCES),
            assignment(declared(name, threshold), Instant.now()));
    return said.value().orElseThrow(() -> new AssertionError(said));
  }

  private static Assessment ask(CheckRunner runner, Assignment assignment) {
    var answer = new CompletableFuture<Assessment>();
    runner.start(assignment.declared().checks().getFirst(), assignment, answer::complete);
    return answer.orTimeout(30, TimeUnit.SECONDS).join();
  }

  @Test
  void aPodThatRestartsCountsFromZero() {
    var stable = exporter.pod("anew").answer(200, 40).answer(100, 400);
    var release = new Release("anew", "{name: request-duration, comparison: {slowerThan: 250ms}}");
    stable.answerEachTime(3, 40, 400);
    var canary = exporter.pod("anew-canary").answerEachTime(3, 40, 40, 400);
    assertThat(release.said(stable, canary).reason())
        .startsWith("canary 3 of 9 took over 250 ms = 33.3 %, stable 3 of 6 took over 250 ms");

    stable.restart().answerEachTime(4, 40, 40, 400);
    canary.restart().answerEachTime(2, 40);

    assertThat(release.said(stable, canary).reason())
        .startsWith("canary 3 of 11 took over 250 ms = 27.3 %, stable 7 of 18 took over 250 ms");
  }

  /// 290 and 302 are one bucket of the native histogram; only the classic one has a bound at 300.
  @Test
  void aClassicHistogramBesideItIsPreferred() {
    var stable = exporter.classicPod("beside").answer(50, 40);
    var release =
        new Release("beside", "{name: request-duration, comparison: {slowerThan: 300ms}}");
    stable.answerEachTime(5, 290, 290, 290, 302);
    var canary = exporter.classicPod("beside-canary").answerEachTime(5, 290, 302);

    assertThat(release.said(stable, canary).reason())
        .startsWith("canary 5 of 10 took over 300 ms = 50 %, stable 5 of 20 took over 300 ms");
  }

  @Test
  void limitsAreChosenByWhatStableDidBefore() {
    var stable = exporter.pod("chosen").answer(900, 40).answer(90, 200).answer(10, 700);
    var release = new Release("chosen", "{name: request-duration, comparison: {}}");
    stable.answerEachTime(3, 40, 200);
    var canary = exporter.pod("chosen-canary").answerEachTime(3, 40, 40, 40, 700);

    assertThat(release.said(stable, canary).reason())
        .contains("canary 3 of 12 took over 50 ms = 25 %, stable 3 of 6 took over 50 ms")
        .contains("canary 3 of 12 took over 250 ms = 25 %, stable 0 of 6 took over 250 ms");
  }

  /// A rollout that begins now, and the evidence that is gathered for it.
  private static final class Release {
    private final EvidenceLoop loop =
        new EvidenceLoop(background, MESHES, SOURCES, Optional.empty(), (_, _) -> {});
    private final Assignment assignment;

    /// By then stable's counters have been known for some seconds.
    Release(String name, String metric) {
      var counters = "istio_requests_total{destination_workload=\"%s\"} offset 4s".formatted(name);
      cluster.await(
          () -> name + " is scraped; Prometheus says: " + prometheus.said(),
          App.SOON,
          () -> provider.query(counters) instanceof Measurement.Value);
      assignment = assignment(declared(name, metric), Instant.now());
      loop.gather(assignment);
    }

    /// What the comparison says once it has seen all that both versions answer.
    Assessment said(Pod stable, Pod canary) {
      cluster.await("all is scraped", App.SOON, () -> stable.isDone() && canary.isDone());
      // Counters are looked at every two seconds, as of half a second ago.
      Stage.pause(Duration.ofSeconds(4));
      return ask(loop, assignment);
    }
  }

  private static CanaryDeclaration declared(String name, String metric) {
    var yaml =
        """
        metadata: {name: %s, namespace: %s}
        spec:
          targetRef: {kind: Deployment, name: %s}
          provider: istio
          service: {port: 80}
          analysis: {interval: 10s, stepWeights: [50], metrics: [%s]}
        """
            .formatted(name, Exporter.NAMESPACE, name, metric);
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

  /// The first step, whose split was wanted and confirmed at a time.
  private static Assignment assignment(CanaryDeclaration declared, Instant routed) {
    return new Assignment(
        declared,
        new Questions(Optional.empty(), true, Set.of()),
        "Progressing",
        1,
        "new",
        "old",
        0,
        TrafficSplit.toCanary(50),
        List.of(routed),
        Optional.of(routed),
        Optional.empty(),
        true,
        "now",
        routed);
  }
}
