package dev.serin.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The first Canary of the reference does what it says.
class ExampleTest {

  /// The example, for the Deployment, the mesh and the servers of this test.
  private static String example(Outside outside) throws IOException {
    var page = Files.readString(Path.of("../docs/canary.md"));
    var begin = page.indexOf("```yaml\n") + 8;
    var canary =
        (ObjectNode)
            new ObjectMapper(new YAMLFactory())
                .readTree(page.substring(begin, page.indexOf("```", begin)));
    canary.withObject("/metadata").put("name", "web");
    canary.withObject("/spec").put("provider", "fake");
    canary.withObject("/spec/targetRef").put("name", "web");
    for (var hook : canary.at("/spec/analysis/webhooks")) {
      ((ObjectNode) hook).put("url", outside.address() + "/" + hook.path("name").asText());
    }
    return canary.toString();
  }

  @Test
  void firstExampleAsksTellsAndWaitsForItsPeople() throws IOException {
    try (var outside = new Outside()) {
      var world = new World().with(World.DEPLOYMENT_YAML);
      world.with(
          """
          kind: AlertProvider
          metadata: {name: slack}
          spec: {type: slack, address: "%s/slack"}
          """
              .formatted(outside.address()));
      outside.around(world).adopt(example(outside));
      world.setImage("web:2");
      world.runTo("WaitingPromotion");
      assertThat(outside.phases("/smoke")).containsExactly("Progressing");
      assertThat(outside.heard("/slack")).hasSize(1);

      world.with(
          """
          kind: CanaryCommand
          metadata: {name: ship}
          spec: {canary: web, command: approve, gate: release-manager, revision: %s, by: ann}
          """
              .formatted(world.status().path("revision").asText()));
      world.runTo("Succeeded");
      assertThat(world.weights).containsExactly(0, 1, 5, 10, 25, 50, 0);
    }
  }

  @Test
  void firstExampleRollsBackWhenNobodyApprovesInTime() throws IOException {
    try (var outside = new Outside()) {
      var world = new World().with(World.DEPLOYMENT_YAML);
      outside.around(world).adopt(example(outside));
      world.setImage("web:2");
      world.runTo("WaitingPromotion");
      world.run(Duration.ofHours(4).plusMinutes(1));
      assertThat(world.phase()).isEqualTo("Failed");
    }
  }
}
