package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.controller.Assembly;
import dev.serin.controller.ControllerProgram;
import dev.serin.controller.ControllerSettings;
import dev.serin.controller.Deciders;
import dev.serin.controller.cluster.Connection;
import dev.serin.controller.telemetry.LogFormat;
import dev.serin.sandbox.App;
import dev.serin.sandbox.api.ApiServer;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What Canaries cost while nothing happens to them: nothing.
class RestTest {

  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final Duration LONG = Duration.ofMinutes(10);

  /// @param provider that routes its traffic
  /// @param service lines of YAML below `spec.service`, beside the port
  /// @param analysis lines of YAML below `spec.analysis`, beside interval, threshold and metrics
  /// @param image that is released after its adoption; "" for none
  /// @param rests the phase in which it comes to rest
  private record Resting(
      String name, String provider, String service, String analysis, String image, String rests) {

    String canary() {
      return """
      apiVersion: serin.dev/v1beta1
      kind: Canary
      metadata: {name: %s, namespace: shop}
      spec:
        targetRef: {apiVersion: apps/v1, kind: Deployment, name: %s}
        provider: %s
        progressDeadlineSeconds: 60
        service: {port: 80, targetPort: 8080%s}
        canary: {drainSeconds: 5}
        analysis:
          interval: 10s
          threshold: 2
          metrics: [{name: request-success-rate, interval: 10s, thresholdRange: {min: 90}}]
      %s
      """
          .formatted(name, name, provider, service, analysis.indent(4));
    }

    Load load() {
      return Load.of(
          provider.equals("gatewayapi")
              ? Call.atGateway(name + ".example.com")
              : Call.inMesh(name + ".shop"),
          20);
    }
  }

  private static Resting gateway(String name, String analysis, String image, String rests) {
    var service =
        ", hosts: [%s.example.com], gatewayRefs: [{name: public, namespace: gateway}]"
            .formatted(name);
    return new Resting(name, "gatewayapi", service, analysis, image, rests);
  }

  private static final List<Resting> ALL =
      List.of(
          gateway("adopted", "stepWeights: [20, 50]", "", "Initialized"),
          gateway("promoted", "stepWeights: [20, 50]", "sandbox/web:2", "Succeeded"),
          gateway("stuck", "stepWeights: [20, 50]", "sandbox/web:2-not-ready", "Failed"),
          gateway("bad", "stepWeights: [20, 50]", "sandbox/web:2-errors-50", "Failed"),
          gateway("mirrored", "iterations: 2\nmirror: true", "", "Initialized"),
          new Resting(
              "blue", "istio", "", "iterations: 2\nmirror: true", "sandbox/web:2", "Succeeded"),
          new Resting("mesh", "istio", "", "stepWeights: [50]", "", "Initialized"),
          new Resting("split", "smi", "", "stepWeights: [50]", "", "Initialized"));

  /// All Canaries, adopted and under traffic, each in the phase in which it rests.
  private static Rehearsal atRest(List<Resting> canaries) {
    var rehearsal = Rehearsal.start(RehearsalOptions.DEFAULT);
    canaries.forEach(
        one -> rehearsal.sandbox().deploy(App.of("shop", one.name(), 2, "sandbox/web:1")));
    rehearsal.run(Duration.ofSeconds(10));
    canaries.forEach(one -> rehearsal.create(one.canary()));
    for (var one : canaries) {
      await(rehearsal, one.name(), "Initialized");
    }
    rehearsal.sandbox().traffic(canaries.stream().map(Resting::load).toList());
    rehearsal.run(Duration.ofSeconds(30));
    for (var one : canaries) {
      if (!one.image().isEmpty()) {
        rehearsal.sandbox().setImage("shop", one.name(), one.image());
      }
    }
    return rehearsal;
  }

  private static void await(Rehearsal rehearsal, String name, String phase) {
    assertThat(rehearsal.runUntil(() -> rehearsal.phase("shop", name).equals(phase), PATIENCE))
        .as("%s is %s: %s", name, phase, rehearsal.canary("shop", name).orElseThrow())
        .isTrue();
  }

  /// Requests of the controller from now on, each with how often it was made.
  private static Map<String, Integer> counting(Rehearsal rehearsal) {
    var requests = new TreeMap<String, Integer>();
    rehearsal
        .sandbox()
        .store()
        .faults()
        .add(
            request -> {
              if (request.caller().name().equals(Rehearsal.SERIN.name())) {
                requests.merge(
                    request.verb() + " " + request.kind().plural() + " " + request.name(),
                    1,
                    Integer::sum);
              }
              return Optional.empty();
            });
    return requests;
  }

  @Test
  void tenMinutesAtRestCostNoRequestToAnybody() {
    try (var rehearsal = atRest(ALL)) {
      for (var one : ALL) {
        await(rehearsal, one.name(), one.rests());
      }
      rehearsal.run(Duration.ofMinutes(1));
      var requests = counting(rehearsal);
      var asked = rehearsal.sandbox().metrics().asked();
      var events = rehearsal.sandbox().stats().requests();

      rehearsal.run(LONG);

      assertThat(requests).isEmpty();
      assertThat(rehearsal.sandbox().metrics().asked()).isEqualTo(asked);
      assertThat(rehearsal.sandbox().stats().requests()).isGreaterThan(events + 60_000);
      assertThat(rehearsal.surprises()).isEmpty();
      // The counters count: the next revision is noticed at once.
      rehearsal.sandbox().setImage("shop", "adopted", "sandbox/web:2");
      await(rehearsal, "adopted", "Succeeded");
      assertThat(requests).isNotEmpty();
      assertThat(rehearsal.sandbox().metrics().asked()).isGreaterThan(asked);
    }
  }

  /// Where users may reach the canary it is watched over: each round of checks is a decision, and
  /// is stored. Nothing else is.
  @Test
  void rolloutThatSomebodyPausedCostsItsRoundsOfChecks() {
    var traffic = gateway("traffic", "stepWeights: [20, 50]", "sandbox/web:2", "Paused");
    var early = gateway("early", "stepWeights: [20, 50]", "sandbox/web:2", "Paused");
    try (var rehearsal = atRest(List.of(traffic, early))) {
      await(rehearsal, "early", "Progressing");
      pause(rehearsal, "early");
      await(rehearsal, "early", "Paused");
      rehearsal.runUntil(() -> weight(rehearsal, "traffic") == 20, PATIENCE);
      pause(rehearsal, "traffic");
      await(rehearsal, "traffic", "Paused");
      rehearsal.run(Duration.ofMinutes(2));
      var requests = counting(rehearsal);
      var asked = rehearsal.sandbox().metrics().asked();

      rehearsal.run(LONG);

      assertThat(requests).containsOnlyKeys("update canaries traffic");
      assertThat(requests.get("update canaries traffic")).isLessThanOrEqualTo(60);
      assertThat(rehearsal.sandbox().metrics().asked()).isGreaterThan(asked);
      assertThat(rehearsal.phase("shop", "traffic")).isEqualTo("Paused");
      assertThat(rehearsal.phase("shop", "early")).isEqualTo("Paused");
    }
  }

  private static int weight(Rehearsal rehearsal, String name) {
    return rehearsal.canary("shop", name).orElseThrow().at("/status/canaryWeight").asInt();
  }

  private static void pause(Rehearsal rehearsal, String name) {
    rehearsal.create(
        """
        apiVersion: serin.dev/v1beta1
        kind: CanaryCommand
        metadata: {name: pause-%s, namespace: shop}
        spec: {canary: %s, command: pause, revision: %s}
        """
            .formatted(
                name,
                name,
                rehearsal.canary("shop", name).orElseThrow().at("/status/revision").asText()));
  }

  /// Over HTTP there are caches to be filled, and contents of Secrets that no watch tells.
  @Test
  void processThatKnowsItsClusterLooksAtItWithoutARequest() throws Exception {
    try (var rehearsal = atRest(ALL)) {
      for (var one : ALL) {
        await(rehearsal, one.name(), one.rests());
      }
      rehearsal.run(Duration.ofMinutes(1));
      var looks = new Looks(Deciders.answeredBy(rehearsal.sandbox().metrics()));
      try (var server = ApiServer.start(rehearsal.sandbox().store())) {
        server.addToken("token", Rehearsal.SERIN);
        try (var program =
            ControllerProgram.start(settings(server.uri(), rehearsal.time().instant()), looks)) {
          looks.await(ALL);
          var asked = rehearsal.sandbox().metrics().asked();

          // A process that has just started may still find out which kinds are served, once.
          var isQuiet = false;
          for (int tries = 0; tries < 10 && !isQuiet; tries++) {
            var before = requests(program);
            for (int i = 0; i < 20; i++) {
              looks.again(ALL);
            }
            isQuiet = requests(program).equals(before);
          }

          assertThat(isQuiet).as("twenty looks at each without a request").isTrue();
          assertThat(rehearsal.sandbox().metrics().asked()).isEqualTo(asked);
        }
      }
    }
  }

  private static ControllerSettings settings(URI server, Instant now) {
    assertThat(now).isAfter(Instant.EPOCH);
    return new ControllerSettings(
        new Connection.Plain(server, Optional.of("token")),
        "",
        "gatewayapi",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        ControllerSettings.Hold.AUTO,
        ControllerSettings.Commands.WITH_POLICY,
        Duration.ofSeconds(1),
        0,
        0,
        0,
        LogFormat.TEXT,
        false);
  }

  /// All requests so far that were no watch.
  private static List<String> requests(ControllerProgram program) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var address = URI.create("http://127.0.0.1:%d/metrics".formatted(program.port()));
      return client
          .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith("serin_api_requests_total"))
          .filter(line -> !line.contains("verb=\"watch\""))
          .sorted()
          .toList();
    }
  }

  /// The deciders, with a count of their looks.
  private static final class Looks implements Assembly {
    private final Assembly inner;
    private final Map<String, Semaphore> looked = new ConcurrentHashMap<>();
    private final List<Parts> parts = new ArrayList<>();

    Looks(Assembly inner) {
      this.inner = inner;
    }

    @Override
    public Running assemble(Parts given) {
      parts.add(given);
      var running = inner.assemble(given);
      return new Running() {
        @Override
        public Optional<Duration> reconcile(String namespace, String name) {
          var next = running.reconcile(namespace, name);
          looked(name).release();
          return next;
        }

        @Override
        public void forget(String namespace, String name) {
          running.forget(namespace, name);
        }

        @Override
        public void close() {
          running.close();
        }
      };
    }

    private Semaphore looked(String name) {
      return looked.computeIfAbsent(name, _ -> new Semaphore(0));
    }

    void await(List<Resting> canaries) throws InterruptedException {
      for (var one : canaries) {
        assertThat(looked(one.name()).tryAcquire(60, TimeUnit.SECONDS)).as(one.name()).isTrue();
      }
    }

    void again(List<Resting> canaries) throws InterruptedException {
      looked.values().forEach(Semaphore::drainPermits);
      canaries.forEach(one -> parts.getFirst().wake().accept("shop", one.name()));
      await(canaries);
    }
  }
}
