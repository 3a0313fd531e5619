package dev.serin.sandbox.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.serin.sandbox.dataplane.RoutingTable.Way;
import dev.serin.sandbox.dataplane.Rule.Backend;
import dev.serin.sandbox.load.Call;
import dev.serin.sandbox.load.Call.Entrance;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class RoutingTableTest {

  private static final String WEIGHTED =
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: cart, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
      spec:
        parentRefs: [{name: public, namespace: infra}]
        hostnames: ["shop.example.com"]
        rules:
          - matches: [{path: {type: PathPrefix, value: /}}]
            backendRefs:
              - {name: cart, port: 8080, weight: 90}
              - {name: cart-canary, port: 8080, weight: 10}
      """;

  @Test
  void weightsOfAnHttpRouteAreShares() {
    assertThat(way(table(WEIGHTED), Call.atGateway("shop.example.com")))
        .isEqualTo("shop/cart:8080 90, shop/cart-canary:8080 10");
  }

  @Test
  void aHostThatNobodyKnowsLeadsNowhere() {
    assertThat(table(WEIGHTED).way(Call.atGateway("other.example.com.invalid")))
        .isEqualTo(new Way.Nowhere());
  }

  @Test
  void aPortInTheHostDoesNotMatter() {
    assertThat(way(table(WEIGHTED), Call.atGateway("Shop.example.com:8080")))
        .startsWith("shop/cart");
  }

  @Test
  void aServiceWithoutRouteIsReachedStraight() {
    assertThat(RoutingTable.EMPTY.way(Call.inMesh("cart.shop")))
        .isEqualTo(new Way.Straight(new Backend("shop", "cart", 0)));
    assertThat(RoutingTable.EMPTY.way(Call.inMesh("cart.shop.svc.cluster.local")))
        .isEqualTo(new Way.Straight(new Backend("shop", "cart", 0)));
  }

  @Test
  void aRouteOfAServiceAnswersToItsNames() {
    var table =
        table(
            """
            kind: HTTPRoute
            metadata: {name: cart, namespace: shop}
            spec:
              parentRefs: [{group: "", kind: Service, name: cart, port: 8080}]
              rules:
                - backendRefs: [{name: cart, port: 8080, weight: 0}, {name: cart-canary, port: 8080}]
            """);

    assertThat(way(table, Call.inMesh("cart.shop")))
        .isEqualTo("shop/cart:8080 0, shop/cart-canary:8080 1");
    assertThat(way(table, Call.inMesh("cart.shop.svc")))
        .isEqualTo(way(table, Call.inMesh("cart.shop")));
  }

  @Test
  void aRouteOfAGatewayDoesNotCountInTheMesh() {
    var table = table(WEIGHTED.replace("hostnames: [\"shop.example.com\"]", "hostnames: []"));

    assertThat(way(table, Call.atGateway("cart.shop"))).startsWith("shop/cart");
    assertThat(table.way(Call.inMesh("cart.shop"))).isInstanceOf(Way.Straight.class);
  }

  @Test
  void theMoreSpecificRuleOfAnHttpRouteWinsWhateverItsPlace() {
    var table =
        table(
            """
            kind: HTTPRoute
            metadata: {name: cart, namespace: shop}
            spec:
              parentRefs: [{name: public}]
              rules:
                - backendRefs: [{name: cart, port: 80}]
                - matches:
                    - headers: [{type: Exact, name: x-canary, value: insider}]
                    - headers: [{type: RegularExpression, name: Cookie, value: '^(.*?;)?\\s*canary=always(;.*)?$'}]
                  backendRefs: [{name: cart-canary, port: 80}]
            """);
    var call = Call.atGateway("any.example.com");

    assertThat(way(table, call)).isEqualTo("shop/cart:80 1");
    assertThat(way(table, call.withHeader("X-Canary", "insider")))
        .isEqualTo("shop/cart-canary:80 1");
    assertThat(way(table, call.withHeader("x-canary", "other"))).isEqualTo("shop/cart:80 1");
    assertThat(way(table, call.withHeader("cookie", "a=b; canary=always")))
        .isEqualTo("shop/cart-canary:80 1");
  }

  @Test
  void queryParametersAndMethodsMatch() {
    var table =
        table(
            """
            kind: HTTPRoute
            metadata: {name: cart, namespace: shop}
            spec:
              parentRefs: [{name: public}]
              rules:
                - matches:
                    - {method: POST, queryParams: [{name: beta, value: "1"}]}
                  backendRefs: [{name: cart-canary, port: 80}]
            """);

    assertThat(
            way(
                table,
                new Call(
                    Entrance.GATEWAY,
                    "h.example.com",
                    "POST",
                    "/",
                    Map.of(),
                    Map.of("beta", "1"),
                    Map.of())))
        .isEqualTo("shop/cart-canary:80 1");
    assertThat(
            table.way(
                new Call(
                    Entrance.GATEWAY,
                    "h.example.com",
                    "GET",
                    "/",
                    Map.of(),
                    Map.of("beta", "1"),
                    Map.of())))
        .isEqualTo(new Way.Nowhere());
  }

  @Test
  void aPathPrefixIsOneOfWholeElements() {
    var table = table(WEIGHTED.replace("value: /}", "value: /cart}"));

    assertThat(way(table, path("/cart/1"))).startsWith("shop/cart");
    assertThat(table.way(path("/cartography"))).isEqualTo(new Way.Nowhere());
  }

  @Test
  void amongRoutesOfOneHostTheOldestWins() {
    var younger =
        WEIGHTED
            .replace("name: cart, namespace", "name: another, namespace")
            .replace("2026-01-01", "2026-02-01")
            .replace("weight: 90", "weight: 1");

    assertThat(way(table(younger, WEIGHTED), Call.atGateway("shop.example.com")))
        .startsWith("shop/cart:8080 90");
  }

  @Test
  void aWildcardHostIsAskedAfterTheExactOne() {
    var wildcard =
        WEIGHTED
            .replace("shop.example.com", "*.example.com")
            .replace("2026-01-01", "2025-01-01")
            .replace("weight: 90", "weight: 1");

    assertThat(way(table(wildcard, WEIGHTED), Call.atGateway("shop.example.com")))
        .startsWith("shop/cart:8080 90");
    assertThat(way(table(wildcard, WEIGHTED), Call.atGateway("a.b.example.com")))
        .startsWith("shop/cart:8080 1");
  }

  @Test
  void mirrorsCarryTheirShare() {
    var table =
        table(
            """
            kind: HTTPRoute
            metadata: {name: cart, namespace: shop}
            spec:
              parentRefs: [{name: public}]
              rules:
                - filters:
                    - {type: RequestMirror, requestMirror: {backendRef: {name: cart-canary, port: 80}, percent: 20}}
                  backendRefs: [{name: cart, port: 80}]
            """);

    assertThat(rule(table, Call.atGateway("x.example.com")).mirrors())
        .containsExactly(new Rule.Mirror(new Backend("shop", "cart-canary", 80), 0.2));
  }

  @Test
  void headersThatABackendAddsAreKnown() {
    var table =
        table(
            """
            kind: HTTPRoute
            metadata: {name: cart, namespace: shop}
            spec:
              parentRefs: [{name: public}]
              rules:
                - backendRefs:
                    - name: cart
                      port: 80
                      filters:
                        - type: ResponseHeaderModifier
                          responseHeaderModifier: {add: [{name: Set-Cookie, value: canary=r42}]}
            """);

    assertThat(rule(table, Call.atGateway("x.example.com")).backends().getFirst().responseHeaders())
        .isEqualTo(Map.of("Set-Cookie", "canary=r42"));
  }

  @Test
  void aVirtualServiceIsReadInOrder() {
    var table =
        table(
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: cart, namespace: shop}
            spec:
              hosts: [cart, shop.example.com]
              gateways: [mesh, infra/public]
              http:
                - match: [{headers: {x-canary: {exact: insider}}, sourceLabels: {app: web}}]
                  route: [{destination: {host: cart-canary, port: {number: 80}}}]
                - route:
                    - {destination: {host: cart.shop.svc.cluster.local}, weight: 70}
                    - {destination: {host: cart-canary}, weight: 30}
                  mirror: {host: cart-canary}
                  mirrorPercentage: {value: 5}
            """);

    assertThat(way(table, Call.inMesh("cart.shop"))).isEqualTo("shop/cart 70, shop/cart-canary 30");
    assertThat(way(table, Call.atGateway("shop.example.com")))
        .isEqualTo("shop/cart 70, shop/cart-canary 30");
    assertThat(rule(table, Call.inMesh("cart.shop")).mirrors())
        .containsExactly(new Rule.Mirror(new Backend("shop", "cart-canary", 0), 0.05));
    assertThat(
            way(
                table,
                new Call(
                    Entrance.MESH,
                    "cart.shop",
                    "GET",
                    "/",
                    Map.of("x-canary", "insider"),
                    Map.of(),
                    Map.of("app", "web"))))
        .isEqualTo("shop/cart-canary:80 1");
    assertThat(way(table, Call.inMesh("cart.shop").withHeader("x-canary", "insider")))
        .isEqualTo("shop/cart 70, shop/cart-canary 30");
  }

  @Test
  void aTrafficSplitReadsNumbersAndQuantities() {
    var split =
        """
        apiVersion: split.smi-spec.io/v1alpha1
        kind: TrafficSplit
        metadata: {name: cart, namespace: shop}
        spec:
          service: cart
          backends: [{service: cart, weight: 900m}, {service: cart-canary, weight: 100m}]
        """;

    assertThat(way(table(split), Call.inMesh("cart.shop")))
        .isEqualTo("shop/cart 0.9, shop/cart-canary 0.1");
    assertThat(
            way(table(split.replace("900m", "90").replace("100m", "10")), Call.inMesh("cart.shop")))
        .isEqualTo("shop/cart 90, shop/cart-canary 10");
  }

  @Test
  void whatIsNoRouteIsLeftOut() {
    assertThat(
            table("{kind: Service, metadata: {name: cart, namespace: shop}}")
                .way(Call.atGateway("x.y.z")))
        .isEqualTo(new Way.Nowhere());
  }

  private static Call path(String path) {
    return new Call(
        Entrance.GATEWAY, "shop.example.com", "GET", path, Map.of(), Map.of(), Map.of());
  }

  private static Rule rule(RoutingTable table, Call call) {
    return ((Way.ByRule) table.way(call)).rule();
  }

  private static String way(RoutingTable table, Call call) {
    return rule(table, call).backends().stream()
        .map(b -> b.backend() + " " + String.valueOf(b.weight()).replaceAll("\\.0$", ""))
        .collect(Collectors.joining(", "));
  }

  private static RoutingTable table(String... manifests) {
    var objects = new ArrayList<ObjectNode>();
    for (String manifest : manifests) {
      try {
        objects.add((ObjectNode) new YAMLMapper().readTree(manifest));
      } catch (java.io.IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return RoutingTable.from(List.copyOf(objects));
  }
}
