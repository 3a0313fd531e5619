package dev.serin.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serin.mesh.Capability;
import dev.serin.resource.Crd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every Canary in the documentation is one that works.
class ExamplesTest {

  private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

  static Stream<Arguments> canaries() throws IOException {
    try (var files = Files.walk(Path.of("..", "docs"))) {
      return Stream.concat(Stream.of(Path.of("..", "README.md")), files.sorted())
          .filter(file -> file.toString().endsWith(".md") && Files.exists(file))
          .toList()
          .stream()
          .flatMap(file -> in(file).stream().map(canary -> Arguments.of(file.toString(), canary)));
    }
  }

  private static List<ObjectNode> in(Path file) {
    var canaries = new ArrayList<ObjectNode>();
    var blocks = BLOCK.matcher(Crd.text(file));
    while (blocks.find()) {
      for (var document : blocks.group(1).split("(?m)^---$")) {
        if (document.contains("\nkind: Canary\n")) {
          canaries.add(Yaml.object(document));
        }
      }
    }
    return canaries;
  }

  @ParameterizedTest
  @MethodSource("canaries")
  void anExampleIsValid(String file, ObjectNode canary) {
    var parsed = CanaryParser.parse(canary, ableSettings(canary.path("spec")));

    assertThat(parsed)
        .as(() -> file + ": " + (parsed instanceof Parsed.Invalid bad ? bad.inWords() : ""))
        .isInstanceOf(Parsed.Valid.class);
  }

  /// Settings under which the provider of an example can do everything.
  private static Settings ableSettings(JsonNode spec) {
    var dialect = spec.path("analysis").path("metricsDialect").asText("any");
    return new Settings(
        "gatewayapi",
        Map.of(
            spec.path("provider").asText("gatewayapi"),
            new Settings.Known(EnumSet.allOf(Capability.class), Set.of(dialect))),
        Duration.ofSeconds(1),
        Settings.References.ANY_NAMESPACE,
        Settings.UnknownFields.REFUSED);
  }
}
