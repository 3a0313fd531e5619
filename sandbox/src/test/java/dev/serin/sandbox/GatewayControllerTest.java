package dev.serin.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.serin.sandbox.api.ApiClient;
import dev.serin.sandbox.api.ApiStore;
import dev.serin.sandbox.api.Caller;
import dev.serin.sandbox.api.Json;
import dev.serin.sandbox.dataplane.GatewayController;
import dev.serin.sandbox.dataplane.RoutingTable;
import dev.serin.sandbox.time.VirtualScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GatewayControllerTest {

  private static final String CONTOUR = "projectcontour.io/gateway-controller";
  private static final String LINKERD = "linkerd.io/policy-controller";

  private final VirtualScheduler time = new VirtualScheduler();
  private final ApiStore store = new ApiStore(time, 1);
  private final ApiClient api = store.as(Caller.admin());
  private final GatewayController controller =
      new GatewayController(store, time, Duration.ofMillis(300), LINKERD);

  @BeforeEach
  void install() {
    MeshDefinitions.install(api);
    create(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: GatewayClass
        metadata: {name: contour}
        spec: {controllerName: projectcontour.io/gateway-controller}
        """);
    create(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: public, namespace: default}
        spec: {gatewayClassName: contour, listeners: [{name: http, port: 80, protocol: HTTP}]}
        """);
    service("web");
  }

  @AfterEach
  void close() {
    controller.close();
  }

  @Test
  void aRouteIsAcceptedByTheControllerOfItsGatewayAfterAMoment() {
    route("{name: public}", "web");
    time.advance(Duration.ofMillis(299));
    assertThat(parents()).isEmpty();

    time.advance(Duration.ofMillis(1));

    assertThat(parents()).hasSize(1);
    assertThat(parents().get(0).path("controllerName").asText()).isEqualTo(CONTOUR);
    assertThat(condition("Accepted")).isEqualTo("True Accepted 1");
    assertThat(condition("ResolvedRefs")).isEqualTo("True ResolvedRefs 1");
  }

  @Test
  void everyGenerationIsAnswered() {
    route("{name: public}", "web");
    time.advance(Duration.ofSeconds(1));

    edit(r -> ((ObjectNode) backend(r)).put("weight", 7));
    assertThat(condition("Accepted")).isEqualTo("True Accepted 1");
    time.advance(Duration.ofSeconds(1));

    assertThat(condition("Accepted")).isEqualTo("True Accepted 2");
  }

  @Test
  void aBackendThatDoesNotExistIsSaidUntilItDoes() {
    route("{name: public}", "web-canary");
    time.advance(Duration.ofSeconds(1));
    assertThat(condition("ResolvedRefs")).isEqualTo("False BackendNotFound 1");

    service("web-canary");
    time.advance(Duration.ofSeconds(1));

    assertThat(condition("ResolvedRefs")).isEqualTo("True ResolvedRefs 1");
  }

  @Test
  void nobodyAnswersForAGatewayThatDoesNotExist() {
    route("{name: other}", "web");
    time.advance(Duration.ofSeconds(1));

    assertThat(parents()).isEmpty();
  }

  @Test
  void theMeshAnswersForRoutesOfServicesWithoutGeneration() {
    route("{group: '', kind: Service, name: web}", "web");
    time.advance(Duration.ofSeconds(1));

    assertThat(parents().get(0).path("controllerName").asText()).isEqualTo(LINKERD);
    assertThat(condition("Accepted")).isEqualTo("True Accepted ");
  }

  @Test
  void whileItIsDownNothingIsAnswered() {
    controller.stop();
    route("{name: public}", "web");
    time.advance(Duration.ofMinutes(1));
    assertThat(parents()).isEmpty();

    controller.resume();
    time.advance(Duration.ofSeconds(1));

    assertThat(condition("Accepted")).isEqualTo("True Accepted 1");
  }

  @Test
  void theGatewayItselfIsProgrammed() {
    time.advance(Duration.ofSeconds(1));

    var gateways =
        api.list(store.kind("gateway.networking.k8s.io/v1", "Gateway").orElseThrow(), "");
    assertThat(gateways.getFirst().path("status").path("conditions"))
        .extracting(c -> c.path("type").asText() + " " + c.path("status").asText())
        .contains("Accepted True", "Programmed True");
  }

  private void service(String name) {
    create(
        "{apiVersion: v1, kind: Service, metadata: {name: %s, namespace: default}, spec: {ports: [{port: 80}]}}"
            .formatted(name));
  }

  private void route(String parent, String backend) {
    create(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: web, namespace: default}
        spec:
          parentRefs: [%s]
          rules: [{backendRefs: [{name: %s, port: 80}]}]
        """
            .formatted(parent, backend));
  }

  private void edit(java.util.function.Consumer<ObjectNode> change) {
    api.edit(RoutingTable.HTTP_ROUTE, "default", "web", change);
  }

  private static JsonNode backend(ObjectNode route) {
    return Json.at(route, "spec", "rules").path(0).path("backendRefs").get(0);
  }

  private JsonNode parents() {
    return Json.at(api.get(RoutingTable.HTTP_ROUTE, "default", "web"), "status", "parents");
  }

  private String condition(String type) {
    for (JsonNode condition : parents().path(0).path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return "%s %s %s"
            .formatted(
                condition.path("status").asText(),
                condition.path("reason").asText(),
                condition.path("observedGeneration").asText(""));
      }
    }
    return "";
  }

  private void create(String yaml) {
    try {
      api.create((ObjectNode) new YAMLMapper().readTree(yaml));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
