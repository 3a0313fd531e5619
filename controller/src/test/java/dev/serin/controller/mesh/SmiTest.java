package dev.serin.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Kind;
import dev.serin.mesh.Mesh;
import dev.serin.mesh.RouteRequest;
import dev.serin.rollout.TrafficSplit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SmiTest {

  abstract static class Version extends MeshContract {
    private final String version;

    Version(String version) {
      this.version = version;
    }

    @Override
    Mesh mesh() {
      return Meshes.byName("smi:" + version).orElseThrow();
    }

    @Override
    RouteRequest generated() {
      return Requests.with(List.of(), List.of(), "{}");
    }

    @Override
    Kind borrowedKind() {
      return Smi.trafficSplit(version);
    }

    @Override
    ObjectNode borrowedRoute() {
      return yaml(
          """
          metadata:
            annotations: {team: checkout}
          spec:
            service: front
            backends:
              - {service: legacy, weight: 30}
              - {service: shop, weight: 70}
          """);
    }

    @Override
    Optional<RouteRequest> edited() {
      return Optional.empty();
    }

    @Override
    void accept(ObjectNode route) {}
  }

  @Nested
  class V1Alpha1 extends Version {
    V1Alpha1() {
      super("v1alpha1");
    }

    @Test
    void weightsInThousandthsKeepTheirProportions() {
      var shelf =
          new Shelf()
              .put(
                  borrowedRef(),
                  yaml(
                      "spec: {service: front, backends: [{service: shop, weight: 900m}, {service: legacy, weight: '1'}]}"));
      shelf.route(mesh(), borrowing(), TrafficSplit.toCanary(10));
      assertThat(shelf.get(borrowedRef()).at("/spec/backends"))
          .isEqualTo(
              yaml("b: [{service: shop, weight: 81000}, {service: shop-canary, weight: 9000}, {service: legacy, weight: 100000}]")
                  .get("b"));
    }
  }

  @Nested
  class V1Alpha2 extends Version {
    V1Alpha2() {
      super("v1alpha2");
    }
  }

  @Nested
  class V1Alpha3 extends Version {
    V1Alpha3() {
      super("v1alpha3");
    }
  }

  @Nested
  class V1Alpha4 extends Version {
    V1Alpha4() {
      super("v1alpha4");
    }
  }

  /// Where only one version is served, the mesh without a version is as good as that one.
  @Nested
  class Newest extends Version {
    Newest() {
      super("v1alpha4");
    }

    @Override
    Mesh mesh() {
      return Meshes.byName("smi").orElseThrow();
    }

    @Test
    void theNewestVersionThatIsServedIsUsed() {
      var shelf = new Shelf();
      shelf.withoutKind(Smi.trafficSplit("v1alpha4"));
      shelf.withoutKind(Smi.trafficSplit("v1alpha3"));
      shelf.route(mesh(), generated(), TrafficSplit.toCanary(10));
      assertThat(shelf.refs()).containsExactly(Smi.trafficSplit("v1alpha2").named("shop", "shop"));
      shelf.letGo(mesh(), generated());
      assertThat(shelf.refs()).isEmpty();
    }
  }
}
