package dev.serin.sandbox.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.cluster.Fields;
import dev.serin.cluster.Kind;
import dev.serin.controller.install.InstallManifests;
import dev.serin.sandbox.api.WriteOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What `canary install` puts into a cluster to run the controller: that an API server takes it,
/// and that its parts find each other. The other manifests are in every rehearsal.
class InstallTest {
  private static final List<String> CONTROLLER =
      List.of("Deployment", "PodDisruptionBudget", "Service");

  private final Rehearsal rehearsal = Rehearsal.start(RehearsalOptions.DEFAULT);

  @AfterEach
  void close() {
    rehearsal.close();
  }

  private List<ObjectNode> install(String image, String... arguments) {
    var yaml =
        InstallManifests.render(
            InstallManifests.Parts.EVERYTHING,
            InstallManifests.Policies.MUTATING,
            image,
            List.of(arguments));
    var objects =
        Rehearsal.documents(yaml).stream()
            .filter(object -> CONTROLLER.contains(object.path("kind").asText()))
            .toList();
    objects.forEach(
        object ->
            rehearsal.sandbox().api().create(object, new WriteOptions("", false, false, true)));
    rehearsal.run(Duration.ofSeconds(60));
    return objects;
  }

  private ObjectNode installed(Kind kind) {
    return rehearsal.sandbox().api().get(kind, "serin", "serin");
  }

  private static Map<String, String> podLabels(JsonNode deployment) {
    return Fields.texts(deployment, "spec", "template", "metadata", "labels");
  }

  @Test
  void theApiServerTakesItAndBothProcessesRun() {
    assertThat(install("sandbox/serin:1", "--provider=istio"))
        .extracting(object -> object.path("kind").asText())
        .containsExactlyInAnyOrderElementsOf(CONTROLLER);

    var deployment = installed(Kind.DEPLOYMENT);
    assertThat(deployment.at("/status/availableReplicas").asInt()).isEqualTo(2);
    var container = deployment.at("/spec/template/spec/containers/0");
    assertThat(container.path("image").asText()).isEqualTo("sandbox/serin:1");
    assertThat(container.path("args"))
        .extracting(JsonNode::asText)
        .containsExactly("controller", "--leader-election", "--provider=istio");
  }

  @Test
  void theServiceAndTheBudgetSelectItsPods() {
    install("sandbox/serin:1");
    var labels = podLabels(installed(Kind.DEPLOYMENT));

    assertThat(labels)
        .containsAllEntriesOf(Fields.texts(installed(Kind.SERVICE), "spec", "selector"));
    assertThat(labels)
        .containsAllEntriesOf(
            Fields.texts(installed(Kind.POD_DISRUPTION_BUDGET), "spec", "selector", "matchLabels"));
    // One may be evicted, since the other takes over.
    assertThat(installed(Kind.POD_DISRUPTION_BUDGET).at("/spec/minAvailable").asInt())
        .isLessThan(installed(Kind.DEPLOYMENT).at("/spec/replicas").asInt());
  }

  @Test
  void everyPortThatIsNamedIsThere() {
    install("sandbox/serin:1");
    var container = installed(Kind.DEPLOYMENT).at("/spec/template/spec/containers/0");

    assertThat(container.path("ports").findValuesAsText("name"))
        .contains(
            container.at("/livenessProbe/httpGet/port").asText(),
            container.at("/readinessProbe/httpGet/port").asText(),
            installed(Kind.SERVICE).at("/spec/ports/0/targetPort").asText());
  }

  @Test
  void itRunsAsTheAccountThatHasTheRights() {
    install("sandbox/serin:1");
    var account = installed(Kind.DEPLOYMENT).at("/spec/template/spec/serviceAccountName").asText();

    assertThat("system:serviceaccount:serin:" + account).isEqualTo(Rehearsal.SERIN.name());
  }
}
