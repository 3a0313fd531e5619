package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.serin.controller.mesh.Meshes;
import dev.serin.parse.CanaryParser;
import dev.serin.parse.Parsed;
import dev.serin.parse.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Docs that cannot lie: every YAML block parses, every Canary in one is valid, every relative link
/// leads somewhere.
class DocsTest {
  private static final Path ROOT = root();
  private static final Pattern YAML_BLOCK = Pattern.compile("(?ms)^```ya?ml\\n(.*?)^```");
  private static final Pattern SHELL_BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```");
  private static final Pattern CODE = Pattern.compile("`((?:kubectl )?canary [a-z-]+[^`]*)`");
  private static final Set<String> NAMESPACED =
      Set.of(
          "get",
          "history",
          "wait",
          "release",
          "approve",
          "reject",
          "promote",
          "abort",
          "pause",
          "resume",
          "retry",
          "skip-step");
  private static final Set<String> KUBECTL =
      Set.of(
          "annotate",
          "apply",
          "config",
          "create",
          "delete",
          "describe",
          "get",
          "label",
          "logs",
          "port-forward",
          "rollout",
          "run",
          "scale",
          "set",
          "version",
          "wait");
  private static final Set<String> KUBECTL_WITHOUT_NAMESPACE = Set.of("apply", "config", "version");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  private static final Settings SETTINGS =
      Settings.of("gatewayapi", Meshes.all()).with(Settings.UnknownFields.REFUSED);

  private static Path root() {
    var here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("README.md")) ? here : here.resolve("..").normalize();
  }

  static List<Path> pages() throws IOException {
    var pages = new ArrayList<Path>();
    pages.add(ROOT.resolve("README.md"));
    pages.add(ROOT.resolve("CONTRIBUTING.md"));
    try (Stream<Path> all = Files.walk(ROOT.resolve("docs"))) {
      all.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
    }
    return pages;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyYamlBlockParsesAndEveryCanaryInItIsValid(Path page) throws IOException {
    var blocks = YAML_BLOCK.matcher(Files.readString(page));
    var mapper = new ObjectMapper(new YAMLFactory());
    while (blocks.find()) {
      try (var documents = mapper.readerFor(JsonNode.class).<JsonNode>readValues(blocks.group(1))) {
        while (documents.hasNext()) {
          var document = documents.next();
          if (document instanceof ObjectNode canary
              && canary.path("kind").asText().equals("Canary")
              && canary.path("apiVersion").asText().startsWith("serin.dev/")) {
            assertThat(CanaryParser.parse(canary, SETTINGS))
                .as("%s: %s", page.getFileName(), blocks.group(1))
                .isInstanceOf(Parsed.Valid.class);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyRelativeLinkLeadsSomewhere(Path page) throws IOException {
    var links = LINK.matcher(Files.readString(page));
    while (links.find()) {
      assertThat(page.resolveSibling(links.group(1)).normalize())
          .as("%s links to %s", page.getFileName(), links.group(1))
          .exists();
    }
  }

  private static List<List<String>> shell(Path page) throws IOException {
    var commands = new ArrayList<List<String>>();
    var blocks = SHELL_BLOCK.matcher(Files.readString(page));
    while (blocks.find()) {
      commands.addAll(ShellLines.commands(blocks.group(1)));
    }
    return commands;
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyCommandOfOursParses(Path page) throws IOException {
    for (var command : shell(page)) {
      ShellLines.ours(command).ifPresent(HelpTest::parse);
    }
    var mentioned = CODE.matcher(Files.readString(page));
    while (mentioned.find()) {
      // What has placeholders is a form, not a command.
      if (!mentioned.group(1).matches(".*[|\\[…].*")) {
        ShellLines.commands(mentioned.group(1))
            .forEach(command -> ShellLines.ours(command).ifPresent(HelpTest::parseMention));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyCommandSaysWhichNamespaceItMeans(Path page) throws IOException {
    for (var command : shell(page)) {
      var ours = ShellLines.ours(command);
      if (ours.isPresent()
          && NAMESPACED.contains(ours.get().getFirst())
          && !ours.get().contains("--help")) {
        assertThat(ours.get())
            .as("%s: %s", page.getFileName(), command)
            .containsAnyOf("-n", "-A", "--all-namespaces");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyCommandOfKubectlIsOneAndSaysWhichNamespaceItMeans(Path page) throws IOException {
    for (var command : shell(page)) {
      if (!command.getFirst().equals("kubectl") || ShellLines.ours(command).isPresent()) {
        continue;
      }
      var verb = command.stream().skip(1).filter(KUBECTL::contains).findFirst();
      assertThat(verb).as("%s: %s", page.getFileName(), command).isPresent();
      var everywhere =
          KUBECTL_WITHOUT_NAMESPACE.contains(verb.get())
              || command.contains("namespace")
              || command.contains("-f");
      if (!everywhere) {
        assertThat(command)
            .as("%s: %s", page.getFileName(), command)
            .containsAnyOf("-n", "--namespace", "-A", "--all-namespaces");
      }
    }
  }

  @Test
  void theWalkStartsFromNothingAndTheApiServerTakesAllOfIt(@TempDir Path directory)
      throws IOException {
    var walk = Files.readString(ROOT.resolve("docs/getting-started.md"));
    var made = new ArrayList<String>();
    try (var cluster = new TestCluster(directory, TestCluster.Installed.WITHOUT_SHOP)) {
      var blocks = YAML_BLOCK.matcher(walk);
      while (blocks.find()) {
        for (var object : TestCluster.objects(blocks.group(1))) {
          if (!object.path("apiVersion").asText().startsWith("gateway.networking.k8s.io/")) {
            cluster.admin.create(object);
          }
          made.add(object.path("kind").asText() + " " + object.at("/metadata/name").asText());
        }
      }
    }
    assertThat(made)
        .contains("Gateway public", "Deployment web", "Service web", "Canary web")
        .startsWith("GatewayClass contour");
  }
}
