package dev.serin.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.mesh.Mesh;
import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteRequest.GatewayRef;
import dev.serin.mesh.RouteStatus;
import dev.serin.rollout.RequestMatch;
import dev.serin.rollout.RequestMatch.Comparison;
import dev.serin.rollout.RequestMatch.Condition;
import dev.serin.rollout.RequestMatch.Source;
import dev.serin.rollout.TrafficSplit;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayApiTest extends MeshContract {
  private static final GatewayRef GATEWAY =
      new GatewayRef("gateway.networking.k8s.io", "Gateway", "infra", "public", "https", 0);
  private static final GatewayRef SERVICE = new GatewayRef("core", "Service", "", "shop", "", 8080);

  @Override
  Mesh mesh() {
    return new GatewayApi();
  }

  @Override
  RouteRequest generated() {
    return Requests.with(
        List.of("shop.example.com"),
        List.of(GATEWAY),
        """
        match:
          - uri: {prefix: /shop}
            headers: {x-region: {regex: "eu-.*"}}
        headers:
          request: {set: {x-release: serin}}
        """);
  }

  @Override
  Kind borrowedKind() {
    return GatewayApi.HTTP_ROUTE;
  }

  @Override
  ObjectNode borrowedRoute() {
    return yaml(
        """
        metadata:
          annotations: {team: checkout}
        spec:
          parentRefs:
            - {group: gateway.networking.k8s.io, kind: Gateway, name: public, namespace: infra}
          hostnames: [shop.example.com]
          rules:
            - name: preview
              matches: [{path: {type: PathPrefix, value: /preview}}]
              backendRefs: [{group: "", kind: Service, name: shop-canary, port: 8080, weight: 1}]
            - name: shop
              matches:
                - path: {type: PathPrefix, value: /shop}
                - path: {type: Exact, value: /cart}
                  method: POST
              filters:
                - type: RequestMirror
                  requestMirror: {backendRef: {group: "", kind: Service, name: audit, port: 80}}
              backendRefs:
                - group: ""
                  kind: Service
                  name: shop
                  port: 8080
                  weight: 1
                  filters:
                    - type: ResponseHeaderModifier
                      responseHeaderModifier: {add: [{name: x-served-by, value: shop}]}
              timeouts: {request: 10s}
            - name: legacy
              matches: [{path: {type: PathPrefix, value: /legacy}}]
              backendRefs:
                - {group: "", kind: Service, name: legacy, port: 80, weight: 30}
                - {group: "", kind: Service, name: shop, port: 8080, weight: 70}
            - name: other
              matches: [{path: {type: PathPrefix, value: /other}}]
              backendRefs: [{group: "", kind: Service, name: other, port: 80, weight: 1}]
        """);
  }

  @Override
  void accept(ObjectNode route) {
    answer(route, "projectcontour.io/gateway-controller");
  }

  private static void answer(ObjectNode route, String controller) {
    var parents = route.withObject("/status").putArray("parents");
    for (var parent : Json.objects(route.path("spec"), "parentRefs")) {
      var answer = parents.addObject().put("controllerName", controller);
      answer.set("parentRef", parent.deepCopy());
      for (var type : List.of("Accepted", "ResolvedRefs")) {
        answer
            .withArray("/conditions")
            .addObject()
            .put("type", type)
            .put("status", "True")
            .put("reason", type)
            .put("message", "")
            .put("observedGeneration", route.at("/metadata/generation").asLong());
      }
    }
  }

  private Shelf routed(RouteRequest request) {
    var shelf = new Shelf();
    shelf.route(mesh(), request, TrafficSplit.toCanary(30));
    return shelf;
  }

  private RouteRequest meshed() {
    return Requests.with(List.of("shop.example.com"), List.of(SERVICE), "{}");
  }

  @Test
  void aRouteIsPendingUntilEveryParentHasAnswered() {
    var shelf = routed(Requests.with(List.of(), List.of(GATEWAY, SERVICE), "{}"));
    var route = shelf.get(generatedRef());
    accept(route);
    ((com.fasterxml.jackson.databind.node.ArrayNode) route.at("/status/parents")).remove(1);
    assertThat(status(shelf, Requests.with(List.of(), List.of(GATEWAY, SERVICE), "{}")))
        .isEqualTo(
            new RouteStatus.Pending(
                TrafficSplit.toCanary(30), "Service shop/shop has not answered yet"));
  }

  @Test
  void anAnswerAboutAnOlderGenerationIsNoAnswer() {
    var shelf = routed(generated());
    accept(shelf.get(generatedRef()));
    shelf.route(mesh(), generated(), TrafficSplit.toCanary(60));
    assertThat(status(shelf, generated()))
        .isEqualTo(
            new RouteStatus.Pending(
                TrafficSplit.toCanary(60),
                "Gateway infra/public: Accepted is about generation 1, the route is at 2"));
  }

  @Test
  void aRejectedRouteSaysWhy() {
    var shelf = routed(generated());
    var route = shelf.get(generatedRef());
    accept(route);
    ((ObjectNode) route.at("/status/parents/0/conditions/1"))
        .put("status", "False")
        .put("reason", "BackendNotFound")
        .put("message", "no Service shop-canary");
    assertThat(status(shelf, generated()))
        .isEqualTo(
            new RouteStatus.Pending(
                TrafficSplit.toCanary(30),
                "Gateway infra/public: ResolvedRefs is False (BackendNotFound: no Service shop-canary)"));
  }

  @Test
  void aRouteOfWhichARuleWasDroppedIsNotAccepted() {
    var shelf = routed(generated());
    var route = shelf.get(generatedRef());
    accept(route);
    route
        .withArray("/status/parents/0/conditions")
        .addObject()
        .put("type", "PartiallyInvalid")
        .put("status", "True")
        .put("reason", "UnsupportedValue")
        .put("message", "Dropped Rule 0");
    assertThat(status(shelf, generated()))
        .isInstanceOfSatisfying(
            RouteStatus.Pending.class,
            pending -> assertThat(pending.reason()).contains("Dropped Rule 0"));
  }

  @Test
  void whoSaysTheGenerationNeedsNoTimeToSettle() {
    var shelf = routed(generated());
    accept(shelf.get(generatedRef()));
    assertThat(status(shelf, generated()))
        .isInstanceOfSatisfying(
            RouteStatus.Accepted.class,
            accepted -> {
              assertThat(accepted.settle()).isZero();
              assertThat(accepted.dialect()).contains("contour");
            });
  }

  @Test
  void linkerdNeverSaysTheGenerationAndIsGivenTime() {
    var shelf = routed(meshed());
    var route = shelf.get(generatedRef());
    answer(route, GatewayAcceptance.LINKERD);
    route
        .at("/status/parents/0/conditions")
        .forEach(condition -> ((ObjectNode) condition).remove("observedGeneration"));
    ((ObjectNode) route.at("/status/parents/0/parentRef")).put("group", "core");
    assertThat(status(shelf, meshed()))
        .isInstanceOfSatisfying(
            RouteStatus.Accepted.class,
            accepted -> {
              assertThat(accepted.settle()).isEqualTo(Duration.ofSeconds(5));
              assertThat(accepted.dialect()).contains("linkerd");
            });
  }

  @Test
  void linkerdMustNotBeAskedToMirrorOrToSetCookies() {
    var shelf = routed(meshed());
    answer(shelf.get(generatedRef()), GatewayAcceptance.LINKERD);
    var seen = shelf.see(mesh(), meshed());
    assertThat(mesh().unable(meshed(), TrafficSplit.mirrored(100), seen))
        .singleElement()
        .asString()
        .contains("mirroring", "spec.analysis.mirror");
    assertThat(mesh().unable(meshed(), TrafficSplit.toCanary(10).with(Splits.COOKIE), seen))
        .hasSize(1);
    assertThat(mesh().unable(meshed(), TrafficSplit.toCanary(10), seen)).isEmpty();
  }

  @Test
  void aServiceProfileThatOverrulesTheRouteIsAProblem() {
    var shelf =
        new Shelf()
            .put(
                GatewayApi.SERVICE_PROFILE.named("shop", "shop.shop.svc.cluster.local"),
                Json.object());
    assertThat(problems(shelf, meshed()))
        .singleElement()
        .asString()
        .contains("makes Linkerd ignore the route");
  }

  @Test
  void istioInAmbientModeReportsByItsWaypoint() {
    var shelf = routed(meshed());
    var route = shelf.get(generatedRef());
    answer(route, "istio.io/gateway-controller");
    assertThat(dialect(shelf)).isEqualTo("istio");
    route
        .withArray("/status/parents/0/conditions")
        .addObject()
        .put("type", "ResolvedWaypoints")
        .put("status", "True");
    assertThat(dialect(shelf)).isEqualTo("istio-ambient");
  }

  private String dialect(Shelf shelf) {
    return status(shelf, meshed()) instanceof RouteStatus.Accepted(var _, var dialect, var _)
        ? dialect.orElseThrow()
        : "not accepted";
  }

  @Test
  void anUnknownDataPlaneIsNamed() {
    var shelf = routed(meshed());
    answer(shelf.get(generatedRef()), "example.org/controller");
    assertThat(dialect(shelf)).isEqualTo("example.org/controller");
  }

  @Test
  void aRouteOfAMeshIsDeletedBecauseTheServiceTakesOver() {
    var shelf = routed(meshed());
    shelf.letGo(mesh(), meshed());
    assertThat(shelf.refs()).isEmpty();
  }

  @Test
  void aRouteOfAGatewayStaysAsAPlainOneSoThatCallersAreServed() {
    var shelf = routed(generated());
    shelf.letGo(mesh(), generated());
    assertThat(shelf.get(generatedRef()).at("/spec/rules/0/backendRefs"))
        .isEqualTo(
            yaml("refs: [{group: '', kind: Service, name: shop, port: 8080, weight: 1}]")
                .get("refs"));
  }

  @Test
  void grpcIsRoutedByAGrpcRoute() {
    var request = Requests.grpc(Requests.with(List.of(), List.of(SERVICE), "{}"));
    var shelf = new Shelf();
    for (var split :
        List.of(
            TrafficSplit.toCanary(30),
            TrafficSplit.mirrored(20),
            Splits.named("matching-headers"))) {
      shelf.route(mesh(), request, split);
      var route = shelf.get(GatewayApi.GRPC_ROUTE.named("shop", "shop"));
      assertThat(CrdSchema.problems(GatewayApi.GRPC_ROUTE, route)).isEmpty();
      accept(route);
      assertThat(status(shelf, request))
          .isInstanceOfSatisfying(
              RouteStatus.Accepted.class,
              accepted -> assertThat(accepted.split()).isEqualTo(split));
    }
  }

  @Test
  void whatARouteCannotSayIsAProblem() {
    var request =
        Requests.with(
            List.of(),
            List.of(),
            """
            retries: {attempts: 3}
            match: [{sourceLabels: {app: web}}]
            """);
    assertThat(problems(new Shelf(), request))
        .hasSize(3)
        .anyMatch(problem -> problem.contains("gatewayRefs is empty"))
        .anyMatch(problem -> problem.contains("spec.service.retries"))
        .anyMatch(problem -> problem.contains("match.sourceLabels"));
  }

  @Test
  void limitsOfTheApiAreSaidBeforehand() {
    var cookies =
        new RequestMatch(
            List.of(
                new Condition(Source.COOKIE, "a", Comparison.EXACT, "1"),
                new Condition(Source.COOKIE, "b", Comparison.EXACT, "2")));
    assertThat(mesh().unable(borrowing(), TrafficSplit.matching(List.of(cookies)), seen(lent())))
        .singleElement()
        .asString()
        .contains("ask twice for the header cookie");
    var many =
        java.util.stream.IntStream.range(0, 40)
            .mapToObj(
                i ->
                    new RequestMatch(
                        List.of(new Condition(Source.HEADER, "x-" + i, Comparison.EXACT, "1"))))
            .toList();
    assertThat(mesh().unable(borrowing(), TrafficSplit.matching(many), seen(lent())))
        .anyMatch(problem -> problem.contains("80 matches"));
  }

  private java.util.Map<dev.serin.cluster.ObjectRef, dev.serin.cluster.Read> seen(Shelf shelf) {
    return shelf.see(mesh(), borrowing());
  }
}
