package dev.serin.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.serin.cluster.Kind;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.api.Kinds;
import dev.serin.sandbox.api.Watch;
import dev.serin.sandbox.api.WatchOptions;
import dev.serin.sandbox.dataplane.RoutingTable;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LiveSandboxTest {

  private static final Map<String, String> FAST =
      Map.of("SERIN_START_DELAY", "20ms", "SERIN_SHUTDOWN_DELAY", "500ms");

  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final LiveSandbox live =
      LiveSandbox.start(
          SandboxOptions.DEFAULT
              .scrapeInterval(Duration.ofMillis(200))
              .delays(Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofMillis(20)),
          LiveSandbox.Ports.ANY,
          Optional.empty(),
          failures::add);
  private final Sandbox sandbox = live.sandbox();

  @AfterEach
  void close() {
    live.close();
    assertThat(failures).isEmpty();
  }

  @Test
  void aRollingUpdateUnderLoadFailsNoRequest() throws InterruptedException {
    sandbox.deploy(new App("shop", "web", 2, "sandbox/web:1.0", FAST));
    awaitReady("web", 2);
    sandbox.traffic(List.of(Load.of(Call.inMesh("web.shop"), 100)));
    awaitRequests(20, "web 1.0");

    sandbox.setImage("shop", "web", "sandbox/web:2.0");
    awaitRequests(50, "web 2.0");
    await(
        List.of(Kind.DEPLOYMENT),
        () ->
            Json.at(
                        sandbox.api().get(Kind.DEPLOYMENT, "shop", "web"),
                        "status",
                        "terminatingReplicas")
                    .asInt()
                == 0);

    var stats = live.finishCalls();
    assertThat(stats.routingFailures()).isEmpty();
    assertThat(stats.failedByVersions()).isZero();
    assertThat(stats).as("what the proxy counted").isEqualTo(live.stats());
  }

  @Test
  void callersCountWhatNoPodAnsweredAsFailedByRouting() throws InterruptedException {
    sandbox.deploy(new App("shop", "web", 1, "sandbox/web:1.0-errors-100", FAST));
    awaitReady("web", 1);
    sandbox.traffic(
        List.of(Load.of(Call.inMesh("web.shop"), 50), Load.of(Call.inMesh("nobody.shop"), 50)));
    poll(
        () ->
            live.seenByCallers().version("web 1.0-errors-100").failed() >= 10
                && live.seenByCallers().failedByRouting() >= 10);

    var seen = live.finishCalls();

    assertThat(seen.failedByVersions()).isEqualTo(seen.version("web 1.0-errors-100").requests());
    assertThat(seen.routingFailures()).containsOnlyKeys("500");
    assertThat(seen.requests()).isEqualTo(seen.failedByVersions() + seen.failedByRouting());
    assertThat(live.finishCalls()).as("nobody calls any more").isEqualTo(seen);
  }

  @Test
  void trafficIsSplitByTheRouteOfTheGateway() throws InterruptedException {
    sandbox.deploy(new App("shop", "web", 1, "sandbox/web:1.0", FAST));
    sandbox.deploy(new App("shop", "web-canary", 1, "sandbox/web:2.0-errors-50", FAST));
    route(
        """
        - matches: [{headers: [{name: x-canary, value: insider}]}]
          backendRefs: [{name: web-canary, port: 80}]
        - backendRefs:
            - {name: web, port: 80, weight: 80}
            - name: web-canary
              port: 80
              weight: 20
              filters:
                - {type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: set-cookie, value: canary=r1}]}}
        """);
    awaitReady("web", 1);
    awaitReady("web-canary", 1);
    awaitAnswer("http://shop.example.com/", "web 1.0");

    var versions = new ArrayList<String>();
    for (int i = 0; i < 200; i++) {
      var answer = get("http://shop.example.com/");
      versions.add(answer.headers().firstValue("x-sandbox-version").orElse(""));
      assertThat(answer.headers().firstValue("set-cookie").isPresent())
          .isEqualTo(versions.getLast().startsWith("web-canary"));
    }

    double canary = versions.stream().filter(v -> v.startsWith("web-canary")).count() / 200.0;
    assertThat(canary).isCloseTo(0.2, within(0.12));
    assertThat(
            get("http://shop.example.com/", "x-canary", "insider")
                .headers()
                .firstValue("x-sandbox-version"))
        .hasValue("web-canary 2.0-errors-50");
    assertThat(live.stats().failedByVersions()).isPositive();
    assertThat(live.stats().failedByRouting()).isZero();
  }

  @Test
  void whatNobodyServesFailsByRouting() throws InterruptedException {
    assertThat(get("http://nobody.example.com/").statusCode()).isEqualTo(404);
    assertThat(sandbox.leads(Call.atGateway("nobody.example.com"))).isFalse();

    sandbox.deploy(new App("shop", "web", 0, "sandbox/web:1.0", FAST));
    route("- backendRefs: [{name: web, port: 80}]");
    await(
        List.of(Kinds.ENDPOINT_SLICE, RoutingTable.HTTP_ROUTE),
        () -> get("http://shop.example.com/").statusCode() == 503);

    assertThat(live.stats().routingFailures()).containsKeys("404 nobody.example.com");
    assertThat(live.stats().failedByVersions()).isZero();
  }

  @Test
  void mirroredRequestsReachTheCanaryAndNobodySeesTheirAnswers() throws InterruptedException {
    sandbox.deploy(new App("shop", "web", 1, "sandbox/web:1.0", FAST));
    sandbox.deploy(new App("shop", "web-canary", 1, "sandbox/web:2.0-errors-100", FAST));
    route(
        """
        - filters: [{type: RequestMirror, requestMirror: {backendRef: {name: web-canary, port: 80}}}]
          backendRefs: [{name: web, port: 80}]
        """);
    awaitReady("web", 1);
    awaitReady("web-canary", 1);
    awaitAnswer("http://shop.example.com/", "web 1.0");
    assertThat(sandbox.leads(Call.atGateway("shop.example.com"))).isTrue();

    for (int i = 0; i < 20; i++) {
      assertThat(get("http://shop.example.com/").statusCode()).isEqualTo(200);
    }

    assertThat(live.stats().failedByVersions()).isZero();
    awaitQuery(
        "sum(istio_requests_total{reporter=\"source\",destination_workload=\"web-canary\",response_code=\"500\"})"
            + " >= 20");
  }

  @Test
  void metricsAreToldOverHttp() throws Exception {
    sandbox.deploy(new App("shop", "web", 1, "sandbox/web:1.0", FAST));
    awaitReady("web", 1);
    sandbox.traffic(List.of(Load.of(Call.inMesh("web.shop"), 50)));
    awaitRequests(20, "web 1.0");

    var text = plain(live.metrics() + "/metrics");
    assertThat(text)
        .contains("response_total{classification=\"success\",deployment=\"web\"")
        .contains("istio_request_duration_milliseconds_bucket{");

    awaitQuery("sum(rate(response_total{deployment=\"web\"}[2s])) > 10");
    var range =
        json(
            live.metrics()
                + "/api/v1/query_range?query=up&start=%d&end=%d&step=1"
                    .formatted(nowSeconds() - 2, nowSeconds()));
    assertThat(range.path("data").path("resultType").asText()).isEqualTo("matrix");
    var bad = json(live.metrics() + "/api/v1/query?query=sum(");
    assertThat(bad.path("status").asText()).isEqualTo("error");
    assertThat(bad.path("errorType").asText()).isEqualTo("bad_data");
  }

  // ---- helpers

  private void route(String rules) {
    create(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: web, namespace: shop}
        spec:
          parentRefs: [{name: public, namespace: gateway}]
          rules:
        """
            + rules.indent(4));
  }

  private void awaitReady(String deployment, int replicas) throws InterruptedException {
    await(
        List.of(Kind.DEPLOYMENT),
        () ->
            Json.at(
                        sandbox.api().get(Kind.DEPLOYMENT, "shop", deployment),
                        "status",
                        "readyReplicas")
                    .asInt()
                == replicas);
  }

  private void awaitAnswer(String uri, String version) throws InterruptedException {
    poll(() -> get(uri).headers().firstValue("x-sandbox-version").equals(Optional.of(version)));
  }

  private void awaitRequests(long requests, String version) throws InterruptedException {
    poll(() -> live.stats().version(version).requests() >= requests);
  }

  private void awaitQuery(String query) throws InterruptedException {
    poll(
        () ->
            !json(live.metrics()
                    + "/api/v1/query?query="
                    + java.net.URLEncoder.encode(query, java.nio.charset.StandardCharsets.UTF_8))
                .path("data")
                .path("result")
                .isEmpty());
  }

  /// Looks again with every event of these kinds.
  private void await(List<Kind> kinds, BooleanSupplier condition) throws InterruptedException {
    var done = new CountDownLatch(1);
    var watches = new ArrayList<Watch>();
    for (Kind kind : kinds) {
      watches.add(
          sandbox
              .api()
              .watch(
                  kind,
                  WatchOptions.all(),
                  _ ->
                      sandbox
                          .scheduler()
                          .after(Duration.ofMillis(100), () -> look(condition, done))));
    }
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    watches.forEach(Watch::close);
  }

  /// Looks again and again, on the sandbox's own time.
  private void poll(BooleanSupplier condition) throws InterruptedException {
    var done = new CountDownLatch(1);
    var looking = sandbox.scheduler().every(Duration.ofMillis(50), () -> look(condition, done));
    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    looking.cancel();
  }

  private static void look(BooleanSupplier condition, CountDownLatch done) {
    if (done.getCount() > 0 && condition.getAsBoolean()) {
      done.countDown();
    }
  }

  private HttpResponse<String> get(String uri, String... headers) {
    var gateway = live.gateway();
    var client =
        HttpClient.newBuilder()
            .proxy(ProxySelector.of(new InetSocketAddress(gateway.getHost(), gateway.getPort())))
            .build();
    try (client) {
      var request = HttpRequest.newBuilder(URI.create(uri));
      if (headers.length > 0) {
        request.headers(headers);
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String plain(String uri) {
    try (var client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode json(String uri) {
    try {
      return new ObjectMapper().readTree(plain(uri));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long nowSeconds() {
    return System.currentTimeMillis() / 1000;
  }

  private void create(String yaml) {
    try {
      sandbox.api().create((ObjectNode) new YAMLMapper().readTree(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
