package dev.serin.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.cluster.Read;
import dev.serin.cluster.Written;
import dev.serin.controller.ControllerSettings.SecretRef;
import dev.serin.controller.measure.MetricSources.Template;
import dev.serin.metrics.Measurement;
import dev.serin.metrics.providers.MetricsProviders;
import dev.serin.parse.MetricsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClusterMetricSourcesTest {
  private static final ObjectRef SECRET = Kind.SECRET.named("monitoring", "prometheus");
  private static final ObjectRef TEMPLATE = Kind.METRIC_TEMPLATE.named("shop", "queue");

  private final Map<ObjectRef, Read> objects = new HashMap<>();
  private HttpServer server;
  private volatile String authorization = "";
  private volatile String tenant = "";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          authorization = header(exchange.getRequestHeaders().getFirst("Authorization"));
          tenant = header(exchange.getRequestHeaders().getFirst("X-Scope-OrgID"));
          var body =
              "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1,\"7\"]}}"
                  .getBytes(StandardCharsets.UTF_8);
          try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
  }

  private static String header(String value) {
    return value == null ? "" : value;
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private ClusterMetricSources sources() {
    return new ClusterMetricSources(
        new Shelf(objects),
        new MetricsProviders(Clock.systemUTC()),
        Optional.of(address()),
        Optional.of(new SecretRef("monitoring", "prometheus")),
        Optional.empty());
  }

  private void secret(ObjectRef ref, String key, String value) {
    var secret = JsonNodeFactory.instance.objectNode();
    secret
        .putObject("data")
        .put(key, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)));
    objects.put(ref, new Read.Found(secret));
  }

  private ObjectNode template() {
    var template = JsonNodeFactory.instance.objectNode();
    template.putObject("spec").put("query", "up").putObject("provider").put("type", "prometheus");
    objects.put(TEMPLATE, new Read.Found(template));
    return (ObjectNode) template.at("/spec/provider");
  }

  private Measurement asked(Optional<URI> named) {
    return asked(named, Optional.empty());
  }

  private Measurement asked(Optional<URI> named, Optional<String> secret) {
    var server = named.map(address -> new MetricsServer(address, "shop", secret));
    return sources().prometheus(server).orElseThrow().query("up");
  }

  @Test
  void controllersOwnServerGetsItsSecret() {
    secret(SECRET, "token", "one two\n");
    assertThat(asked(Optional.empty())).isEqualTo(new Measurement.Value(7));
    assertThat(authorization).isEqualTo("Bearer one two");
    secret(SECRET, "token", "three");
    asked(Optional.empty());
    assertThat(authorization).isEqualTo("Bearer three");
  }

  @Test
  void secretGoesToNoOtherServer() {
    secret(SECRET, "token", "mine");
    asked(Optional.of(address().resolve("/elsewhere")));
    assertThat(authorization).isEmpty();
  }

  @Test
  void serverOfACanaryGetsTheSecretThatTheCanaryNames() {
    secret(SECRET, "token", "the controller's");
    secret(Kind.SECRET.named("shop", "own"), "token", "own");
    asked(Optional.of(address().resolve("/own")), Optional.of("own"));
    assertThat(authorization).isEqualTo("Bearer own");
    asked(Optional.of(address()), Optional.of("own"));
    assertThat(authorization).isEqualTo("Bearer own");
  }

  @Test
  void secretOfACanaryIsLookedForInItsNamespaceOnly() {
    secret(Kind.SECRET.named("monitoring", "own"), "token", "another's");
    assertThat(asked(Optional.of(address()), Optional.of("own")))
        .isEqualTo(
            new Measurement.Unavailable(
                "spec.metricsServerSecretRef: Secret shop/own does not exist; create it"));
    assertThat(authorization).isEmpty();
  }

  @Test
  void canariesWithOtherCredentialsShareNoProvider() {
    secret(Kind.SECRET.named("shop", "one"), "token", "1");
    secret(Kind.SECRET.named("shop", "two"), "token", "2");
    var sources = sources();
    var one = new MetricsServer(address(), "shop", Optional.of("one"));
    var two = new MetricsServer(address(), "shop", Optional.of("two"));
    assertThat(sources.prometheus(Optional.of(one)))
        .isEqualTo(sources.prometheus(Optional.of(one)))
        .isNotEqualTo(sources.prometheus(Optional.of(two)));
  }

  @Test
  void secretThatIsMissingOrUnreadableIsSaidWithItsCure() {
    assertThat(asked(Optional.empty()))
        .isEqualTo(
            new Measurement.Unavailable(
                "--metrics-server-secret: Secret monitoring/prometheus does not exist; create it"));
    objects.put(SECRET, new Read.Unknown("secrets: answers 403"));
    assertThat(asked(Optional.empty()).toString()).contains("cannot be read: secrets: answers 403");
    var broken = JsonNodeFactory.instance.objectNode();
    broken.putObject("data").put("token", "a");
    objects.put(SECRET, new Read.Found(broken));
    assertThat(asked(Optional.empty()).toString()).contains("data.token is no base64");
  }

  @Test
  void authoritiesThatAreNoneAreSaid() {
    secret(SECRET, "ca.crt", "hello");
    assertThat(asked(Optional.empty()).toString()).contains("ca.crt");
  }

  @Test
  void templateHasItsOwnSecretAndHeaders() {
    secret(SECRET, "token", "mine");
    secret(Kind.SECRET.named("shop", "own"), "token", "own");
    var provider = template().put("address", address().toString());
    provider.putObject("secretRef").put("name", "own");
    provider.putObject("headers").putArray("X-Scope-OrgID").add("shop");

    assertThat(sources().template("shop", "queue"))
        .isInstanceOfSatisfying(
            Template.Usable.class, usable -> usable.provider().query(usable.query()));

    assertThat(authorization).isEqualTo("Bearer own");
    assertThat(tenant).isEqualTo("shop");
  }

  @Test
  void templateWithoutAddressAsksTheControllersServerWithItsSecret() {
    secret(SECRET, "token", "mine");
    template();
    assertThat(sources().template("shop", "queue"))
        .isInstanceOfSatisfying(
            Template.Usable.class, usable -> usable.provider().query(usable.query()));
    assertThat(authorization).isEqualTo("Bearer mine");
  }

  @Test
  void templateWhoseSecretIsMissingIsUnusable() {
    template().putObject("secretRef").put("name", "own");
    assertThat(sources().template("shop", "queue"))
        .isEqualTo(
            new Template.Unusable(
                "MetricTemplate shop/queue: Secret shop/own does not exist; create it"));
  }

  private record Shelf(Map<ObjectRef, Read> objects) implements Cluster {
    @Override
    public Read find(ObjectRef ref) {
      return objects.getOrDefault(ref, new Read.Absent());
    }

    @Override
    public List<ObjectNode> list(Kind kind, String namespace, Map<String, String> labels) {
      return List.of();
    }

    @Override
    public boolean serves(Kind kind) {
      return true;
    }

    @Override
    public Written write(Change change) {
      throw new AssertionError("nothing is written: " + change);
    }
  }
}
