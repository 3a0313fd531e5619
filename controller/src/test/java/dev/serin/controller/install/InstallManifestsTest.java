package dev.serin.controller.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.serin.controller.install.InstallManifests.Parts;
import dev.serin.controller.install.InstallManifests.Policies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class InstallManifestsTest {

  private static final Path CHART = Path.of("..", "charts", "serin");
  private static final String ACCOUNT = "system:serviceaccount:serin:serin";

  @Test
  void everyPlainFileOfTheChartIsInstalled() throws IOException {
    var wanted = new TreeSet<String>();
    for (var folder : List.of("crds", "manifests")) {
      try (var files = Files.list(CHART.resolve(folder))) {
        for (var file : files.toList()) {
          wanted.addAll(names(parse(Files.readString(file))));
        }
      }
    }
    assertThat(names(render(Parts.EVERYTHING, Policies.MUTATING))).isEqualTo(wanted);
  }

  @Test
  void theDefinitionsAloneAreOnlyDefinitions() throws IOException {
    assertThat(render(Parts.DEFINITIONS, Policies.MUTATING))
        .hasSize(4)
        .allMatch(object -> kind(object).equals("CustomResourceDefinition"));
  }

  @Test
  void withoutTheControllerItsAccountAndThePoliciesStay() throws IOException {
    assertThat(names(render(Parts.NO_CONTROLLER, Policies.MUTATING)))
        .contains("ServiceAccount serin", "MutatingAdmissionPolicy serin-hold", "Namespace serin")
        .doesNotContain("Deployment serin", "Service serin");
  }

  @Test
  void whereRequestsCannotBeChangedTheyAreOnlyRefused() throws IOException {
    assertThat(names(render(Parts.EVERYTHING, Policies.VALIDATING)))
        .contains(
            "ValidatingAdmissionPolicy serin-held", "ValidatingAdmissionPolicy serin-commands")
        .noneMatch(name -> name.startsWith("Mutating"));
  }

  @Test
  void imageAndFlagsAreTakenAsTheyAre() throws IOException {
    var image = "registry.example:5000/serin@sha256:" + "0".repeat(64);
    var flags = List.of("--metrics-server=http://prometheus:9090", "--provider=a \"quoted\" one");
    var container =
        parse(InstallManifests.render(Parts.EVERYTHING, Policies.MUTATING, image, flags)).stream()
            .filter(object -> kind(object).equals("Deployment"))
            .findFirst()
            .orElseThrow()
            .at("/spec/template/spec/containers/0");
    assertThat(container.path("image").asText()).isEqualTo(image);
    assertThat(container.path("args").valueStream().map(JsonNode::asText))
        .containsExactly("controller", "--leader-election", flags.get(0), flags.get(1));
  }

  @Test
  void thePoliciesExemptExactlyTheAccountThatIsInstalled() throws IOException {
    for (var policy : render(Parts.EVERYTHING, Policies.MUTATING)) {
      var text = policy.toString();
      if (text.contains("system:serviceaccount:")) {
        assertThat(text.split("system:serviceaccount:", -1).length)
            .isEqualTo(text.split(ACCOUNT, -1).length);
      }
    }
  }

  private static List<JsonNode> render(Parts parts, Policies policies) throws IOException {
    return parse(InstallManifests.render(parts, policies, "serin:1", List.of()));
  }

  private static List<JsonNode> parse(String yaml) throws IOException {
    var mapper = new YAMLMapper();
    try (var documents = mapper.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      return documents.readAll();
    }
  }

  private static Set<String> names(List<JsonNode> objects) {
    var names = new TreeSet<String>();
    objects.forEach(object -> names.add(kind(object) + " " + object.at("/metadata/name").asText()));
    return names;
  }

  private static String kind(JsonNode object) {
    return object.path("kind").asText();
  }
}
