package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Change;
import dev.serin.cluster.Cluster;
import dev.serin.cluster.Kind;
import dev.serin.cluster.Written;
import dev.serin.sandbox.App;
import dev.serin.sandbox.dataplane.RoutingTable;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Load;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A spec that names another provider, or another route: callers are served all the time, the new
/// route takes over, and of the former one nothing is left that the Canary made.
class RouteSwitchTest {
  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final String NOTE = "serin.dev/route";

  private static final String GENERATED =
      "hosts: [new.example.com], gatewayRefs: [{name: public, namespace: gateway}]";
  private static final String ROUTE_A = "routeRef: {kind: HTTPRoute, name: a}";
  private static final String ROUTE_B = "routeRef: {kind: HTTPRoute, name: b}";

  /// An edit of `spec.provider` and of lines of `spec.service`, beside the ports.
  enum Switch {
    GATEWAY_TO_MESH("gatewayapi", GENERATED, "istio", "timeout: 15s"),
    MESH_TO_GATEWAY("istio", "timeout: 15s", "gatewayapi", GENERATED),
    BORROWED_TO_GENERATED("gatewayapi", ROUTE_A, "gatewayapi", GENERATED),
    GENERATED_TO_BORROWED("gatewayapi", GENERATED, "gatewayapi", ROUTE_A),
    BORROWED_TO_BORROWED("gatewayapi", ROUTE_A, "gatewayapi", ROUTE_B),
    BORROWED_TO_MESH("gatewayapi", ROUTE_A, "istio", "timeout: 15s");

    final String from;
    final String serviceBefore;
    final String to;
    final String serviceAfter;

    Switch(String from, String serviceBefore, String to, String serviceAfter) {
      this.from = from;
      this.serviceBefore = serviceBefore;
      this.to = to;
      this.serviceAfter = serviceAfter;
    }
  }

  private final List<Change> writes = new ArrayList<>();
  private int crashAfter = Integer.MAX_VALUE;
  private Rehearsal rehearsal = start();

  private Rehearsal start() {
    writes.clear();
    return Rehearsal.start(RehearsalOptions.DEFAULT.around(Counted::new));
  }

  @AfterEach
  void close() {
    assertThat(rehearsal.surprises()).isEmpty();
    rehearsal.close();
  }

  private static String route(String name) {
    return """
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: %s, namespace: shop}
    spec:
      parentRefs: [{name: public, namespace: gateway}]
      hostnames: [%s.example.com]
      rules:
      - matches: [{path: {type: PathPrefix, value: /}}]
        backendRefs: [{name: web, port: 80}]
    """
        .formatted(name, name);
  }

  private static String canary(String provider, String service) {
    return """
    apiVersion: serin.dev/v1beta1
    kind: Canary
    metadata: {name: web, namespace: shop}
    spec:
      targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
      provider: %s
      service: {port: 80, targetPort: 8080, %s}
      canary: {drainSeconds: 5}
      analysis:
        interval: 10s
        threshold: 2
        stepWeights: [20, 50]
        metrics: [{name: request-success-rate, interval: 10s, thresholdRange: {min: 90}}]
    """
        .formatted(provider, service);
  }

  private void adopt(Switch how) {
    rehearsal.sandbox().deploy(App.of("shop", "web", 2, "sandbox/web:1"));
    rehearsal.create(route("a"));
    rehearsal.create(route("b"));
    rehearsal.run(Duration.ofSeconds(10));
    rehearsal.create(canary(how.from, how.serviceBefore));
    await("Initialized");
    rehearsal.run(Duration.ofSeconds(5));
    var loads = new ArrayList<Load>();
    loads.add(Load.of(Call.inMesh("web.shop"), 20));
    loads.add(Load.of(Call.atGateway("a.example.com"), 20));
    loads.add(Load.of(Call.atGateway("b.example.com"), 20));
    if (how.serviceBefore.equals(GENERATED) && !how.serviceAfter.equals(ROUTE_A)) {
      loads.add(Load.of(Call.atGateway("new.example.com"), 20));
    }
    rehearsal.sandbox().traffic(loads);
    rehearsal.run(Duration.ofSeconds(10));
  }

  private void edit(String provider, String service) {
    var spec = Rehearsal.documents(canary(provider, service)).getFirst().get("spec");
    rehearsal
        .sandbox()
        .api()
        .edit(Kind.CANARY, "shop", "web", canary -> canary.set("spec", spec.deepCopy()));
  }

  private void await(String phase) {
    assertThat(rehearsal.runUntil(() -> rehearsal.phase("shop", "web").equals(phase), PATIENCE))
        .as("%s: %s", phase, rehearsal.canary("shop", "web").orElseThrow())
        .isTrue();
  }

  private JsonNode routes() {
    return rehearsal.canary("shop", "web").orElseThrow().at("/status/routes");
  }

  private ObjectNode httpRoute(String name) {
    return rehearsal.sandbox().api().get(RoutingTable.HTTP_ROUTE, "shop", name);
  }

  private boolean exists(Kind kind, String name) {
    return rehearsal.sandbox().api().find(kind, "shop", name).isPresent();
  }

  private void assertEnded(Switch how) {
    assertThat(routes()).as(how + ": " + routes()).hasSize(1);
    assertThat(routes().at("/0/provider").asText()).isEqualTo(how.to);
    assertThat(rehearsal.sandbox().stats().routingFailures()).isEmpty();
    for (var name : List.of("a", "b")) {
      var lent = how.serviceAfter.equals(name.equals("a") ? ROUTE_A : ROUTE_B);
      assertThat(httpRoute(name).at("/metadata/annotations").has(NOTE)).as(name).isEqualTo(lent);
      assertThat(httpRoute(name).at("/spec/rules/0/backendRefs")).hasSize(lent ? 2 : 1);
    }
    assertThat(exists(RoutingTable.VIRTUAL_SERVICE, "web")).isEqualTo(how.to.equals("istio"));
    if (how == Switch.GATEWAY_TO_MESH) {
      var left = httpRoute("web");
      assertThat(left.at("/metadata/ownerReferences")).isEmpty();
      assertThat(left.at("/metadata/annotations").has(NOTE)).isFalse();
      assertThat(left.at("/spec/rules/0/backendRefs")).hasSize(1);
    } else {
      assertThat(exists(RoutingTable.HTTP_ROUTE, "web"))
          .isEqualTo(how.serviceAfter.equals(GENERATED));
    }
  }

  @ParameterizedTest
  @EnumSource
  void formerRouteIsLetGo(Switch how) {
    adopt(how);
    assertThat(routes()).hasSize(1);
    writes.clear();
    edit(how.to, how.serviceAfter);
    rehearsal.run(Duration.ofMinutes(2));
    assertEnded(how);

    int made = writes.size();
    rehearsal.run(Duration.ofMinutes(10));
    assertThat(writes).as("nothing at rest").hasSize(made);

    rehearsal
        .sandbox()
        .traffic(
            List.of(
                Load.of(Call.inMesh("web.shop"), 20),
                Load.of(Call.atGateway(host(how.serviceAfter)), 20)));
    rehearsal.sandbox().setImage("shop", "web", "sandbox/web:2");
    await("Succeeded");
    assertEnded(how);
  }

  private static String host(String service) {
    return switch (service) {
      case GENERATED -> "new.example.com";
      case ROUTE_B -> "b.example.com";
      default -> "a.example.com";
    };
  }

  @ParameterizedTest
  @EnumSource
  void crashAfterAnyWriteEndsTheSame(Switch how) {
    for (int write = 1; ; write++) {
      adopt(how);
      writes.clear();
      crashAfter = write;
      edit(how.to, how.serviceAfter);
      rehearsal.run(Duration.ofMinutes(3));
      crashAfter = Integer.MAX_VALUE;
      assertEnded(how);
      if (rehearsal.crashes() == 0) {
        assertThat(write).as("writes of the switch").isGreaterThan(3);
        return;
      }
      close();
      rehearsal = start();
    }
  }

  @Test
  void manyEditsInARowLeaveNothingBehind() {
    adopt(Switch.BORROWED_TO_BORROWED);
    edit("gatewayapi", ROUTE_B);
    rehearsal.run(Duration.ofMillis(300));
    edit("istio", "timeout: 15s");
    rehearsal.run(Duration.ofMillis(300));
    edit("gatewayapi", ROUTE_A);
    rehearsal.run(Duration.ofMillis(300));
    edit("gatewayapi", GENERATED);
    rehearsal.run(Duration.ofMinutes(3));

    assertEnded(Switch.BORROWED_TO_GENERATED);
  }

  @Test
  void editDuringARolloutCountsAfterIt() {
    adopt(Switch.BORROWED_TO_BORROWED);
    rehearsal.sandbox().setImage("shop", "web", "sandbox/web:2");
    await("Progressing");
    edit("gatewayapi", ROUTE_B);
    rehearsal.run(Duration.ofSeconds(10));
    assertThat(httpRoute("b").at("/spec/rules/0/backendRefs")).hasSize(1);
    await("Succeeded");
    rehearsal.run(Duration.ofMinutes(2));

    assertEnded(Switch.BORROWED_TO_BORROWED);
  }

  @Test
  void canaryThatIsDeletedMeanwhileGivesTheFormerRouteBack() {
    adopt(Switch.BORROWED_TO_BORROWED);
    edit("gatewayapi", "routeRef: {kind: HTTPRoute, name: missing}");
    rehearsal.run(Duration.ofMinutes(1));
    assertThat(httpRoute("a").at("/spec/rules/0/backendRefs"))
        .as("until there is another")
        .hasSize(2);

    rehearsal.sandbox().api().delete(Kind.CANARY, "shop", "web");
    rehearsal.run(Duration.ofMinutes(2));

    assertThat(rehearsal.canary("shop", "web")).isEmpty();
    assertThat(httpRoute("a").at("/spec/rules/0/backendRefs")).hasSize(1);
    assertThat(httpRoute("a").at("/metadata/annotations").has(NOTE)).isFalse();
    assertThat(rehearsal.sandbox().stats().routingFailures()).isEmpty();
  }

  /// Counts what the controller writes, and ends its process after one of the writes.
  private final class Counted extends Interposed {
    Counted(Cluster cluster) {
      super(cluster);
    }

    @Override
    public Written write(Change change) {
      var written = cluster.write(change);
      writes.add(change);
      if (writes.size() == crashAfter) {
        throw new Crash("after write " + writes.size());
      }
      return written;
    }
  }
}
