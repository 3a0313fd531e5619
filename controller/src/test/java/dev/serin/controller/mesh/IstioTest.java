package dev.serin.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.cluster.ObjectRef;
import dev.serin.mesh.Mesh;
import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteRequest.GatewayRef;
import dev.serin.mesh.RouteStatus;
import dev.serin.rollout.RequestMatch;
import dev.serin.rollout.RequestMatch.Comparison;
import dev.serin.rollout.RequestMatch.Condition;
import dev.serin.rollout.RequestMatch.Source;
import dev.serin.rollout.TrafficSplit;
import java.util.List;
import org.junit.jupiter.api.Test;

class IstioTest extends MeshContract {
  private static final GatewayRef INGRESS =
      new GatewayRef(Istio.GROUP, "Gateway", "istio-system", "public", "", 0);
  private static final ObjectRef STABLE_RULE = Istio.DESTINATION_RULE.named("shop", "shop");
  private static final ObjectRef CANARY_RULE = Istio.DESTINATION_RULE.named("shop", "shop-canary");

  @Override
  Mesh mesh() {
    return new Istio();
  }

  @Override
  RouteRequest generated() {
    return Requests.with(
        List.of("shop.example.com"),
        List.of(INGRESS, new GatewayRef(Istio.GROUP, "Gateway", "", "mesh", "", 0)),
        """
        match:
          - uri: {prefix: /shop}
            headers: {x-region: {regex: "eu-.*"}}
        retries: {attempts: 3, perTryTimeout: 2s, retryOn: "gateway-error,connect-failure"}
        trafficPolicy: {connectionPool: {http: {http1MaxPendingRequests: 10}}}
        """);
  }

  @Override
  Kind borrowedKind() {
    return Istio.VIRTUAL_SERVICE;
  }

  @Override
  ObjectNode borrowedRoute() {
    return yaml(
        """
        metadata:
          annotations: {team: checkout}
        spec:
          hosts: [shop.example.com, shop.shop.svc.cluster.local]
          gateways: [istio-system/public, mesh]
          http:
            - name: preview
              match: [{uri: {prefix: /preview}}]
              route: [{destination: {host: shop-canary, port: {number: 8080}}}]
            - name: shop
              match:
                - name: front
                  uri: {prefix: /shop}
                - uri: {exact: /cart}
                  method: {exact: POST}
              fault: {delay: {fixedDelay: 1s, percentage: {value: 1}}}
              mirrors: [{destination: {host: audit}, percentage: {value: 5}}]
              route:
                - destination: {host: shop.shop.svc.cluster.local, subset: primary}
                  headers: {response: {add: {x-served-by: shop}}}
              retries: {attempts: 2}
            - name: legacy
              match: [{uri: {prefix: /legacy}}]
              route:
                - {destination: {host: legacy}, weight: 30}
                - {destination: {host: shop}, weight: 70}
            - name: gone
              match: [{uri: {prefix: /gone}}]
              redirect: {uri: /shop}
        """);
  }

  @Override
  void accept(ObjectNode route) {}

  @Test
  void acceptanceIsTakenForGrantedAfterTimeToSettle() {
    var shelf = new Shelf();
    shelf.route(mesh(), generated(), TrafficSplit.toCanary(30));
    assertThat(status(shelf, generated()))
        .isInstanceOfSatisfying(
            RouteStatus.Accepted.class,
            accepted -> {
              assertThat(accepted.settle()).isPositive();
              assertThat(accepted.dialect()).isEmpty();
            });
  }

  @Test
  void whatIstioSaysAgainstARouteIsShown() {
    var shelf = new Shelf();
    shelf.route(mesh(), generated(), TrafficSplit.toCanary(30));
    shelf
        .get(generatedRef())
        .set(
            "status",
            yaml(
                """
                validationMessages:
                  - level: ERROR
                    type: {code: IST0101, name: ReferencedResourceNotFound}
                    documentationUrl: https://istio.io/IST0101
                """));
    assertThat(status(shelf, generated()))
        .isEqualTo(
            new RouteStatus.Pending(
                TrafficSplit.toCanary(30), "Istio says IST0101 https://istio.io/IST0101"));
  }

  @Test
  void theRulesOfDestinationsAreWrittenBeforeTheRouteThatNeedsThem() {
    var changes = new Shelf().route(mesh(), generated(), TrafficSplit.toStable());
    assertThat(changes)
        .extracting(change -> change.ref())
        .containsExactly(CANARY_RULE, STABLE_RULE, generatedRef());
  }

  @Test
  void theCanaryIsTreatedAsTheUserTreatsStable() {
    var plain = Requests.with(List.of(), List.of(), "{}");
    var shelf =
        new Shelf()
            .put(
                STABLE_RULE,
                yaml(
                    """
                    spec:
                      host: shop.shop.svc.cluster.local
                      trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5}}
                      subsets: [{name: primary, labels: {version: v1}}]
                    """));
    var before = shelf.get(STABLE_RULE).deepCopy();
    shelf.route(mesh(), plain, TrafficSplit.toStable());
    assertThat(shelf.get(CANARY_RULE).path("spec"))
        .isEqualTo(
            yaml(
                "{host: shop-canary, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 5}}}"));
    assertThat(shelf.get(STABLE_RULE)).isEqualTo(before);
    shelf.letGo(mesh(), plain);
    assertThat(shelf.refs()).containsExactly(STABLE_RULE);
  }

  @Test
  void aRuleOfTheUserBesideATrafficPolicyIsAProblem() {
    var shelf = new Shelf().put(STABLE_RULE, yaml("spec: {host: shop}"));
    assertThat(problems(shelf, generated()))
        .singleElement()
        .asString()
        .contains("DestinationRule shop/shop exists and was not made by Serin");
  }

  @Test
  void aRuleThatIsNotNeededAnyMoreIsDeleted() {
    var shelf = new Shelf();
    shelf.route(mesh(), generated(), TrafficSplit.toStable());
    var plain = Requests.with(generated().hosts(), generated().gateways(), "{}");
    shelf.route(mesh(), plain, TrafficSplit.toStable());
    assertThat(shelf.has(STABLE_RULE)).isFalse();
    assertThat(shelf.get(CANARY_RULE).path("spec")).isEqualTo(yaml("{host: shop-canary}"));
  }

  @Test
  void aRouteInsideOfTheMeshIsDeletedBecauseTheServiceTakesOver() {
    var meshed = Requests.with(List.of(), List.of(), "{}");
    var shelf = new Shelf();
    shelf.route(mesh(), meshed, TrafficSplit.toCanary(30));
    shelf.letGo(mesh(), meshed);
    assertThat(shelf.refs()).isEmpty();
  }

  @Test
  void aDelegatedRouteHasNeitherHostsNorGateways() {
    var delegated = Requests.with(List.of(), List.of(), "delegation: true");
    var shelf = new Shelf();
    shelf.route(mesh(), delegated, TrafficSplit.toStable());
    assertThat(shelf.get(generatedRef()).path("spec").fieldNames())
        .toIterable()
        .containsExactly("http");
    assertThat(problems(new Shelf(), Requests.with(List.of("a.b"), List.of(), "delegation: true")))
        .singleElement()
        .asString()
        .contains("delegation");
  }

  @Test
  void aMirrorOfTheUserThatExcludesOthersIsAnObstacle() {
    var shelf =
        new Shelf()
            .put(
                borrowedRef(),
                yaml(
                    "spec: {hosts: [shop], http: [{mirror: {host: audit}, route: [{destination: {host: shop}}]}]}"));
    assertThat(
            mesh().unable(borrowing(), TrafficSplit.mirrored(20), shelf.see(mesh(), borrowing())))
        .singleElement()
        .asString()
        .contains("write it as an item of mirrors");
  }

  @Test
  void labelsOfCallersAreComparedAsAWhole() {
    var match =
        new RequestMatch(
            List.of(new Condition(Source.SOURCE_LABEL, "app", Comparison.PREFIX, "we")));
    assertThat(
            mesh()
                .unable(
                    generated(),
                    TrafficSplit.matching(List.of(match)),
                    new Shelf().see(mesh(), generated())))
        .singleElement()
        .asString()
        .contains("use exact");
  }

  @Test
  void aHostOfAnotherNamespaceIsNotTheService() {
    assertThat(IstioSyntax.isService("shop.other.svc.cluster.local", "shop", "shop")).isFalse();
    assertThat(IstioSyntax.isService("shop.shop", "shop", "shop")).isTrue();
  }
}
