package dev.serin.sandbox.dataplane;

import static dev.serin.sandbox.dataplane.Fixture.deployment;
import static dev.serin.sandbox.dataplane.Fixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.ApiClient;
import dev.serin.sandbox.api.ApiStore;
import dev.serin.sandbox.api.Caller;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import dev.serin.sandbox.time.VirtualScheduler;
import dev.serin.sandbox.workload.Workloads;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ModelledTrafficTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final VirtualScheduler time = new VirtualScheduler();
  private final ApiStore store = new ApiStore(time, 1);
  private final ApiClient api = store.as(Caller.admin());
  private final Ledger ledger = new Ledger();
  private final ModelledTraffic traffic =
      new ModelledTraffic(time, ledger, new SplittableRandom(42));
  private final Workloads workloads = Workloads.start(store, time, traffic, 1);
  private final ProxyState proxies =
      new ProxyState(store, time, Duration.ofMillis(500), Duration.ofMillis(100));

  ModelledTrafficTest() {
    traffic.through(proxies);
    time.advance(Duration.ofSeconds(1));
  }

  @AfterEach
  void close() {
    proxies.close();
    workloads.close();
  }

  @Test
  void aServiceWithoutPodsFailsByRouting() {
    api.create(service("web"));
    time.advance(MINUTE);

    load(100);
    time.advance(MINUTE);

    var stats = stats();
    assertThat(stats.failedByRouting()).isEqualTo(stats.requests());
    assertThat(stats.routingFailures()).containsOnlyKeys("503 default/web");
    assertThat((double) stats.requests()).isCloseTo(6000, within(400.0));
  }

  @Test
  void aHostThatNobodyKnowsFailsByRouting() {
    traffic.loads(List.of(Load.of(Call.inMesh("nobody"), 10)));
    time.advance(MINUTE);

    assertThat(stats().routingFailures()).containsOnlyKeys("404 nobody");
  }

  @Test
  void aRollingUpdateFailsNoRequest() {
    start("web", 3, "sandbox/web:1.0");
    load(100);
    time.advance(MINUTE);

    image("sandbox/web:2.0");
    time.advance(MINUTE);

    var stats = stats();
    assertThat(stats.failedByRouting()).isZero();
    assertThat(stats.versions()).containsOnlyKeys("web 1.0", "web 2.0");
    assertThat(stats.failedByVersions()).isZero();
  }

  @Test
  void podsThatEndAtOnceFailRequestsUntilTheProxiesKnow() {
    start("web", 2, "sandbox/web:1.0", "SERIN_SHUTDOWN_DELAY", "0s");
    load(1000);
    time.advance(MINUTE);

    image("sandbox/web:2.0");
    time.advance(MINUTE);

    assertThat(stats().failedByRouting()).isPositive().isLessThan(1000);
    assertThat(stats().routingFailures()).containsOnlyKeys("503 default/web");
  }

  @Test
  void errorsOfAVersionAreItsOwn() {
    start("web", 2, "sandbox/web:errors-20");
    load(100);
    time.advance(MINUTE);

    var version = stats().version("web errors-20");
    assertThat(stats().failedByRouting()).isZero();
    assertThat((double) version.failed() / version.requests()).isCloseTo(0.2, within(0.03));
  }

  @Test
  void aCrashIsTheFaultOfTheVersion() {
    start("web", 1, "sandbox/web:1.0");
    load(1000);
    image("sandbox/web:crash-after-30s");
    time.advance(Duration.ofMinutes(2));

    var stats = stats();
    var version = stats.version("web crash-after-30s");
    assertThat(version.failed()).isPositive();
    assertThat(stats.routingFailures().keySet()).isSubsetOf("503 default/web");
  }

  @Test
  void theSameSeedGivesTheSameTraffic() {
    start("web", 2, "sandbox/web:errors-5");
    load(50);
    time.advance(MINUTE);
    var first = stats();

    var again = new ModelledTrafficTest();
    again.start("web", 2, "sandbox/web:errors-5");
    again.load(50);
    again.time.advance(MINUTE);

    assertThat(again.stats()).isEqualTo(first);
    again.close();
  }

  @Test
  void latenciesFollowTheBehaviour() {
    start("web", 1, "sandbox/web:slow-300ms");
    load(100);
    time.advance(MINUTE);

    var all = new Latencies();
    traffic.settle();
    ledger.entries().forEach(e -> all.addAll(e.latencies()));
    assertThat((double) all.within(300) / all.count()).isCloseTo(0.5, within(0.03));
    assertThat(all.within(100)).isZero();
    assertThat(all.sumMillis() / all.count()).isCloseTo(310, within(10.0));
  }

  private void load(double perSecond) {
    traffic.loads(List.of(Load.of(Call.inMesh("web.default"), perSecond)));
  }

  private TrafficStats stats() {
    traffic.settle();
    return TrafficStats.of(ledger);
  }

  private void start(String name, int replicas, String image, String... environment) {
    api.create(service(name));
    api.create(deployment(name, replicas, image, environment));
    time.advance(Duration.ofSeconds(10));
  }

  private void image(String image) {
    api.edit(
        Kind.DEPLOYMENT,
        "default",
        "web",
        d ->
            ((com.fasterxml.jackson.databind.node.ObjectNode)
                    Json.at(d, "spec", "template", "spec", "containers").get(0))
                .put("image", image));
  }
}
