package dev.serin.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.mesh.Mesh;
import dev.serin.mesh.RouteRequest;
import dev.serin.mesh.RouteStatus;
import dev.serin.rollout.TrafficSplit;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContourTest extends MeshContract {

  @Override
  Mesh mesh() {
    return new Contour();
  }

  @Override
  RouteRequest generated() {
    return Requests.with(
        List.of("shop.example.com"),
        List.of(),
        """
        match:
          - uri: {prefix: /shop}
            headers: {x-region: {regex: "eu-.*"}}
          - uri: {exact: /cart}
        retries: {attempts: 3, perTryTimeout: 2s, retryOn: "gateway-error,connect-failure"}
        """);
  }

  @Override
  Kind borrowedKind() {
    return Contour.HTTP_PROXY;
  }

  @Override
  ObjectNode borrowedRoute() {
    return yaml(
        """
        metadata:
          annotations: {team: checkout}
        spec:
          virtualhost: {fqdn: shop.example.com}
          routes:
            - conditions: [{prefix: /preview}]
              services: [{name: shop-canary, port: 8080}]
            - conditions: [{prefix: /shop}]
              services: [{name: shop, port: 8080}]
              timeoutPolicy: {response: 10s}
            - conditions: [{prefix: /legacy}]
              services:
                - {name: legacy, port: 80, weight: 30}
                - {name: shop, port: 8080, weight: 70}
            - conditions: [{prefix: /other}]
              services: [{name: other, port: 80}]
        """);
  }

  @Override
  void accept(ObjectNode route) {
    route
        .withObject("/status")
        .put("currentStatus", "valid")
        .putArray("conditions")
        .addObject()
        .put("type", "Valid")
        .put("status", "True")
        .put("observedGeneration", route.at("/metadata/generation").asLong());
  }

  @Test
  void contourHasToSpeakAboutThePresentGeneration() {
    var shelf = new Shelf();
    shelf.route(mesh(), generated(), TrafficSplit.toCanary(30));
    assertThat(status(shelf, generated()))
        .isEqualTo(
            new RouteStatus.Pending(
                TrafficSplit.toCanary(30), "Contour says nothing yet: no description"));
    accept(shelf.get(generatedRef()));
    shelf.route(mesh(), generated(), TrafficSplit.toCanary(60));
    assertThat(status(shelf, generated()))
        .isEqualTo(
            new RouteStatus.Pending(
                TrafficSplit.toCanary(60),
                "Contour speaks about generation 1, the HTTPProxy is at 2"));
  }

  @Test
  void aProxyThatNobodyIncludesIsNotAccepted() {
    var child = Requests.with(List.of(), List.of(), "{}");
    var shelf = new Shelf();
    shelf.route(mesh(), child, TrafficSplit.toCanary(30));
    assertThat(shelf.get(generatedRef()).at("/spec/virtualhost").isMissingNode()).isTrue();
    shelf
        .get(generatedRef())
        .set(
            "status",
            yaml(
                """
                currentStatus: orphaned
                conditions:
                  - type: Valid
                    status: "False"
                    observedGeneration: 1
                    message: At least one error present, see Errors for details
                    errors: [{type: Orphaned, reason: Orphaned, message: this HTTPProxy is not part of a delegation chain from a root HTTPProxy}]
                """));
    assertThat(status(shelf, child))
        .isInstanceOfSatisfying(
            RouteStatus.Pending.class,
            pending -> assertThat(pending.reason()).contains("not part of a delegation chain"));
  }

  @Test
  void aHostThatIsGivenUpIsRemoved() {
    var shelf = new Shelf();
    shelf.route(mesh(), generated(), TrafficSplit.toStable());
    shelf.route(mesh(), Requests.with(List.of(), List.of(), "{}"), TrafficSplit.toStable());
    assertThat(shelf.get(generatedRef()).at("/spec/virtualhost").isMissingNode()).isTrue();
  }

  @Test
  void aSecondMirrorIsAnObstacle() {
    var shelf =
        new Shelf()
            .put(
                borrowedRef(),
                yaml(
                    "spec: {routes: [{services: [{name: shop, port: 80}, {name: audit, port: 80, mirror: true}]}]}"));
    var seen = shelf.see(mesh(), borrowing());
    assertThat(mesh().unable(borrowing(), TrafficSplit.mirrored(20), seen))
        .singleElement()
        .asString()
        .contains("has a mirror already");
    var before = shelf.get(borrowedRef()).path("spec").deepCopy();
    shelf.route(mesh(), borrowing(), TrafficSplit.toCanary(30));
    assertThat(shelf.get(borrowedRef()).at("/spec/routes/0/services/2/mirror").asBoolean())
        .isTrue();
    shelf.letGo(mesh(), borrowing());
    assertThat(shelf.get(borrowedRef()).path("spec")).isEqualTo(before);
  }

  @Test
  void whatAProxyCannotSayIsAProblem() {
    var request = Requests.with(List.of("a.b", "c.d"), List.of(), "headers: {request: {}}");
    assertThat(problems(new Shelf(), request))
        .hasSize(2)
        .anyMatch(problem -> problem.contains("hosts is [a.b, c.d]"))
        .anyMatch(problem -> problem.contains("spec.service.headers"));
  }
}
