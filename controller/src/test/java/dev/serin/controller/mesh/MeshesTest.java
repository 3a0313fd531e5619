package dev.serin.controller.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.serin.mesh.BuiltInQueries.Dialect;
import dev.serin.mesh.RouteRequest.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeshesTest {

  private static final Path RIGHTS = Path.of("../charts/serin/manifests/rbac.yaml");

  @Test
  void everyNameIsKnownOnceAndFound() {
    assertThat(Meshes.names()).doesNotHaveDuplicates().contains("gatewayapi", "istio", "smi");
    for (var name : Meshes.names()) {
      assertThat(Meshes.byName(name)).hasValueSatisfying(m -> assertThat(m.name()).isEqualTo(name));
    }
    assertThat(Meshes.byName("isto")).isEmpty();
  }

  @Test
  void everyMeshHasAPageThatNamesItAndItsDialects() throws IOException {
    for (var mesh : Meshes.all()) {
      var page = Path.of("../docs/meshes", mesh.name().replaceFirst(":.*", "") + ".md");
      var text = Files.readString(page);
      assertThat(text).contains("provider: " + mesh.name().replaceFirst(":.*", ""), mesh.name());
      for (var dialect : mesh.queries(Protocol.HTTP).dialects()) {
        assertThat(text).as("%s", page).contains("`" + dialect.name() + "`");
      }
    }
  }

  /// It is most often a caller that went away, so that only the callers' own view tells of it.
  @Test
  void requestWithoutAnyAnswerFailedForItsCallerOnly() {
    assertThat(Dialects.ISTIO_CLIENT.counts().errors())
        .anySatisfy(selector -> assertThat(selector).contains("response_code=~\"5..|0\""));
    assertThat(Dialects.ISTIO_CLIENT.counts().goodBuckets()).contains("response_code!~\"5..|0\"");
    assertThat(Dialects.ISTIO.counts().errors())
        .noneSatisfy(selector -> assertThat(selector).contains("|0"));
  }

  @Test
  void serinHasTheRightsThatEveryMeshTakes() throws IOException {
    var role = new YAMLMapper().readTree(Files.newInputStream(RIGHTS));
    for (var mesh : Meshes.all()) {
      for (var kind : mesh.kinds()) {
        var verbs =
            role.path("rules")
                .valueStream()
                .filter(rule -> names(rule, "apiGroups").contains(kind.group()))
                .filter(rule -> names(rule, "resources").contains(kind.plural()))
                .flatMap(rule -> names(rule, "verbs").stream());
        var needed =
            kind.kind().equals("ServiceProfile")
                ? new String[] {"get", "list", "watch"}
                : new String[] {"get", "list", "watch", "create", "patch", "delete"};
        assertThat(verbs).as("%s on %s", mesh.name(), kind).contains(needed);
      }
    }
  }

  private static List<String> names(JsonNode rule, String field) {
    return rule.path(field).valueStream().map(JsonNode::asText).toList();
  }

  @Test
  void everyMeshComesWithQueriesOfWhichTheFirstIsTheDefault() {
    for (var mesh : Meshes.all()) {
      assertThat(mesh.queries(Protocol.HTTP).dialects())
          .isNotEmpty()
          .extracting(Dialect::name)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void oneControllerSpeaksOneDialect() {
    for (var protocol : Protocol.values()) {
      var queries = Dialects.gatewayApi(protocol);
      assertThat(queries.dialects().stream().flatMap(d -> d.controllers().stream()))
          .doesNotHaveDuplicates()
          .doesNotContainAnyElementsOf(queries.unmeasured().keySet());
    }
  }

  @Test
  void queriesAskForPercentAndMilliseconds() {
    assertThat(Dialects.CONTOUR.successRate())
        .isEqualTo(
            "100 - 100 * (sum(rate(envoy_cluster_upstream_rq{envoy_cluster_name=~\"{{ workloads"
                + " }}\",envoy_response_code=~\"5..\"}[{{ interval }}])) or 0 *"
                + " sum(rate(envoy_cluster_upstream_rq{envoy_cluster_name=~\"{{ workloads }}\"}[{{"
                + " interval }}]))) / sum(rate(envoy_cluster_upstream_rq{envoy_cluster_name=~\"{{"
                + " workloads }}\"}[{{ interval }}]))");
    assertThat(Dialects.CONTOUR.latencyP99())
        .isEqualTo(
            "(histogram_quantile(0.99, sum by (le)"
                + " (rate(envoy_cluster_upstream_rq_time_bucket{envoy_cluster_name=~\"{{ workloads"
                + " }}\"}[{{ interval }}]))) or histogram_quantile(0.99, sum"
                + " (rate(envoy_cluster_upstream_rq_time{envoy_cluster_name=~\"{{ workloads"
                + " }}\"}[{{ interval }}]))))");
    assertThat(Dialects.LINKERD.latencyP99()).endsWith(" * 1000");
  }
}
